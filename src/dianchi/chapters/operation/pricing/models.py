"""Permitted revenues."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.operation.pricing.lifecycle import PRICING
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


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
    mpr_fen = models.BigIntegerField(default=0)  # maximum permitted revenue of the year
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
                condition=models.Q(mpr_fen__gte=models.F("cost_fen")), name="pricing_revenue_covers_the_cost"
            ),
        )
