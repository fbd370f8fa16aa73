"""Questions about tariffs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.tariffs.charges import Terms
from dianchi.chapters.operation.tariffs.models import PUBLISHED, TERMS, Edition, Tariff


@dataclass(frozen=True)
class PublishedPrice:
    """What a unit of a product costs now."""

    tariff: str
    unit: str
    price_fen: int
    cap_fen: int
    trial: bool
    terms: Terms
    since: datetime | None = None

    @property
    def per_call_fen(self) -> int:
        """What the meter writes beside a call: its own price, or nothing where the bill reckons otherwise."""
        return self.price_fen if self.terms.metered else 0

    @property
    def charged(self) -> bool:
        """Whether anything is charged at all."""
        return self.terms.highest() > 0


def price_of(product: Product) -> PublishedPrice | None:
    """The published price of a product; None if there is none, and then nothing may be charged (R38)."""
    tariff = Tariff.objects.filter(product=product, state__in=PUBLISHED).first()
    if tariff is None or tariff.price_fen is None:
        return None
    terms = Terms.of(terms_of(tariff))
    return PublishedPrice(
        tariff.code, tariff.unit, tariff.price_fen, tariff.cap_fen, tariff.trial, terms, tariff.priced_at
    )


def terms_of(tariff: Tariff) -> dict[str, Any]:
    """The terms of charge as JSON holds them."""
    return {name: getattr(tariff, name) for name in TERMS}


def editions(product: Product, since: datetime, until: datetime) -> list[tuple[datetime, datetime, Terms]]:
    """The terms in force within [since, until), each with the part of the time in which they are."""
    found = list(Edition.objects.filter(product=product, published_at__lt=until).order_by("published_at", "number"))
    parts = []
    for i, edition in enumerate(found):
        ends = found[i + 1].published_at if i + 1 < len(found) else until
        begins = max(since, edition.published_at) if parts or edition.published_at > since else since
        if ends > since and begins < ends:
            parts.append((max(begins, since), min(ends, until), Terms.of(edition.terms)))
    return parts


def history(product: Product) -> list[Edition]:
    """Every price that was ever published for a product, latest first."""
    return list(Edition.objects.filter(product=product).order_by("-number"))


def caps_adjusted_since(agreement_id: int, at: datetime) -> bool:
    """Whether a cap under the agreement was set anew since then."""
    return Tariff.objects.filter(pricing__agreement_id=agreement_id, capped_at__gt=at).exists()


def prices_changed_since(operator: str, at: datetime) -> bool:
    """Whether a price of the operator was published anew since then."""
    return Edition.objects.filter(product__operator=operator, published_at__gt=at).exists()


def price_list() -> list[Tariff]:
    """Everything that is charged or free now, with its product: what must be marked clearly for all (R38)."""
    return list(Tariff.objects.filter(state__in=PUBLISHED).select_related("product").order_by("title", "code"))
