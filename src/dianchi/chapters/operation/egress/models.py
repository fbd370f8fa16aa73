"""Egress requests."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.egress.lifecycle import EGRESS, State
from dianchi.chapters.operation.runs.models import Run
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class EgressQuerySet(CaseQuerySet):
    """The parties, and the data administration that watches over the gate and decides conflicts."""

    def visible_to(self, actor: Actor) -> Self:
        """Developer, operator, implementing institution, the bureau of the territory, auditors."""
        return self.seen_by(
            actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip


class Egress(Case):
    """A request that one isolated result may leave."""

    lifecycle = EGRESS
    shown_beside: ClassVar = ("points",)  # on the screen of the review, with their evidence
    words: ClassVar = {
        "points": Text("检查结果", "Findings"),
        "program_digest": Text("程序摘要", "Digest of the program"),
        "result_digest": Text("结果摘要", "Digest of the result"),
        "policy_digest": Text("数据口径摘要", "Digest of the policy"),
        "delivered_at": Text("最近交付时间", "Last delivered at"),
        "attempt": Text("送审次数", "Submission"),
    }

    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT)
    resources = models.JSONField(default=list)
    purpose = models.CharField(max_length=20)
    form = models.CharField(max_length=20)
    description = models.TextField()
    use = models.TextField()
    licence = models.CharField(max_length=300, blank=True)
    consent = models.TextField(blank=True)
    program_digest = models.CharField(max_length=64)
    policy_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    attempt = models.PositiveIntegerField(default=0)  # grows with every submission
    points = models.JSONField(default=list)
    submitted_by = models.CharField(max_length=40, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    number = models.PositiveIntegerField(default=0)  # deliveries so far
    sha256 = models.CharField(max_length=64, blank=True)
    sm3 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(null=True)
    delivered_at = models.DateTimeField(null=True)

    objects = EgressQuerySet.as_manager()

    class Meta:
        db_table = "egress_egress"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=("approved", "delivered")) | models.Q(approved_digest=models.F("result_digest")),
                name="egress_approved_as_reviewed",
            ),
            models.UniqueConstraint(
                fields=["run"], name="egress_one_open_per_run",
                condition=models.Q(state__in=("requested", "blocked", "under-review", "conflict")),
            ),
        )  # fmt: skip

    @property
    def human_points(self) -> list[str]:
        """The points that the machine left to people."""
        return [str(point["number"]) for point in self.points if point["verdict"] == "human"]

    @property
    def may_leave(self) -> bool:
        """Whether it was decided that it may leave."""
        return self.state in (State.APPROVED, State.DELIVERED)
