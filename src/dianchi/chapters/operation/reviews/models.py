"""Yearly reviews."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.reviews.lifecycle import REVIEWS
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class ReviewQuerySet(CaseQuerySet):
    """Those who price and supervise, and the operator whose year it is."""

    def visible_to(self, actor: Actor) -> Self:
        """The territory's price authority, authorizing body and bureau; operator and institution; auditors."""
        return self.seen_by(
            actor, territory=frozenset({Role.PRICE, Role.AUTHORIZER, Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip


class Review(Case):
    """What a year permitted, what it earned, and what follows."""

    lifecycle = REVIEWS
    words: ClassVar = {
        "mpr_fen": Text("最高准许收入", "Permitted revenue"),
        "revenue_fen": Text("实际收入", "Actual revenue"),
        "cost_fen": Text("实际成本", "Actual cost"),
        "profit_fen": Text("实际利润", "Actual profit"),
        "deviation_percent": Text("偏离（%）", "Deviation (%)"),
        "step": Text("应采取的调整", "What it calls for"),
        "products": Text("分产品规模和收入", "Scale and revenue by product"),
        "net_fen": Text("不含税收入", "Net revenue"),
        "period_since": Text("周期起始时间", "Period since"),
        "excess_fen": Text("周期超额收入", "Excess of the period"),
        "late": Text("逾期报告", "Reported late"),
        "reported_at": Text("报告时间", "Reported at"),
    }
    list_columns: ClassVar = ("year",)
    secret_fields: ClassVar = ("year_ended_on",)

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    operator = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    year = models.PositiveSmallIntegerField()
    year_ended_on = models.DateField(null=True)  # from when the yearly day is counted
    overall = models.TextField(default="", blank=True)
    adjustments = models.TextField(default="", blank=True)
    mpr_fen = models.BigIntegerField(default=0)
    revenue_fen = models.BigIntegerField(default=0)
    cost_fen = models.BigIntegerField(default=0)
    profit_fen = models.BigIntegerField(default=0)
    deviation_percent = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    step = models.CharField(max_length=16, default="")  # of pricing.formulas.Step
    products = models.JSONField(default=list)
    late = models.BooleanField(default=False)
    reported_at = models.DateTimeField(null=True)
    period_since = models.DateTimeField(null=True)
    measures = models.TextField(default="", blank=True)
    opinion = models.TextField(default="", blank=True)
    from_year = models.PositiveSmallIntegerField(null=True)
    portions = models.JSONField(default=list)
    excess_fen = models.PositiveBigIntegerField(default=0)
    conclusion = models.TextField(default="", blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        db_table = "reviews_review"
        constraints = (models.UniqueConstraint(fields=["agreement", "year"], name="reviewed_once_a_year"),)
