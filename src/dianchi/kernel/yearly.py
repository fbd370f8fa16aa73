"""Duties that come every year: a day of the calendar as parameters write it, "03-31"."""

from __future__ import annotations

from datetime import date, datetime

from dianchi.kernel.workdays import end_of


def day_of(month_day: str, year: int) -> date:
    """That day of a year."""
    month, day = (int(part) for part in month_day.split("-"))
    return date(year, month, day)


def due_after(year: int, month_day: str) -> datetime:
    """The end of that day in the year after: when the report or disclosure of a year must be made."""
    return end_of(day_of(month_day, year + 1))
