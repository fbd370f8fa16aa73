"""Which acts draw, confirm, dispute and pay a bill; what was billed wrongly is credited, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, price65
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, days, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Where a bill stands."""

    DRAWN = "drawn", Text("待确认", "Drawn"), Tone.WAITING
    CONFIRMED = "confirmed", Text("待支付", "Confirmed"), Tone.WAITING
    PAID = "paid", Text("已结清", "Settled"), Tone.FORCE
    DISPUTED = "disputed", Text("有争议", "Disputed"), Tone.STOPPED


KINDS = (("INVOICE", Text("账单", "Invoice")), ("CREDIT", Text("红字账单", "Credit note")))
GROUNDS = (
    ("COUNT", Text("用量不符", "The use differs")),
    ("PRICE", Text("价格不符", "The price differs")),
    ("QUALITY", Text("交付质量不符合约定", "The delivery is not as agreed")),
    ("REFUND", Text("约定退款", "Agreed refund")),
    ("OTHER", Text("其他", "Other")),
)
_GROUND = "^(COUNT|PRICE|QUALITY|REFUND|OTHER)$"


class Drawing(Inputs):
    """Which order and days; for a credit note which bill, how much and why."""

    paper: str = entry(Text("类型", "Kind"), default="INVOICE", choices=KINDS, pattern="^(INVOICE|CREDIT)$")
    order: str = entry(Text("订单", "Order"), refers="orders")
    from_on: date = entry(Text("起始日期", "From"))
    to_on: date = entry(Text("截止日期", "To"))
    corrects: str = entry(
        Text("冲减的账单", "Bill credited"), default="", refers="settlement",
        help=Text("开具红字账单时填写，起止日期与原账单一致", "For a credit note; its days are those of the bill"),
    )  # fmt: skip
    credit_fen: int = entry(Text("冲减金额（含税）", "Amount credited, tax included"), default=0, widget="fen", ge=0)
    credit_ground: str = entry(Text("冲减原因", "Ground"), default="OTHER", choices=GROUNDS, pattern=_GROUND)
    note: str = entry(Text("说明", "Note"), default="", widget="long", max_length=1000)


class Payment(Inputs):
    """How it was paid."""

    payment_reference: str = entry(Text("支付凭证号", "Payment reference"), min_length=2, max_length=80)


class Dispute(Inputs):
    """What the consumer holds against the bill."""

    ground: str = entry(Text("争议事由", "Ground"), default="OTHER", choices=GROUNDS, pattern=_GROUND)
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Answer(Inputs):
    """The operator's answer to a dispute."""

    upheld: bool = entry(Text("争议成立", "The dispute is upheld"))
    answer: str = entry(Text("答复", "Answer"), widget="long", min_length=4, max_length=2000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    days_in_order: bool = True
    days_over: bool = True
    overlaps: bool = False
    is_operator: bool = True
    is_consumer: bool = True
    credits_a_bill: bool = True
    credit_within: bool = True
    credited_if_upheld: bool = True


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
credits_a_bill = Guard[Facts](
    lambda f: f.credits_a_bill,
    Refusal(
        "settlement.nothing-to-credit",
        Text(
            "红字账单须对应同一订单、同一账期的账单，并写明说明",
            "A credit note names a bill of the same order and days, and says why",
        ),
        price65(5),
        Text("请选择原账单并填写说明", "Choose the bill and fill in the note"),
        field="corrects",
    ),
    on_inputs=True,
)
credit_within_the_bill = Guard[Facts](
    lambda f: f.credit_within,
    Refusal(
        "settlement.credit-above-the-bill",
        Text("冲减金额须大于零，且累计不超过原账单金额", "Credits are above zero and together no more than the bill"),
        price65(5),
        Text("请核对已开具的红字账单", "Check the credit notes drawn before"),
        field="credit_fen",
    ),
    on_inputs=True,
)
credited_if_upheld = Guard[Facts](
    lambda f: f.credited_if_upheld,
    Refusal(
        "settlement.upheld-without-credit",
        Text("争议成立的，须先开具红字账单", "A dispute that is upheld is credited first"),
        default(),
        Text("请先对该账单开具红字账单", "Draw the credit note for this bill first"),
        field="upheld",
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
            (days_in_order, days_are_over, billed_once, credits_a_bill, credit_within_the_bill, the_operator_itself),
            Drawing, document=Text("账单", "Bill"),
            help=Text("金额由计量记录和公布的收费标准算出", "The amount follows from the meter and the published terms")),
        Act("confirm", Text("确认", "Confirm"), {Role.CONSUMER}, {State.DRAWN, State.DISPUTED}, State.CONFIRMED,
            default(), (the_consumer_itself,)),
        Act("dispute", Text("提出争议", "Dispute"), {Role.CONSUMER}, {State.DRAWN}, State.DISPUTED, default(),
            (the_consumer_itself,), Dispute, duty=False),
        Act("answer", Text("答复争议", "Answer the dispute"), {Role.OPERATOR}, {State.DISPUTED}, State.DRAWN, default(),
            (the_operator_itself, credited_if_upheld), Answer),
        Act("pay", Text("登记支付", "Record the payment"), {Role.OPERATOR}, {State.CONFIRMED}, State.PAID, default(),
            (the_operator_itself,), Payment, final=True),
    ),
    (
        Deadline(State.DISPUTED, workdays("settlement.dispute-days"), default(),
                 Text("答复账单争议", "Answer the dispute"), {Role.OPERATOR}),
        Deadline(State.CONFIRMED, days("settlement.payment-days"), default(),
                 Text("支付账单", "Pay the bill"), {Role.CONSUMER}),
    ),
)  # fmt: skip
