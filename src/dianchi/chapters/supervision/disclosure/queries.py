"""Questions about disclosures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.supervision.disclosure.models import Disclosure
from dianchi.kernel.workdays import local_day
from dianchi.kernel.yearly import due_after


def published() -> QuerySet[Disclosure]:
    """What the public may read, latest first."""
    return Disclosure.objects.filter(state="published").order_by("-year", "-published_at")


def bodies(year: int) -> dict[str, str]:
    """Who must disclose a year: institution and operator of every agreement that ran in it (code to role)."""
    ran = Q(starts_on__lte=date(year, 12, 31), ends_on__gte=date(year, 1, 1), state__in=("filed", "terminated"))
    found = {}
    for implementer, operator in Agreement.objects.filter(ran).values_list("opened_for", "operator"):
        found |= {implementer: "implementer", operator: "operator"}
    return found


def missing(year: int) -> dict[str, str]:
    """Bodies (code to role) that have not published their pack for the year (R71)."""
    done = set(Disclosure.objects.filter(year=year, state="published").values_list("opened_for", "role"))
    return {uscc: role for uscc, role in bodies(year).items() if (uscc, role) not in done}


def overdue(at: datetime, month_day: str) -> dict[str, str]:
    """The overdue list for the data administration: who has not disclosed the past year when its day is over."""
    year = local_day(at).year - 1
    return missing(year) if at >= due_after(year, month_day) else {}


def to_call(at: datetime) -> Iterator[dict[str, object]]:
    """What the platform begins by itself at New Year: the past year of every body that has not begun."""
    year = local_day(at).year - 1
    begun = set(Disclosure.objects.filter(year=year).exclude(state="replaced").values_list("opened_for", "role"))
    for uscc, role in sorted(bodies(year).items()):
        if (uscc, role) not in begun:
            yield {"year": year, "body": uscc, "role": role}


def flat(case: Disclosure) -> Iterator[tuple[str, str, str, str]]:
    """The pack as rows for a table: section, number of the entry, field, value."""
    yield ("section", "entry", "field", "value")
    for section, held in case.pack.items():
        for i, entry in enumerate(held if isinstance(held, list) else [held], 1):
            for name, value in _fields(entry, ""):
                yield (section, str(i), name, value)


def _fields(entry: object, prefix: str) -> Iterator[tuple[str, str]]:
    if isinstance(entry, dict):
        for name, value in entry.items():
            yield from _fields(value, f"{prefix}.{name}" if prefix else str(name))
    elif isinstance(entry, list):
        for i, value in enumerate(entry, 1):
            yield from _fields(value, f"{prefix}.{i}")
    else:
        yield prefix, "" if entry is None else str(entry)
