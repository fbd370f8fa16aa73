"""What the parties of an order enter and must keep beyond ordering: closed grounds, prepayment, corrections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, price65, spec27
from dianchi.kernel.lifecycle import Guard
from dianchi.kernel.text import Text

REFUSAL_GROUNDS = (
    ("IDENTITY", Text("使用方身份未能核验", "The consumer cannot be identified")),
    ("PURPOSE", Text("使用说明超出产品用途", "The use stated is outside the product's purpose")),
    ("SECURITY", Text("使用方有未整改的安全违规", "The consumer has a security violation that is not mended")),
    ("UNPAID", Text("使用方有逾期未付的账单", "The consumer has overdue bills")),
    ("CAPACITY", Text("服务能力暂时不足", "Capacity is short for a time")),
)
SUSPENSION_GROUNDS = (
    ("UNPAID", Text("账单逾期未付", "Bills are overdue")),
    ("BREACH", Text("违反约定用途", "Used otherwise than agreed")),
    ("SECURITY", Text("发现安全风险", "A security risk was found")),
)
_MOST = 10**13


class Refusing(Inputs):
    """Why an order is not taken: one ground of the closed list, and the facts behind it."""

    ground: str = entry(
        Text("不予接受的事由", "Ground"),
        choices=REFUSAL_GROUNDS,
        pattern="^(IDENTITY|PURPOSE|SECURITY|UNPAID|CAPACITY)$",
    )
    reason: str = entry(Text("具体理由", "Reason"), widget="long", min_length=4, max_length=500)


class Suspension(Inputs):
    """Why delivery stops for a time."""

    ground: str = entry(Text("中止事由", "Ground"), choices=SUSPENSION_GROUNDS, pattern="^(UNPAID|BREACH|SECURITY)$")
    reason: str = entry(Text("具体理由", "Reason"), widget="long", min_length=4, max_length=500)


class TopUp(Inputs):
    """The consumer tells of a payment in advance."""

    top_up_fen: int = entry(Text("充值金额", "Amount"), widget="fen", ge=1, le=_MOST)
    top_up_reference: str = entry(Text("付款凭证号", "Payment reference"), min_length=2, max_length=80)


class DepositOf(Inputs):
    """A payment in advance that came in."""

    amount_fen: int = entry(Text("到账金额", "Amount received"), widget="fen", ge=1, le=_MOST)
    reference: str = entry(Text("入账凭证号", "Reference"), min_length=2, max_length=80)


class RefundOf(Inputs):
    """What of the balance is paid back."""

    amount_fen: int = entry(Text("退款金额", "Amount paid back"), widget="fen", ge=1, le=_MOST)
    reference: str = entry(Text("退款凭证号", "Reference"), min_length=2, max_length=80)


class CorrectionOf(Inputs):
    """An answer that was charged and should not have been."""

    ledger_index: int = entry(Text("交付记录的账本序号", "Ledger index of the delivery"), ge=0)
    why: str = entry(Text("更正理由", "Why"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Dealings:
    """What the guards of this file ask."""

    ground_on_record: bool = True
    prepaid: bool = True
    balance_low: bool = True
    refund_within: bool = True
    delivery_known: bool = True
    not_corrected: bool = True


ground_is_on_record = Guard[Any](
    lambda f: f.dealings.ground_on_record,
    Refusal(
        "orders.ground-not-on-record",
        Text("平台记录与不予接受的事由不符", "The record does not bear the ground out"),
        spec27(6),
        Text(
            "对符合条件的使用方应当公平提供，不得无故拒绝",
            "Who meets the conditions is served alike; give the true ground",
        ),
        ("R27",),
        "ground",
    ),
    on_inputs=True,
)
order_is_prepaid = Guard[Any](
    lambda f: f.dealings.prepaid,
    Refusal("orders.not-prepaid", Text("该订单不是预付订单", "This order is not prepaid"), default()),
)
balance_is_low = Guard[Any](
    lambda f: f.dealings.balance_low,
    Refusal(
        "orders.balance-not-low",
        Text("预付余额充足，无需申报充值", "The balance is not low"),
        default(),
        Text("运营机构收到款项即可登记到账", "The operator records what it receives at any time"),
    ),
)
refund_is_within_the_balance = Guard[Any](
    lambda f: f.dealings.refund_within,
    Refusal(
        "orders.refund-above-balance",
        Text("退款金额超过预付余额", "The refund is above the balance"),
        price65(5),
        Text("请核对余额和未出账用量", "Check the balance and the use not yet billed"),
        field="amount_fen",
    ),
    on_inputs=True,
)
delivery_is_known = Guard[Any](
    lambda f: f.dealings.delivery_known,
    Refusal(
        "orders.delivery-unknown",
        Text("该订单没有这一条计费的交付记录", "The order has no charged delivery of that index"),
        price65(5),
        Text("请按对账文件填写账本序号", "Take the index from the reconciliation file"),
        field="ledger_index",
    ),
    on_inputs=True,
)
corrected_once = Guard[Any](
    lambda f: f.dealings.not_corrected,
    Refusal(
        "orders.delivery-corrected",
        Text("该交付记录已更正", "That delivery was corrected already"),
        price65(5),
        field="ledger_index",
    ),
    on_inputs=True,
)
