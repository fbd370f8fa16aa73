"""Which acts draw, confirm and pay a bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, price65
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """Where a bill stands."""

    DRAWN = "drawn", Text("待确认", "Drawn"), Tone.WAITING
    CONFIRMED = "confirmed", Text("待支付", "Confirmed"), Tone.WAITING
    PAID = "paid", Text("已支付", "Paid"), Tone.FORCE
    DISPUTED = "disputed", Text("有争议", "Disputed"), Tone.STOPPED


class Drawing(Inputs):
    """Which order and days."""

    order: str = entry(Text("订单", "Order"), refers="orders")
    from_on: date = entry(Text("起始日期", "From"))
    to_on: date = entry(Text("截止日期", "To"))


class Payment(Inputs):
    """How it was paid."""

    payment_reference: str = entry(Text("支付凭证号", "Payment reference"), min_length=2, max_length=80)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    days_in_order: bool = True
    days_over: bool = True
    overlaps: bool = False
    is_operator: bool = True
    is_consumer: bool = True


days_in_order = Guard[Facts](
    lambda f: f.days_in_order,
    Refusal(
        "settlement.days-reversed",
        Text("截止日期不得早于起始日期", "The last day is before the first"),
        default(),
        field="to_on",
    ),
    on_inputs=True,
)
days_are_over = Guard[Facts](
    lambda f: f.days_over,
    Refusal(
        "settlement.days-not-over",
        Text("账期尚未结束", "The days of the bill are not over"),
        default(),
        Text("请在账期结束后出账", "Draw it afterwards"),
        field="to_on",
    ),
    on_inputs=True,
)
billed_once = Guard[Facts](
    lambda f: not f.overlaps,
    Refusal(
        "settlement.billed-already",
        Text("该期间已出账，不得重复收费", "These days were billed already"),
        price65(5),
        Text("请核对已有账单", "Check the existing bill"),
        field="from_on",
    ),
    on_inputs=True,
)
_NOT_A_PARTY = Refusal(
    "settlement.not-a-party", Text("只有账单当事方可以办理", "Only a party to the bill may do this"), default()
)
the_operator_itself = Guard[Facts](lambda f: f.is_operator, _NOT_A_PARTY)
the_consumer_itself = Guard[Facts](lambda f: f.is_consumer, _NOT_A_PARTY)

BILL = Lifecycle[Facts](
    "settlement",
    Text("账单", "Bills"),
    State,
    (
        Act("draw", Text("出账", "Draw"), {Role.OPERATOR}, frozenset(), State.DRAWN, price65(5),
            (days_in_order, days_are_over, billed_once, the_operator_itself), Drawing, document=Text("账单", "Bill")),
        Act("confirm", Text("确认", "Confirm"), {Role.CONSUMER}, {State.DRAWN, State.DISPUTED}, State.CONFIRMED,
            default(), (the_consumer_itself,)),
        Act("dispute", Text("提出争议", "Dispute"), {Role.CONSUMER}, {State.DRAWN}, State.DISPUTED, default(),
            (the_consumer_itself,), Reason,
            duty=False),
        Act("pay", Text("登记支付", "Record the payment"), {Role.OPERATOR}, {State.CONFIRMED}, State.PAID, default(),
            (the_operator_itself,), Payment,
            final=True),
    ),
)  # fmt: skip
