"""Inspections."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.supervision.inspections.lifecycle import INSPECTION, Clue, Finding
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class InspectionQuerySet(CaseQuerySet):
    """Who inspects, and the party once it has been told."""

    def visible_to(self, actor: Actor) -> Self:
        """A planned inspection is not announced to the party."""
        seen = self.seen_by(actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
                            parties={"opened_for": Role.IMPLEMENTER}) | self.seen_by(actor, parties={"opened_for": Role.SECTOR})  # fmt: skip
        roles = [r.value for r in actor.roles]
        return seen | self.filter(party=actor.organisation, party_role__in=roles).exclude(
            state__in=("planned", "cancelled")
        )


class Inspection(Case):
    """A party is looked at."""

    lifecycle = INSPECTION
    list_columns: ClassVar = ("task", "party", "planned_on")
    personal_fields: ClassVar = ("inspectors",)
    legible: ClassVar = {"inspectors": frozenset(Role)}
    rows: ClassVar = {"found": Finding, "clues": Clue}
    words: ClassVar = {"found": Text("发现的问题", "Findings"), "clues": Text("移送线索", "Clues handed over"),
                       "corrections": Text("督促整改", "Corrections")}  # fmt: skip

    task = models.CharField(max_length=12)
    party = models.CharField(max_length=18, db_index=True)
    party_role = models.CharField(max_length=12)
    scope = models.TextField()
    basis = models.TextField()
    planned_on = models.DateField()
    inspectors = models.JSONField(default=list)
    document_number = models.CharField(max_length=60, default="")
    found = models.JSONField(default=list)
    result = models.TextField(default="")
    answer = models.TextField(default="")
    clues = models.JSONField(default=list)
    corrections = models.JSONField(default=list)
    conclusion = models.TextField(default="")

    objects = InspectionQuerySet.as_manager()

    class Meta:
        db_table = "inspections_inspection"
