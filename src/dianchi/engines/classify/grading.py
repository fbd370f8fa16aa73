"""Grades of GB/T 43697-2024, the decision table, and what a column of a category and grade may be used for by default.

The sub-levels 1 to 4 of general data and the table follow the standard's informative annexes; they are defaults that
a person confirms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from dianchi.engines.classify.categories import CATEGORIES, Sort


class Grade(IntEnum):
    """From harmless to core; the higher is chosen."""

    GENERAL_1 = 1
    GENERAL_2 = 2
    GENERAL_3 = 3
    GENERAL_4 = 4
    IMPORTANT = 5
    CORE = 6

    @property
    def code(self) -> str:
        """As contracts write it: GENERAL-1 to GENERAL-4, IMPORTANT, CORE."""
        return self.name.replace("_", "-")

    @classmethod
    def of(cls, code: str) -> Grade:
        """The grade of a code."""
        return cls[code.replace("-", "_")]


class Object(StrEnum):
    """Whose interest would be harmed."""

    NATIONAL_SECURITY = "national_security"
    PUBLIC = "public"  # economic operation, social order, public interest
    PRIVATE = "private"  # rights of organisations and persons


class Harm(IntEnum):
    """How much."""

    NONE = 0
    GENERAL = 1
    SERIOUS = 2
    ESPECIALLY_SERIOUS = 3


_TABLE = {
    Object.NATIONAL_SECURITY: (Grade.GENERAL_1, Grade.IMPORTANT, Grade.CORE, Grade.CORE),
    Object.PUBLIC: (Grade.GENERAL_1, Grade.GENERAL_4, Grade.IMPORTANT, Grade.CORE),
    Object.PRIVATE: (Grade.GENERAL_1, Grade.GENERAL_2, Grade.GENERAL_3, Grade.GENERAL_4),
}


def grade(harms: Iterable[tuple[Object, Harm]]) -> Grade:
    """The grade by the decision table, the highest of all harms."""
    return max((_TABLE[whom][how] for whom, how in harms), default=Grade.GENERAL_1)


def grade_of_set(grades: Iterable[Grade]) -> Grade:
    """A set has the highest grade of its items."""
    return max(grades, default=Grade.GENERAL_1)


@dataclass(frozen=True)
class Uses:
    """Uses of a column in the guard's terms; an authorization may narrow them, never widen."""

    uses: tuple[str, ...]
    mask: str = ""
    aggregates: tuple[str, ...] = ()


_NOTHING = Uses(())
_MEASURED = ("count", "sum", "avg")


def default_uses(category: str, grade: Grade, kind: str = "string") -> Uses:
    """What a column may be used for, from its category, grade and type, before anybody narrows it."""
    if grade >= Grade.IMPORTANT:
        return _NOTHING
    known = CATEGORIES.get(category)
    if known is not None and known.sort is not Sort.PLAIN:
        return Uses(known.uses, known.mask) if known.uses else _NOTHING
    if grade is Grade.GENERAL_1:
        return Uses(("select",))
    if kind in {"integer", "double"} or kind.startswith("decimal"):
        return Uses(("aggregate",), aggregates=_MEASURED)
    return Uses(("group", "filter")) if grade <= Grade.GENERAL_3 else Uses(("group",))
