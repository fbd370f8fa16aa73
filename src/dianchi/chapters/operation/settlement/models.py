"""Bills."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.operation.settlement.lifecycle import BILL
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class BillQuerySet(CaseQuerySet):
    """The parties, the price authority and auditors."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever pays or is paid, and supervision of prices."""
        return self.seen_by(
            actor,
            everywhere=frozenset({Role.AUDITOR, Role.PRICE}),
            parties={"consumer": Role.CONSUMER, "operator": Role.OPERATOR},
        )


class Bill(Case):
    """What an order used in some days, by unit price; the sum of the lines is the amount, to the fen."""

    lifecycle = BILL

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT)
    consumer = models.CharField(max_length=18, db_index=True)
    operator = models.CharField(max_length=18, db_index=True)
    from_on = models.DateField()
    to_on = models.DateField()
    lines = models.JSONField(default=list)  # price_fen, calls, amount_fen
    calls = models.PositiveBigIntegerField(default=0)
    amount_fen = models.PositiveBigIntegerField(default=0)
    payment_reference = models.CharField(max_length=80, default="")
    reason = models.TextField(default="")

    objects = BillQuerySet.as_manager()

    class Meta:
        db_table = "settlement_bill"
        constraints = (
            models.CheckConstraint(condition=models.Q(to_on__gte=models.F("from_on")), name="bill_days_in_order"),
            models.UniqueConstraint(fields=["order", "from_on"], name="bill_once_per_order_and_day"),
        )
