"""What is disclosed, read from the record: nothing is entered by hand (notice of 10 February 2026; dossier G-5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.distribution.models import Run
from dianchi.chapters.operation.orders.models import Order, Usage
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.settlement.queries import earned, net_revenue
from dianchi.chapters.operation.tariffs.models import PUBLISHED, Tariff
from dianchi.chapters.resources.catalogue.queries import items
from dianchi.chapters.resources.registration.queries import registered
from dianchi.foundation.ledger.models import Entry
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel import canonical
from dianchi.kernel.workdays import SHANGHAI, end_of, local_day


def body(uscc: str) -> dict[str, Any]:
    """A body by name and code."""
    found = organisation(uscc)
    return {"uscc": uscc, "name": found.name if found else uscc, "region": found.region if found else ""}


def agreements(uscc: str, role: str, year: int) -> list[Agreement]:
    """The agreements under which the body operated in the year."""
    party = Q(operator=uscc) if role == "operator" else Q(opened_for=uscc)
    within = Q(starts_on__lte=date(year, 12, 31), ends_on__gte=date(year, 1, 1))
    return list(Agreement.objects.filter(party & within, state__in=("filed", "terminated")).order_by("id"))


def pack(role: str, uscc: str, year: int, at: datetime) -> dict[str, Any]:
    """The pack of a body's year as the record gives it at that moment."""
    mine = agreements(uscc, role, year)
    return _of_operator(uscc, mine, year, at) if role == "operator" else _of_implementer(uscc, mine, at)


def _of_implementer(uscc: str, mine: list[Agreement], at: datetime) -> dict[str, Any]:
    """The institution, its authorizations with scope and term, and the caps of the service fee."""
    return {
        "body": body(uscc),
        "authorizations": [_authorization(a, at) for a in mine],
        "caps": [p for operator in sorted({a.operator for a in mine}) for p in _prices(operator, at)],
    }


def _authorization(a: Agreement, at: datetime) -> dict[str, Any]:
    plan = a.selection.plan
    return {
        "agreement": a.code, "title": a.title, "plan": plan.title, "mode": plan.authorization.mode,
        "operator": body(a.operator), "method": a.selection.method, "starts_on": canonical.plain(a.starts_on),
        "ends_on": canonical.plain(a.ends_on), "state": a.state, "resources": _resources(a.resources, at),
    }  # fmt: skip


def _of_operator(uscc: str, mine: list[Agreement], year: int, at: datetime) -> dict[str, Any]:
    """The operator, the resources it holds, its products, actual prices, and what was used of them in the year."""
    codes = sorted({code for a in mine for code in a.resources})
    products = Product.objects.filter(operator=uscc).exclude(approved_digest="").order_by("code")
    return {
        "body": body(uscc),
        "resources": _resources(codes, at),
        "products": [_product(p, at) for p in products],
        "prices": _prices(uscc, at),
        "use": _use(uscc, year, at),
    }


def _product(p: Product, at: datetime) -> dict[str, Any]:
    return {
        "name": p.title, "slug": p.slug, "purpose": p.purpose, "scenario": p.request.contract.scenario.title,
        "state": p.state, "registration": _code(p.code, at),
    }  # fmt: skip


def _use(uscc: str, year: int, at: datetime) -> dict[str, Any]:
    """Scale without names: what consumers are is not disclosed (G-6)."""
    since, until = _year(year, at)
    answers = Usage.objects.filter(order__operator=uscc, at__gte=since, at__lt=until)
    counted = answers.aggregate(calls=Count("pk"), consumers=Count("order__opened_for", distinct=True))
    days = date(year, 1, 1), min(date(year, 12, 31), local_day(at))
    months = (f"{year}-01", f"{year}-12")
    paid = Run.objects.filter(operator=uscc, state="paid", to_month__gte=months[0], to_month__lte=months[1])
    return {
        "calls": counted["calls"], "consumers": counted["consumers"],
        "orders": Order.objects.filter(operator=uscc, opened_at__gte=since, opened_at__lt=until).count(),
        "revenue_fen": net_revenue(earned(uscc, *days)), "distributed_fen": sum(run.net_fen for run in paid),
        "complaints": _told("complaints.lodge", since, until), "incidents": _told("incidents.discover", since, until),
    }  # fmt: skip


def _year(year: int, at: datetime) -> tuple[datetime, datetime]:
    since = datetime(year, 1, 1, tzinfo=SHANGHAI)
    return since, min(end_of(date(year, 12, 31)), at)


def _told(kind: str, since: datetime, until: datetime) -> int:
    """Other cases of this chapter are not read: the ledger tells how many there were."""
    return Entry.objects.filter(kind=kind, outcome="done", at__gte=since, at__lt=until).count()


def checks(uscc: str, role: str, said: dict[str, Any], year: int, at: datetime) -> list[dict[str, Any]]:
    """The pack against what is written elsewhere: the ledger's own count, tariffs, agreements. All must agree."""
    since, until = _year(year, at)
    found = [
        (
            "agreements",
            len(said.get("authorizations", ())),
            len(agreements(uscc, role, year)) if role != "operator" else 0,
        ),
        (
            "prices-within-caps",
            0,
            sum(p["highest_fen"] > p["cap_fen"] for p in said.get("prices", said.get("caps", ()))),
        ),
    ]
    if role == "operator":
        orders = Order.objects.filter(operator=uscc).values("code")
        entries = Entry.objects.filter(
            kind="gate.delivered", outcome="done", case_id__in=orders, at__gte=since, at__lt=until
        ).count()
        found.append(("deliveries-in-the-ledger", said["use"]["calls"], entries))
        listed = Tariff.objects.filter(operator=uscc, state__in=PUBLISHED).count()
        found.append(("published-prices", len(said["prices"]), listed))
    return [{"what": what, "said": a, "found": b} for what, a, b in found]


def _resources(codes: list[str], at: datetime) -> list[dict[str, Any]]:
    return [
        {"code": i.code, "name": i.title, "provider": body(i.provider)["name"], "frequency": i.update_frequency, "registration": _code(i.code, at)}
        for i in items(codes)
    ]  # fmt: skip


def _prices(operator: str, at: datetime) -> list[dict[str, Any]]:
    tariffs = Tariff.objects.filter(operator=operator, state__in=PUBLISHED).select_related("product").order_by("code")
    return [
        {"product": t.title, "unit": t.unit, "charge": t.charge, "price_fen": t.price_fen, "highest_fen": t.highest_fen or 0,
         "cap_fen": t.cap_fen, "trial": t.trial, "effective_on": canonical.plain(local_day(t.priced_at or at))}
        for t in tariffs
    ]  # fmt: skip


def _code(object_code: str, at: datetime) -> str:
    found = registered(object_code, at)
    return found.query_code if found else ""
