"""Which acts open, supply and close an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from dianchi.chapters.operation.orders.dealings import (
    CorrectionOf,
    Dealings,
    DepositOf,
    RefundOf,
    Refusing,
    Suspension,
    TopUp,
    balance_is_low,
    corrected_once,
    delivery_is_known,
    ground_is_on_record,
    order_is_prepaid,
    refund_is_within_the_balance,
)
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
    SUSPENDED = "suspended", Text("已中止", "Suspended"), Tone.STOPPED
    COMPLETED = "completed", Text("已验收完成", "Completed"), Tone.FORCE
    CANCELLED = "cancelled", Text("已撤销", "Cancelled"), Tone.STOPPED
    CLOSED = "closed", Text("已终止", "Closed"), Tone.STOPPED
    REFUSED = "refused", Text("不予接受", "Refused"), Tone.STOPPED


class Ordering(Inputs):
    """What is ordered, for what, how much, until when."""

    product: str = entry(Text("产品", "Product"), refers="products")
    purpose: Purpose = entry(Text("用途", "Purpose"), choices=PURPOSES)
    use: str = entry(Text("使用说明", "Use"), widget="long", min_length=4, max_length=1000)
    quota_calls: int = entry(Text("调用次数上限", "Most calls"), ge=1, le=1_000_000_000, example="1000")
    quota_rows: int | None = entry(
        Text("行数上限", "Most rows"),
        default=None,
        ge=1,
        le=1_000_000_000_000,
        help=Text("全部答复合计；不填则不限", "Of all answers together; none if empty"),
    )
    quota_bytes: int | None = entry(
        Text("字节数上限", "Most bytes"),
        default=None,
        ge=1,
        le=1_000_000_000_000_000,
        help=Text("全部答复合计；不填则不限", "Of all answers together; none if empty"),
    )
    ends_on: date = entry(Text("使用期限至", "Use until"))
    prepaid: bool = entry(
        Text("预付", "Prepaid"), default=False,
        help=Text("先付款后使用，余额用完即停", "Paid in advance; delivery stops when the balance is used up"),
    )  # fmt: skip
    source_seen: bool = entry(
        Text("已阅知数据来源说明", "The statement of source was read"), default=False,
        help=Text("交易前须告知并确认数据来源", "The source is stated before a trade"),
    )  # fmt: skip


class Door(StrEnum):
    """Where a call comes in."""

    HTTP = "http"
    FLIGHT = "flight"
    FILE = "file"


DOORS = (
    ("http", Text("网络接口", "HTTP")), ("flight", Text("高速通道", "Arrow Flight")), ("file", Text("交付文件", "Files")),
)  # fmt: skip


class KeyTerms(Inputs):
    """What a key may be used for; each term only narrows what the order allows."""

    expires_on: date | None = entry(
        Text("密钥有效期至", "Valid until"), default=None,
        help=Text("不填则按平台规定的最长期限", "The platform's longest term if empty"),
    )  # fmt: skip
    networks: tuple[str, ...] = entry(
        Text("允许的来源地址", "Allowed networks"), default=(), max_length=20, example="10.12.0.0/16",
        help=Text("每项一个地址或网段；不填则不限", "An address or a network each; from anywhere if empty"),
    )  # fmt: skip
    doors: tuple[Door, ...] = entry(
        Text("允许的通道", "Allowed doors"), default=(), choices=DOORS, max_length=3,
        help=Text("不填则不限", "All of them if empty"),
    )  # fmt: skip
    signing_key: str = entry(
        Text("请求签名公钥", "Public key of signed requests"), default="", max_length=120,
        pattern="^((ed25519|sm2):[A-Za-z0-9+/=]+)?$",
        help=Text("填写后每次调用都须签名", "If given, every call must be signed"),
    )  # fmt: skip
    certificate: str = entry(
        Text("客户端证书指纹", "Fingerprint of the client certificate"), default="", pattern="^([0-9a-f]{64})?$",
        help=Text("填写后须出示该证书", "SHA-256; if given, the certificate must be shown"),
    )  # fmt: skip


class Rotation(Inputs):
    """How long the key that is replaced still works."""

    overlap_hours: int | None = entry(
        Text("旧密钥继续有效（小时）", "Hours that the old key still works"), default=None, ge=0, le=720,
        help=Text("不填则按平台规定", "The platform's figure if empty"),
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
    key_live: bool = True
    networks_sound: bool = True
    signing_key_sound: bool = True
    expiry_sound: bool = True
    dealings: Dealings = field(default_factory=Dealings)


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
key_is_there = Guard[Facts](
    lambda f: f.key_live,
    Refusal("orders.no-live-key", Text("订单没有有效的密钥", "The order has no live key"), default(),
            Text("请先签发密钥", "Issue one first")),
)  # fmt: skip
networks_are_sound = Guard[Facts](
    lambda f: f.networks_sound,
    Refusal("orders.networks-malformed", Text("来源地址不是地址或网段", "An allowed network is no address or network"), default(),
            Text("请按“10.12.0.0/16”的形式填写", "Write it as 10.12.0.0/16"), (), "networks"),
    on_inputs=True,
)  # fmt: skip
signing_key_is_sound = Guard[Facts](
    lambda f: f.signing_key_sound,
    Refusal("orders.signing-key-malformed", Text("请求签名公钥不可用", "The public key is not one that can be used"), default(),
            Text("请填写算法名、冒号和公钥", "Write the algorithm, a colon and the public key in base64"), (), "signing_key"),
    on_inputs=True,
)  # fmt: skip
expiry_is_sound = Guard[Facts](
    lambda f: f.expiry_sound,
    Refusal("orders.key-term-too-long", Text("密钥有效期须晚于今天，且不超过平台规定的最长期限", "The key's term must end after today and within the longest term allowed"),
            default(), Text("请缩短有效期", "Choose an earlier end"), (), "expires_on"),
    on_inputs=True,
)  # fmt: skip
_TERMS = (networks_are_sound, signing_key_is_sound, expiry_is_sound)
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
        Act("refuse", Text("不予接受", "Refuse"), {Role.OPERATOR}, {State.ORDERED}, State.REFUSED, spec27(6),
            (the_operator_itself, ground_is_on_record), Refusing, duty=False, final=True),
        Act("cancel", Text("撤销订单", "Cancel"), {Role.CONSUMER}, {State.ORDERED}, State.CANCELLED, default(), (the_consumer_itself,), Reason,
            duty=False, final=True),
        Act("suspend", Text("中止交付", "Suspend"), {Role.OPERATOR}, {State.ACTIVE}, State.SUSPENDED, spec27(21), (the_operator_itself,),
            Suspension, duty=False),
        Act("resume", Text("恢复交付", "Resume"), {Role.OPERATOR}, {State.SUSPENDED}, State.ACTIVE, spec27(6), (the_operator_itself, *_TRADE),
            Reason, duty=False),
        Act("top-up", Text("申报充值", "Pay in"), {Role.CONSUMER}, {State.ACTIVE}, None, default(),
            (the_consumer_itself, order_is_prepaid, balance_is_low), TopUp,
            help=Text("预付余额不足时提醒；付款后在此申报", "Asked when the balance is low; say here what was paid")),
        Act("deposit", Text("登记到账", "Record a deposit"), {Role.OPERATOR}, {State.ACTIVE, State.SUSPENDED}, None, default(),
            (the_operator_itself, order_is_prepaid), DepositOf, duty=False),
        Act("refund", Text("退还余额", "Refund the balance"), {Role.OPERATOR}, {State.CLOSED, State.COMPLETED}, None, default(),
            (the_operator_itself, order_is_prepaid, refund_is_within_the_balance), RefundOf, duty=False),
        Act("correct-use", Text("更正用量", "Correct the use"), {Role.OPERATOR}, {State.ACTIVE, State.SUSPENDED, State.CLOSED, State.COMPLETED},
            None, price65(5), (the_operator_itself, delivery_is_known, corrected_once), CorrectionOf, duty=False,
            help=Text("原记录不变，更正在下一期账单中冲减", "The record stays; the next bill takes the charge back")),
        Act("complete", Text("验收完成", "Accept and complete"), {Role.CONSUMER}, {State.ACTIVE}, State.COMPLETED, default(),
            (the_consumer_itself,), Reason, duty=False, final=True),
        Act("issue-key", Text("签发调用密钥", "Issue a key"), {Role.CONSUMER}, {State.ACTIVE}, None, default(), (the_consumer_itself, *_TERMS),
            KeyTerms, duty=False,
            help=Text("密钥只显示一次；此前的密钥同时失效", "It is shown only once; earlier keys end")),
        Act("rotate-key", Text("轮换密钥", "Rotate the key"), {Role.CONSUMER}, {State.ACTIVE}, None, default(),
            (the_consumer_itself, key_is_there), Rotation, duty=False,
            help=Text("新密钥沿用原有限制；旧密钥在约定时间内继续有效", "The new key keeps the terms; the old one works on for a while")),
        Act("limit-key", Text("调整密钥限制", "Change the key's terms"), {Role.CONSUMER}, {State.ACTIVE}, None, default(),
            (the_consumer_itself, key_is_there, *_TERMS), KeyTerms, duty=False),
        Act("revoke-key", Text("吊销密钥", "Revoke keys"), {Role.CONSUMER, Role.OPERATOR}, {State.ACTIVE}, None, default(), (the_party_itself,),
            duty=False),
        Act("close", Text("终止", "Close"), {Role.CONSUMER, Role.OPERATOR}, {State.ACTIVE, State.SUSPENDED}, State.CLOSED, default(), (the_party_itself,), Reason,
            duty=False, final=True),
    ),
)  # fmt: skip
