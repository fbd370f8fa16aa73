"""The facts about a bill."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.operation.orders.models import Order
from dianchi.chapters.operation.settlement.lifecycle import Drawing, Facts
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import end_of


def gather(case: Bill, by: Actor, at: datetime, inputs: object) -> Facts:
    """Days, overlap and parties."""
    if isinstance(inputs, Drawing):
        order = Order.objects.visible_to(by).filter(code=inputs.order).first()
        billed = Bill.objects.filter(order__code=inputs.order, from_on__lte=inputs.to_on, to_on__gte=inputs.from_on)
        return Facts(
            days_in_order=inputs.from_on <= inputs.to_on,
            days_over=end_of(inputs.to_on) <= at,
            overlaps=billed.exists(),
            is_operator=order is None or order.operator == by.organisation,
        )
    if not case.state:
        return Facts()
    return Facts(is_operator=case.operator == by.organisation, is_consumer=case.consumer == by.organisation)
