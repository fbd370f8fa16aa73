"""Measures and thresholds as values, and what is asked of their expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import exp

from dianchi.engines.guard.decide import coarsening
from dianchi.engines.guard.labels import Carry, Col, Sym

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Measure:
    """One aggregate of a thresholded group: `function(arg)`, NULL where it rests on too few."""

    name: str
    function: str  # rows, subjects, count, sum, avg, distinct, min, max
    arg: exp.Expr | None = None
    conditions: tuple[int, ...] = ()  # indexes of the conditions that it depends on
    dominated: bool = False  # whether dominance is asked
    partial: bool = False  # whether the rows it leaves out (NULL) must be none or enough
    double: bool = False  # whether its columns are to be read as floating point
    whole: bool = False  # whether all its columns are whole numbers, to be read wide enough
    share: str = ""  # of a quantile: the part of the subjects that lies below it


@dataclass(frozen=True)
class Threshold:
    """A declassifying group, ready to be rendered."""

    alias: str
    keys: tuple[exp.Expr, ...]
    sets: tuple[tuple[int, ...], ...]
    measures: tuple[Measure, ...]
    conditions: tuple[exp.Expr, ...]
    exclusive: bool
    carries: tuple[Carry, ...]
    least: int
    columns: Mapping[str, Col]
    joined: bool  # whether a row may fall into several cells, so that these must be compared
    predicated: bool  # whether the author chose rows or buckets, so that even a count of groups may tell
    text: str
    place: tuple[str, int, int]  # of its condition in the author's text
    wide: Mapping[tuple[str, str], str] = field(
        default_factory=dict
    )  # decimals read wide, so that no product overflows


@dataclass
class Found:
    """The measures and conditions gathered so far."""

    measures: dict[str, Measure] = field(default_factory=dict)
    syms: dict[str, list[Sym]] = field(default_factory=dict)
    conditions: dict[str, exp.Expr] = field(default_factory=dict)
    condition_syms: list[Sym] = field(default_factory=list)


def aggregates(node: exp.Expr) -> bool:
    """Whether an expression holds an aggregate that is not a window."""
    for a in node.find_all(exp.AggFunc):
        above = a.parent if not isinstance(a.parent, exp.Filter) else a.parent.parent
        if not (
            isinstance(above, exp.Window)
            and (a is above.this or (isinstance(above.this, exp.Filter) and a is above.this.this))
        ):
            return True
    return False


def where(guard: exp.Expr | None, arg: exp.Expr) -> exp.Expr:
    if guard is None:
        return arg.copy()
    return exp.Case(ifs=[exp.If(this=guard.copy(), true=arg.copy())])


def unparen(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def value_syms(s: Sym) -> Iterator[Sym]:
    """The parts of an argument that give its value."""
    if s.op == "case":
        for a in s.args:
            if isinstance(a, Sym):
                yield [x for x in a.args if isinstance(x, Sym)][1] if a.op == "if" else a
    elif s.op == "either":
        for a in s.args:
            if isinstance(a, Sym):
                yield from value_syms(a)
    else:
        yield s


def never_null(s: Sym) -> bool:
    return not s.leaves


def either_of_leaves(s: Sym) -> bool:
    return s.op == "either" and all(
        isinstance(a, Sym) and (a.op == "leaf" or not a.closed or coarsening(a) or either_of_leaves(a)) for a in s.args
    )


def own_keys(keys: Iterable[exp.Expr], alias: str) -> list[exp.Expr]:
    """The keys that are columns of one relation."""
    return [k for k in keys if isinstance(k, exp.Column) and k.table == alias]


def chains(sets: tuple[tuple[int, ...], ...], above: tuple[int, ...] | None = None) -> list[list[tuple[int, ...]]]:
    """Every maximal chain of grouping sets strictly finer than `above`, coarsest first."""
    finer = [s for s in sets if above is None or set(s) > set(above)]
    direct = [s for s in finer if not any(set(t) < set(s) for t in finer)]
    found: list[list[tuple[int, ...]]] = []
    for s in direct:
        found += [[s, *rest] for rest in chains(sets, s) or [[]]]
    return found


def is_chain(sets: tuple[tuple[int, ...], ...]) -> bool:
    ordered = sorted((frozenset(s) for s in sets), key=len)
    return all(a < b for a, b in pairwise(ordered))
