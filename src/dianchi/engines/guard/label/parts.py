"""What the rules ask of expressions and conditions: who is named, what is equated, what is held together."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from dianchi.engines.guard.labels import Leaf, Rel, Sym, leaf_sym
from dianchi.engines.guard.tree import (
    Block,
    columns,
    conjuncts,
)


class Links:
    """Which relations of a FROM equalities hold together."""

    def __init__(self, aliases: Iterable[str]) -> None:
        self.up = {a: a for a in aliases}
        self.terms: list[exp.Expr] = []

    def root(self, a: str) -> str:
        while self.up[a] != a:
            a = self.up[a]
        return a

    def join(self, left: set[str] | frozenset[str], right: set[str] | frozenset[str], term: exp.Expr) -> None:
        self.terms.append(term)
        if len(left) == len(right) == 1:
            self.up[self.root(next(iter(left)))] = self.root(next(iter(right)))


def taints(rel: Rel, without: frozenset[Leaf] = frozenset()) -> list[Sym]:
    return [leaf_sym(x) for x in sorted(rel.taint, key=lambda x: (x.name, x.place)) if x not in without]


def aliases(node: exp.Expr) -> frozenset[str]:
    return frozenset(c.table for c in columns(node))


def equalities(node: exp.Expr | None) -> list[tuple[exp.Column, exp.Column]]:
    return [
        (t.this, t.expression)
        for t in conjuncts(node)
        if isinstance(t, exp.EQ) and isinstance(t.this, exp.Column) and isinstance(t.expression, exp.Column)
    ]


def has_aggregates(b: Block) -> bool:
    from dianchi.engines.guard.measures import aggregates

    found = [
        *b.outputs,
        *(o.key for o in b.order),
        *([b.having] if b.having is not None else []),
        *([b.qualify] if b.qualify is not None else []),
    ]
    return any(aggregates(e) for e in found)
