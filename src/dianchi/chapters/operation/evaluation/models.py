"""Evaluations."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.evaluation.formulas import INDICATORS
from dianchi.chapters.operation.evaluation.lifecycle import EFFECTS, EVALUATION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class EvaluationQuerySet(CaseQuerySet):
    """The governing bodies, auditors, the body evaluated and the operator of the agreement."""

    def visible_to(self, actor: Actor) -> Self:
        """Supervision of the territory and the body itself."""
        seen = self.seen_by(
            actor,
            territory=frozenset({Role.BUREAU, Role.IMPLEMENTER, Role.AUTHORIZER}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR},
        )
        for subject in ("DEVELOPER", "PROVIDER"):
            if Role[subject] in actor.roles:
                seen = seen | self.filter(body=actor.organisation, subject=subject)
        return seen


class Evaluation(Case):
    """A body's year under one agreement."""

    lifecycle = EVALUATION
    words: ClassVar = {
        "grade": Text("评定等级", "Grade"),
        "effect": Text("对续约的影响", "Effect on renewal"),
        "disclosed": Text("上一年度按时披露", "The year before disclosed in time"),
        "refusals": Text("不予接受次数", "Refusals"),
        "months_missing": Text("缺少核算的月份", "Months without accounts"),
        "events": Text("安全事件和关停", "Incidents and closures"),
        "returns": Text("退回次数", "Returns"),
        "supplied": Text("供数比例", "Share supplied"),
        "quality": Text("质量得分", "Quality score"),
        "tickets_open": Text("未办结质量问题", "Open quality tickets"),
        "scenarios": Text("发布场景", "Scenarios published"),
        "deviation": Text("收入偏离（%）", "Deviation (%)"),
        "items": Text("发布目录", "Catalogue items"),
        **{
            i.key: i.title
            for of in INDICATORS.values()
            for i in of
            if i.key in ("fairness", "accounts", "tickets", "disclosure")
        },
        **dict(EFFECTS),
    }
    list_columns: ClassVar = ("subject", "year")

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    operator = models.CharField(max_length=18, db_index=True)
    subject = models.CharField(max_length=10, default="OPERATOR")
    body = models.CharField(max_length=18, db_index=True, default="")
    year = models.PositiveSmallIntegerField()
    weights = models.JSONField(default=list)
    self_report = models.TextField(default="")
    assessor = models.CharField(max_length=18, default="", blank=True)
    assessment = models.TextField(default="", blank=True)
    deduction = models.PositiveSmallIntegerField(default=0)
    record = models.JSONField(default=dict)
    points = models.JSONField(default=dict)
    total = models.PositiveSmallIntegerField(null=True)
    grade = models.CharField(max_length=12, default="")
    effect = models.CharField(max_length=8, default="", blank=True)
    feedback = models.TextField(default="")
    demands = models.TextField(default="", blank=True)
    rectification = models.TextField(default="", blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        db_table = "evaluation_evaluation"
        constraints = (
            models.UniqueConstraint(
                fields=["agreement", "year", "subject", "body"], name="one_evaluation_per_agreement_body_and_year"
            ),
            models.CheckConstraint(
                condition=models.Q(total=None) | models.Q(total__lte=100), name="evaluation_out_of_a_hundred"
            ),
        )
