"""Corrections."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.supervision.corrections.lifecycle import CORRECTION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class CorrectionQuerySet(CaseQuerySet):
    """Who supervises, and the party."""

    def visible_to(self, actor: Actor) -> Self:
        """The administration of the territory, who opened it, the party in its role."""
        seen = self.seen_by(actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
                            parties={"opened_for": Role.IMPLEMENTER})  # fmt: skip
        return seen | self.filter(party=actor.organisation, party_role__in=[r.value for r in actor.roles])


class Correction(Case):
    """A party is brought back to the rules, or led out."""

    lifecycle = CORRECTION
    list_columns: ClassVar = ("party", "ground", "due_on")
    personal_fields: ClassVar = ("attendees",)
    legible: ClassVar = {"attendees": frozenset(Role)}
    words: ClassVar = {
        "failures": Text("复查不通过次数", "Failed re-checks"), "closure": Text("关停事项", "Closure"),
        "submitted_by": Text("整改提交人", "Reported by"), "suspended_at": Text("暂停时间", "Suspended at"),
    }  # fmt: skip

    party = models.CharField(max_length=18, db_index=True)
    party_role = models.CharField(max_length=12)
    ground = models.CharField(max_length=14)
    origin = models.CharField(max_length=40, default="", db_index=True)
    findings = models.TextField()
    demand = models.TextField()
    talked_on = models.DateField(null=True)
    attendees = models.CharField(max_length=500, default="")
    minutes = models.TextField(default="")
    order_number = models.CharField(max_length=60, default="")
    due_on = models.DateField(null=True)
    correction = models.TextField(default="")
    submitted_by = models.CharField(max_length=40, default="")
    recheck = models.TextField(default="")
    failures = models.PositiveSmallIntegerField(default=0)
    closure = models.CharField(max_length=40, default="")
    suspended_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        db_table = "corrections_correction"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="suspended") | ~models.Q(closure=""), name="suspension_shuts_the_gate"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ordered") | models.Q(due_on__isnull=False), name="order_sets_a_day"
            ),
        )
