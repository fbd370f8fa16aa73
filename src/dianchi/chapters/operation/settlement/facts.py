"""The facts about a bill."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.operation.orders.models import Order
from dianchi.chapters.operation.settlement.lifecycle import Answer, Drawing, Facts
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.chapters.operation.settlement.queries import credited
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import end_of


def gather(case: Bill, by: Actor, at: datetime, inputs: object) -> Facts:
    """Days, overlap, what is credited, and parties."""
    if isinstance(inputs, Drawing):
        order = Order.objects.visible_to(by).filter(code=inputs.order).first()
        is_operator = order is None or order.operator == by.organisation
        return _of_credit(inputs, by, is_operator) if inputs.paper == "CREDIT" else _of_bill(inputs, at, is_operator)
    if not case.state:
        return Facts()
    upheld = isinstance(inputs, Answer) and inputs.upheld
    return Facts(
        is_operator=case.operator == by.organisation,
        is_consumer=case.consumer == by.organisation,
        credited_if_upheld=not upheld or credited(case) > 0,
    )


def _of_bill(inputs: Drawing, at: datetime, is_operator: bool) -> Facts:
    billed = Bill.objects.filter(
        order__code=inputs.order, paper="INVOICE", from_on__lte=inputs.to_on, to_on__gte=inputs.from_on
    )
    return Facts(
        days_in_order=inputs.from_on <= inputs.to_on,
        days_over=end_of(inputs.to_on) <= at,
        overlaps=billed.exists(),
        is_operator=is_operator,
        credits_a_bill=not inputs.corrects and not inputs.credit_fen,
    )


def _of_credit(inputs: Drawing, by: Actor, is_operator: bool) -> Facts:
    bill = Bill.objects.visible_to(by).filter(code=inputs.corrects, paper="INVOICE").first()
    same = bill is not None and (bill.order.code, bill.from_on, bill.to_on) == (
        inputs.order, inputs.from_on, inputs.to_on,
    )  # fmt: skip
    left = bill.amount_fen - credited(bill) if bill is not None else 0
    return Facts(
        is_operator=is_operator,
        credits_a_bill=same and len(inputs.note) >= 4,
        credit_within=0 < inputs.credit_fen <= left,
    )
