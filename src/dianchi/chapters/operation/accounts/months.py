"""Months as texts, "2026-03": which lie where, and their first and last days."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date


def bounds(month: str) -> tuple[date, date]:
    """First and last day."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def month_of(day: date) -> str:
    """The month of a day."""
    return f"{day:%Y-%m}"


def months(first: date, last: date) -> Iterator[str]:
    """Every month from that of the first day to that of the last."""
    year, number = first.year, first.month
    while (year, number) <= (last.year, last.month):
        yield f"{year}-{number:02d}"
        year, number = (year, number + 1) if number < 12 else (year + 1, 1)
