"""Questions about bills."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Max, QuerySet, Sum

from dianchi.chapters.operation.orders.models import Usage
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.kernel.workdays import SHANGHAI, end_of


def credited(bill: Bill) -> int:
    """What credit notes have taken back of a bill, in fen."""
    return -(bill.credits.aggregate(n=Sum("amount_fen"))["n"] or 0)


def earned(operator: str, from_on: date, to_on: date) -> QuerySet[Bill]:
    """Bills and credit notes whose days ended in those days: the revenue of the authorized business, net of tax."""
    return Bill.objects.filter(operator=operator, to_on__gte=from_on, to_on__lte=to_on)


def net_revenue(bills: QuerySet[Bill]) -> int:
    """Their sum without tax, in fen."""
    return bills.aggregate(n=Sum("net_fen"))["n"] or 0


def owed(consumer: str) -> int:
    """What a consumer has confirmed and not paid, in fen."""
    return Bill.objects.filter(consumer=consumer, state="confirmed").aggregate(n=Sum("amount_fen"))["n"] or 0


def reconciliation(bill: Bill) -> Iterator[tuple[str, ...]]:
    """Head and rows of the file by which both sides compare: one row for each answer delivered in the bill's days."""
    yield ("ledger_index", "delivered_at", "product", "edition", "rows", "bytes", "billable", "price_yuan",
           "request_digest", "result_digest")  # fmt: skip
    since = datetime.combine(bill.from_on, datetime.min.time(), SHANGHAI)
    answers = Usage.objects.filter(order=bill.order, at__gte=since, at__lt=end_of(bill.to_on)).order_by("ledger_index")
    for u in answers.iterator():
        yield (
            str(u.ledger_index), u.at.astimezone(SHANGHAI).isoformat(), u.product, str(u.edition), str(u.rows),
            str(u.bytes), "1" if u.billable else "0", f"{u.price_fen // 100}.{u.price_fen % 100:02d}",
            u.request_digest, u.result_digest,
        )  # fmt: skip


def by_product(operator: str, from_on: date, to_on: date) -> list[dict[str, object]]:
    """Calls and net revenue of each product billed in those days, by the product's code."""
    rows = earned(operator, from_on, to_on).values("order__product__code", "order__product__title")
    sums = rows.annotate(n=Sum("calls"), net=Sum("net_fen")).order_by("order__product__code")
    return [{"title": r["order__product__title"], "calls": r["n"], "net_fen": r["net"]} for r in sums]


def by_developer(operator: str, from_on: date, to_on: date) -> dict[str, int]:
    """Net revenue of the products of each developer in those days, in fen."""
    rows = earned(operator, from_on, to_on).values_list("order__developer").annotate(net=Sum("net_fen"))
    return dict(rows.order_by("order__developer"))


def unbilled(operator: str, from_on: date, to_on: date) -> bool:
    """Whether answers delivered in those days stand on no bill yet."""
    since, until = datetime.combine(from_on, datetime.min.time(), SHANGHAI), end_of(to_on)
    delivered = Usage.objects.filter(order__operator=operator, billable=True, at__gte=since, at__lt=until)
    last = dict(delivered.values_list("order_id").annotate(at=Max("at")).order_by("order_id"))
    billed = dict(
        Bill.objects.filter(order__in=last, paper="INVOICE")
        .values_list("order_id")
        .annotate(on=Max("to_on"))
        .order_by()
    )
    return any(order not in billed or end_of(billed[order]) <= at for order, at in last.items())
