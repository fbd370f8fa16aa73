"""What an order owes for some days: the meter, the terms published at each time, late and corrected use, tax."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Sum

from dianchi.chapters.operation.orders.models import Correction, Order, Usage
from dianchi.chapters.operation.orders.queries import used
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.chapters.operation.tariffs.charges import Line, Terms, Used, best_discount, lines
from dianchi.chapters.operation.tariffs.queries import editions
from dianchi.kernel.money import plain_yuan, round_half_up
from dianchi.kernel.workdays import SHANGHAI, end_of, local_day


@dataclass(frozen=True)
class Reckoned:
    """The lines of a bill and up to where the record was read for it."""

    lines: list[dict[str, Any]]
    calls: int
    total_fen: int
    through_index: int
    through_correction: int


@dataclass(frozen=True)
class Taxed:
    """An amount with and without its tax, in fen."""

    net_fen: int
    tax_fen: int
    gross_fen: int


def midnight(day: date) -> datetime:
    """The first moment of a day in the legal zone."""
    return datetime.combine(day, time(), SHANGHAI)


@dataclass(frozen=True)
class _Read:
    """Up to where the record is read: ledger index of use, number of the correction."""

    index: int = -1
    correction: int = 0


def reckon(order: Order, from_on: date, to_on: date) -> Reckoned:
    """Everything due for the days, with what earlier bills of the order could not know yet."""
    invoices = list(Bill.objects.filter(order=order, paper="INVOICE"))
    before = _Read(
        max((bill.through_index for bill in invoices), default=-1),
        max((bill.through_correction for bill in invoices), default=0),
    )
    now = _Read(
        _last(Usage.objects.filter(order=order), "ledger_index", -1),
        _last(Correction.objects.filter(order=order), "pk", 0),
    )
    made = _due(order, from_on, to_on, now, first=not invoices)
    made += [line for bill in invoices for line in _afterwards(order, bill, before, now)]
    made += _corrections(order, before, now)
    return Reckoned(
        made, sum(line["calls"] for line in made), sum(line["amount_fen"] for line in made), now.index, now.correction
    )


def _last(rows: Any, field: str, nothing: int) -> int:
    found = rows.aggregate(n=Max(field))["n"]
    return nothing if found is None else found


def _due(order: Order, from_on: date, to_on: date, read: _Read, *, first: bool) -> list[dict[str, Any]]:
    """The lines of days, as far as the record was read."""
    made: list[dict[str, Any]] = []
    for begins, ends, terms in editions(order.product, midnight(from_on), end_of(to_on)):
        if terms.metered:
            made += _metered_part(order, terms, begins, ends, read)
        else:
            calls = _calls(order, begins, ends, read)
            made += _stored_all(lines(terms, _used(order, calls, begins, ends, first=first)), calls)
    return made


def _metered_part(order: Order, terms: Terms, begins: datetime, ends: datetime, read: _Read) -> list[dict[str, Any]]:
    """One line for each price written down with the calls, and the discount on them."""
    rows = used(order, begins, ends, read.index)
    made = [_metered(row) for row in rows]
    of = _used(order, sum(row["calls"] for row in rows), begins, ends, first=False)
    if off := best_discount(terms, of):
        taken = int(round_half_up(Fraction(sum(m["amount_fen"] for m in made)) * Fraction(off) / 100))
        if taken:
            made.append(_stored(Line("discount", "1", "", -taken, str(off.normalize()))))
    return made


def _used(order: Order, calls: int, begins: datetime, ends: datetime, *, first: bool) -> Used:
    days = (order.ends_on - local_day(order.opened_at)).days
    return Used(calls, *_days(order, begins, ends), first=first, term_days=days, prepaid=order.prepaid)


def _days(order: Order, begins: datetime, ends: datetime) -> tuple[date, date]:
    """Whole days: each belongs to the terms in force as it began, and none lies outside the order."""
    started, first = local_day(order.accepted_at or order.opened_at), local_day(begins)
    if midnight(first) < begins and started < first:
        first += timedelta(days=1)
    return max(first, started), min(local_day(ends - timedelta(microseconds=1)), order.ends_on)


def _calls(order: Order, begins: datetime, ends: datetime, read: _Read) -> int:
    """Charged calls as far as the record was read, less those that were taken back."""
    rows = Usage.objects.filter(order=order, billable=True, at__gte=begins, at__lt=ends, ledger_index__lte=read.index)
    back = Correction.objects.filter(order=order, pk__lte=read.correction, ledger_index__in=rows.values("ledger_index"))
    return rows.count() - back.count()


def _metered(row: dict[str, int], what: str = "units") -> dict[str, Any]:
    return {
        "what": what, "quantity": str(row["calls"]), "price": plain_yuan(row["price_fen"]), "percent": "",
        "price_fen": row["price_fen"], "calls": row["calls"], "amount_fen": row["amount_fen"],
    }  # fmt: skip


def _stored(line: Line, calls: int = 0) -> dict[str, Any]:
    return {**asdict(line), "calls": calls}


def _stored_all(made: list[Line], calls: int) -> list[dict[str, Any]]:
    return [_stored(line, calls if i == 0 else 0) for i, line in enumerate(made)]


def _afterwards(order: Order, bill: Bill, before: _Read, now: _Read) -> Iterator[dict[str, Any]]:
    """Use in days billed before that came on record only after: at its own price, or as the terms of the days reckon."""
    for begins, ends, terms in editions(order.product, midnight(bill.from_on), end_of(bill.to_on)):
        if terms.metered:
            late = Usage.objects.filter(
                order=order, billable=True, at__gte=begins, at__lt=ends, ledger_index__gt=before.index
            )
            prices = late.values("price_fen").annotate(calls=Count("pk"), amount_fen=Sum("price_fen"))
            yield from (_metered(row, "late") for row in prices.order_by("price_fen"))
            continue
        was, is_now = _calls(order, begins, ends, before), _calls(order, begins, ends, now)
        if was != is_now:
            old, new = (
                sum(line.amount_fen for line in lines(terms, _used(order, n, begins, ends, first=False)))
                for n in (was, is_now)
            )
            what = "late" if is_now > was else "correction"
            yield _stored(Line(what, str(is_now - was), "", new - old), is_now - was)


def _corrections(order: Order, before: _Read, now: _Read) -> list[dict[str, Any]]:
    """Calls with a price of their own that were taken back and that no bill has taken in yet."""
    found = Correction.objects.filter(order=order, pk__gt=before.correction, pk__lte=now.correction, price_fen__gt=0)
    return [
        _metered({"price_fen": c.price_fen, "calls": c.calls, "amount_fen": c.calls * c.price_fen}, "correction")
        for c in found.order_by("pk")
    ]


def taxed(total_fen: int, percent: Decimal, *, included: bool) -> Taxed:
    """Net, tax and gross; rounded once, the parts always sum."""
    if included:
        net = int(round_half_up(Fraction(total_fen) / (1 + Fraction(percent) / 100)))
        return Taxed(net, total_fen - net, total_fen)
    tax = int(round_half_up(Fraction(total_fen) * Fraction(percent) / 100))
    return Taxed(total_fen, tax, total_fen + tax)
