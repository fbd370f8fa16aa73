"""Deadlines: opened on entering a state, closed on leaving it, counted as the law counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.models import Case, Due
from dianchi.kernel.lifecycle import Deadline, Period
from dianchi.kernel.workdays import SHANGHAI, due_days, due_hours, due_months, due_workdays, is_provisional, last_day

_COUNT: dict[str, Callable[[datetime, int], datetime]] = {
    "workdays": due_workdays,
    "days": due_days,
    "hours": due_hours,
    "months": due_months,
    "years": lambda at, n: due_months(at, 12 * n),
}


def end_of(period: Period, since: datetime, region: str) -> datetime:
    """When the period that began at `since` ends."""
    return _COUNT[period.unit](since, int(value(period.parameter, region)))


def key_of(deadline: Deadline) -> str:
    """What ties a stored Due to its declaration."""
    return f"{deadline.state}:{deadline.period.parameter}"


def declared(case_type: Any, due: Due) -> Deadline | None:
    """The declaration of a stored Due; None once the law has dropped it."""
    return next((d for d in case_type.lifecycle.deadlines if key_of(d) == due.key), None)


def moved(case: Case, at: datetime) -> None:
    """The case has just entered its state: close what ran, open what now runs."""
    name = case.lifecycle.name
    Due.objects.filter(case_type=name, case_code=case.code, done_at=None).update(done_at=at)
    # Entering a state twice in one instant runs its deadline anew.
    Due.objects.bulk_create(
        _opened(case, at), update_conflicts=True, update_fields=["due_at", "provisional", "done_at", "reminded_at"],
        unique_fields=["case_type", "case_code", "key", "state_since"],
    )  # fmt: skip


def _opened(case: Case, at: datetime) -> Iterator[Due]:
    for deadline in case.lifecycle.deadlines:
        if deadline.state != case.state:
            continue
        since = getattr(case, deadline.since) if deadline.since else at
        if since is None:
            continue
        if not isinstance(since, datetime):
            since = datetime.combine(since, datetime.min.time(), tzinfo=SHANGHAI)
        due_at = end_of(deadline.period, since, case.region)
        yield Due(
            case_type=case.lifecycle.name, case_code=case.code, key=key_of(deadline), state_since=at,
            due_at=due_at, provisional=is_provisional(last_day(due_at)),
        )  # fmt: skip
