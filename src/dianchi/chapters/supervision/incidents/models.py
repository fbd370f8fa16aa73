"""Incidents."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.supervision.incidents.grades import CENTRAL, CRITICAL, ORDINARY, reaches
from dianchi.chapters.supervision.incidents.inputs import Clue, Supplement
from dianchi.chapters.supervision.incidents.lifecycle import INCIDENT, PARTIES
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class IncidentQuerySet(CaseQuerySet):
    """The unit concerned, who found it, and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """An incident is security work: the security administrator sees it, who sees no other case."""
        seen = self.seen_by(
            actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR, Role.SECURITY_ADMIN})
        )
        if actor.roles & PARTIES:
            seen |= self.filter(models.Q(unit=actor.organisation) | models.Q(opened_for=actor.organisation))
        return seen


class Incident(Case):
    """Something went wrong, from its discovery to the lessons."""

    lifecycle = INCIDENT
    list_columns: ClassVar = ("kind", "grade", "discovered_at")
    rows: ClassVar = {"supplements": Supplement, "clues": Clue}
    words: ClassVar = {
        "clock": Text("适用的报告时限", "Reporting clock"), "closures": Text("已关停", "Shut"),
        "supplements": Text("补充报告", "Supplements"), "clues": Text("移送线索", "Clues handed over"),
        "reported_at": Text("报告时间", "Reported at"), "contained_at": Text("控制时间", "Contained at"),
        "forwarded_at": Text("上报时间", "Passed upward at"), "notified_at": Text("告知时间", "Persons told at"),
        "major_since": Text("列为重大以上的时间", "Major since"),
        "handled_at": Text("处置结束时间", "Handled at"), "summarised_by": Text("总结人", "Summed up by"),
        "notice_ordered": Text("已责令告知个人", "Notice was ordered"),
    }  # fmt: skip

    kind = models.CharField(max_length=12)
    site = models.CharField(max_length=12)
    unit = models.CharField(max_length=18, db_index=True)
    clock = models.CharField(max_length=12)
    discovered_at = models.DateTimeField()
    description = models.TextField()
    personal_information = models.BooleanField(default=False)
    endangers_public = models.BooleanField(default=False)
    people = models.PositiveBigIntegerField(default=0)
    grade = models.CharField(max_length=20, default="")
    grounds = models.TextField(default="")
    closures = models.JSONField(default=list)
    containment = models.TextField(default="")
    contained_at = models.DateTimeField(null=True)
    recipient = models.CharField(max_length=200, default="")
    system = models.TextField(default="")
    impact = models.TextField(default="")
    measures = models.TextField(default="")
    late_reason = models.TextField(default="")
    reported_at = models.DateTimeField(null=True)
    supplements = models.JSONField(default=list)
    forwarded_to = models.CharField(max_length=200, default="")
    forwarded_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=14, default="")
    notice = models.TextField(default="")
    people_told = models.PositiveBigIntegerField(default=0)
    exemption = models.TextField(default="")
    notified_at = models.DateTimeField(null=True)
    notice_ordered = models.BooleanField(default=False)
    major_since = models.DateTimeField(null=True)
    clues = models.JSONField(default=list)
    eradication = models.TextField(default="")
    recovery = models.TextField(default="")
    handled_at = models.DateTimeField(null=True)
    harm = models.TextField(default="")
    cause = models.TextField(default="")
    responsibility = models.TextField(default="")
    rectification = models.TextField(default="")
    lessons = models.TextField(default="")
    late_summary = models.TextField(default="")
    summarised_by = models.CharField(max_length=40, default="")
    conclusion = models.TextField(default="")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        db_table = "incidents_incident"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=["recovered", "summarised", "closed"]) | models.Q(contained_at__isnull=False),
                name="incident_recovers_once_contained",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | ~models.Q(lessons=""), name="incident_closes_with_its_lessons"
            ),
        )  # fmt: skip

    @property
    def must_report(self) -> bool:
        """Larger or above; until it is graded it counts as such (CER, art. 4)."""
        return reaches(self.grade, "LARGER")

    @property
    def critical_clock(self) -> bool:
        """Whether the clock of critical infrastructure runs."""
        return self._to_report(CRITICAL)

    @property
    def central_clock(self) -> bool:
        """Whether the clock of central bodies runs."""
        return self._to_report(CENTRAL)

    @property
    def ordinary_clock(self) -> bool:
        """Whether the clock of other network operators runs."""
        return self._to_report(ORDINARY)

    def _to_report(self, clock: str) -> bool:
        return self.clock == clock and self.must_report and self.reported_at is None

    @property
    def flaw_clock(self) -> bool:
        """Whether it endangers national security or the public interest and is not reported (NDR, art. 10)."""
        return self.endangers_public and self.reported_at is None

    @property
    def protection_upward(self) -> bool:
        """Whether the protection department owes the report upward."""
        return self._to_forward(CRITICAL)

    @property
    def central_upward(self) -> bool:
        """Whether the central body's cyberspace office owes it."""
        return self._to_forward(CENTRAL)

    @property
    def province_upward(self) -> bool:
        """Whether the provincial cyberspace department owes it."""
        return self._to_forward(ORDINARY)

    def _to_forward(self, clock: str) -> bool:
        return self.clock == clock and self.to_forward

    @property
    def to_forward(self) -> bool:
        """Major or above, and not yet passed upward."""
        return bool(self.grade) and reaches(self.grade, "MAJOR") and self.forwarded_at is None

    @property
    def report_missing(self) -> bool:
        """It must be reported, under either law, and is not."""
        return (self.must_report or self.endangers_public or self.personal_information) and self.reported_at is None

    @property
    def persons_untold(self) -> bool:
        """Persons must be told, and were neither told nor exempt."""
        return self.personal_information and self.notified_at is None
