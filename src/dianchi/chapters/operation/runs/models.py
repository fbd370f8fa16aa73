"""Runs: what is known of them; results are sealed behind the gate."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.programs.models import Program
from dianchi.chapters.operation.requests.models import Request
from dianchi.chapters.operation.runs.lifecycle import RUN
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class RunQuerySet(CaseQuerySet):
    """The record of a run is for the parties; its result is not on it."""

    def visible_to(self, actor: Actor) -> Self:
        """The three parties; auditors everywhere."""
        return self.seen_by(
            actor, everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip


class Run(Case):
    """One run of one version with its values."""

    lifecycle = RUN
    words: ClassVar = {
        "arguments": Text("参数取值", "Values of the parameters"),
        "program_digest": Text("程序摘要", "Digest of the program"),
        "policy_digest": Text("数据口径摘要", "Digest of the policy"),
        "replay_same": Text("重放结果一致", "The replay agrees"),
        "replayed_at": Text("重放时间", "Replayed at"),
    }

    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    program = models.ForeignKey(Program, on_delete=models.PROTECT)
    edition = models.PositiveIntegerField(default=0)
    program_digest = models.CharField(max_length=64)
    policy_digest = models.CharField(max_length=64)
    arguments = models.JSONField(default=list)
    plan_digest = models.CharField(max_length=64, blank=True)
    snapshots = models.JSONField(default=dict)
    rows = models.PositiveBigIntegerField(null=True)
    columns = models.JSONField(default=list)
    suppressed = models.PositiveIntegerField(null=True)
    bytes = models.PositiveBigIntegerField(null=True)
    result_digest = models.CharField(max_length=64, blank=True)
    milliseconds = models.PositiveBigIntegerField(null=True)
    copied_from = models.CharField(max_length=40, blank=True)
    problems = models.JSONField(default=list)
    replay_digest = models.CharField(max_length=64, blank=True)
    replay_same = models.BooleanField(null=True)
    replayed_at = models.DateTimeField(null=True)
    destroyed_bytes = models.PositiveBigIntegerField(null=True)
    method = models.CharField(max_length=200, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        db_table = "runs_run"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="isolated") | ~models.Q(result_digest=""), name="run_isolated_has_a_digest"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(problems=[]), name="run_failed_says_why"
            ),
        )


class Trial(models.Model):
    """A try from the editor: on the synthetic twin, or on the real data with nothing shown but sizes."""

    key = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=4)  # "twin" or "dry"
    request = models.ForeignKey(Request, on_delete=models.PROTECT)
    developer = models.CharField(max_length=18)
    person = models.CharField(max_length=40)
    sql = models.TextField()
    parameters = models.JSONField(default=list)
    arguments = models.JSONField(default=dict)
    holdings = models.JSONField(default=list)
    outcome = models.JSONField(null=True)
    asked_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "runs_trial"
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=("twin", "dry")), name="trial_kind_is_known"),
        )
