"""Rules 7 and 8: FROM and WHERE together, which equalities join, which conditions filter."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.decide import bare, coarsening, still_closed
from dianchi.engines.guard.label.parts import Links, aliases
from dianchi.engines.guard.label.windows import Windows
from dianchi.engines.guard.labels import Carry, Leaf, Rel, Sym, sym
from dianchi.engines.guard.tree import (
    Block,
    columns,
    conjuncts,
    inner_names,
)


class Joins(Windows):
    """Labels what joins and filters decide."""

    def joined(self, b: Block, local: frozenset[str], outer: set[tuple[str, str]]) -> Rel:
        """FROM and WHERE together: carries, taint, and the rules for joins and conditions."""
        rels = [self.rels[i.alias] for i in b.items]
        carries = tuple(
            replace(c, hidden=f"{i.alias}.{c.hidden}", max_rows=c.max_rows if len(rels) == 1 else None)
            for i, r in zip(b.items, rels, strict=True)
            for c in r.carries
        )
        taint: dict[Leaf, exp.Expr] = {}
        for r in rels:
            taint |= r.taint
            outer |= {o for o in r.outer if o[0] not in local}
        mixed = next((r.mixed for r in rels if r.mixed is not None), None)
        if mixed is not None and len([r for r in rels if r.protected]) > 1:
            raise self.trouble.stop(says.MIXED, mixed, form="LIMIT")
        terms = [t for e in (b.where, *(j.on for j in b.joins)) for t in conjuncts(e)]
        protected = [i.alias for i, r in zip(b.items, rels, strict=True) if r.protected]
        links = Links(local)
        texts: set[str] = set()
        for term in terms:
            texts.add(self.term(term, b, local, outer, taint, links, bool(carries)))
        if len({links.root(a) for a in protected}) > 1:
            self.trouble.add(says.JOIN_SHAPE, b.joins[-1].node if b.joins else b.node)
        own = self.own_keys(b, links, carries)
        sides = tuple(f"{j.side}:{j.item.alias}" for j in b.joins if j.side)
        return Rel(
            {},
            carries + own,
            taint,
            mixed,
            tuple(s for r in rels for s in r.scans) + sides,
            frozenset(texts) | frozenset().union(*(r.predicates for r in rels)) if rels else frozenset(texts),
        )

    def term(
        self,
        term: exp.Expr,
        b: Block,
        local: frozenset[str],
        outer: set[tuple[str, str]],
        taint: dict[Leaf, exp.Expr],
        links: Links,
        protected: bool,
    ) -> str:
        """One condition of ON or WHERE: an equality that joins, or a filter."""
        sides = [aliases(x) & local for x in (term.this, term.expression)] if isinstance(term, exp.EQ) else []
        if sides and sides[0] and sides[1] and not sides[0] & sides[1] and not inner_names(term):
            parts = [self.sym(x, local, outer) for x in (term.this, term.expression)]
            for part, node in zip(parts, (term.this, term.expression), strict=True):
                self.join_key(part, node, taint)
            links.join(sides[0], sides[1], term)
            return sym("eq", *parts).text
        if isinstance(term, exp.EQ) and self.correlation(term, local, outer, taint):
            return f"correlated:{self.sym(term, local, outer).text}"
        s = self.sym(term, local, outer)
        closed = still_closed(s)
        if protected:
            for leaf in sorted(closed, key=lambda x: x.name):
                if "filter" not in leaf.uses and not self.own_semi(term, leaf):
                    self.trouble.add(says.FILTERED, term, leaf.name)
        for leaf in closed:
            taint.setdefault(leaf, term)
        return s.text

    def correlation(
        self, term: exp.EQ, local: frozenset[str], outer: set[tuple[str, str]], taint: dict[Leaf, exp.Expr]
    ) -> bool:
        """An equality with a column of the query around: by subject it decides nothing, else it is a join key."""
        if not (isinstance(term.this, exp.Column) and isinstance(term.expression, exp.Column)):
            return False
        inside = [c for c in (term.this, term.expression) if c.table in local]
        around = [c for c in (term.this, term.expression) if c.table not in local]
        if len(inside) != 1 or len(around) != 1:
            return False
        mine, theirs = (self.rels[c.table].columns[c.name] for c in (inside[0], around[0]))
        if mine.carries and theirs.carries:
            outer.add((around[0].table, around[0].name))
            return True
        if theirs.sym.closed:
            return False
        self.join_key(self.sym(inside[0], local, outer), inside[0], taint)
        return True

    def own_semi(self, term: exp.Expr, leaf: Leaf) -> bool:
        """x IN (SELECT key FROM free rows) is an equality join on x; its complement is not."""
        if not isinstance(term, exp.In) or not inner_names(term) or not isinstance(term.this, exp.Column):
            return False
        col = self.rels[term.this.table].columns[term.this.name]
        inner = self.inner[inner_names(term)[0]]
        hostile = any("own:" in s for s in inner.scans)
        return (
            bool(leaf.uses & {"join", "group"})
            and col.sym.leaf == leaf
            and not inner.outer
            and (not hostile or bool(col.carries))
        )

    def join_key(self, s: Sym, node: exp.Expr, taint: dict[Leaf, exp.Expr]) -> None:
        """Rule 7: keys are `join`, `group` or `select` columns, or a coarsening of a `group` column."""
        leaf = bare(s)
        for x in sorted(s.closed, key=lambda x: x.name):
            taint.setdefault(x, node)
            plain = leaf is not None and bool(x.uses & {"join", "group", "filter"})
            either = s.op == "either" and bool(x.uses & {"join", "group"})
            coarse = coarsening(s) and bool(x.uses & {"group", "filter"})
            if not (plain or either or coarse):
                self.trouble.add(says.JOINED, node, x.name)

    def own_keys(self, b: Block, links: Links, carries: tuple[Carry, ...]) -> tuple[Carry, ...]:
        """Rule 8: the party's own rows count too, by their keys."""
        own: list[Carry] = []
        if not carries:
            return ()
        least = max(c.least for c in carries)
        for item in b.items:
            if not (item.table and item.table.own) and not any(
                s.startswith("own:") for s in self.rels[item.alias].scans
            ):
                continue
            keys = [c for t in links.terms for c in columns(t) if c.table == item.alias]
            if not keys:
                self.trouble.add(says.OWN_PROBE, item.node)
            for key in keys[:1]:
                own.append(Carry(f"{key.table}.{key.name}", f"own:{item.alias}", least, "", own=True))
        return tuple(own)
