"""Thresholds computed the slow and obvious way, in plain Python, from the rules of guard.md 3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import product

from tests.engines.guard.people import K, Row

Test = Callable[[Row], bool]
Key = Callable[[Row], object]


def answer(
    rows: Sequence[Row], where: Test, keys: Sequence[Key], measures: Sequence[tuple[str, Test | None]]
) -> list[tuple[object, ...]]:
    """The rows that may be released. A measure is its name and its condition; the row filter is the grant's."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row[1].startswith("5301") and where(row):
            groups[tuple(k(row) for k in keys)].append(row)
    if not keys and not groups:
        return []
    tests = [t for _, t in measures if t is not None]
    return [
        (*key, *(cell(group, name, test, tests) for name, test in measures))
        for key, group in groups.items()
        if len(people(group)) >= K
    ]


def people(rows: Sequence[Row]) -> set[str]:
    """The subjects behind some rows."""
    return {r[0] for r in rows}


def cell(group: Sequence[Row], name: str, test: Test | None, tests: Sequence[Test]) -> object:
    """One measure, or None if it rests on too few or tells of too few."""
    if test is not None:
        for signs in product((True, False), repeat=len(tests)):
            part = [r for r in group if all(t(r) == s for t, s in zip(tests, signs, strict=True))]
            if part and len(people(part)) < K:
                return None
        group = [r for r in group if test(r)]
        if len(people(group)) < K:
            return None
    if name == "count":
        return len(group)
    if name == "people":
        return len(people(group))
    valued = [r for r in group if r[3] is not None]
    if len(people(valued)) < K:
        return None
    if name == "valued":
        rest = [r for r in group if r[3] is None]
        return None if rest and len(people(rest)) < K else len(valued)
    return spread(valued, name)


def spread(valued: Sequence[Row], name: str) -> object:
    """Sum or mean of cost, unless one or two subjects hold too much of it."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for r in valued:
        totals[r[0]] += Decimal(str(r[3]))
    shares = sorted((abs(t) for t in totals.values()), reverse=True)
    whole = sum(shares)
    if shares[0] > Decimal("0.85") * whole or sum(shares[:2]) > Decimal("0.90") * whole:
        return None
    total = sum(totals.values())
    return total if name == "sum" else float(total) / len(valued)
