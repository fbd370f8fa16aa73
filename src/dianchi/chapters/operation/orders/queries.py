"""Questions about orders: which key may call which product now, and what was used."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from dianchi.chapters.operation.orders.effects import digest
from dianchi.chapters.operation.orders.models import ApiKey, Order, Usage
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
    "orders.quota-used-up", Text("调用次数已用完", "The calls of the order are used up"), default(),
    Text("请追加订购", "Order more"),
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


def live_order(secret: str, slug: str, at: datetime) -> LiveOrder:
    """The order that a key stands for; NotPermitted for a bad key, RuleBroken when it does not cover the call."""
    prefix, _, text = secret.removeprefix("dk_").partition(".")
    key = ApiKey.objects.select_related("order__product").filter(prefix=prefix, revoked_at=None).first()
    if key is None or not secrets.compare_digest(key.digest, digest(text)):
        raise NotPermitted(BAD_KEY)
    order, product = key.order, key.order.product
    if product.slug != slug:
        raise RuleBroken(OTHER_PRODUCT)
    if order.state != "active" or order.ends_on < local_day(at):
        raise RuleBroken(NOT_ACTIVE)
    price = price_of(product)
    if price is None:
        raise RuleBroken(NO_PRICE)
    if Usage.objects.filter(order=order).count() >= order.quota_calls:
        raise RuleBroken(QUOTA)
    return LiveOrder(
        order.pk, order.code, order.consumer, order.operator, order.developer, product.code, product.slug,
        product.edition, price.price_fen, order.purpose, order.quota_calls,
    )  # fmt: skip


def used(order: Order, since: datetime, until: datetime) -> list[dict[str, int]]:
    """Billable calls of an order in [since, until), by unit price."""
    rows = Usage.objects.filter(order=order, at__gte=since, at__lt=until, billable=True).values("price_fen")
    return list(rows.annotate(calls=Count("pk"), amount_fen=Sum("price_fen")).order_by("price_fen"))


def calls_of(slug: str) -> int:
    """How often a product was delivered."""
    return Usage.objects.filter(product=slug).count()


def totals() -> dict[str, int]:
    """Platform figures: calls, rows, amount."""
    found = Usage.objects.aggregate(calls=Count("pk"), rows=Sum("rows"), amount_fen=Sum("price_fen"))
    return {name: int(value or 0) for name, value in found.items()}
