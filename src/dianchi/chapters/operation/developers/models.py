"""Admissions of developers."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.developers.lifecycle import DEVELOPER, State
from dianchi.chapters.operation.scenarios.models import Scenario
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.foundation.notices.ends import End
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

STANDING = (State.QUALIFIED, State.DUE)
OPEN = (State.APPLIED, State.UNDER_REVIEW, *STANDING, State.SUSPENDED)


class AdmissionQuerySet(CaseQuerySet):
    """An admission is between the two parties, under the bureau's eyes."""

    def visible_to(self, actor: Actor) -> Self:
        """The two parties, the bureau of the territory, auditors."""
        return self.seen_by(
            actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER},
        )  # fmt: skip

    def in_force(self, day: date) -> Self:
        """Qualified and within validity on that day."""
        return self.filter(state__in=STANDING, qualified_on__lte=day, qualified_until__gte=day)


class Admission(Case):
    """The admission of one organisation as a developer by one operator."""

    lifecycle = DEVELOPER
    personal_fields = ("contact",)
    words: ClassVar[dict[str, Text]] = {
        "rechecked_on": Text("最近复核日期", "Last re-checked"), "complained": Text("投诉已处理", "Complaint decided"),
    }  # fmt: skip
    ends = (
        End("qualified_until", {"qualified", "due"}, "developer.expiry-alerts", Text("开发主体资格到期", "the qualification runs out"), default(),
            {Role.OPERATOR, Role.DEVELOPER}),
    )  # fmt: skip

    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    invited = models.BooleanField()  # path A; otherwise the organisation applied by itself
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, null=True)
    note = models.TextField()
    checklist = models.JSONField(default=list)
    contact = models.CharField(max_length=60, blank=True)
    submitted_by = models.CharField(max_length=40, blank=True)
    ground = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    complaint = models.TextField(blank=True)
    complaint_evidence = models.CharField(max_length=500, blank=True)
    complained = models.BooleanField(default=False)  # a complaint was decided
    finding = models.TextField(blank=True)
    rechecked_on = models.DateField(null=True)
    qualified_on = models.DateField(null=True)
    qualified_until = models.DateField(null=True)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        db_table = "developers_admission"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(operator=models.F("developer")), name="developer_is_not_the_operator"
            ),
            models.CheckConstraint(
                condition=~models.Q(invited=True, scenario=None), name="developer_invited_for_a_scenario"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="rejected") | ~models.Q(ground=""), name="developer_rejected_on_a_ground"
            ),
            models.UniqueConstraint(
                fields=["operator", "developer"], condition=models.Q(state__in=[s.value for s in OPEN]),
                name="developer_admitted_once",
            ),
        )  # fmt: skip
