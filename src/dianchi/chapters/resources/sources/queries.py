"""Questions about sources."""

from __future__ import annotations

from datetime import datetime, timedelta

from dianchi.chapters.resources.sources.lifecycle import FOLDER
from dianchi.chapters.resources.sources.models import Source
from dianchi.chapters.resources.supply.queries import PERIODS

_RETRY = timedelta(hours=1)  # after a fetch that brought nothing
_OTHERWISE = timedelta(days=1)
_SOON = timedelta(seconds=10)  # a folder is looked into at every round


def due(at: datetime) -> list[Source]:
    """The active sources whose time has come, by the update frequency of their resource."""
    sources = Source.objects.select_related("item").filter(state="active").order_by("fetched_at", "id")
    return [s for s in sources if s.fetched_at is None or s.fetched_at + period(s) <= at]


def period(source: Source) -> timedelta:
    """How long after a fetch the next one is due."""
    if source.kind == FOLDER:
        return _SOON
    days = PERIODS.get(source.item.update_frequency) if source.item is not None else None
    every = timedelta(days=days) if days else _OTHERWISE
    return min(every, _RETRY) if source.problem else every
