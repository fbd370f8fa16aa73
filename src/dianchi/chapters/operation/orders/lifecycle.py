"""Which acts open, supply and close an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, price65, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.purposes import PURPOSES, Purpose
from dianchi.kernel.text import Text


class State(CaseState):
    """Delivery needs an active order."""

    ORDERED = "ordered", Text("待确认", "Ordered"), Tone.WAITING
    ACTIVE = "active", Text("履行中", "Active"), Tone.FORCE
    CLOSED = "closed", Text("已终止", "Closed"), Tone.STOPPED
    REFUSED = "refused", Text("不予接受", "Refused"), Tone.STOPPED


class Ordering(Inputs):
    """What is ordered, for what, how much, until when."""

    product: str = entry(Text("产品", "Product"), refers="products")
    purpose: Purpose = entry(Text("用途", "Purpose"), choices=PURPOSES)
    use: str = entry(Text("使用说明", "Use"), widget="long", min_length=4, max_length=1000)
    quota_calls: int = entry(Text("调用次数上限", "Most calls"), ge=1, le=1_000_000_000, example="1000")
    ends_on: date = entry(Text("使用期限至", "Use until"))
    source_seen: bool = entry(
        Text("已阅知数据来源说明", "The statement of source was read"), default=False,
        help=Text("交易前须告知并确认数据来源", "The source is stated before a trade"),
    )  # fmt: skip


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    listed: bool = True
    priced: bool = True
    free_purpose: bool = False
    charged: bool = False
    purpose_fits: bool = True
    source_seen: bool = True
    identified: bool = True
    term_ahead: bool = True
    yours: bool = True  # the actor's organisation is a party, in a role that the actor plays
    is_consumer: bool = True
    is_operator: bool = True
    same_organisation: bool = False


product_is_listed = Guard[Facts](
    lambda f: f.listed,
    Refusal("orders.product-not-listed", Text("产品未上架", "The product is not listed"), spec27(16), Text("请选择已上架的产品", "Choose a listed one"), field="product"),
)  # fmt: skip
price_is_published = Guard[Facts](
    lambda f: f.priced,
    Refusal("orders.no-price", Text("产品尚未公布收费标准，不能交易", "No price is published; it cannot be traded"), price65(5),
            Text("请运营机构先公布收费标准", "The operator publishes the price first"), ("R38",)),
)  # fmt: skip
free_stays_free = Guard[Facts](
    lambda f: not (f.free_purpose and f.charged),
    Refusal("orders.free-purpose-charged", Text("公共治理、公益事业用途不得收费", "Governance and welfare use is free of charge"), price65(1),
            Text("请运营机构调整收费标准", "The operator must set the price to zero"), ("R32",)),
)  # fmt: skip
purpose_fits = Guard[Facts](
    lambda f: f.purpose_fits,
    Refusal("orders.purpose-differs", Text("用途与产品登记的用途不一致", "The purpose is not the product's"), spec27(21),
            Text("请按产品的用途订购", "Order it for its own purpose"), ("R26",), "purpose"),
    on_inputs=True,
)  # fmt: skip
source_is_stated = Guard[Facts](
    lambda f: f.source_seen,
    Refusal("orders.source-not-stated", Text("交易前须告知并确认数据来源", "The source must be stated and read before a trade"), cite("DSL", 33),
            Text("请阅读产品的数据来源说明并确认", "Read the product's statement of source and confirm"), ("R55",), "source_seen"),
    on_inputs=True,
)  # fmt: skip
parties_are_identified = Guard[Facts](
    lambda f: f.identified,
    Refusal("orders.party-not-identified", Text("交易双方身份未核验", "The parties' identities are not verified"), cite("DSL", 33),
            Text("请先完成机构登记", "Have the organisation enrolled first"), ("R55",)),
)  # fmt: skip
term_lies_ahead = Guard[Facts](
    lambda f: f.term_ahead,
    Refusal("orders.term-past", Text("使用期限须晚于今天", "The term must end after today"), default(), field="ends_on"),
    on_inputs=True,
)  # fmt: skip
_NOT_A_PARTY = Refusal(
    "orders.not-a-party", Text("只有订单当事方可以办理", "Only a party to the order may do this"), default()
)
the_party_itself = Guard[Facts](lambda f: f.yours, _NOT_A_PARTY)
the_consumer_itself = Guard[Facts](lambda f: f.is_consumer, _NOT_A_PARTY)
the_operator_itself = Guard[Facts](lambda f: f.is_operator, _NOT_A_PARTY)
not_to_itself = Guard[Facts](
    lambda f: not f.same_organisation,
    Refusal("orders.operator-buys", Text("运营机构不得订购授权范围内的产品用于再开发", "The operator may not order products in its own scope"), spec27(6),
            Text("请由其他机构订购", "Another organisation must order it"), ("R25",)),
)  # fmt: skip
_TRADE = (product_is_listed, price_is_published, free_stays_free, parties_are_identified, not_to_itself)

ORDER = Lifecycle[Facts](
    "orders",
    Text("订单", "Orders"),
    State,
    (
        Act("order", Text("订购", "Order"), {Role.CONSUMER}, frozenset(), State.ORDERED, cite("DSL", 33),
            (*_TRADE, purpose_fits, source_is_stated, term_lies_ahead), Ordering, sensitive=True),
        Act("accept", Text("确认订单", "Accept"), {Role.OPERATOR}, {State.ORDERED}, State.ACTIVE, spec27(6), (the_operator_itself, *_TRADE),
            document=Text("订单合同", "Order contract")),
        Act("refuse", Text("不予接受", "Refuse"), {Role.OPERATOR}, {State.ORDERED}, State.REFUSED, spec27(6), (the_operator_itself,), Reason,
            duty=False, final=True),
        Act("issue-key", Text("签发调用密钥", "Issue a key"), {Role.CONSUMER}, {State.ACTIVE}, None, default(), (the_consumer_itself,), duty=False,
            help=Text("密钥只显示一次；此前的密钥同时失效", "It is shown only once; earlier keys end")),
        Act("revoke-key", Text("吊销密钥", "Revoke keys"), {Role.CONSUMER, Role.OPERATOR}, {State.ACTIVE}, None, default(), (the_party_itself,),
            duty=False),
        Act("close", Text("终止", "Close"), {Role.CONSUMER, Role.OPERATOR}, {State.ACTIVE}, State.CLOSED, default(), (the_party_itself,), Reason,
            duty=False, final=True),
    ),
)  # fmt: skip
