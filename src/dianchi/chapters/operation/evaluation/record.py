"""What the platform's own record says of a body's year: nothing here is entered by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from django.db.models import Q

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.accounts.queries import missing_within
from dianchi.chapters.operation.developers.models import Admission
from dianchi.chapters.operation.distribution.contribution import quality
from dianchi.chapters.operation.orders.models import Order, Usage
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.reviews.queries import of_years
from dianchi.chapters.operation.scenarios.models import Scenario
from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.quality.models import Ticket
from dianchi.chapters.resources.supply.queries import current
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.models import Due
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.money import round_half_up
from dianchi.kernel.workdays import SHANGHAI, local_day
from dianchi.kernel.yearly import due_after


def record_of(agreement: Agreement, subject: str, body: str, year: int, at: datetime) -> dict[str, int | str]:
    """The figures that the indicators of the subject ask for."""
    since = datetime.combine(date(year, 1, 1), time(), SHANGHAI)
    until = min(since.replace(year=year + 1), at + timedelta(microseconds=1))  # what happened by now
    of = {"OPERATOR": _operator, "DEVELOPER": _developer, "PROVIDER": _provider}[subject]
    return of(agreement, body, since, until)


def _operator(agreement: Agreement, body: str, since: datetime, until: datetime) -> dict[str, int | str]:
    year = local_day(since).year
    reviews = of_years(agreement, year, year)
    listed = Product.objects.filter(operator=body, request__contract__agreement=agreement)
    orders = list(Order.objects.filter(operator=body).values_list("code", flat=True))
    refused = Order.objects.filter(
        operator=body, state="refused", state_since__gte=since, state_since__lt=until
    ).count()
    refused += Admission.objects.filter(
        operator=body, state="rejected", state_since__gte=since, state_since__lt=until
    ).count()
    return {
        "scenarios": Scenario.objects.filter(operator=body, state="published").count(),
        "products": listed.filter(state="listed").count(),
        "calls": Usage.objects.filter(order__operator=body, at__gte=since, at__lt=until).count(),
        "deviation": str(reviews[0].deviation_percent) if reviews else "",
        "refusals": refused,
        "overdue": _late({"products": _codes(listed), "orders": orders}, since, until),
        "months_missing": len(missing_within(agreement, local_day(since), local_day(until))) if until > since else 0,
        "disclosed": "1" if _disclosed(body, year - 1, agreement) else "0",
        "events": _events([body, *_codes(listed)], since, until),
    }


def _developer(agreement: Agreement, body: str, since: datetime, until: datetime) -> dict[str, int | str]:
    products = Product.objects.filter(developer=body, request__contract__agreement=agreement)
    codes = _codes(products)
    returns = Entry.objects.filter(
        kind="products.return", outcome="done", case_id__in=codes, at__gte=since, at__lt=until
    )
    return {
        "products": products.exclude(approved_digest="").count(),
        "calls": Usage.objects.filter(order__developer=body, at__gte=since, at__lt=until).count(),
        "returns": returns.count(),
        "overdue": _late({"products": codes}, since, until),
        "events": _events([body, *codes], since, until),
    }


def _provider(agreement: Agreement, body: str, since: datetime, until: datetime) -> dict[str, int | str]:
    found = list(Item.objects.filter(opened_for=body, code__in=agreement.resources, state="published"))
    in_service = [item for item in found if current(item.code)]
    scores = [quality(item.code) for item in in_service]
    tickets = Ticket.objects.filter(item__in=found)
    return {
        "items": len(found),
        "supplied": _share(Fraction(len(in_service), len(found))) if found else "0",
        "quality": _share(sum(scores, Fraction()) / len(scores)) if scores else "0",
        "tickets_open": tickets.filter(state__in=("open", "accepted", "fixing", "fixed")).count(),
        "overdue": _late({"quality": _codes(tickets), "catalogue": [i.code for i in found]}, since, until),
    }


def _share(value: Fraction) -> str:
    return f"{round_half_up(value, 4):f}"


def _codes(cases: Iterable[object]) -> list[str]:
    return [str(c.code) for c in cases]  # type: ignore[attr-defined]


def _late(cases: dict[str, list[str]], since: datetime, until: datetime) -> int:
    """Duties that fell due in the time and were done late or not at all."""
    mine = Q(pk__in=[])
    for kind, codes in cases.items():
        mine |= Q(case_type=kind, case_code__in=codes)
    dues = Due.objects.filter(mine, due_at__gte=since, due_at__lt=until)
    return sum(1 for due in dues if due.done_at is None or due.done_at > due.due_at)


def _events(concerned: list[str], since: datetime, until: datetime) -> int:
    """Closures of the body or its products, and incidents that it had; chapter 5 stands above: the ledger tells of them."""
    entries = Entry.objects.filter(
        kind__in=("closures.shut", "incidents.report"), outcome="done", at__gte=since, at__lt=until
    )
    return sum(1 for payload in entries.values_list("payload", flat=True) if any(c in str(payload) for c in concerned))


def _disclosed(body: str, year: int, agreement: Agreement) -> bool:
    """Whether the body published its pack of that year in time; nothing was due before the agreement began."""
    if agreement.starts_on.year > year:
        return True
    due = due_after(year, str(value("disclosure.due", agreement.region)))
    found = Entry.objects.filter(kind="disclosure.publish", outcome="done", organisation=body, at__lte=due)
    return found.filter(at__gte=datetime.combine(date(year + 1, 1, 1), time(), SHANGHAI)).exists()
