"""Questions about disclosures."""

from __future__ import annotations

from django.db.models import QuerySet

from dianchi.chapters.supervision.disclosure.models import Disclosure


def published() -> QuerySet[Disclosure]:
    """What the public may read, latest first."""
    return Disclosure.objects.filter(state="published").order_by("-year", "-published_at")


def missing(year: int, bodies: dict[str, str]) -> dict[str, str]:
    """Bodies (code to role) that have not published their pack for the year (R71)."""
    done = set(Disclosure.objects.filter(year=year, state="published").values_list("opened_for", "role"))
    return {uscc: role for uscc, role in bodies.items() if (uscc, role) not in done}
