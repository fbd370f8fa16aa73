"""Authorizations."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.authorization.authorizations.lifecycle import AUTHORIZATION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role

GOVERNING = frozenset({Role.BUREAU, Role.AUTHORIZER, Role.IMPLEMENTER, Role.SECTOR})


class AuthorizationQuerySet(CaseQuerySet):
    """The governing bodies see those of their territory; approved ones are public."""

    def visible_to(self, actor: Actor) -> Self:
        """Proposals to the bodies concerned, what is approved to all who take part."""
        if not actor.roles - ADMINISTRATORS:
            return self.none()
        own = self.seen_by(actor, territory=GOVERNING, everywhere=frozenset({Role.AUDITOR}))
        return (own | self.exclude(state="proposed")).distinct()


class Authorization(Case):
    """A scope of resources that may be operated, by mode, division and term."""

    lifecycle = AUTHORIZATION

    mode = models.CharField(max_length=8)
    sector = models.CharField(max_length=40, default="")
    necessity = models.TextField(default="")
    prefecture_coordination = models.CharField(max_length=100, default="")
    resources = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    sector_document = models.CharField(max_length=100, default="")
    decision_document = models.CharField(max_length=100, default="")
    reason = models.TextField(default="")

    objects = AuthorizationQuerySet.as_manager()

    class Meta:
        db_table = "authorizations_authorization"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="authorization_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(mode="SECTOR", state="approved") | ~models.Q(sector_document=""),
                name="approved_sector_authorization_is_endorsed",
            ),
        )
