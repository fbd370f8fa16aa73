"""A bill is computed from the meter, never entered."""

from __future__ import annotations

from datetime import datetime, time

from dianchi.chapters.operation.orders.queries import used
from dianchi.chapters.operation.settlement import facts
from dianchi.chapters.operation.settlement.lifecycle import BILL
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.workdays import SHANGHAI, end_of


def draw(case: Bill, doing: Doing) -> None:
    """One line for each unit price at which answers were delivered in those days."""
    order = case.order
    case.title, case.region, case.consumer, case.operator = order.title, order.region, order.consumer, order.operator
    since = datetime.combine(case.from_on, time(), SHANGHAI)
    case.lines = used(order, since, end_of(case.to_on))
    case.calls = sum(line["calls"] for line in case.lines)
    case.amount_fen = sum(line["amount_fen"] for line in case.lines)


CASE = CaseType(BILL, Bill, facts.gather, {"draw": draw}, prefix="ZD")
