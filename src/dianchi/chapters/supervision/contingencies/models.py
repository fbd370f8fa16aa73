"""Emergency plans with their drills."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.supervision.contingencies.lifecycle import CONTINGENCY, PLANNERS, Drill
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class ContingencyQuerySet(CaseQuerySet):
    """Whose plan it is, and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, those of the territory; the security administrator all, to know whom to call."""
        seen = self.seen_by(
            actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR, Role.SECURITY_ADMIN})
        )
        return seen | self.filter(opened_for=actor.organisation) if actor.roles & PLANNERS else seen


class Contingency(Case):
    """A party's emergency plan."""

    lifecycle = CONTINGENCY
    list_columns: ClassVar = ("role",)
    legible: ClassVar = {"contacts": frozenset(PLANNERS | {Role.SECURITY_ADMIN})}
    rows: ClassVar = {"drills": Drill}
    words: ClassVar = {"drills": Text("演练记录", "Drills"), "drilled_on": Text("演练期限起算日", "Drills count from")}

    role = models.CharField(max_length=12)
    organisation = models.TextField()
    monitoring = models.TextField()
    grading = models.TextField()
    reporting = models.TextField()
    response = models.TextField()
    recovery = models.TextField()
    contacts = models.TextField()
    drills = models.JSONField(default=list)
    drilled_on = models.DateField()  # of the last drill, or of filing while there was none

    objects = ContingencyQuerySet.as_manager()

    class Meta:
        db_table = "contingencies_contingency"
        constraints = (
            models.UniqueConstraint(
                fields=["opened_for", "role"], condition=models.Q(state="filed"), name="one_emergency_plan_in_force"
            ),
        )
