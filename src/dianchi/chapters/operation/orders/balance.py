"""The prepaid balance of an order: what came in, less what was billed, less what is metered and not billed yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Sum

from dianchi.chapters.operation.orders.models import Deposit, Order, Usage
from dianchi.foundation.cases.figures import value


@dataclass(frozen=True)
class Balance:
    """In fen: what was paid in, what is left, and below what the consumer is warned."""

    paid_fen: int
    left_fen: int
    alert_fen: int

    @property
    def low(self) -> bool:
        """Whether it is time to pay in."""
        return self.left_fen <= self.alert_fen


def balance(order: Order) -> Balance:
    """The balance of a prepaid order as it stands."""
    rows = Deposit.objects.filter(order=order)
    left = rows.aggregate(n=Sum("amount_fen"))["n"] or 0
    paid = rows.filter(kind="DEPOSIT").aggregate(n=Sum("amount_fen"))["n"] or 0
    billed = rows.aggregate(n=Max("through_index"))["n"]
    unbilled = Usage.objects.filter(order=order, ledger_index__gt=-1 if billed is None else billed)
    left -= unbilled.aggregate(n=Sum("price_fen"))["n"] or 0
    ratio = Decimal(value("orders.prepaid-alert-ratio", order.region))
    return Balance(paid, left, int(paid * ratio))


def bill(order: Order, amount_fen: int, through_index: int, reference: str, at: datetime) -> None:
    """A bill is paid from the balance."""
    Deposit.objects.create(
        order=order, kind="BILL", amount_fen=-amount_fen, reference=reference, at=at, through_index=through_index
    )
