"""Labels propagated through every block, the rules asked on the way, thresholds planned where they are due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.decide import bare, coarsening, still_closed
from dianchi.engines.guard.functions import RANKS, find
from dianchi.engines.guard.labels import MAX_SYM, Carry, Col, Leaf, Rel, Sym, leaf_sym, sym
from dianchi.engines.guard.masks import MASKS
from dianchi.engines.guard.measures import Measures, Threshold
from dianchi.engines.guard.parse import TOO_LARGE
from dianchi.engines.guard.tree import (
    Block,
    Bound,
    Item,
    Query,
    SetOp,
    all_of,
    columns,
    compared_with_others,
    conjuncts,
    inner_names,
    reached_by_equality,
)
from dianchi.engines.guard.trouble import Trouble

_VALUES = frozenset(["Lag", "Lead", "FirstValue", "LastValue", "NthValue"])


def label(bound: Bound, trouble: Trouble) -> Labeller:
    """Label the whole statement and judge what leaves it."""
    labeller = Labeller(bound, trouble)
    for name, query in bound.ctes:
        labeller.ctes[name] = labeller.query(query)
    rel = labeller.query(bound.root)
    labeller.root = rel
    labeller.leaves(bound.root, rel)
    return labeller


class Labeller:
    """Walks the blocks bottom-up. `rels` maps each relation's name to its labels."""

    def __init__(self, bound: Bound, trouble: Trouble) -> None:
        self.bound, self.trouble = bound, trouble
        self.rels: dict[str, Rel] = {}
        self.ctes: dict[str, Rel] = {}
        self.inner: dict[str, Rel] = {}
        self.thresholds: dict[int, Threshold] = {}
        self.root: Rel | None = None
        self.count = 0

    # --- queries

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

    def item(self, item: Item) -> Rel:
        """Label one relation of a FROM."""
        if item.table is not None:
            return self.scan(item)
        if item.cte:
            return self.moved(item.alias, self.ctes[item.cte])
        if item.query is not None:
            return self.moved(item.alias, self.query(item.query))
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

    def set_operation(self, op: SetOp) -> Rel:
        """Rule 6: UNION ALL keeps labels; what removes rows over protected ones is refused."""
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

    # --- expressions

    def sym(self, node: exp.Expr, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        """The expression over base columns. Columns of relations not in `local` are noted in `outer`."""
        result = self._sym(node, local, outer)
        if result.size > MAX_SYM:
            raise self.trouble.stop(TOO_LARGE, node)
        return result

    def _sym(self, node: exp.Expr, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        if isinstance(node, exp.Column):
            if node.table not in local:
                outer.add((node.table, node.name))
            return self.rels[node.table].columns[node.name].sym
        if isinstance(node, exp.Paren):
            return self._sym(node.this, local, outer)
        if isinstance(node, exp.Literal):
            return Sym(
                "literal",
                (node.this if not node.is_string else repr(node.this),),
                text=f"literal({node.this if not node.is_string else repr(node.this)})",
            )
        if isinstance(node, exp.Placeholder):
            return Sym("parameter", (node.name,), text=f"${node.name}")
        if isinstance(node, exp.Window):
            return self.window(node, local, outer)
        names = [v.name for v in node.args.values() if isinstance(v, exp.Var) and v.name.startswith("#")]
        if names:
            return self.inner_sym(node, names[0], local, outer)
        return self.generic(node, local, outer)

    def generic(self, node: exp.Expr, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        """Any node of the allow-list, by its name and its arguments."""
        if isinstance(node, exp.Func) and inner_names(node) and any(self.rels[a].protected for a in local):
            function = find(node)
            if function is not None and function.total == "try":  # TRY takes no queries
                raise self.trouble.stop(says.ARGUMENT_QUERY, node)
        args: list[Sym | str] = []
        if isinstance(node, exp.Cast | exp.TryCast):
            args.append(node.args["to"].sql("duckdb").upper().replace(" ", ""))
        for key, value in node.args.items():
            for v in value if isinstance(value, list) else [value]:
                if isinstance(v, exp.DataType) or key in (
                    "big_int",
                    "safe",
                    "typed",
                    "coalesce",
                    "nested",
                    "ignore_nulls",
                ):
                    continue
                if isinstance(v, exp.Var | exp.Identifier):
                    args.append(f"{key}:{v.name.lower()}")
                elif isinstance(v, exp.Expr):
                    args.append(self._sym(v, local, outer))
                elif v is not None and v is not False:
                    args.append(f"{key}:{v}")
        return sym(node.key, *args)

    def inner_sym(self, node: exp.Expr, name: str, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        """A query inside an expression: a value once released, a semi-join by subject, or refused."""
        if name not in self.inner:
            self.inner[name] = self.query(self.bound.inner[name])
        rel = self.inner[name]
        around = []
        for alias, col in sorted(rel.outer):
            if alias not in local:
                outer.add((alias, col))
            around.append(self.rels[alias].columns[col].sym)
        left = [self._sym(node.this, local, outer)] if isinstance(node, exp.In) else []
        values = [c.sym for c in rel.columns.values()]
        text = (
            f"inner:{name}:{'|'.join(sorted(rel.scans))}:{'|'.join(sorted(rel.predicates))}:{[v.text for v in values]}"
        )
        if not rel.protected:
            return sym(node.key, *left, *around, *values, *_taints(rel), text)
        if not isinstance(node, exp.In | exp.Exists):
            raise self.trouble.stop(says.SCALAR, node)
        self.semi(node, rel, name)
        kept = [] if isinstance(node, exp.In) else [s for s in around if bare(s) is None]
        return sym("exists", *kept, *_taints(rel, without=self.linked(name)), text)

    def linked(self, name: str) -> frozenset[Leaf]:
        """The subject columns of a semi-join: equating a subject with itself decides nothing."""
        query = self.bound.inner[name]
        found: set[Leaf] = set()
        if isinstance(query, Block):
            for a, b in _equalities(query.where):
                cols = [self.rels[c.table].columns.get(c.name) for c in (a, b) if c.table in self.rels]
                if len(cols) == 2 and all(c is not None and c.carries for c in cols):
                    found |= {x for c in cols if c for x in c.sym.leaves}
        return frozenset(found)

    def semi(self, node: exp.Expr, rel: Rel, name: str) -> None:
        """Rule 7: a semi- or anti-join on protected rows only by equality of the subject."""
        query = self.bound.inner[name]
        ok = False
        if len(rel.carries) == 1 and rel.mixed is None and isinstance(query, Block):
            inside = {i.alias for i in query.items}
            pairs = [(a, b) for a, b in _equalities(query.where) if (a.table in inside) != (b.table in inside)]
            if (
                isinstance(node, exp.In)
                and isinstance(node.this, exp.Column)
                and isinstance(query.outputs[0], exp.Column)
            ):
                pairs.append((node.this, query.outputs[0]))
            ok = any(self.same_subject(a, b, rel.carries[0]) for a, b in pairs)
            if rel.outer and isinstance(node, exp.In):
                ok = False
        if not ok:
            self.trouble.add(says.SEMI, node)

    def same_subject(self, a: exp.Column, b: exp.Column, carry: Carry) -> bool:
        """Whether the two columns are subjects of one kind, and both may be joined."""
        cols = [self.rels[c.table].columns[c.name] for c in (a, b)]
        if not all(c.carries for c in cols):
            return False
        kinds = {
            x.kind
            for c, col in zip((a, b), cols, strict=True)
            for x in self.rels[c.table].carries
            if x.hidden == col.carries
        }
        uses = all(leaf.uses & {"join", "select"} for c in cols for leaf in c.sym.leaves)
        return kinds == {carry.kind} and uses

    # --- blocks

    def block(self, b: Block) -> Rel:
        """Label one SELECT."""
        for item in b.items:
            self.rels[item.alias] = self.item(item)
        local = frozenset(i.alias for i in b.items)
        outer: set[tuple[str, str]] = set()
        rel = self.joined(b, local, outer)
        if b.distinct and b.sets is None and not _aggregates(b):
            self.distinct(b, rel)
        grouped = b.sets is not None or _aggregates(b) or b.having is not None
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
        links = _Links(local)
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
        links: _Links,
        protected: bool,
    ) -> str:
        """One condition of ON or WHERE: an equality that joins, or a filter."""
        sides = [_aliases(x) & local for x in (term.this, term.expression)] if isinstance(term, exp.EQ) else []
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

    def own_keys(self, b: Block, links: _Links, carries: tuple[Carry, ...]) -> tuple[Carry, ...]:
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

    # --- rows that are not grouped, or free

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

    def window(self, node: exp.Window, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        """Rule 6: over protected rows a window stays within one subject."""
        parts = [self._sym(p, local, outer) for p in node.args.get("partition_by") or []]
        order = node.args.get("order")
        keys = [self._sym(o.this, local, outer) for o in (order.expressions if order else [])]
        call = node.this.this if isinstance(node.this, exp.Filter) else node.this
        inputs = [self.generic(node.this, local, outer)]
        text = f"window:{node.sql('duckdb')}"
        carries = [f"{a}.{c.hidden}" for a in sorted(local) for c in self.rels[a].carries]
        if not carries:
            return sym("window", *inputs, *parts, *keys, text)
        if any(self.rels[a].mixed is not None for a in local):
            raise self.trouble.stop(says.MIXED, node, form="LIMIT")
        by = {
            f"{p.table}.{self.rels[p.table].columns[p.name].carries}"
            for p in node.args.get("partition_by") or []
            if isinstance(p, exp.Column) and self.rels[p.table].columns[p.name].carries
        }
        if not set(carries) <= by:
            raise self.trouble.stop(says.WINDOW, node)
        return self.within_subject(node, call, inputs[0], keys, text)

    def within_subject(self, node: exp.Window, call: exp.Expr, value: Sym, keys: list[Sym], text: str) -> Sym:
        """The label of a window that stays within its subject."""
        name = type(call).__name__
        for leaf in sorted({x for k in keys for x in k.closed}, key=lambda x: x.name):
            if "rank" not in leaf.uses:
                self.trouble.add(says.RANKED, node, leaf.name)
        closed = sorted(value.closed, key=lambda x: x.name)
        uses, aggregates = frozenset({"filter", "group"}), frozenset({"count", "sum", "avg"})
        if name in RANKS or (name == "Count" and isinstance(call.this, exp.Star)):
            if isinstance(node.this, exp.Filter):
                self.trouble.add(says.RANKED, node)
            uses |= {"aggregate"}
        elif name in ("Sum", "Avg", "Count") and not isinstance(node.this, exp.Filter):
            fn = name.lower()
            for leaf in closed:
                if "aggregate" not in leaf.uses or fn not in leaf.aggregates:
                    self.trouble.add(says.AGGREGATED, node, leaf.name, function=fn)
            uses = frozenset({"aggregate"})
            aggregates = frozenset.intersection(*(x.aggregates for x in closed)) if closed else aggregates
        elif name in _VALUES:
            uses = frozenset.intersection(*(x.uses for x in closed)) - {"select", "join", "mask"} if closed else uses
            aggregates = frozenset.intersection(*(x.aggregates for x in closed)) if closed else aggregates
        else:
            raise self.trouble.stop(
                says.AGGREGATE_KIND, node, function=call.sql_name() if isinstance(call, exp.Func) else name
            )
        source = (
            closed[0] if closed else next(iter(sorted((x for k in keys for x in k.leaves), key=lambda x: x.name)), None)
        )
        self.count += 1
        table = next((c.table for a in self.rels.values() for c in a.carries if c.table), "")
        leaf = Leaf(
            f"w{self.count}",
            source.table if source else table,
            source.column if source else "rows",
            "BIGINT" if name in RANKS else "DOUBLE",
            uses,
            aggregates,
        )
        origins = value.origins.union(*(k.origins for k in keys)) if keys else value.origins
        return replace(leaf_sym(leaf), origins=origins, text=text)

    # --- thresholds

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
            inside = [x for x in sides if _aliases(x) and _aliases(x) <= local]
            around = [x for x in sides if not _aliases(x) & local and not inner_names(x)]
            if len(inside) == len(around) == 1:
                looked_up.append((inside[0], around[0]))
            else:
                kept.append(term)
        rest = {c.table for t in kept for c in columns(t)} | {a for j in b.joins for a in _aliases(j.on or exp.Null())}
        above = {a for e in (*b.outputs, *b.keys) for a in _aliases(e)}
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


class _Links:
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


def _taints(rel: Rel, without: frozenset[Leaf] = frozenset()) -> list[Sym]:
    return [leaf_sym(x) for x in sorted(rel.taint, key=lambda x: (x.name, x.place)) if x not in without]


def _aliases(node: exp.Expr) -> frozenset[str]:
    return frozenset(c.table for c in columns(node))


def _equalities(node: exp.Expr | None) -> list[tuple[exp.Column, exp.Column]]:
    return [
        (t.this, t.expression)
        for t in conjuncts(node)
        if isinstance(t, exp.EQ) and isinstance(t.this, exp.Column) and isinstance(t.expression, exp.Column)
    ]


def _aggregates(b: Block) -> bool:
    from dianchi.engines.guard.measures import aggregates

    found = [
        *b.outputs,
        *(o.key for o in b.order),
        *([b.having] if b.having is not None else []),
        *([b.qualify] if b.qualify is not None else []),
    ]
    return any(aggregates(e) for e in found)


__all__ = ["Labeller", "label"]
