"""What a closure, a suspension or an exit reaches: every running thing that stops with it, found before it stops."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.developers.models import Admission
from dianchi.chapters.operation.orders.models import ApiKey, Order
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.requests.models import Request
from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.supervision.closures.lifecycle import EVERYTHING
from dianchi.foundation.organisations.queries import organisation

_RUNNING = ("active", "suspended")  # orders that deliver, or may again


@dataclass(frozen=True)
class Reach:
    """What stops, by kind of case; each still running."""

    agreements: QuerySet[Agreement]
    contracts: QuerySet[Contract]
    requests: QuerySet[Request]
    products: QuerySet[Product]
    orders: QuerySet[Order]

    @property
    def keys(self) -> int:
        """Live keys of the orders."""
        return ApiKey.objects.filter(order__in=self.orders, revoked_at=None).count()

    @property
    def cases(self) -> Iterable[Any]:
        """Every case, orders first: those are whom it hurts."""
        for found in (self.orders, self.products, self.requests, self.contracts, self.agreements):
            yield from found.order_by("code")

    @property
    def parties(self) -> set[str]:
        """The organisations that must be told: consumers, developers, operators."""
        orders = self.orders.values_list("opened_for", "developer", "operator")
        products = self.products.values_list("developer", "operator")
        return {party for row in (*orders, *products) for party in row if party}


def of(scope: str, target: str) -> Reach:
    """What runs inside a scope; a target that nothing has reaches nothing."""
    products, orders, agreements, contracts, requests = _SCOPES[scope](target)
    return Reach(
        Agreement.objects.filter(agreements, state="filed"),
        Contract.objects.filter(contracts, state="filed"),
        Request.objects.filter(requests, state="provisioned"),
        Product.objects.filter(products, state="listed"),
        Order.objects.filter(orders, state__in=_RUNNING),
    )


def of_agreement(pk: int) -> Reach:
    """What runs on an authorization agreement."""
    return Reach(
        Agreement.objects.filter(pk=pk, state="filed"),
        Contract.objects.filter(agreement=pk, state="filed"),
        Request.objects.filter(contract__agreement=pk, state="provisioned"),
        Product.objects.filter(request__contract__agreement=pk, state="listed"),
        Order.objects.filter(product__request__contract__agreement=pk, state__in=_RUNNING),
    )


def of_contract(pk: int) -> Reach:
    """What runs on a development agreement."""
    return Reach(
        Agreement.objects.none(),
        Contract.objects.filter(pk=pk, state="filed"),
        Request.objects.filter(contract=pk, state="provisioned"),
        Product.objects.filter(request__contract=pk, state="listed"),
        Order.objects.filter(product__request__contract=pk, state__in=_RUNNING),
    )


_ALL, _NONE = Q(), Q(pk__in=[])
_Scope = tuple[Q, Q, Q, Q, Q]  # of products, orders, agreements, contracts, requests


def _resource(code: str) -> _Scope:
    """Lists of codes are compared in Python: not every database looks inside them."""
    agreements = _holding(Agreement.objects.filter(state="filed"), code)
    contracts = _holding(Contract.objects.filter(state="filed"), code)
    requests = Q(pk__in=[r.pk for r in Request.objects.filter(state="provisioned") if code in _tables(r)])
    products = Q(request__in=Request.objects.filter(requests))
    return products, Q(product__in=Product.objects.filter(products)), agreements, contracts, requests


def _holding(cases: QuerySet[Any], code: str) -> Q:
    return Q(pk__in=[c.pk for c in cases.only("pk", "resources") if code in c.resources])


def _tables(request: Request) -> set[str]:
    return {table["resource"] for table in request.tables}


_SCOPES: dict[str, Callable[[str], _Scope]] = {
    EVERYTHING: lambda _: (_ALL, _ALL, _NONE, _NONE, _NONE),
    "PRODUCT": lambda slug: (Q(slug=slug), Q(product__slug=slug), _NONE, _NONE, _NONE),
    "ORDER": lambda code: (_NONE, Q(code=code), _NONE, _NONE, _NONE),
    "DEVELOPER": lambda uscc: (Q(developer=uscc), Q(developer=uscc), _NONE, Q(developer=uscc), Q(developer=uscc)),
    "OPERATOR": lambda uscc: (Q(operator=uscc),) * 5,
    "RESOURCE": _resource,
}  # fmt: skip


def known(scope: str, target: str) -> bool:
    """Whether there is such a target at all, running or not."""
    if scope == EVERYTHING:
        return True
    if scope in ("DEVELOPER", "OPERATOR"):
        return organisation(target) is not None
    model, field = {"PRODUCT": (Product, "slug"), "ORDER": (Order, "code"), "RESOURCE": (Item, "code")}[scope]
    return bool(model.objects.filter(**{field: target}).exists())


def answers_for(operator: str, scope: str, target: str) -> bool:
    """Whether an operator answers for a target: its product, its order, a developer it admitted, data authorized to it."""
    if scope == "OPERATOR":
        return target == operator
    if scope == "DEVELOPER":
        return Admission.objects.filter(operator=operator, developer=target).exists()
    if scope == "RESOURCE":
        return any(target in a.resources for a in Agreement.objects.filter(operator=operator, state="filed"))
    if scope == "PRODUCT":
        return Product.objects.filter(operator=operator, slug=target).exists()
    return scope == "ORDER" and Order.objects.filter(operator=operator, code=target).exists()
