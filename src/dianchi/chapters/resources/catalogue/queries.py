"""Questions about the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from dianchi.chapters.resources.catalogue.models import Item


def item(code: str) -> Item | None:
    """The item of a code."""
    return Item.objects.filter(code=code).first()


def items(codes: Iterable[str]) -> list[Item]:
    """The items of several codes, in order of code."""
    return list(Item.objects.filter(code__in=list(codes)).order_by("code"))


def published() -> QuerySet[Item]:
    """Everything on the published catalogue."""
    return Item.objects.filter(state="published").order_by("code")
