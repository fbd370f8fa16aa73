"""Questions about tariffs."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.tariffs.lifecycle import State
from dianchi.chapters.operation.tariffs.models import Tariff


@dataclass(frozen=True)
class PublishedPrice:
    """What a unit of a product costs now."""

    tariff: str
    unit: str
    price_fen: int
    cap_fen: int
    trial: bool


def price_of(product: Product) -> PublishedPrice | None:
    """The published price of a product; None if there is none, and then nothing may be charged (R38)."""
    tariff = Tariff.objects.filter(product=product, state=State.PRICED).first()
    if tariff is None or tariff.price_fen is None:
        return None
    return PublishedPrice(tariff.code, tariff.unit, tariff.price_fen, tariff.cap_fen, tariff.trial)
