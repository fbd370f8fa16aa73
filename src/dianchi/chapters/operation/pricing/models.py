"""Permitted revenues."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.pricing.lifecycle import PRICING
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class PricingQuerySet(CaseQuerySet):
    """The operator's books are for the operator and for those who price and supervise."""

    def visible_to(self, actor: Actor) -> Self:
        """The operator, price authority, authorizing body and bureau of the territory, auditors."""
        return self.seen_by(
            actor, territory=frozenset({Role.PRICE, Role.AUTHORIZER, Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip


class Pricing(Case):
    """The cost survey of one agreement's year and what follows from it."""

    lifecycle = PRICING
    words: ClassVar = {
        "carried_fen": Text("上期超额收入扣减", "Excess of the earlier period, deducted"),
        "mpr_fen": Text("最高准许收入", "Permitted revenue"),
    }
    list_columns: ClassVar = ("year", "mpr_fen")

    operator = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    costs = models.JSONField()
    subsidy_fen = models.BigIntegerField()
    treasury_yield = models.DecimalField(max_digits=7, decimal_places=4)
    yield_evidence = models.CharField(max_length=300)
    spread_points = models.DecimalField(max_digits=7, decimal_places=4)
    taxes = models.JSONField(default=list)
    cost_fen = models.BigIntegerField(default=0)
    profit_fen = models.BigIntegerField(default=0)
    tax_fen = models.BigIntegerField(default=0)
    carried_fen = models.BigIntegerField(default=0)  # excess of an earlier period, deducted from this year
    mpr_fen = models.BigIntegerField(default=0)  # maximum permitted revenue of the year
    bureau_number = models.CharField(max_length=80, blank=True, default="")
    bureau_opinion = models.TextField(blank=True, default="")
    document_number = models.CharField(max_length=80, blank=True)
    opinion = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    objects = PricingQuerySet.as_manager()

    class Meta:
        db_table = "pricing_pricing"
        constraints = (
            models.UniqueConstraint(fields=["agreement", "year"], name="pricing_once_a_year"),
            models.CheckConstraint(
                condition=~models.Q(state="verified") | models.Q(mpr_fen__gt=0), name="pricing_verified_with_a_revenue"
            ),
            models.CheckConstraint(
                condition=models.Q(mpr_fen__gte=models.F("cost_fen") - models.F("carried_fen")),
                name="pricing_revenue_covers_the_cost_less_what_is_carried",
            ),
            models.CheckConstraint(condition=models.Q(carried_fen__gte=0), name="pricing_carries_no_shortfall"),
        )


class Carry(models.Model):
    """A part of what an earlier period earned too much, to be deducted from a year's permitted revenue (art. 4)."""

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    amount_fen = models.PositiveBigIntegerField()
    origin = models.CharField(max_length=40)  # code of the review that found it

    class Meta:
        db_table = "pricing_carry"
        constraints = (models.UniqueConstraint(fields=["origin", "year"], name="pricing_carried_once_into_a_year"),)
