"""Organisations on record."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.foundation.organisations.lifecycle import ORGANISATION
from dianchi.kernel.actors import Actor


class OrganisationQuerySet(CaseQuerySet):
    """Who takes part is known to all who take part."""

    def visible_to(self, actor: Actor) -> Self:
        """Every signed-in role needs to name the other parties."""
        return self if actor.roles else self.none()


class Organisation(Case):
    """A body or firm that takes part."""

    lifecycle = ORGANISATION

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    legal_person = models.BooleanField(default=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        db_table = "organisations_organisation"
