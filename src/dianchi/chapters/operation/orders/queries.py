"""Questions about orders: which key may call which product now, and what was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from dianchi.chapters.operation.orders.balance import balance
from dianchi.chapters.operation.orders.keys import key_of
from dianchi.chapters.operation.orders.models import Meter, Order, Usage
from dianchi.chapters.operation.tariffs.queries import price_of
from dianchi.kernel.errors import NotPermitted, Refusal, RuleBroken
from dianchi.kernel.law.articles import default, price65, spec27
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day

BAD_KEY = Refusal(
    "orders.bad-key", Text("调用密钥无效或已吊销", "The key is unknown or revoked"), default(),
    Text("请在订单页重新签发密钥", "Issue a new key on the order's page"),
)  # fmt: skip
OTHER_PRODUCT = Refusal(
    "orders.other-product", Text("该密钥不适用于此产品", "The key is for another product"), spec27(21),
    Text("请订购该产品", "Order this product"), ("R26",),
)  # fmt: skip
NOT_ACTIVE = Refusal(
    "orders.not-active", Text("订单未生效、已终止或已到期", "The order is not active, closed or expired"), spec27(21),
    Text("请续订", "Renew the order"), ("R26",),
)  # fmt: skip
QUOTA = Refusal(
    "orders.quota-used-up", Text("订单的调用次数、行数或字节数已用完", "The calls, rows or bytes of the order are used up"), default(),
    Text("请追加订购", "Order more"),
)  # fmt: skip
UNPAID = Refusal(
    "orders.balance-used-up", Text("预付余额已用完", "The prepaid balance is used up"), default(),
    Text("请充值，到账后即恢复", "Pay in; delivery goes on once it is recorded"),
)  # fmt: skip
NO_PRICE = Refusal(
    "orders.no-price", Text("产品没有有效的收费标准", "The product has no price in force"), price65(5),
    Text("请联系运营机构", "Ask the operator"), ("R38",),
)  # fmt: skip


@dataclass(frozen=True)
class LiveOrder:
    """What a key may call now and at which price."""

    id: int
    code: str
    consumer: str
    operator: str
    developer: str
    product_code: str
    slug: str
    edition: int
    price_fen: int
    purpose: str
    quota_calls: int
    quota_rows: int | None = None
    quota_bytes: int | None = None
    region: str = "530000"
    charge_on: str = "success"  # or "hit": what a verification that did not match costs is nothing


def live_order(secret: str, slug: str, at: datetime) -> LiveOrder:
    """The order that a key or token stands for; NotPermitted for a bad one, RuleBroken when it does not cover the call."""
    found = key_of(secret, at)
    if found is None:
        raise NotPermitted(BAD_KEY)
    return standing(found[0].order, slug, at)


def standing(order: Order, slug: str, at: datetime, *, another: bool = True) -> LiveOrder:
    """The order as it may be delivered on now; RuleBroken when it does not cover the product.

    `another`: whether it must have one more call left, as for a new delivery.
    """
    product = order.product
    if product.slug != slug:
        raise RuleBroken(OTHER_PRODUCT)
    if order.state != "active" or order.ends_on < local_day(at):
        raise RuleBroken(NOT_ACTIVE)
    price = price_of(product)
    if price is None:
        raise RuleBroken(NO_PRICE)
    if order.prepaid and price.charged and balance(order).left_fen <= 0:
        raise RuleBroken(UNPAID)
    meter = Meter.objects.filter(order=order).first()
    if another and meter is not None and meter.calls >= order.quota_calls:
        raise RuleBroken(QUOTA)
    return LiveOrder(
        order.pk, order.code, order.consumer, order.operator, order.developer, product.code, product.slug,
        product.edition, price.per_call_fen, order.purpose, order.quota_calls, order.quota_rows,
        order.quota_bytes, order.region,
    )  # fmt: skip


def used(order: Order, since: datetime, until: datetime, through: int | None = None) -> list[dict[str, int]]:
    """Billable calls of an order in [since, until), by unit price; as far as the ledger was read, if it says how far."""
    found = Usage.objects.filter(order=order, at__gte=since, at__lt=until, billable=True)
    rows = (found if through is None else found.filter(ledger_index__lte=through)).values("price_fen")
    return list(rows.annotate(calls=Count("pk"), amount_fen=Sum("price_fen")).order_by("price_fen"))


def calls_of(slug: str) -> int:
    """How often a product was delivered."""
    return Usage.objects.filter(product=slug).count()


def totals() -> dict[str, int]:
    """Platform figures: calls, rows, amount."""
    found = Usage.objects.aggregate(calls=Count("pk"), rows=Sum("rows"), amount_fen=Sum("price_fen"))
    return {name: int(value or 0) for name, value in found.items()}


def consumers_of(slug: str) -> list[str]:
    """Every organisation that ever ordered a product."""
    found = Order.objects.filter(product__slug=slug).values_list("opened_for", flat=True)
    return sorted(set(found))
