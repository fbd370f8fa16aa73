"""Questions about yearly reviews."""

from __future__ import annotations

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.pricing.models import Pricing
from dianchi.chapters.operation.reviews.models import Review


def missing(year: int) -> list[Agreement]:
    """Agreements with a verified permitted revenue for the year whose operation is not reported yet (E14)."""
    done = Review.objects.filter(year=year).values("agreement")
    priced = Pricing.objects.filter(year=year, state="verified").exclude(agreement__in=done).values("agreement")
    return list(Agreement.objects.filter(pk__in=priced).order_by("code"))


def of_years(agreement: Agreement, first: int, last: int) -> list[Review]:
    """The reviews of those years."""
    return list(Review.objects.filter(agreement=agreement, year__gte=first, year__lte=last).order_by("year"))
