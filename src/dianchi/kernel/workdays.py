"""Statutory time: working days over a yearly calendar held as data, and the ends of periods under the Civil Code.

The day of the event is not counted; a period ends at 24:00 of its last day in Asia/Shanghai, written as 00:00 of the
next day; a period in calendar days, months or years whose last day is no working day ends on the next working day
(Civil Code, arts. 201-203). A year without a State Council notice is computed from weekends and the holidays of fixed
date and is provisional. The functions take the calendar as an argument, so that one loaded from storage fits as well.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class CalendarYear:
    """One year's exceptions to the working week, as its notice sets them."""

    year: int
    holidays: frozenset[date] = frozenset()  # days off; those on a weekend may be listed too
    make_up: frozenset[date] = frozenset()  # Saturdays and Sundays that are worked
    source: str = ""  # number of the State Council notice
    provisional: bool = False  # no notice yet: days may move

    def __post_init__(self) -> None:
        if any(day.year != self.year for day in self.holidays | self.make_up):
            raise ValueError(f"a day of the calendar of {self.year} lies in another year")
        if self.holidays & self.make_up:
            raise ValueError(f"a day of the calendar of {self.year} is both off and worked")

    def is_workday(self, day: date) -> bool:
        """Whether this day of the year is worked."""
        return day in self.make_up or (day.weekday() < _SATURDAY and day not in self.holidays)


@dataclass(frozen=True)
class Calendar:
    """The years we have notices for; any other year is provisional."""

    years: Mapping[int, CalendarYear] = field(default_factory=dict)

    def year(self, number: int) -> CalendarYear:
        """That year's exceptions, computed where no notice is loaded."""
        return self.years.get(number) or provisional_year(number)

    def with_year(self, year: CalendarYear) -> Calendar:
        """A calendar in which this year stands as given."""
        return Calendar(MappingProxyType({**self.years, year.year: year}))

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked."""
        return self.year(day.year).is_workday(day)


@cache
def provisional_year(number: int) -> CalendarYear:
    """A year without notice: weekends and the holidays of fixed date, Spring Festival and the like left out.

    Leaving a holiday out makes a deadline fall earlier, never later.
    """
    # New Year, Labour Day, National Day; the second day of May is a holiday from 2025 on.
    fixed = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)] + ([(5, 2)] if number >= 2025 else [])
    return CalendarYear(number, frozenset(date(number, m, d) for m, d in fixed), provisional=True)


def _load(number: int) -> CalendarYear:
    data = json.loads((files("dianchi.kernel.calendars") / f"{number}.json").read_text("utf-8"))
    return CalendarYear(
        data["year"],
        frozenset(map(date.fromisoformat, data["holidays"])),
        frozenset(map(date.fromisoformat, data["make_up"])),
        data["source"],
    )


CALENDARS: Mapping[int, CalendarYear] = MappingProxyType({number: _load(number) for number in (2024, 2025, 2026)})
DEFAULT = Calendar(CALENDARS)


def is_workday(day: date, calendar: Calendar = DEFAULT) -> bool:
    """Whether the day is worked: make-up weekends are, holidays are not."""
    return calendar.is_workday(day)


def is_provisional(day: date, calendar: Calendar = DEFAULT) -> bool:
    """Whether the day lies in a year whose notice is not loaded, so that a deadline there may still move."""
    return calendar.year(day.year).provisional


def next_workday(day: date, calendar: Calendar = DEFAULT) -> date:
    """The day itself if it is worked, else the first worked day after it."""
    while not calendar.is_workday(day):
        day += _DAY
    return day


def add_workdays(day: date, n: int, calendar: Calendar = DEFAULT) -> date:
    """The n-th working day after the day of the event, which is not counted; n = 0 is the day itself."""
    _not_negative(n)
    while n:
        day += _DAY
        n -= calendar.is_workday(day)
    return day


def workdays_between(start: date, end: date, calendar: Calendar = DEFAULT) -> int:
    """Working days after start up to and including end; negative when end lies before start.

    The inverse of add_workdays: workdays_between(d, add_workdays(d, n)) == n.
    """
    if end < start:
        return -workdays_between(end, start, calendar)
    return sum(calendar.is_workday(start + _DAY * i) for i in range(1, (end - start).days + 1))


def add_months(day: date, n: int) -> date:
    """The same day n months on, or the last day of that month where it has no such day (Civil Code, art. 202)."""
    years, month = divmod(day.month - 1 + n, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_years(day: date, n: int) -> date:
    """The same day n years on; 29 February becomes 28 February in a common year."""
    return add_months(day, 12 * n)


def local_day(at: datetime) -> date:
    """The day on which the moment falls in Asia/Shanghai."""
    if at.tzinfo is None:
        raise TypeError("a time without a zone has no legal day")
    return at.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """24:00 of the day in Asia/Shanghai, which is 00:00 of the next."""
    return datetime.combine(day + _DAY, time(), SHANGHAI)


def last_day(due: datetime) -> date:
    """The last day of a period that ends at this moment: what end_of was given."""
    return local_day(due - timedelta(microseconds=1))


def due_workdays(at: datetime, n: int, calendar: Calendar = DEFAULT) -> datetime:
    """The end of a period of n working days that begins with an event at this moment."""
    return end_of(add_workdays(local_day(at), n, calendar))


def due_days(at: datetime, n: int, calendar: Calendar = DEFAULT) -> datetime:
    """The end of a period of n calendar days, moved to the next working day where it ends on a day off."""
    _not_negative(n)
    return end_of(next_workday(local_day(at) + _DAY * n, calendar))


def due_months(at: datetime, n: int, calendar: Calendar = DEFAULT) -> datetime:
    """The end of a period of n months (12 for a year), moved to the next working day like due_days."""
    _not_negative(n)
    return end_of(next_workday(add_months(local_day(at), n), calendar))


def due_hours(at: datetime, n: int | Decimal) -> datetime:
    """The moment n hours later; hours run through nights and holidays."""
    if at.tzinfo is None:
        raise TypeError("a time without a zone has no legal day")
    _not_negative(n)
    seconds = int(Decimal(n) * 3600)
    return (at.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(SHANGHAI)


def _not_negative(n: int | Decimal) -> None:
    if n < 0:
        raise ValueError("a period has no negative length")
