"""Tariffs."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.pricing.models import Pricing
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.tariffs.lifecycle import TARIFF, State
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role
from dianchi.kernel.text import Text

PUBLISHED = (State.PRICED, State.APPLYING)
TERMS = ("charge", "price_fen", "lot", "blocks", "included", "over_fen", "span", "discounts")


class TariffQuerySet(CaseQuerySet):
    """Prices are marked clearly: once published, for everybody."""

    def visible_to(self, actor: Actor) -> Self:
        """Those who price and supervise, the parties; published prices are for all."""
        seen = self.seen_by(
            actor, territory=frozenset({Role.PRICE, Role.AUTHORIZER, Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}), parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER},
        )  # fmt: skip
        return seen if actor.roles <= ADMINISTRATORS else seen | self.filter(state__in=PUBLISHED)


class Tariff(Case):
    """The cap and the price of one product."""

    lifecycle = TARIFF
    words: ClassVar = {
        "capped_at": Text("上限制定时间", "Capped at"),
        "highest_fen": Text("每计费单位最高收费", "Most that a unit costs"),
        "trial_since": Text("试行起始时间", "On trial since"),
    }
    list_columns: ClassVar = ("unit", "cap_fen", "price_fen")

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
    capped_at = models.DateTimeField(null=True)
    report_number = models.CharField(max_length=80, blank=True, default="")
    covers = models.CharField(max_length=12, default="SERVICE_FEE")
    charge = models.CharField(max_length=8, default="PER_UNIT")
    price_fen = models.BigIntegerField(null=True)
    lot = models.PositiveIntegerField(default=1)
    blocks = models.JSONField(default=list)
    included = models.PositiveBigIntegerField(default=0)
    over_fen = models.PositiveBigIntegerField(default=0)
    span = models.CharField(max_length=5, default="MONTH")
    discounts = models.JSONField(default=list)
    highest_fen = models.BigIntegerField(null=True)  # the most that one unit of the cap can cost
    priced_at = models.DateTimeField(null=True)
    trial_since = models.DateTimeField(null=True)  # since when a trial price is charged
    application_number = models.CharField(max_length=80, blank=True, default="")
    application = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True)

    objects = TariffQuerySet.as_manager()

    class Meta:
        db_table = "tariffs_tariff"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(price_fen=None)
                | models.Q(price_fen__gte=0, highest_fen__isnull=False, highest_fen__lte=models.F("cap_fen")),
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


class Edition(models.Model):
    """The terms of charge of a product from a moment on; the database refuses to change or delete one."""

    tariff = models.CharField(max_length=40)  # its code
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="price_editions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    unit = models.CharField(max_length=8)
    terms = models.JSONField()

    class Meta:
        db_table = "tariffs_edition"
        constraints = (models.UniqueConstraint(fields=["product", "number"], name="tariff_edition_numbered"),)
