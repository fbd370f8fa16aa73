"""Evaluations."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.evaluation.lifecycle import EVALUATION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class EvaluationQuerySet(CaseQuerySet):
    """The governing bodies, auditors and the operator concerned."""

    def visible_to(self, actor: Actor) -> Self:
        """Supervision of the territory and the operator itself."""
        return self.seen_by(
            actor,
            territory=frozenset({Role.BUREAU, Role.IMPLEMENTER, Role.AUTHORIZER}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR},
        )


class Evaluation(Case):
    """An operator's year under one agreement."""

    lifecycle = EVALUATION
    words: ClassVar = {"grade": Text("评定等级", "Grade")}

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    operator = models.CharField(max_length=18, db_index=True)
    year = models.PositiveSmallIntegerField()
    self_report = models.TextField(default="")
    record = models.JSONField(default=dict)
    points = models.JSONField(default=dict)
    total = models.PositiveSmallIntegerField(null=True)
    grade = models.CharField(max_length=12, default="")
    feedback = models.TextField(default="")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        db_table = "evaluation_evaluation"
        constraints = (
            models.UniqueConstraint(fields=["agreement", "year"], name="one_evaluation_per_agreement_and_year"),
            models.CheckConstraint(
                condition=models.Q(total=None) | models.Q(total__lte=100), name="evaluation_out_of_a_hundred"
            ),
        )
