"""Questions about permitted revenues."""

from __future__ import annotations

from django.db.models import Sum

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.pricing.lifecycle import State
from dianchi.chapters.operation.pricing.models import Carry, Pricing


def verified(agreement: Agreement, year: int) -> Pricing | None:
    """The verified permitted revenue of an agreement's year."""
    return Pricing.objects.filter(agreement=agreement, year=year, state=State.VERIFIED).first()


def carried_into(agreement: Agreement, year: int) -> int:
    """What earlier periods earned too much and this year gives back, in fen."""
    return Carry.objects.filter(agreement=agreement, year=year).aggregate(n=Sum("amount_fen"))["n"] or 0


def carry(agreement: Agreement, origin: str, portions: dict[int, int]) -> None:
    """Deduct an excess from the permitted revenue of the years to come, as the price authority portions it."""
    Carry.objects.bulk_create(
        Carry(agreement=agreement, year=year, amount_fen=fen, origin=origin) for year, fen in portions.items() if fen
    )


def surveyed_years(agreement: Agreement) -> set[int]:
    """The years whose permitted revenue stands already: nothing can be carried into them any more."""
    return set(Pricing.objects.filter(agreement=agreement).values_list("year", flat=True))
