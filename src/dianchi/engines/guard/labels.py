"""Labels: what every column of every relation still needs, and whose rows they are.

An expression is kept as a `Sym`: the whole expression over base columns, seen through every subquery, WITH query and
alias, so that the rules of `decide` judge what is really computed and never a name for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp


@dataclass(frozen=True)
class Leaf:
    """A base column in one scan, or a column derived within one subject (a window), with what it allows."""

    place: str
    table: str
    column: str
    type: str
    uses: frozenset[str]
    aggregates: frozenset[str] = frozenset()
    free: bool = False

    @property
    def name(self) -> str:
        """As a refusal names it: visits.cost."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class Sym:
    """An expression over leaves. `leaves` are all leaves in it, free or not; `origins` every column it came from."""

    op: str
    args: tuple[Sym | str, ...] = ()
    leaf: Leaf | None = None
    leaves: frozenset[Leaf] = frozenset()
    origins: frozenset[str] = frozenset()
    freed: frozenset[str] = frozenset()  # what declassified parts of it
    size: int = 1
    text: str = ""

    @property
    def closed(self) -> frozenset[Leaf]:
        """The leaves that still need declassifying."""
        return frozenset(x for x in self.leaves if not x.free)


COMMUTES = frozenset(["add", "mul", "and", "or", "eq", "neq", "nullsafeeq", "nullsafeneq", "either", "coalesce_sorted"])
MAX_SYM = 4_000


def sym(op: str, *args: Sym | str) -> Sym:
    """An expression over others; its canonical text does not depend on the order of commuting operands."""
    inner = [a for a in args if isinstance(a, Sym)]
    texts = [a.text if isinstance(a, Sym) else a for a in args]
    if op in COMMUTES:
        texts.sort()
    text = f"{op}({','.join(texts)})"
    return Sym(
        op,
        args,
        None,
        frozenset().union(*(a.leaves for a in inner)),
        frozenset().union(*(a.origins for a in inner)),
        frozenset().union(*(a.freed for a in inner)),
        1 + sum(a.size for a in inner),
        text if len(text) < 20_000 else f"{op}#{hash(text)}",
    )


def leaf_sym(leaf: Leaf, freed: str = "") -> Sym:
    """A leaf as an expression."""
    marks = frozenset([freed]) if freed else frozenset()
    return Sym(
        "leaf",
        (),
        leaf,
        frozenset([leaf]),
        frozenset([leaf.name]),
        marks,
        1,
        f"{leaf.table}.{leaf.column}@{leaf.place}",
    )


def released(text: str, inner: Iterable[Sym], by: str) -> Sym:
    """What a thresholded group lets go: free, but its origins are remembered."""
    syms = list(inner)
    origins = frozenset().union(*(s.origins for s in syms)) if syms else frozenset()
    return Sym("released", (), None, frozenset(), origins, frozenset([by]), 1, f"released({text})")


@dataclass(frozen=True)
class Col:
    """A column of a relation. `carries` is the subject column (of this relation) that it equals, if it is one."""

    sym: Sym
    carries: str = ""


@dataclass(frozen=True)
class Carry:
    """A subject carried upward: the hidden column that holds it, its kind, and the threshold it asks for."""

    hidden: str
    kind: str
    least: int
    table: str
    max_rows: int | None = None
    own: bool = False


@dataclass(frozen=True)
class Rel:
    """A relation: its columns, its row taint, its subjects."""

    columns: Mapping[str, Col]
    carries: tuple[Carry, ...] = ()
    taint: Mapping[Leaf, exp.Expr] = field(default_factory=dict)
    mixed: exp.Expr | None = None  # the clause that mixed rows of several subjects
    scans: tuple[str, ...] = ()
    predicates: frozenset[str] = frozenset()
    outer: frozenset[tuple[str, str]] = frozenset()  # columns of queries around it that it uses

    @property
    def protected(self) -> bool:
        """Whether its rows are still rows of subjects."""
        return bool(self.carries)
