"""How much of an order is left, counted under the lock of its meter."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Sum

from dianchi.chapters.operation.orders.models import Meter, Usage
from dianchi.chapters.operation.orders.queries import QUOTA, LiveOrder
from dianchi.kernel.errors import Refusal


class Quotas:
    """The meters of some orders in one transaction."""

    def __init__(self, orders: Iterable[LiveOrder]) -> None:
        wanted = {order.id for order in orders}
        found = Meter.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        self._meters = {meter.order_id: meter for meter in found}
        for missing in wanted - self._meters.keys():
            self._meters[missing] = _begun(missing)
        self._touched: set[int] = set()

    def refusal(self, order: LiveOrder, rows: int, size: int) -> Refusal | None:
        """Why this answer is more than the order has left."""
        meter = self._meters[order.id]
        over = meter.calls >= order.quota_calls
        over |= order.quota_rows is not None and meter.rows + rows > order.quota_rows
        over |= order.quota_bytes is not None and meter.bytes + size > order.quota_bytes
        return QUOTA if over else None

    def count(self, order: LiveOrder, rows: int, size: int) -> None:
        """Take it from what is left."""
        meter = self._meters[order.id]
        meter.calls, meter.rows, meter.bytes = meter.calls + 1, meter.rows + rows, meter.bytes + size
        self._touched.add(order.id)

    def save(self) -> None:
        """Write the meters that moved."""
        Meter.objects.bulk_update([self._meters[i] for i in sorted(self._touched)], ["calls", "rows", "bytes"])


def _begun(order: int) -> Meter:
    """The meter of an order, made from what it used so far; the caller holds the ledger's head."""
    used = Usage.objects.filter(order_id=order).aggregate(calls=Count("pk"), rows=Sum("rows"), bytes=Sum("bytes"))
    counted = {name: int(number or 0) for name, number in used.items()}
    return Meter.objects.create(order_id=order, **counted)
