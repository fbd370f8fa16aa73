"""Every block bottom-up: rows stay rows, thresholded groups declassify."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.label.parts import aliases, has_aggregates
from dianchi.engines.guard.label.rows import Rows
from dianchi.engines.guard.labels import Col, Rel
from dianchi.engines.guard.measures import Measures
from dianchi.engines.guard.tree import (
    Block,
    Bound,
    Query,
    SetOp,
    all_of,
    columns,
    conjuncts,
    inner_names,
)
from dianchi.engines.guard.trouble import Trouble


def label(bound: Bound, trouble: Trouble, used: Collection[tuple[str, str]]) -> Labeller:
    """Label the whole statement and judge what leaves it; `used` are the columns it names."""
    labeller = Labeller(bound, trouble, used)
    for name, query in bound.ctes:
        labeller.ctes[name] = labeller.query(query)
    rel = labeller.query(bound.root)
    labeller.root = rel
    labeller.leaves(bound.root, rel)
    return labeller


class Labeller(Rows):
    """Walks the blocks bottom-up."""

    def query(self, query: Query) -> Rel:
        """Label a block or a set operation."""
        return self.set_operation(query) if isinstance(query, SetOp) else self.block(query)

    def leaves(self, query: Query, rel: Rel) -> None:
        """Rule 2: what leaves row by row must be free, and free of taint."""
        outputs = query.outputs if isinstance(query, Block) else [query.node] * len(query.names)
        for out, col in zip(outputs, rel.columns.values(), strict=True):
            for leaf in sorted(col.sym.closed, key=lambda x: x.name):
                self.trouble.add(says.ROW_COLUMN, out, leaf.name)
        for leaf, node in rel.taint.items():
            if not leaf.free:
                self.trouble.add(says.ROW_TAINT, node, leaf.name)

    def block(self, b: Block) -> Rel:
        """Label one SELECT."""
        for item in b.items:
            self.rels[item.alias] = self.item(item)
        local = frozenset(i.alias for i in b.items)
        outer: set[tuple[str, str]] = set()
        rel = self.joined(b, local, outer)
        if b.distinct and b.sets is None and not has_aggregates(b):
            self.distinct(b, rel)
        grouped = b.sets is not None or has_aggregates(b) or b.having is not None
        if rel.protected and grouped:
            return self.thresholded(b, rel, local, outer)
        result = self.rows(b, rel, local, outer, grouped)
        return replace(result, outer=frozenset(outer))

    def distinct(self, b: Block, rel: Rel) -> None:
        """DISTINCT over protected rows is a group by all outputs."""
        if rel.protected and not any(e.find(exp.Window) for e in b.outputs):
            b.keys = []
            for o in b.outputs:
                if o not in b.keys:
                    b.keys.append(o.copy())
            b.sets = [tuple(range(len(b.keys)))]
            b.distinct = False

    def thresholded(self, b: Block, rel: Rel, local: frozenset[str], outer: set[tuple[str, str]]) -> Rel:
        """Rule 3: the declassifier."""
        if rel.mixed is not None:
            raise self.trouble.stop(says.MIXED, rel.mixed, form="LIMIT")
        if outer:
            self.decorrelate(b, local, outer)
        threshold = Measures(self, b, rel, local, outer).plan()
        self.thresholds[id(b)] = threshold
        self.rels[threshold.alias] = Rel(threshold.columns)
        after = frozenset([threshold.alias])
        cols: dict[str, Col] = {}
        for i, out in enumerate(b.outputs, 1):
            cols[f"c{i}"] = Col(self.sym(out, after, outer))
        for e in (b.having, b.qualify, *(o.key for o in b.order), *b.distinct_on):
            if e is not None:
                self.sym(e, after, outer)
        return Rel(
            cols,
            scans=tuple(f"g({s})" for s in rel.scans),
            predicates=frozenset([threshold.text]),
            outer=frozenset(outer),
        )

    def decorrelate(self, b: Block, local: frozenset[str], outer: set[tuple[str, str]]) -> None:
        """A group correlated by equalities is a group by their inner sides, looked up by their outer sides."""
        for alias, name in sorted(outer):
            for leaf in sorted(self.rels[alias].columns[name].sym.closed, key=lambda x: x.name):
                raise self.trouble.stop(says.CORRELATED, b.node, leaf.name)
        kept, looked_up = [], []
        for term in conjuncts(b.where):
            sides = [term.this, term.expression] if isinstance(term, exp.EQ) else []
            inside = [x for x in sides if aliases(x) and aliases(x) <= local]
            around = [x for x in sides if not aliases(x) & local and not inner_names(x)]
            if len(inside) == len(around) == 1:
                looked_up.append((inside[0], around[0]))
            else:
                kept.append(term)
        rest = {c.table for t in kept for c in columns(t)} | {a for j in b.joins for a in aliases(j.on or exp.Null())}
        above = {a for e in (*b.outputs, *b.keys) for a in aliases(e)}
        if (
            rest - local
            or above - local
            or not looked_up
            or b.sets not in (None, [()])
            or any(inner_names(t) for t in kept)
        ):
            raise self.trouble.stop(says.CORRELATED, b.node, "")
        b.where = all_of(kept)
        b.keys = [k for k, _ in looked_up]
        b.sets = [tuple(range(len(b.keys)))]
        terms = [exp.EQ(this=k.copy(), expression=o) for k, o in looked_up]
        b.having = all_of([*([b.having] if b.having is not None else []), *terms])
