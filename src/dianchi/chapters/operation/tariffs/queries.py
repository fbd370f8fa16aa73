"""Questions about tariffs."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.tariffs.lifecycle import State
from dianchi.chapters.operation.tariffs.models import Tariff


def price_of(product: Product, at: datetime) -> int | None:
    """The published price of a unit in fen; None if none was published by then, and nothing may be charged (R38)."""
    tariff = tariff_of(product)
    return tariff.price_fen if tariff is not None and tariff.priced_at is not None and tariff.priced_at <= at else None


def tariff_of(product: Product) -> Tariff | None:
    """The tariff whose price is published."""
    return Tariff.objects.filter(product=product, state=State.PRICED).first()
