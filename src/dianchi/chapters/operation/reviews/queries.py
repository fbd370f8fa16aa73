"""Questions about yearly reviews."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.pricing.models import Pricing
from dianchi.chapters.operation.reviews.models import Review
from dianchi.kernel.workdays import local_day


def missing(year: int) -> list[Agreement]:
    """Agreements with a verified permitted revenue for the year whose operation is not reported yet (E14)."""
    done = Review.objects.filter(year=year).exclude(state="due").values("agreement")
    priced = Pricing.objects.filter(year=year, state="verified").exclude(agreement__in=done).values("agreement")
    return list(Agreement.objects.filter(pk__in=priced).order_by("code"))


def of_years(agreement: Agreement, first: int, last: int) -> list[Review]:
    """The reviews of those years."""
    return list(Review.objects.filter(agreement=agreement, year__gte=first, year__lte=last).order_by("year"))


def to_call(at: datetime) -> Iterator[dict[str, object]]:
    """What the platform begins by itself at New Year: the past year of every agreement with a verified revenue."""
    year = local_day(at).year - 1
    begun = Review.objects.filter(year=year).values("agreement")
    for agreement in missing(year):
        if not begun.filter(agreement=agreement).exists():
            yield {"agreement": agreement.code, "year": year}
