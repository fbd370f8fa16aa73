"""Questions about products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dianchi.chapters.operation.products import kinds
from dianchi.chapters.operation.products.lifecycle import State, digest_is_unchanged
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.programs.compiling import bound_parameters
from dianchi.chapters.operation.requests.queries import grant
from dianchi.engines.guard import Grant, Parameter
from dianchi.kernel.errors import NotFound, Refusal, RuleBroken
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

_UNKNOWN = Refusal(
    "products.not-found",
    Text("没有这个产品", "There is no such product"),
    remedy=Text("请核对产品的公开名称", "Check the public name of the product"),
)
_NOT_LISTED = Refusal(
    "products.not-listed",
    Text(
        "产品未上架、已下架或已召回，停止交付",
        "The product is not listed, was delisted or recalled; nothing is delivered",
    ),
    spec27(21),
    Text("请向运营机构了解情况", "Ask the operator"),
    ("R45",),
)


@dataclass(frozen=True)
class Program:
    """What the gate may run for a product now."""

    sql: str
    parameters: dict[str, Parameter]
    grant: Grant
    tables: dict[str, str]  # table name to code of its resource
    digest: str
    written: kinds.Written


def product_by_slug(slug: str) -> Product:
    """The product of a public name; NotFound if there is none that ever was listed."""
    product = Product.objects.filter(slug=slug).exclude(approved_digest="").select_related("request").first()
    if product is None:
        raise NotFound(_UNKNOWN)
    return product


def live(slug: str) -> Product:
    """The listed product of a public name; raises NotFound or RuleBroken."""
    product = product_by_slug(slug)
    if product.state != State.LISTED:
        raise RuleBroken(_NOT_LISTED)
    return product


def program(product: Product, at: datetime) -> Program:
    """The reviewed query with its parameters and its grant as of now.

    RuleBroken when the product is not listed, when anything that it rests on no longer stands, and when the policy
    of its data is no longer the one under which it was reviewed.
    """
    if product.state != State.LISTED:
        raise RuleBroken(_NOT_LISTED)
    granted = grant(product.request, at)
    digest = kinds.digest(product.written, granted)
    if digest != product.approved_digest:
        raise RuleBroken(digest_is_unchanged.refusal)
    tables = {table["name"]: table["resource"] for table in product.request.tables}
    bound = bound_parameters(product.parameters)
    return Program(product.sql, bound, kinds.policy(product.written, granted), tables, digest, product.written)


def listed() -> Any:
    """Every listed product, newest first."""
    return Product.objects.filter(state=State.LISTED).order_by("-state_since", "-id")
