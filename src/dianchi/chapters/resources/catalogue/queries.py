"""Questions about the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from dianchi.chapters.resources.catalogue.description import Description, description, descriptions, place
from dianchi.chapters.resources.catalogue.editions import Difference, difference, proposed
from dianchi.chapters.resources.catalogue.models import Edition, Item, SearchEntry
from dianchi.chapters.resources.catalogue.notices import told
from dianchi.chapters.resources.catalogue.search import Asked, Found, search
from dianchi.chapters.resources.catalogue.states import FREQUENCIES
from dianchi.kernel.text import Text

__all__ = [
    "Asked",
    "Description",
    "Difference",
    "Found",
    "description",
    "descriptions",
    "difference",
    "edition",
    "editions_of",
    "frequency_label",
    "item",
    "items",

    "open_codes",
    "open_item",
    "open_items",
    "open_named",
    "open_values",
    "place",
    "proposed",
    "published",
    "search",
    "titles_of",
    "told",
]  # fmt: skip


def item(code: str) -> Item | None:
    """The item of a code."""
    return Item.objects.filter(code=code).first()


def items(codes: Iterable[str]) -> list[Item]:
    """The items of several codes, in order of code."""
    return list(Item.objects.filter(code__in=list(codes)).order_by("code"))


def published() -> QuerySet[Item]:
    """Everything on the published catalogue."""
    return Item.objects.filter(state="published").order_by("code")


def open_items() -> QuerySet[Item]:
    """What of the published catalogue anybody may read, in order of code."""
    found = Item.objects.filter(state="published", search_entry__open=True).select_related("search_entry")
    return found.order_by("code")


def open_named(codes: Iterable[str]) -> list[Item]:
    """What anybody may read among these codes, in the order given."""
    wanted = list(codes)
    found = {i.code: i for i in open_items().filter(code__in=wanted)}
    return [found[code] for code in wanted if code in found]


def open_values(facet: str) -> dict[str, int]:
    """How many open items there are of each value of a facet ("provider", "sector", …)."""
    rows = SearchEntry.objects.filter(open=True).order_by(facet).values_list(facet).annotate(Count("pk"))
    return dict(rows)


def open_item(code: str) -> Item | None:
    """The item of a code, if anybody may read of it."""
    return open_items().filter(code=code).first() if "\0" not in code else None


def open_codes() -> list[str]:
    """The codes of what anybody may read, in order."""
    return list(SearchEntry.objects.filter(open=True).order_by("code").values_list("code", flat=True))


def editions_of(case: Item) -> list[Edition]:
    """The editions of an item, latest first."""
    return list(case.editions.order_by("-number"))


def edition(case: Item, number: int) -> Edition | None:
    """One edition of an item."""
    found: Edition | None = case.editions.filter(number=number).first()
    return found


def frequency_label(code: str) -> Text:
    """The word for an update frequency."""
    return dict(FREQUENCIES).get(code, Text(code, code))


def titles_of(provider: str) -> set[str]:
    """The names of a department's items that are not withdrawn."""
    return set(Item.objects.filter(opened_for=provider).exclude(state="withdrawn").values_list("title", flat=True))
