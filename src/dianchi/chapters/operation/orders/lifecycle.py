"""Which acts bring an order to life, give and take its keys, and end it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, price65, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.purposes import PURPOSES, Purpose
from dianchi.kernel.text import Text


class State(CaseState):
    """An order is delivered on while it is active and everything below it stands."""

    ORDERED = "ordered", Text("待确认", "Ordered"), Tone.WAITING
    ACTIVE = "active", Text("履行中", "Active"), Tone.FORCE
    CLOSED = "closed", Text("已结束", "Closed"), Tone.STOPPED
    REFUSED = "refused", Text("未接受", "Refused"), Tone.STOPPED


# Supply is fair: these are the only grounds on which an order may be turned down.
GROUNDS = (
    ("use-unlawful", Text("用途不合法", "The use is unlawful")),
    ("use-outside-scope", Text("用途超出产品范围", "The use is outside the product's scope")),
    ("identity-unproved", Text("身份无法核实", "The identity cannot be verified")),
    ("unpaid", Text("有逾期未付账单", "Bills are overdue")),
    ("discontinued", Text("产品即将停止提供", "The product is being discontinued")),
)


class Ordering(Inputs):
    """What is ordered, for what, how much and until when."""

    product: str = entry(Text("产品", "Product"), refers="products")
    purpose: Purpose = entry(Text("用途类别", "Purpose"), choices=PURPOSES)
    use: str = entry(Text("使用场景和范围", "Use"), widget="long", min_length=4, max_length=2000)
    quota_calls: int = entry(Text("调用次数上限", "Quota of calls"), ge=1, le=10**9)
    ends_on: date = entry(Text("使用期限至", "Until"))
    source_read: bool = entry(
        Text("已阅读数据来源说明", "I have read the statement of source"),
        help=Text("产品页上载有数据来源说明", "It stands on the product's page"),
    )
    price_read: int = entry(
        Text("确认单价", "The unit price as I read it"),
        widget="fen",
        ge=0,
        help=Text("与公布的价格一致方可下单", "It must be the price that is published"),
    )


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


class Refusing(Inputs):
    """On which ground of the closed list, and why."""

    ground: str = entry(Text("不接受的情形", "Ground"), choices=GROUNDS, max_length=40)
    reason: str = entry(Text("具体理由", "Reason"), widget="long", min_length=4, max_length=500)


class Revocation(Inputs):
    """Which key."""

    prefix: str = entry(Text("密钥前缀", "Prefix of the key"), min_length=8, max_length=8, pattern="^[0-9a-z]{8}$")
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True
    product_listed: bool = True
    price_published: bool = True
    price_as_read: bool = True
    purpose_fits: bool = True
    identities_checked: bool = True  # consumer and operator are on record and active
    source_read: bool = True
    term_ahead: bool = True
    ground_known: bool = True
    key_free: bool = True
    key_known: bool = True
    most_keys: int = 2


the_party_itself = Guard[Facts](
    lambda f: f.yours,
    Refusal(
        "orders.not-your-order", Text("该步骤由订单的另一方办理", "This step belongs to the other party"), spec27(16)
    ),
)
product_is_listed = Guard[Facts](
    lambda f: f.product_listed,
    Refusal(
        "orders.product-not-listed",
        Text("产品未上架或已下架", "The product is not listed"),
        price65(5),
        Text("请选择已上架的产品", "Choose a listed product"),
        field="product",
    ),
)
price_is_published = Guard[Facts](
    lambda f: f.price_published,
    Refusal(
        "orders.price-not-published",
        Text("产品没有公布价格，不得收费交易", "The product has no published price and may not be traded"),
        price65(5),
        Text("请待运营机构公布价格", "Wait until the operator publishes one"),
        ("R38",),
        "product",
    ),
)
price_is_as_read = Guard[Facts](
    lambda f: f.price_as_read,
    Refusal(
        "orders.price-differs",
        Text("您确认的单价与公布的价格不一致", "The price you confirm is not the published one"),
        price65(5),
        Text("请按公布的价格确认", "Confirm the price as published"),
        ("R38",),
        "price_read",
    ),
    on_inputs=True,
)
purpose_fits = Guard[Facts](
    lambda f: f.purpose_fits,
    Refusal(
        "orders.purpose-differs",
        Text("用途与产品的用途类别不一致", "The purpose is not the product's"),
        spec27(21),
        Text("请选择用途相符的产品", "Choose a product for that purpose"),
        ("R26",),
        "purpose",
    ),
    on_inputs=True,
)
identities_are_checked = Guard[Facts](
    lambda f: f.identities_checked,
    Refusal(
        "orders.identity-not-checked",
        Text("交易双方的身份未通过核验", "The identity of a party could not be verified"),
        cite("DSL", 33),
        Text("请先登记机构并核验统一社会信用代码", "Enrol the organisation and verify its code first"),
        ("R55",),
    ),
)
source_was_read = Guard[Facts](
    lambda f: f.source_read,
    Refusal(
        "orders.source-not-read",
        Text("下单前须阅读数据来源说明", "The statement of source must be read before ordering"),
        cite("DSL", 33),
        Text("请阅读产品页上的数据来源说明并勾选", "Read it on the product's page and tick the box"),
        ("R55",),
        "source_read",
    ),
    on_inputs=True,
)
term_lies_ahead = Guard[Facts](
    lambda f: f.term_ahead,
    Refusal(
        "orders.term-over",
        Text("使用期限须晚于今天", "The term must lie ahead"),
        spec27(21),
        Text("请重新填写期限", "Choose a later day"),
        field="ends_on",
    ),
    on_inputs=True,
)
ground_is_listed = Guard[Facts](
    lambda f: f.ground_known,
    Refusal(
        "orders.ground-not-listed",
        Text("不接受的情形不在规定清单内", "The ground is not on the closed list"),
        spec27(6),
        Text("无清单所列情形的，不得拒绝交易", "Without a listed ground no order may be refused"),
        ("R27",),
        "ground",
    ),
    on_inputs=True,
)
key_is_free = Guard[Facts](
    lambda f: f.key_free,
    Refusal(
        "orders.keys-used-up",
        Text("有效密钥已达{most}个", "There are already {most} keys in force"),
        spec27(21),
        Text("请先停用一个密钥", "Revoke one first"),
    ),
    naming=lambda f: {"most": f.most_keys},
)
key_is_known = Guard[Facts](
    lambda f: f.key_known,
    Refusal(
        "orders.key-not-known",
        Text("该订单没有这个有效密钥", "The order has no such key in force"),
        spec27(21),
        Text("请核对密钥前缀", "Check the prefix"),
        field="prefix",
    ),
    on_inputs=True,
)

_SUPPLY = (product_is_listed, price_is_published, identities_are_checked)

ORDER = Lifecycle(
    "orders",
    Text("订单", "Orders"),
    State,
    (
        Act("order", Text("下单", "Order"), {Role.CONSUMER}, frozenset(), State.ORDERED, cite("DSL", 33),
            (*_SUPPLY, price_is_as_read, purpose_fits, source_was_read, term_lies_ahead), Ordering, sensitive=True),
        Act("accept", Text("接受订单", "Accept"), {Role.OPERATOR}, {State.ORDERED}, State.ACTIVE, spec27(16),
            (the_party_itself, *_SUPPLY), document=Text("交易合同", "Contract of sale")),
        Act("refuse", Text("不接受", "Refuse"), {Role.OPERATOR}, {State.ORDERED}, State.REFUSED, spec27(6),
            (the_party_itself, ground_is_listed), Refusing, duty=False, final=True),
        Act("issue-key", Text("领取密钥", "Issue a key"), {Role.CONSUMER}, {State.ACTIVE}, None, spec27(21),
            (the_party_itself, key_is_free), sensitive=True, duty=False,
            help=Text("密钥只显示一次，请妥善保存", "The key is shown only once; keep it safe")),
        Act("revoke-key", Text("停用密钥", "Revoke a key"), {Role.CONSUMER, Role.OPERATOR},
            {State.ACTIVE, State.CLOSED}, None,
            spec27(21), (the_party_itself, key_is_known), Revocation, duty=False, sensitive=True),
        Act("close", Text("结束订单", "Close"), {Role.CONSUMER, Role.OPERATOR}, {State.ORDERED, State.ACTIVE},
            State.CLOSED,
            spec27(16), (the_party_itself,), Reason, duty=False, final=True),
    ),
)  # fmt: skip
