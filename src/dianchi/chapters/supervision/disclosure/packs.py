"""What is disclosed, read from the record: nothing is entered by hand (notice of 10 February 2026; dossier G-5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.orders.queries import calls_of
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.tariffs.queries import price_of
from dianchi.chapters.resources.catalogue.queries import items
from dianchi.chapters.resources.registration.queries import registered
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel import canonical


def body(uscc: str) -> dict[str, Any]:
    """The disclosing body itself."""
    found = organisation(uscc)
    return {"uscc": uscc, "name": found.name if found else uscc, "region": found.region if found else ""}


def of_implementer(uscc: str, at: datetime) -> dict[str, Any]:
    """The institution, its authorizations with scope and term, and the caps of the service fee."""
    agreements = [
        a for a in Agreement.objects.filter(opened_for=uscc).order_by("id") if a.state in ("filed", "terminated")
    ]
    return {
        "body": body(uscc),
        "authorizations": [
            {
                "agreement": a.code, "title": a.title, "mode": a.selection.plan.authorization.mode, "operator": body(a.operator),
                "method": a.selection.method, "starts_on": canonical.plain(a.starts_on), "ends_on": canonical.plain(a.ends_on),
                "state": a.state, "resources": _resources(a.resources, at),
            }
            for a in agreements
        ],
        "caps": [p for a in agreements for p in _prices(a.operator)],
    }  # fmt: skip


def of_operator(uscc: str, at: datetime) -> dict[str, Any]:
    """The operator, the resources it holds, its products and actual prices."""
    agreements = Agreement.objects.filter(operator=uscc, state="filed").order_by("id")
    codes = sorted({code for a in agreements for code in a.resources})
    products = Product.objects.filter(operator=uscc).exclude(approved_digest="").order_by("code")
    return {
        "body": body(uscc),
        "resources": _resources(codes, at),
        "products": [
            {"name": p.title, "slug": p.slug, "purpose": p.purpose, "state": p.state, "calls": calls_of(p.slug), "registration": _code(p.code, at)}
            for p in products
        ],
        "prices": _prices(uscc),
    }  # fmt: skip


def _resources(codes: list[str], at: datetime) -> list[dict[str, Any]]:
    return [
        {"code": i.code, "name": i.title, "provider": body(i.provider)["name"], "frequency": i.update_frequency, "registration": _code(i.code, at)}
        for i in items(codes)
    ]  # fmt: skip


def _prices(operator: str) -> list[dict[str, Any]]:
    found = []
    for product in Product.objects.filter(operator=operator).order_by("code"):
        if price := price_of(product):
            found.append(
                {"product": product.title, "unit": price.unit, "price_fen": price.price_fen, "cap_fen": price.cap_fen}
            )
    return found


def _code(object_code: str, at: datetime) -> str:
    found = registered(object_code, at)
    return found.query_code if found else ""
