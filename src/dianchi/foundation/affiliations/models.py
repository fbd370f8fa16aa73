"""Affiliation facts on record."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.foundation.affiliations.lifecycle import AFFILIATION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class AffiliationQuerySet(CaseQuerySet):
    """Supervisors see all; a firm sees what concerns it."""

    def visible_to(self, actor: Actor) -> Self:
        """Supervision, the bodies that select, and the parties themselves."""
        return self.seen_by(
            actor,
            everywhere=frozenset({Role.BUREAU, Role.AUDITOR, Role.IMPLEMENTER}),
            parties={"opened_for": Role.OPERATOR, "holder": Role.DEVELOPER, "held": Role.DEVELOPER},
        )


class Affiliation(Case):
    """One organisation holds, controls or steers another."""

    lifecycle = AFFILIATION
    personal_fields = ("holder_name",)

    holder = models.CharField(max_length=18, db_index=True)  # of an organisation, or a person's pseudonym
    holder_name = models.CharField(max_length=60, default="", blank=True)  # of a natural person, masked
    held = models.CharField(max_length=18, db_index=True)
    tie = models.CharField(max_length=12)
    share = models.DecimalField(max_digits=7, decimal_places=6, default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    evidence = models.CharField(max_length=300)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        db_table = "affiliations_affiliation"
        constraints = (
            models.CheckConstraint(condition=~models.Q(holder=models.F("held")), name="affiliation_of_two"),
            models.CheckConstraint(condition=models.Q(share__gte=0, share__lte=1), name="affiliation_share_is_a_part"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="affiliation_runs_forward",
            ),
        )
