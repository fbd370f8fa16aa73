"""The figures as pages ask for them, and the cases and ledger entries behind each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from dianchi.chapters.operation.tariffs.models import PUBLISHED, Tariff
from dianchi.chapters.supervision.figures.metrics import BY_KEY, METRICS, Form, Metric
from dianchi.chapters.supervision.figures.models import Snapshot
from dianchi.chapters.supervision.figures.taking import NEAR, YEAR, take
from dianchi.foundation.cases.epoch import epoch
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import case_types
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import territory

QUICK = 150  # milliseconds within which figures are taken anew for whoever asks; slower ones are left to the worker
REST = timedelta(seconds=60)  # between two takings by the worker
KEPT = 50


@dataclass(frozen=True)
class Value:
    """One figure of one division; None where there is nothing to divide by."""

    metric: Metric
    value: float | None

    @property
    def warns(self) -> bool:
        """Whether somebody should look."""
        return self.metric.warns and bool(self.value)


def latest(at: datetime, clock: Callable[[], float]) -> Snapshot:
    """The latest figures; taken anew if something was done since and taking them is quick."""
    found = Snapshot.objects.order_by("-pk").first()
    if found is None or (found.epoch != epoch() and found.milliseconds <= QUICK):
        return refresh(at, clock)
    return found


def refresh(at: datetime, clock: Callable[[], float]) -> Snapshot:
    """Take the figures now. `clock` counts seconds, for how long it takes."""
    began, of = clock(), epoch()
    taken = take(at)
    made = Snapshot.objects.create(
        taken_at=at, epoch=of, milliseconds=int((clock() - began) * 1000), figures=taken.figures,
        months=taken.months, articles=taken.articles, steps=taken.steps,
    )  # fmt: skip
    Snapshot.objects.filter(pk__lt=made.pk - KEPT).delete()
    return made


def stale(at: datetime) -> bool:
    """Whether the worker should take the figures: something was done since, and the last are a minute old."""
    found = Snapshot.objects.order_by("-pk").values_list("taken_at", "epoch").first()
    return found is None or (found[1] != epoch() and at - found[0] >= REST)


def values(snapshot: Snapshot, region: str) -> dict[str, Value]:
    """Every figure of a division."""
    here = snapshot.figures.get(region, {})
    return {metric.key: Value(metric, _value(metric, here.get(metric.key))) for metric in METRICS}


def value_of(snapshot: Snapshot, key: str, region: str) -> float | None:
    """One figure of a division."""
    return _value(BY_KEY[key], snapshot.figures.get(region, {}).get(key))


def _value(metric: Metric, pair: list[float] | None) -> float | None:
    total, parts = pair or (0, 0)
    if metric.form in (Form.RATIO, Form.MEAN):
        return total / parts if parts else None
    return total


def cases_behind(metric: Metric, region: str, at: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """The cases that a figure counts within a division, by kind, latest first."""
    inside = {"region__startswith": territory(region)}
    if metric.key == "overdue":
        late = Due.objects.filter(done_at=None, due_at__lte=at)
        found = [
            (name, kind.model.objects.filter(code__in=late.filter(case_type=name).values("case_code"), **inside))
            for name, kind in case_types().items()
        ]
        return [(name, rows.order_by("-state_since")) for name, rows in found]
    if metric.key == "near_cap":
        near = Tariff.objects.filter(state__in=PUBLISHED, cap_fen__gt=0, highest_fen__gte=F("cap_fen") * NEAR, **inside)
        return [("tariffs", near.order_by("-state_since"))]
    if metric.kind not in case_types():
        return []
    rows = case_types()[metric.kind].model.objects.filter(**inside)
    return [(metric.kind, (rows.filter(state__in=metric.states) if metric.states else rows).order_by("-state_since"))]


def entries_behind(metric: Metric, region: str, at: datetime) -> QuerySet[Entry]:
    """The ledger entries that a figure counts, latest first; within a division by the cases they are about."""
    entries = Entry.objects.filter(at__gte=at - YEAR).order_by("-index")
    entries = (
        entries.filter(outcome="refused") if metric.entries == ("refused",) else entries.filter(kind__in=metric.entries)
    )
    if metric.key == "small_groups":
        entries = entries.exclude(payload__contains='"suppressed":0')
    if region.endswith("0000") or metric.entries == ("refused",):
        return entries
    inside = case_types()[metric.kind].model.objects.filter(region__startswith=territory(region)).values("code")
    return entries.filter(case_id__in=inside)
