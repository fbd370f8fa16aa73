"""The indicators of an evaluation and their formulas: pure, integer points out of a hundred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Record:
    """What the platform's record says of an operator's year."""

    products: int = 0  # listed
    calls: int = 0  # delivered
    overdue: int = 0  # duties of the operator done late or not at all
    closures: int = 0  # of the operator or its products


@dataclass(frozen=True)
class Indicator:
    """A share of the hundred points and what it is given for."""

    key: str
    title: Text
    points: int
    formula: Text


INDICATORS = (
    Indicator(
        "products", Text("上架产品", "Products listed"), 30, Text("每个产品十五分，至多三十分", "15 each, at most 30")
    ),
    Indicator(
        "calls",
        Text("交付次数", "Answers delivered"),
        20,
        Text("有交付即得十分，满一百次得二十分", "10 for any, 20 from 100 on"),
    ),
    Indicator(
        "duties", Text("按时履职", "Duties on time"), 30, Text("每逾期一次扣五分", "5 off for each overdue duty")
    ),
    Indicator("safety", Text("安全运行", "Safe operation"), 20, Text("每关停一次扣五分", "5 off for each closure")),
)
GRADES = ((90, "excellent"), (70, "pass"), (60, "rectify"), (0, "fail"))


def points(record: Record) -> dict[str, int]:
    """Points by indicator."""
    return {
        "products": min(30, 15 * record.products),
        "calls": 0 if record.calls == 0 else 20 if record.calls >= 100 else 10,
        "duties": max(0, 30 - 5 * record.overdue),
        "safety": max(0, 20 - 5 * record.closures),
    }


def grade(given: Mapping[str, int]) -> str:
    """The grade of the sum."""
    total = sum(given.values())
    return next(name for least, name in GRADES if total >= least)
