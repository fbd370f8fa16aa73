"""The bound query: blocks with every name resolved, every star expanded, every WITH in one ordered list.

Expressions stay trees of the parser. A query inside an expression is `Var("#n")`, n its number in `Bound.inner`.
Relations are called r1, r2…, their columns by their real name (scans) or c1, c2… (everything else).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from dianchi.engines.guard.grant import Table


@dataclass
class Item:
    """One relation of a FROM: a scan, a WITH query by name, a query, or literal rows."""

    alias: str
    width: int = 0
    table: Table | None = None
    cte: str = ""
    query: Query | None = None
    rows: exp.Values | None = None
    node: exp.Expr | None = None
    lateral: bool = False  # whether its query names relations before it


@dataclass
class Join:
    """A further relation of a FROM and how it is joined."""

    item: Item
    side: str = ""  # "", LEFT, RIGHT, FULL
    on: exp.Expr | None = None
    node: exp.Expr | None = None


@dataclass
class Order:
    """One sort key."""

    key: exp.Expr
    desc: bool
    nulls_first: bool


@dataclass
class Block:
    """One SELECT. `sets` holds, for each grouping set, the indexes of its keys; None without grouping."""

    first: Item | None = None
    joins: list[Join] = field(default_factory=list)
    where: exp.Expr | None = None
    keys: list[exp.Expr] = field(default_factory=list)
    sets: list[tuple[int, ...]] | None = None
    having: exp.Expr | None = None
    outputs: list[exp.Expr] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    qualify: exp.Expr | None = None
    distinct: bool = False
    distinct_on: list[exp.Expr] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    limit: exp.Expr | None = None
    offset: exp.Expr | None = None
    node: exp.Expr | None = None

    @property
    def items(self) -> list[Item]:
        """All relations of the FROM in order."""
        return ([self.first] if self.first else []) + [j.item for j in self.joins]


@dataclass
class SetOp:
    """UNION, EXCEPT or INTERSECT of two queries of the same width."""

    kind: str
    distinct: bool
    left: Query
    right: Query
    names: list[str] = field(default_factory=list)
    node: exp.Expr | None = None
    recursive: str = ""  # the name of the WITH query that its right side reads again


Query = Block | SetOp


@dataclass
class Bound:
    """A bound query with its WITH queries in order and the queries inside expressions."""

    root: Query
    ctes: list[tuple[str, Query]]
    inner: dict[str, Query]
    parameters: set[str]
    scans: dict[str, str]  # relations that are tables, and which


def inner_names(node: exp.Expr) -> list[str]:
    """The queries inside an expression."""
    return [v.name for v in node.find_all(exp.Var) if v.name.startswith("#")]


def columns(node: exp.Expr | None) -> list[exp.Column]:
    """The columns an expression names, not looking into its inner queries."""
    return [] if node is None else list(node.find_all(exp.Column))


def conjuncts(node: exp.Expr | None) -> list[exp.Expr]:
    """The terms of a conjunction, without recursion."""
    found, stack = [], [node] if node is not None else []
    while stack:
        n = stack.pop()
        if isinstance(n, exp.And):
            stack += [n.expression, n.this]
        elif isinstance(n, exp.Paren):
            stack.append(n.this)
        elif isinstance(n, exp.Expr):
            found.append(n)
    return found


def reached_by_equality(b: Block, start: set[str]) -> tuple[dict[str, list[exp.Expr]], set[str]]:
    """From some relations along equalities: each further relation with its side of the equalities, and all reached."""
    terms = [t for t in conjuncts_of(b) if isinstance(t, exp.EQ) and not inner_names(t)]
    reached, found = set(start), dict[str, list[exp.Expr]]()
    while True:
        step: dict[str, list[exp.Expr]] = {}
        for t in terms:
            sides = [(x, {c.table for c in columns(x)}) for x in (t.this, t.expression)]
            for (mine, a), (_, other) in (sides, sides[::-1]):
                if len(a) == 1 and not a & reached and other and other <= reached:
                    step.setdefault(next(iter(a)), []).append(mine)
        if not step:
            return found, reached
        found |= step
        reached |= set(step)


def conjuncts_of(b: Block) -> list[exp.Expr]:
    """All terms of WHERE and of the joins' conditions."""
    return [t for e in (b.where, *(j.on for j in b.joins)) for t in conjuncts(e)]


def compared_with_others(b: Block, alias: str) -> bool:
    """Whether a condition names this relation together with another of the block."""
    local = {i.alias for i in b.items}
    named = [{c.table for c in columns(t)} & local for t in conjuncts_of(b)]
    return any(alias in n and len(n) > 1 for n in named)


def all_of(terms: list[exp.Expr]) -> exp.Expr | None:
    """The conjunction of terms, or None if there are none; balanced, so that many terms are not deep."""
    if not terms:
        return None
    while len(terms) > 1:
        pairs = [terms[i : i + 2] for i in range(0, len(terms), 2)]
        terms = [p[0] if len(p) == 1 else exp.And(this=_bracketed(p[0]), expression=_bracketed(p[1])) for p in pairs]
    return terms[0]


def _bracketed(node: exp.Expr) -> exp.Expr:
    return exp.Paren(this=node) if isinstance(node, exp.Or | exp.Not | exp.Subquery) else node


def expressions(block: Block) -> list[exp.Expr]:
    """Every expression that stands in a block."""
    found = [*block.outputs, *block.keys, *block.distinct_on, *(o.key for o in block.order)]
    found += [j.on for j in block.joins if j.on is not None]
    return found + [e for e in (block.where, block.having, block.qualify) if e is not None]


def bare_copy(node: exp.Expr) -> exp.Expr:
    """A copy without places in the text: much of the time of a copy goes into these."""
    args: dict[str, object] = {}
    for key, value in node.args.items():
        if isinstance(value, list):
            args[key] = [bare_copy(v) if isinstance(v, exp.Expr) else v for v in value]
        else:
            args[key] = bare_copy(value) if isinstance(value, exp.Expr) else value
    return type(node)(**args)


_HERE = threading.local()


def text_of(node: exp.Expr) -> str:
    """An expression in DuckDB's words; the node stays as it is."""
    return written(bare_copy(node))


def written(node: exp.Expr) -> str:
    """An expression of our own in DuckDB's words, by one writer for each thread; the node may be changed."""
    writer = getattr(_HERE, "writer", None)
    if writer is None:
        writer = _HERE.writer = DuckDB().generator(normalize_functions=False, comments=False)
    return str(writer.generate(node, copy=False))
