"""Statutory time: the calendar against an independent package, tables round the holidays, and properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dianchi.kernel import workdays as w

at = lambda *a: datetime(*a, tzinfo=w.SHANGHAI)  # noqa: E731
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_agrees_with_the_published_arrangement(year: int) -> None:
    start = date(year, 1, 1)
    for i in range((date(year + 1, 1, 1) - start).days):
        day = start + timedelta(days=i)
        assert w.is_workday(day) == chinese_calendar.is_workday(day), day
    assert "国办发明电" in w.CALENDARS[year].source
    assert not w.is_provisional(start)


@pytest.mark.parametrize(
    ("event", "n", "last"),
    [
        # Spring Festival 2025: 28 January to 4 February off, 26 January and 8 February worked
        (date(2025, 1, 24), 1, date(2025, 1, 26)),
        (date(2025, 1, 24), 3, date(2025, 2, 5)),
        (date(2025, 1, 27), 3, date(2025, 2, 7)),
        (date(2025, 1, 27), 4, date(2025, 2, 8)),
        # Spring Festival 2026: 15 to 23 February off, 14 and 28 February worked
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2026, 2, 16), 5, date(2026, 2, 28)),
        (date(2026, 2, 27), 2, date(2026, 3, 2)),
        # National Day 2025 with Mid-Autumn: 1 to 8 October off, 28 September and 11 October worked
        (date(2025, 9, 26), 3, date(2025, 9, 30)),
        (date(2025, 9, 30), 3, date(2025, 10, 11)),
        (date(2025, 9, 30), 20, date(2025, 11, 4)),
        # National Day 2026: a registration applied for on the Friday before
        (date(2026, 9, 25), 3, date(2026, 9, 30)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        # the event's own day never counts, though it be a day off
        (date(2026, 10, 3), 1, date(2026, 10, 8)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
    ],
)
def test_working_days_are_counted_from_the_day_after(event: date, n: int, last: date) -> None:
    assert w.add_workdays(event, n) == last
    assert w.due_workdays(at(event.year, event.month, event.day, 23, 59), n) == at(
        last.year, last.month, last.day
    ) + timedelta(days=1)


@given(days, st.integers(1, 60))
def test_between_undoes_add(day: date, n: int) -> None:
    last = w.add_workdays(day, n)
    assert w.is_workday(last)
    assert w.workdays_between(day, last) == n
    assert w.workdays_between(last, day) == -n


@given(days, st.integers(0, 30), st.integers(0, 30))
def test_periods_add_up_and_never_shrink(day: date, m: int, n: int) -> None:
    assert w.add_workdays(w.add_workdays(day, m), n) == w.add_workdays(day, m + n)
    assert w.add_workdays(day, n) <= w.add_workdays(day + timedelta(days=1), n)


@given(days, st.integers(1, 400))
def test_calendar_days_end_on_a_working_day_and_no_sooner(day: date, n: int) -> None:
    last = w.last_day(w.due_days(at(day.year, day.month, day.day, 12), n))
    assert w.is_workday(last)
    assert last >= day + timedelta(days=n)
    assert w.workdays_between(day + timedelta(days=n - 1), last) <= 1  # nothing worked is skipped


def test_calendar_days_ending_in_the_festival_move_behind_it() -> None:
    assert w.last_day(w.due_days(at(2026, 2, 6, 9), 10)) == date(2026, 2, 24)
    assert w.last_day(w.due_days(at(2026, 1, 31, 9), 14)) == date(2026, 2, 14)  # a make-up Saturday is worked
    assert w.last_day(w.due_months(at(2025, 11, 30), 3)) == date(2026, 2, 28)


def test_the_legal_day_is_that_of_shanghai() -> None:
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # already the third in Kunming
    assert w.local_day(late) == date(2026, 3, 3)
    assert w.due_workdays(late, 1) == at(2026, 3, 5)
    assert w.last_day(w.due_workdays(late, 1)) == date(2026, 3, 4)


def test_hours_run_through_the_night() -> None:
    assert w.due_hours(at(2026, 2, 16, 22), 4) == at(2026, 2, 17, 2)
    assert w.due_hours(at(2026, 2, 16, 22), Decimal("0.5")) == at(2026, 2, 16, 22, 30)


def test_months_and_years_end_with_the_month() -> None:
    assert w.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert w.add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert w.add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert w.add_months(date(2025, 11, 15), 14) == date(2027, 1, 15)
    assert w.add_years(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert w.add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_a_year_without_notice_is_provisional_and_can_be_loaded() -> None:
    assert w.is_provisional(date(2027, 3, 1))
    assert not w.is_workday(date(2027, 10, 1))
    assert not w.is_workday(date(2027, 1, 2))  # a Saturday
    assert w.is_workday(date(2027, 2, 8))
    notice = w.CalendarYear(2027, frozenset({date(2027, 2, 8)}), frozenset({date(2027, 2, 13)}), "a notice")
    loaded = w.DEFAULT.with_year(notice)
    assert not w.is_provisional(date(2027, 3, 1), loaded)
    assert w.add_workdays(date(2027, 2, 5), 5, loaded) == date(2027, 2, 13)
    assert w.is_provisional(date(2027, 3, 1))  # the default is untouched


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(TypeError):
        w.local_day(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(TypeError):
        w.due_hours(datetime(2026, 1, 1), 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="negative"):
        w.add_workdays(date(2026, 1, 5), -1)
    with pytest.raises(ValueError, match="another year"):
        w.CalendarYear(2027, frozenset({date(2026, 1, 1)}))
    with pytest.raises(ValueError, match="both"):
        w.CalendarYear(2027, frozenset({date(2027, 1, 2)}), frozenset({date(2027, 1, 2)}))
