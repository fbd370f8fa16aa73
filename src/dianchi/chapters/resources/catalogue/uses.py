"""What a data item may be used for at most, from its category: the profile that no provider may widen."""

from __future__ import annotations

from typing import Any

from dianchi.chapters.resources.catalogue.states import USES
from dianchi.engines.classify import CATEGORIES, Grade, Sort

# Beside the categories that detection knows, a department may state only how a data item bears on a person.
_SORTS = {
    "identifier": Sort.DIRECT,
    "direct-identifier": Sort.DIRECT,
    "quasi-identifier": Sort.QUASI,
    "sensitive": Sort.SENSITIVE,
    "plain": Sort.PLAIN,
    "": Sort.PLAIN,
}
_ROW_BY_ROW = frozenset({"select", "compare"})
_OF_IDENTIFIERS = frozenset({"mask", "join"})
_HARMLESS = 1  # sub-level of general data that may be shown as it is


def sort(column: dict[str, Any]) -> Sort:
    """How the data item bears on a person."""
    key = column["category"]
    return _SORTS[key] if key in _SORTS else CATEGORIES[key].sort if key in CATEGORIES else Sort.PLAIN


def unknown(column: dict[str, Any]) -> bool:
    """Whether it has a use that there is not."""
    return not set(column["uses"]) <= set(USES)


def unknown_category(column: dict[str, Any]) -> bool:
    """Whether nobody can say what its category admits."""
    return column["category"] not in _SORTS and column["category"] not in CATEGORIES


def too_wide(column: dict[str, Any]) -> bool:
    """Whether, in a resource about somebody, its uses would show or probe single persons."""
    used, kind = set(column["uses"]), sort(column)
    if kind is Sort.DIRECT:
        return not used <= _OF_IDENTIFIERS
    known = CATEGORIES.get(column["category"])
    harmless = known is not None and known.level <= _HARMLESS
    return kind is not Sort.PLAIN and not harmless and bool(used & _ROW_BY_ROW)


def loosened(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether it may be used for more than before, or shows more under its mask."""
    more = not set(after["uses"]) <= set(before["uses"]) or not set(after["aggregates"]) <= set(before["aggregates"])
    return more or ("mask" in after["uses"] and after["mask"] != before["mask"])


def incomplete(column: dict[str, Any]) -> bool:
    """Whether a use lacks the function or mask without which it says nothing."""
    used = set(column["uses"])
    return ("aggregate" in used and not column["aggregates"]) or ("mask" in used and not column["mask"])


def identifies(column: dict[str, Any]) -> bool:
    """Whether it tells who somebody is, or what must not be known about an identified person."""
    return sort(column) in (Sort.DIRECT, Sort.SENSITIVE)


def too_low(grade: str, columns: list[dict[str, Any]]) -> bool:
    """Whether the grade is below that of personal information, or of sensitive where there is such."""
    sensitive = any(sort(c) is Sort.SENSITIVE for c in columns)
    return Grade.of(grade) < (Grade.GENERAL_3 if sensitive else Grade.GENERAL_2)


def below_its_items(grade: str, columns: list[dict[str, Any]]) -> bool:
    """Whether the grade is below that of one of the data items: a set is graded as its highest (GB/T 43697)."""
    return any(c.get("grade") and Grade.of(grade) < Grade.of(c["grade"]) for c in columns)
