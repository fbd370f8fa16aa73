"""Rules 1, 2 and 6: scans, set operations, and blocks that declassify nothing."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.label.joins import Joins
from dianchi.engines.guard.labels import Carry, Col, Leaf, Rel, Sym, leaf_sym, sym
from dianchi.engines.guard.masks import MASKS
from dianchi.engines.guard.tree import (
    Block,
    Item,
    SetOp,
    compared_with_others,
    reached_by_equality,
)


class Rows(Joins):
    """Labels relations and blocks of rows."""

    def item(self, item: Item) -> Rel:
        """Label one relation of a FROM."""
        if item.table is not None:
            return self.scan(item)
        if item.cte:
            return self.moved(item.alias, self.ctes[item.cte])
        if item.query is not None:
            before = len(self.thresholds)
            rel = self.moved(item.alias, self.query(item.query))
            around = [a for a, _ in rel.outer] if item.lateral else []
            if around and (
                rel.protected or len(self.thresholds) > before or any(self.rels[a].protected for a in around)
            ):
                raise self.trouble.stop(says.LATERAL, item.node)
            return rel
        free = Sym("values", text=f"values({item.rows.sql('duckdb') if item.rows else ''})")
        outer: set[tuple[str, str]] = set()
        for e in item.rows.expressions if item.rows else []:
            for v in e.expressions:
                if self.sym(v, frozenset(), outer).closed or outer:
                    raise self.trouble.stop(says.SCALAR, v)
        return Rel({f"c{i + 1}": Col(free) for i in range(item.width)}, scans=(free.text,))

    def scan(self, item: Item) -> Rel:
        """Rule 1: only columns with uses; masks are put in here."""
        table = item.table
        assert table is not None
        cols: dict[str, Col] = {}
        hidden = "_gs" if table.protected else ""
        for c in table.named:
            if (item.alias, c.name) not in self.used:
                continue
            masked = "mask" in c.uses
            kind = MASKS[c.mask].type if masked else c.type
            free = masked or not table.protected or "select" in c.uses
            leaf = Leaf(item.alias, table.name, c.name, kind, c.uses, c.aggregates, free)
            freed = f"mask:{c.mask}" if masked else "select" if free else ""
            subject = table.subject is not None and table.subject.column == c.name and not masked
            own = Sym(
                "own",
                (),
                None,
                frozenset(),
                frozenset([leaf.name]),
                frozenset([freed]),
                1,
                f"own:{leaf.name}@{item.alias}",
            )
            cols[c.name] = Col(own if table.own else leaf_sym(leaf, freed), hidden if subject else "")
        carries: tuple[Carry, ...] = ()
        if hidden and table.subject:
            s = table.subject
            carries = (Carry(hidden, s.type, table.min_subjects, table.name, s.max_rows),)
        mark = "own:" if table.own else ""
        return Rel(cols, carries, scans=(f"{mark}{table.name}@{item.alias}",))

    def moved(self, alias: str, rel: Rel) -> Rel:
        """A query as a relation: its columns become c1, c2…"""
        cols = {f"c{i}": c for i, c in enumerate(rel.columns.values(), 1)}
        return replace(rel, columns=cols)

    def recursive(self, op: SetOp) -> Rel:
        """WITH RECURSIVE over visible rows alone; what comes out is free, but no number to weigh rows with."""
        before = len(self.thresholds)
        first = self.query(op.left)
        self.ctes[op.recursive] = self.opaque_columns(first)
        again = self.query(op.right)
        if first.protected or again.protected or len(self.thresholds) > before or {*first.taint, *again.taint}:
            raise self.trouble.stop(says.RECURSIVE, op.node)
        if any(c.sym.closed for r in (first, again) for c in r.columns.values()):
            raise self.trouble.stop(says.RECURSIVE, op.node)
        scans = (*first.scans, *again.scans)
        return replace(self.opaque_columns(first, again), scans=scans, predicates=first.predicates | again.predicates)

    def opaque_columns(self, *rels: Rel) -> Rel:
        """Columns of which only is known what they come from."""
        cols = {
            name: Col(replace(sym("recursive", *(list(r.columns.values())[i].sym for r in rels)), size=1))
            for i, name in enumerate(rels[0].columns)
        }
        return Rel(cols)

    def set_operation(self, op: SetOp) -> Rel:
        """Rule 6: UNION ALL keeps labels; what removes rows over protected ones is refused."""
        if op.recursive:
            return self.recursive(op)
        left, right = self.query(op.left), self.query(op.right)
        cols = {}
        for i, (a, b) in enumerate(zip(left.columns.values(), right.columns.values(), strict=True), 1):
            carries = "_u0" if a.carries and b.carries and len(left.carries) == len(right.carries) == 1 else ""
            cols[f"c{i}"] = Col(sym("either", a.sym, b.sym), carries)
        outer = left.outer | right.outer
        merged = Rel(
            cols,
            (),
            {**left.taint, **right.taint},
            left.mixed or right.mixed,
            outer=outer,
            scans=(*left.scans, *right.scans),
            predicates=left.predicates | right.predicates,
        )
        if not left.protected and not right.protected:
            return merged
        if op.kind != "UNION" or op.distinct:
            raise self.trouble.stop(says.MIXED, op.node, form=op.kind)
        if left.mixed or right.mixed or max(len(left.carries), len(right.carries)) > 1:
            raise self.trouble.stop(says.UNION_SUBJECTS, op.node)
        both = (*left.carries, *right.carries)
        if len({c.kind for c in both}) != 1:
            raise self.trouble.stop(says.UNION_SUBJECTS, op.node)
        least = max(c.least for c in both)
        carry = Carry("_u0", both[0].kind, least, both[0].table)
        return replace(merged, carries=(carry,))

    def rows(self, b: Block, rel: Rel, local: frozenset[str], outer: set[tuple[str, str]], grouped: bool) -> Rel:
        """A block that declassifies nothing."""
        cols: dict[str, Col] = {}
        for i, out in enumerate(b.outputs, 1):
            s = self.sym(out, local, outer)
            carries = ""
            if isinstance(out, exp.Column) and out.table in local and self.rels[out.table].columns[out.name].carries:
                carries = f"{out.table}.{self.rels[out.table].columns[out.name].carries}"
            cols[f"c{i}"] = Col(s, carries)
        for e in (*b.keys, *([b.having] if b.having is not None else [])):
            self.sym(e, local, outer)
        if b.qualify is not None:
            self.sym(b.qualify, local, outer)
        if not rel.protected:
            extra = frozenset(f"key:{self.sym(k, local, outer).text}" for k in b.keys) | (
                frozenset(["distinct"]) if b.distinct else frozenset()
            )
            for o in b.order:
                self.sym(o.key, local, outer)
            for e in b.distinct_on:
                self.sym(e, local, outer)
            return replace(rel, columns=cols, predicates=rel.predicates | extra)
        return self.protected_rows(b, rel, cols, local, outer)

    def protected_rows(
        self, b: Block, rel: Rel, cols: dict[str, Col], local: frozenset[str], outer: set[tuple[str, str]]
    ) -> Rel:
        """Rules 2 and 6 for a block over protected rows that is not grouped."""
        for clause, form in ((b.qualify, "QUALIFY"), (b.distinct_on[0] if b.distinct_on else None, "DISTINCT ON")):
            if clause is not None:
                self.trouble.add(says.MIXED, clause, form=form)
        if b.distinct:
            self.trouble.add(says.MIXED, b.node, form="DISTINCT")
        mixed = rel.mixed
        for o in b.order:
            for leaf in sorted(self.sym(o.key, local, outer).closed, key=lambda x: x.name):
                self.trouble.add(says.ORDERED, o.key, leaf.name)
        if b.limit is not None or b.offset is not None:
            mixed = b.limit if b.limit is not None else b.offset
            for leaf in sorted({x for c in cols.values() for x in c.sym.closed}, key=lambda x: x.name):
                self.trouble.add(says.MIXED, mixed, leaf.name, form="LIMIT")
            for leaf, node in rel.taint.items():
                if not leaf.free:
                    self.trouble.add(says.ROW_TAINT, node, leaf.name)
        _, known = reached_by_equality(b, {i.alias for i in b.items if self.rels[i.alias].protected})
        for i in b.items:
            if i.alias not in known and compared_with_others(b, i.alias):
                self.trouble.add(says.JOIN_WEIGHS, i.node)
        names = {c.hidden: f"_s{n}" for n, c in enumerate(rel.carries)}
        moved = {k: replace(c, carries=names.get(c.carries, "")) for k, c in cols.items()}
        carries = tuple(replace(c, hidden=names[c.hidden]) for c in rel.carries)
        return replace(rel, columns=moved, carries=carries, mixed=mixed)
