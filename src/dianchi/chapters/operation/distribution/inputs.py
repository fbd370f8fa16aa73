"""What is entered about sharing and feeding back."""

from __future__ import annotations

from decimal import Decimal

from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text

PARTIES = (
    ("OPERATOR", Text("运营机构", "Operator")),
    ("DEVELOPERS", Text("开发主体（按产品收入）", "Developers, by the revenue of their products")),
    ("PROVIDERS", Text("数据提供单位（按贡献）", "Data providers, by contribution")),
    ("TREASURY", Text("财政", "Treasury")),
)
FORMS = (
    ("REVENUE", Text("收益", "Money")),
    ("TECHNOLOGY", Text("技术", "Technology")),
    ("SERVICE", Text("产品和服务", "Products and services")),
)
_MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"


class ShareOf(Inputs):
    """Who gets which part, in which form."""

    party: str = entry(Text("分配对象", "Party"), choices=PARTIES, pattern="^(OPERATOR|DEVELOPERS|PROVIDERS|TREASURY)$")
    percent: Decimal = entry(Text("比例（%）", "Per cent"), ge=0, le=100, max_digits=7, decimal_places=4)
    form: str = entry(
        Text("反哺形式", "Form"), default="REVENUE", choices=FORMS, pattern="^(REVENUE|TECHNOLOGY|SERVICE)$"
    )


class ValueOf(Inputs):
    """How much a resource is worth beside others."""

    resource: str = entry(Text("数据资源", "Resource"), refers="catalogue")
    weight: Decimal = entry(Text("价值权重", "Weight"), gt=0, le=100, max_digits=7, decimal_places=3)


class Run(Inputs):
    """The months and the parameters of the agreement."""

    agreement: str = entry(Text("授权运营协议", "Authorization agreement"), refers="agreements")
    from_month: str = entry(Text("起始月份", "From month"), pattern=_MONTH, example="2026-01")
    to_month: str = entry(Text("截止月份", "To month"), pattern=_MONTH, example="2026-03")
    shares: tuple[ShareOf, ...] = entry(
        Text("分配比例", "Shares"), min_length=1, max_length=10,
        help=Text("按协议约定的比例，合计百分之百", "As the agreement says; together 100 per cent"),
    )  # fmt: skip
    values: tuple[ValueOf, ...] = entry(
        Text("价值权重", "Value weights"), default=(), max_length=200,
        help=Text("未列出的资源权重为一", "Resources that are not named weigh one"),
    )  # fmt: skip


class PaymentOf(Inputs):
    """What a beneficiary got, and the proof of it."""

    beneficiary: str = entry(Text("分配对象代码", "Beneficiary"), min_length=2, max_length=18)
    amount_fen: int = entry(Text("金额", "Amount"), widget="fen", ge=0)
    treasury: bool = entry(
        Text("经财政缴拨", "Through the treasury"), default=False,
        help=Text("行政机关的收益不得直接拨付单位账户", "Money for organs goes by fiscal rules, never to their own account"),
    )  # fmt: skip
    reference: str = entry(Text("支付或交付凭证", "Proof of payment or delivery"), min_length=2, max_length=120)


class Paid(Inputs):
    """The payment record: one line for each beneficiary."""

    payments: tuple[PaymentOf, ...] = entry(Text("支付记录", "Payments"), min_length=1, max_length=300)


class Opinion(Inputs):
    """A review or an approval."""

    opinion: str = entry(Text("意见", "Opinion"), widget="long", min_length=4, max_length=1000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)
