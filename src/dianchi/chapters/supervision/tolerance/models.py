"""Claims to tolerance."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.supervision.tolerance.lifecycle import CLAIMANTS, TOLERANCE
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class ToleranceQuerySet(CaseQuerySet):
    """Who claims, who checks, who decides."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those of the territory."""
        seen = self.seen_by(
            actor, territory=frozenset({Role.BUREAU, Role.AUTHORIZER}), everywhere=frozenset({Role.AUDITOR})
        )
        return seen | self.filter(opened_for=actor.organisation) if actor.roles & CLAIMANTS else seen


class Tolerance(Case):
    """An error that somebody asks to be tolerated."""

    lifecycle = TOLERANCE
    list_columns: ClassVar = ("result",)
    personal_fields: ClassVar = ("persons", "attendees")
    legible: ClassVar = {"persons": frozenset({Role.BUREAU, Role.AUTHORIZER}) | CLAIMANTS, "attendees": frozenset(Role)}
    words: ClassVar = {
        "checked_by": Text("核查人", "Checked by"), "decided_by": Text("认定人", "Decided by"),
        "appeal_until": Text("申诉期至", "Open to appeal until"), "transferred_at": Text("移送时间", "Handed over at"),
    }  # fmt: skip

    origin = models.CharField(max_length=40, default="")
    event = models.TextField()
    persons = models.CharField(max_length=500)
    claim = models.TextField()
    criteria = models.JSONField(default=list)
    verified = models.JSONField(default=list)
    early_report = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)
    checked_by = models.CharField(max_length=40, default="")
    heard_on = models.DateField(null=True)
    attendees = models.CharField(max_length=500, default="")
    record = models.TextField(default="")
    result = models.CharField(max_length=16, default="")
    minutes_number = models.CharField(max_length=60, default="")
    grounds = models.TextField(default="")
    public = models.BooleanField(default=False)
    decided_by = models.CharField(max_length=40, default="")
    appeal_until = models.DateTimeField(null=True)
    appeal = models.TextField(default="")
    transferred_to = models.CharField(max_length=200, default="")
    transferred_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")

    objects = ToleranceQuerySet.as_manager()

    class Meta:
        db_table = "tolerance_claim"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="final") | ~models.Q(result=""), name="tolerance_is_final_with_a_result"
            ),
        )

    def holds(self, criterion: str) -> bool:
        """Whether the check found a criterion to hold."""
        return any(v["criterion"] == criterion and v["holds"] for v in self.verified)
