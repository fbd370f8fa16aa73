"""Deadlines: opened on entering their states, closed on leaving them, halted in a pause, counted as the law counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.models import Case, Due
from dianchi.kernel.lifecycle import Deadline, Period
from dianchi.kernel.workdays import (
    SHANGHAI,
    due_days,
    due_hours,
    due_months,
    due_workdays,
    is_provisional,
    last_day,
    local_day,
    workdays_between,
)
from dianchi.kernel.yearly import due_after

_COUNT: dict[str, Callable[[datetime, Any], datetime]] = {
    "workdays": due_workdays,
    "days": due_days,
    "hours": due_hours,
    "months": due_months,
    "years": lambda at, n: due_months(at, 12 * n),
}


def end_of(period: Period, since: datetime, region: str) -> datetime:
    """When the period that began at `since` ends."""
    if period.unit == "yearly":
        return due_after(local_day(since).year, str(value(period.parameter, region)))
    figure = Decimal(value(period.parameter, region))
    return _COUNT[period.unit](since, figure if period.unit == "hours" else int(figure))


def key_of(deadline: Deadline) -> str:
    """What ties a stored Due to its declaration."""
    return f"{deadline.state}:{deadline.period.parameter}"


def declared(case_type: Any, due: Due) -> Deadline | None:
    """The declaration of a stored Due; None once the law has dropped it."""
    return next((d for d in case_type.lifecycle.deadlines if key_of(d) == due.key), None)


def moved(case: Case, at: datetime) -> None:
    """The case has just entered its state: close what no longer runs, halt what waits, open what now runs."""
    _follow(case, at)


def stayed(case: Case, at: datetime) -> None:
    """An act has changed what the case says: recount what counts from a field or depends on what the case says."""
    if any(d.since or d.when for d in case.lifecycle.deadlines):
        _follow(case, at, entered=False)


def _follow(case: Case, at: datetime, *, entered: bool = True) -> None:
    name = case.lifecycle.name
    running = {due.key: due for due in Due.objects.filter(case_type=name, case_code=case.code, done_at=None)}
    fresh = []
    for deadline in case.lifecycle.deadlines:
        due, counted = running.pop(key_of(deadline), None), _counted(deadline, case, at)
        if counted is None:
            _close([due] if due else [], at)
        elif due is not None:
            _go_on(due, deadline, case, counted, at)
        elif case.state not in deadline.pauses and (entered or deadline.since or deadline.when):
            fresh.append(_new(deadline, case, counted, at))
    _close(list(running.values()), at)  # of deadlines that the law has dropped
    # Entering a state twice in one instant runs its deadline anew.
    Due.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["case_type", "case_code", "key", "state_since"],
        update_fields=["due_at", "provisional", "done_at", "reminded_at", "counted_from", "paused_at", "pauses"],
    )  # fmt: skip


@dataclass(frozen=True)
class _Count:
    """From when a deadline counts, and whether a field of the case says so."""

    since: datetime
    of_field: bool


def _counted(deadline: Deadline, case: Case, at: datetime) -> _Count | None:
    """From when it counts; None if it does not run."""
    if case.state not in deadline.states or (deadline.when and not getattr(case, deadline.when)):
        return None
    since = getattr(case, deadline.since) if deadline.since else at
    if since is not None and not isinstance(since, datetime):
        since = datetime.combine(since, datetime.min.time(), tzinfo=SHANGHAI)
    return _Count(since, bool(deadline.since)) if since is not None else None


def _new(deadline: Deadline, case: Case, counted: _Count, at: datetime) -> Due:
    due_at = end_of(deadline.period, counted.since, case.region)
    return Due(
        case_type=case.lifecycle.name, case_code=case.code, key=key_of(deadline), state_since=at, due_at=due_at,
        provisional=is_provisional(last_day(due_at)), counted_from=counted.since if counted.of_field else None,
    )  # fmt: skip


def _go_on(due: Due, deadline: Deadline, case: Case, counted: _Count, at: datetime) -> None:
    """It runs on: counted anew if its field moved, halted or resumed if the case entered or left a pause."""
    if counted.of_field and counted.since != due.counted_from:
        due.counted_from, due.due_at = counted.since, end_of(deadline.period, counted.since, case.region)
        due.reminded_at = due.tried_at = None
    if case.state in deadline.pauses:
        due.paused_at = due.paused_at or at
    elif due.paused_at is not None:
        due.due_at = resumed(deadline.period, due.due_at, due.paused_at, at)
        due.pauses, due.paused_at = [*due.pauses, [due.paused_at.isoformat(), at.isoformat()]], None
    due.provisional = is_provisional(last_day(due.due_at))
    due.save()


def resumed(period: Period, due_at: datetime, paused: datetime, at: datetime) -> datetime:
    """When a period ends that stood still from `paused` until `at`: what was left of it runs from then."""
    if paused >= due_at:  # it was over already
        return due_at
    if period.unit == "hours":
        return due_at + (at - paused)
    if period.unit == "workdays":
        return due_workdays(at, workdays_between(local_day(paused), last_day(due_at)))
    return due_days(at, (last_day(due_at) - local_day(paused)).days)


def _close(dues: list[Due], at: datetime) -> None:
    Due.objects.filter(pk__in=[due.pk for due in dues]).update(done_at=at)
