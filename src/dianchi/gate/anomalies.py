"""Unusual use, found in the record of a day: what looks odd becomes an alert that a person looks into.

Everything is counted from the ledger and the meter, where a caller can neither hide nor forge it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from dianchi.chapters.operation.orders.models import Order, Usage
from dianchi.chapters.supervision.alerts.queries import known
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.jobs.queue import Running, enqueue, work
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.workdays import SHANGHAI, end_of, local_day

JOB = "gate.anomalies"
_NIGHT = range(6)  # hours of the local day
_ENOUGH = 20  # calls below which shares and multiples say nothing
_KNOWN_DAYS = 14
_DIFFERENCING = "history.difference"


@dataclass
class Seen:
    """What the record says of one order on one day."""

    calls: int = 0
    night: int = 0
    refused: int = 0
    differencing: int = 0
    by_hour: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: set[str] = field(default_factory=set)
    places_before: set[str] = field(default_factory=set)
    usual: float = 0.0  # calls a day of the days before


def tick(at: datetime) -> None:
    """Have the day so far looked at once an hour."""
    local = at.astimezone(SHANGHAI)
    enqueue(JOB, {"on": local_day(at).isoformat()}, key=f"{JOB}:{local:%Y-%m-%dT%H}", at=at)


@work(JOB)
def job(running: Running) -> None:
    """Look at the day named."""
    look(date.fromisoformat(running.arguments["on"]), running.clock())


def look(on: date, at: datetime) -> int:
    """Raise an alert for each rule that an order touched on the day and that was not raised before; how many."""
    raised, there = 0, known(on)
    seen = record_of(on)
    orders = {o.code: o for o in Order.objects.filter(code__in=seen).select_related("product")}
    for code, order in orders.items():
        for rule, figure, usual in touched(seen[code], order.region):
            if (rule, code) in there:
                continue
            inputs = {
                "rule": rule, "order": code, "consumer": order.consumer, "operator": order.operator,
                "product": order.product.slug, "on": on, "figure": figure, "usual": usual,
            }  # fmt: skip
            perform("alerts", "raise", by=PLATFORM, at=at, inputs=inputs)
            raised += 1
    return raised


def touched(seen: Seen, region: str) -> Iterator[tuple[str, int, int]]:
    """The rules that what was seen touches, each with its figure and its limit."""

    def limit(key: str) -> int:
        return int(value(f"watch.{key}", region))

    if seen.night >= limit("night-calls"):
        yield "night", seen.night, limit("night-calls")
    expected = int(seen.usual * limit("volume-times"))
    if seen.usual and seen.calls >= max(expected, _ENOUGH):
        yield "volume", seen.calls, expected
    strange = seen.places - seen.places_before
    if strange and seen.places_before:
        yield "new-place", len(strange), 0
    busiest = max((len(each) for each in seen.by_hour.values()), default=0)
    if busiest >= limit("enumeration-values"):
        yield "enumeration", busiest, limit("enumeration-values")
    asked = seen.calls + seen.refused
    if asked >= _ENOUGH and seen.refused * 100 >= limit("refused-percent") * asked:
        yield "refusals", seen.refused * 100 // asked, limit("refused-percent")
    if seen.differencing >= limit("differencing"):
        yield "differencing", seen.differencing, limit("differencing")


def record_of(on: date) -> dict[str, Seen]:
    """By order, what meter and ledger hold of a day."""
    start, stop = end_of(on - timedelta(days=1)), end_of(on)
    found: dict[str, Seen] = defaultdict(Seen)
    used = Usage.objects.filter(at__gte=start, at__lt=stop).values_list("order__code", "at", "request_digest")
    for code, at, request in used:
        seen, hour = found[code], at.astimezone(SHANGHAI).hour
        seen.calls += 1
        seen.night += hour in _NIGHT
        seen.by_hour[hour].add(request)
    entries = Entry.objects.filter(kind__in=("gate.refused", "gate.delivered"), at__gte=start, at__lt=stop)
    for kind, code, payload in entries.values_list("kind", "case_id", "payload"):
        told = _payload(payload)
        if kind == "gate.delivered":
            found[code].places |= {told["source"]} if told.get("source") else set()
        else:
            found[code].refused += 1
            found[code].differencing += _DIFFERENCING in told.get("refusals", ())
    _before(found, start)
    return dict(found)


def _before(found: dict[str, Seen], start: datetime) -> None:
    """What was usual in the two weeks before."""
    since = start - timedelta(days=_KNOWN_DAYS)
    earlier = Entry.objects.filter(kind="gate.delivered", case_id__in=list(found), at__gte=since, at__lt=start)
    days: dict[str, Counter[date]] = defaultdict(Counter)
    for code, at, payload in earlier.values_list("case_id", "at", "payload"):
        days[code][local_day(at)] += 1
        if place := _payload(payload).get("source"):
            found[code].places_before.add(place)
    for code, counted in days.items():
        if len(counted) >= 3:
            found[code].usual = sum(counted.values()) / len(counted)


def _payload(payload: Any) -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads(payload) if isinstance(payload, str) else payload
    return told
