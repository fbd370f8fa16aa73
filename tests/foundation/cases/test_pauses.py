"""Clocks that wait: what was left of a period when it stood still is what is left when it goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dianchi.chapters.supervision.complaints.lifecycle import COMPLAINT, State
from dianchi.foundation.cases.deadlines import resumed
from dianchi.kernel.lifecycle import Deadline, Period, days, hours, months, workdays
from dianchi.kernel.workdays import due_days, due_hours, due_workdays, last_day, local_day, workdays_between

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
moments = st.integers(0, 150 * 24 * 60).map(lambda m: NOON - timedelta(days=60) + timedelta(minutes=m))
spans = st.integers(0, 60 * 24 * 60).map(lambda m: timedelta(minutes=m))
P = "complaint.answer-days"


@given(moments, spans, spans)
def test_working_days_that_were_left_are_left(began: datetime, ran: timedelta, stood: timedelta) -> None:
    due, paused = due_workdays(began, 15), began + ran
    again = resumed(workdays(P), due, paused, paused + stood)
    if paused >= due:
        assert again == due  # it was over: a pause revives nothing
        return
    left = workdays_between(local_day(paused), last_day(due))
    assert workdays_between(local_day(paused + stood), last_day(again)) == left
    assert again >= due


@given(moments, st.integers(1, 72), spans, spans)
def test_hours_move_by_the_time_that_it_stood(began: datetime, n: int, ran: timedelta, stood: timedelta) -> None:
    due, paused = due_hours(began, n), began + ran
    again = resumed(hours("incident.flaw-hours"), due, paused, paused + stood)
    assert again - due == (stood if paused < due else timedelta(0))


@given(moments, spans, spans)
def test_calendar_days_end_no_earlier_and_never_on_a_day_off(began: datetime, ran: timedelta, stood: timedelta) -> None:
    due, paused = due_days(began, 30), began + ran
    again = resumed(days("incident.summary-days"), due, paused, paused + stood)
    assert again >= due or stood < timedelta(days=1)
    if paused < due:
        assert last_day(again) - local_day(paused + stood) >= last_day(due) - local_day(paused)


def test_a_pause_of_no_time_changes_nothing() -> None:
    due = due_workdays(NOON, 15)
    assert resumed(workdays(P), due, NOON, NOON) == due


@pytest.mark.parametrize("make", [workdays, days, hours, months])
def test_a_period_says_its_unit(make) -> None:
    assert make(P) == Period(make.__name__, P)


def test_a_deadline_runs_or_waits_in_all_its_states() -> None:
    answer: Deadline = next(d for d in COMPLAINT.deadlines if d.period.parameter == P)
    assert answer.states == {State.RECEIVED, State.ACKNOWLEDGED, State.WAITING}
