"""A bill is computed from the meter, never entered; a credit note takes back a part of one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Max

from dianchi.chapters.operation.orders.balance import bill as paid_from_balance
from dianchi.chapters.operation.orders.models import Order
from dianchi.chapters.operation.settlement import facts
from dianchi.chapters.operation.settlement.lifecycle import BILL
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.chapters.operation.settlement.reckoning import reckon, taxed
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.money import in_words, plain_yuan


def draw(case: Bill, doing: Doing) -> None:
    """One line for each price and kind of charge, the tax in it, and what a tax invoice needs."""
    order = case.order
    case.title, case.region, case.consumer, case.operator = order.title, order.region, order.consumer, order.operator
    case.tax_percent = 100 * Decimal(value("settlement.tax-rate", case.region))
    if case.paper == "CREDIT":
        total, included = -doing.inputs.credit_fen, True
        case.lines = [{"what": "credit", "quantity": "1", "price": "", "percent": "", "calls": 0, "amount_fen": total}]
    else:
        case.credit_ground = ""
        found = reckon(order, case.from_on, case.to_on)
        case.lines, case.calls, total = found.lines, found.calls, found.total_fen
        case.through_index, case.through_correction = found.through_index, found.through_correction
        included = bool(value("settlement.prices-include-tax", case.region))
    parts = taxed(total, case.tax_percent, included=included)
    case.net_fen, case.tax_fen, case.amount_fen = parts.net_fen, parts.tax_fen, parts.gross_fen
    case.invoice = _invoice(case)
    if order.prepaid:
        paid_from_balance(order, case.amount_fen, max(case.through_index, _billed(order)), case.code, doing.at)


def _billed(order: Order) -> int:
    """Up to where use was taken into a bill: a credit note reads none."""
    return Bill.objects.filter(order=order).aggregate(n=Max("through_index"))["n"] or -1


def _invoice(case: Bill) -> dict[str, Any]:
    """The data that a fapiao is issued from; a negative one is issued in red."""
    known = names({case.consumer, case.operator})
    return {
        "buyer": {"uscc": case.consumer, "name": known.get(case.consumer, case.consumer)},
        "seller": {"uscc": case.operator, "name": known.get(case.operator, case.operator)},
        "item": case.title, "net": plain_yuan(case.net_fen), "rate": f"{case.tax_percent.normalize():f}",
        "tax": plain_yuan(case.tax_fen), "total": plain_yuan(case.amount_fen), "in_words": in_words(case.amount_fen),
    }  # fmt: skip


CASE = CaseType(BILL, Bill, facts.gather, {"draw": draw}, prefix="ZD")
