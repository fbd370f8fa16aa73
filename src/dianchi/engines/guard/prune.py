"""Which columns of which relation are really needed; nothing else is read, so the verifier can insist on it."""

from __future__ import annotations

from collections import defaultdict

from sqlglot import exp

from dianchi.engines.guard.label import Labeller
from dianchi.engines.guard.tree import Block, Query, SetOp, expressions, inner_names


class Needs:
    """Needed columns by relation, and needed outputs by query."""

    def __init__(self, labeller: Labeller) -> None:
        self.labeller = labeller
        self.columns: dict[str, set[str]] = defaultdict(set)
        self.outputs: dict[int, set[int]] = defaultdict(set)
        self._ctes: dict[str, set[int]] = defaultdict(set)
        bound = labeller.bound
        self.mark(bound.root, set(range(len(bound.root.names))))
        for name, query in reversed(bound.ctes):
            again = isinstance(query, SetOp) and query.recursive
            self.mark(query, set(range(len(query.names))) if again else self._ctes[name])

    def mark(self, query: Query, wanted: set[int]) -> None:
        """Note what a query needs to give the wanted outputs."""
        if isinstance(query, SetOp):
            every = set(range(len(query.names)))
            wanted = wanted if query.kind == "UNION" and not query.distinct else every
            self.outputs[id(query)] |= wanted
            self.mark(query.left, wanted)
            self.mark(query.right, wanted)
            return
        if query.distinct or query.distinct_on:
            wanted = set(range(len(query.names)))
        self.outputs[id(query)] |= wanted
        for e in self.parts(query, wanted):
            self.expression(e)
        for item in reversed(query.items):
            indexes = {int(c[1:]) - 1 for c in self.columns[item.alias]} if item.table is None else set()
            if item.cte:
                self._ctes[item.cte] |= indexes
            elif item.query is not None:
                self.mark(item.query, indexes)

    def parts(self, b: Block, wanted: set[int]) -> list[exp.Expr]:
        """The expressions of a block that matter."""
        dropped = {id(o) for i, o in enumerate(b.outputs) if i not in wanted}
        found = [e for e in expressions(b) if id(e) not in dropped]
        threshold = self.labeller.thresholds.get(id(b))
        if threshold is not None:
            found += [*threshold.keys, *threshold.conditions, *(m.arg for m in threshold.measures if m.arg is not None)]
        for item in b.items:
            if item.rows is not None:
                found.append(item.rows)
        for c in threshold.carries if threshold else ():
            if c.own:
                alias, name = c.hidden.split(".", 1)
                self.columns[alias].add(name)
        return found

    def expression(self, e: exp.Expr) -> None:
        for c in e.find_all(exp.Column):
            self.columns[c.table].add(c.name)
        for name in inner_names(e):
            inner = self.labeller.bound.inner[name]
            self.mark(inner, set(range(len(inner.names))))
