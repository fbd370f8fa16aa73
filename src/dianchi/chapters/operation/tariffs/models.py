"""Tariffs."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.operation.pricing.models import Pricing
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.tariffs.lifecycle import TARIFF, State
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role


class TariffQuerySet(CaseQuerySet):
    """Prices are marked clearly: once published, for everybody."""

    def visible_to(self, actor: Actor) -> Self:
        """Those who price and supervise, the parties; published prices are for all."""
        seen = self.seen_by(
            actor, territory=frozenset({Role.PRICE, Role.AUTHORIZER, Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}), parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER},
        )  # fmt: skip
        return seen if actor.roles <= ADMINISTRATORS else seen | self.filter(state=State.PRICED)


class Tariff(Case):
    """The cap and the price of one product."""

    lifecycle = TARIFF

    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    pricing = models.ForeignKey(Pricing, on_delete=models.PROTECT, null=True)
    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    trial = models.BooleanField(default=False)
    free = models.BooleanField(default=False)  # the purpose of the product is governance or welfare
    unit = models.CharField(max_length=8)
    cap_fen = models.BigIntegerField()
    forecast_volume = models.BigIntegerField()
    basis = models.TextField()
    price_fen = models.BigIntegerField(null=True)
    priced_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    objects = TariffQuerySet.as_manager()

    class Meta:
        db_table = "tariffs_tariff"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(price_fen=None) | models.Q(price_fen__gte=0, price_fen__lte=models.F("cap_fen")),
                name="tariff_price_under_the_cap",
            ),
            models.CheckConstraint(
                condition=models.Q(free=False) | models.Q(cap_fen=0), name="tariff_free_products_cost_nothing"
            ),
            models.CheckConstraint(
                condition=models.Q(trial=True) | models.Q(pricing__isnull=False), name="tariff_on_trial_or_verified"
            ),
            models.UniqueConstraint(
                fields=["product"], condition=~models.Q(state="withdrawn"), name="tariff_once_per_product"
            ),
        )
