"""From the labelled tree to text: only what was judged is written, nothing of the author's text is kept."""

# ruff: noqa: S608 - writing SQL is what this file is for; every piece of it is quoted or our own
from __future__ import annotations

import sqlglot
from sqlglot import exp

from dianchi.engines.guard.grant import Grant, Table
from dianchi.engines.guard.label import Labeller
from dianchi.engines.guard.masks import MASKS
from dianchi.engines.guard.measures import own_keys
from dianchi.engines.guard.plan import Footprint
from dianchi.engines.guard.prune import Needs
from dianchi.engines.guard.sketches import BUCKETS
from dianchi.engines.guard.threshold import ThresholdSql
from dianchi.engines.guard.total import bracketed, total
from dianchi.engines.guard.tree import (
    Block,
    Bound,
    Item,
    Order,
    Query,
    SetOp,
    bare_copy,
    compared_with_others,
    reached_by_equality,
    written,
)


def name(text: str) -> str:
    """A quoted identifier."""
    return '"' + text.replace('"', '""') + '"'


def traced(subject: str) -> str:
    """The column beside a hidden subject that history reads."""
    return f'{subject[:-1]}z"'


class Renderer:
    """Writes one statement. WITH queries and thresholds become one flat list of WITH queries in order."""

    def __init__(self, bound: Bound, labeller: Labeller, grant: Grant, traced: bool = False) -> None:
        self.traced = traced  # subjects carry a hash of their row, for history
        self.writers: list[ThresholdSql] = []
        self.bound, self.labeller, self.grant = bound, labeller, grant
        self.ctes: list[tuple[str, str, str]] = []
        self.levels: list[str] = []
        self.inner: dict[str, str] = {}
        self.needs = Needs(labeller)
        self.counted = bool(labeller.thresholds)  # without thresholds nobody asks for subjects
        self.protected = any(r.protected for r in labeller.rels.values())

    def statement(self, names: list[str]) -> str:
        """The whole statement; with thresholds it also tells, in a last column, how many groups were suppressed."""
        for cte, query in self.bound.ctes:
            body = self.query(query)
            self.ctes.append((cte, "", body))
        body = self.query(self.bound.root, names)
        if self.levels:
            count = " + ".join(f"(SELECT count FROM {x})" for x in self.levels)
            self.ctes.append(("_gu", "", body))
            self.ctes.append(("_gn", "", f'SELECT {count} AS "_suppressed"'))
            listed = ", ".join(f"u.{name(n)}" for n in names)
            numbered = 'SELECT row_number() OVER () AS "_row", * FROM _gu'
            body = f'SELECT {listed}, n."_suppressed", u."_row" FROM _gn AS n LEFT JOIN ({numbered}) AS u ON TRUE ORDER BY u."_row"'
        head = ", ".join(f"{n} AS {kind}({sql})" for n, kind, sql in self.ctes)
        again = "RECURSIVE " if any(isinstance(q, SetOp) and q.recursive for _, q in self.bound.ctes) else ""
        return f"WITH {again}{head} {body}" if head else body

    def query(self, query: Query, names: list[str] | None = None) -> str:
        """A block or a set operation as text."""
        return self.set_operation(query, names) if isinstance(query, SetOp) else self.block(query, names)

    def set_operation(self, op: SetOp, names: list[str] | None) -> str:
        """Both sides with the same columns; the hidden subject rides along under one name."""
        left, right = self.query(op.left), self.query(op.right)
        protected = [side for side in (op.left, op.right) if self.hidden_of(side)]
        width = len(op.names)
        cols = [f"c{i}" for i in range(1, width + 1)]
        word = f"{op.kind}{'' if op.distinct else ' ALL'}"
        if not protected:
            body = f"(SELECT * FROM ({left}) AS l) {word} (SELECT * FROM ({right}) AS r)"
        else:
            sides: list[str] = []
            for text, side in ((left, op.left), (right, op.right)):
                hidden = self.hidden_of(side)
                carried = f'{name(hidden[0]) if hidden else "NULL"} AS "_u0"'
                if self.traced:  # the side is part of what stands behind a cell
                    z = traced(name(hidden[0])) if hidden else ""
                    mark = f"hash(({z} >> 8) & 65535, {len(sides) + 1}) % 65536"
                    carried += (
                        f', {f"{z} & ~(65535 << 8)::UBIGINT | (({mark}) << 8)" if z else "NULL::UBIGINT"} AS "_u0z"'
                    )
                sides.append(f"SELECT {', '.join(cols)}, {carried} FROM ({text}) AS t")
            body = f"({sides[0]}) {word} ({sides[1]})"
        if names is None:
            return body
        listed = ", ".join(f"{c} AS {name(n)}" for c, n in zip(cols, names, strict=True))
        return f"SELECT {listed} FROM ({body}) AS t"

    def hidden_of(self, query: Query) -> list[str]:
        """The hidden subject columns that a query's text gives."""
        if isinstance(query, SetOp):
            return ["_u0"] if self.hidden_of(query.left) or self.hidden_of(query.right) else []
        return [] if id(query) in self.labeller.thresholds else [f"_s{n}" for n, _ in enumerate(self.carries(query))]

    def carries(self, b: Block) -> list[str]:
        """Where the subjects of a block's rows are found, as text."""
        found: list[str] = []
        for item in b.items if self.counted else ():
            rel = self.labeller.rels[item.alias]
            found += [f"{name(item.alias)}.{name(c.hidden)}" for c in rel.carries]
        return found

    # --- blocks

    def block(self, b: Block, names: list[str] | None) -> str:
        """One SELECT, through a released relation where it declassifies."""
        threshold = self.labeller.thresholds.get(id(b))
        if threshold is None:
            return self.plain(b, names, self.source(b), True)
        writer = ThresholdSql(
            threshold,
            self.expression,
            self.carries(b),
            self.source(b),
            self.grant.dominance,
            self.grant.round_to,
            self.traced,
        )
        self.ctes += writer.parts()
        self.writers.append(writer)
        self.levels.append(f"{threshold.alias}n")
        source = f"FROM {threshold.alias}r AS {threshold.alias}"
        if b.having is not None:
            source += f" WHERE {self.expression(b.having)}"
        return self.plain(b, names, source, False)

    def source(self, b: Block) -> str:
        """FROM and WHERE."""
        if b.first is None:
            return f" WHERE {self.expression(b.where)}" if b.where is not None else ""
        once = self.once(b)
        text = f"FROM {self.item(b.first, once)}"
        for join in b.joins:
            if join.on is None:
                text += f" CROSS JOIN {self.item(join.item, once)}"
            else:
                text += f" {join.side or 'INNER'} JOIN {self.item(join.item, once)} ON {self.expression(join.on)}"
        return text + (f" WHERE {self.expression(b.where)}" if b.where is not None else "")

    def plain(self, b: Block, names: list[str] | None, source: str, grouped: bool) -> str:
        """SELECT … of a block over the given source."""
        names = names or [f"c{i}" for i in range(1, len(b.outputs) + 1)]
        needed = self.needs.outputs[id(b)]
        listed = [
            f"{self.expression(e) if i in needed else 'NULL'} AS {name(n)}"
            for i, (e, n) in enumerate(zip(b.outputs, names, strict=True))
        ]
        if grouped and not self.is_root(b):
            listed += [f'{c} AS "_s{n}"' for n, c in enumerate(self.carries(b))]
            listed += [f'{traced(c)} AS "_s{n}z"' for n, c in enumerate(self.carries(b)) if self.traced]
        head = "DISTINCT " if b.distinct else ""
        if b.distinct_on:
            head = f"DISTINCT ON ({', '.join(self.expression(e) for e in b.distinct_on)}) "
        text = f"SELECT {head}{', '.join(listed)} {source}"
        if grouped and b.sets is not None:
            text += self.grouping(b)
            if b.having is not None:
                text += f" HAVING {self.expression(b.having)}"
        elif grouped and b.having is not None:
            text += f" HAVING {self.expression(b.having)}"
        if b.qualify is not None:
            text += f" QUALIFY {self.expression(b.qualify)}"
        return text + self.tail(b)

    def is_root(self, b: Block) -> bool:
        return b is self.bound.root

    def grouping(self, b: Block) -> str:
        """GROUP BY of a block that declassifies nothing."""
        keys = [self.expression(k) for k in b.keys]
        sets = b.sets or []
        if len(sets) == 1:
            return f" GROUP BY {', '.join(keys[i] for i in sets[0])}" if sets[0] else " GROUP BY ()"
        return " GROUP BY GROUPING SETS (" + ", ".join("(" + ", ".join(keys[i] for i in s) + ")" for s in sets) + ")"

    def tail(self, b: Block) -> str:
        """ORDER BY, LIMIT, OFFSET."""
        text = ""
        if b.order:
            text += " ORDER BY " + ", ".join(self.order(o) for o in b.order)
        if b.limit is not None:
            text += f" LIMIT {b.limit.sql('duckdb')}"
        if b.offset is not None:
            text += f" OFFSET {b.offset.sql('duckdb')}"
        return text

    def order(self, o: Order) -> str:
        key = self.expression(o.key)
        if isinstance(o.key, exp.Literal):
            key = f"({key} + 0)" if not o.key.is_string else f"concat({key})"
        return f"{key} {'DESC' if o.desc else 'ASC'} NULLS {'FIRST' if o.nulls_first else 'LAST'}"

    # --- relations

    def once(self, b: Block) -> dict[str, list[exp.Expr]]:
        """For free relations joined to protected rows, the keys by which each may match a row only once.

        Repeated keys would multiply rows by weights of the author's choice, and weighted counts can be decoded.
        """
        reached = {i.alias for i in b.items if self.labeller.rels[i.alias].protected}
        if not reached:
            return {}
        found, known = reached_by_equality(b, reached)
        for alias in {i.alias for i in b.items} - known:
            if compared_with_others(b, alias):
                found[alias] = own_keys(self.labeller.thresholds[id(b)].keys, alias)
        return found

    def item(self, item: Item, once: dict[str, list[exp.Expr]] | None = None) -> str:
        """One relation of a FROM with its alias."""
        alias = name(item.alias)
        keys = (once or {}).get(item.alias)
        if keys:
            plain = self.item(item)
            listed = ", ".join(self.expression(k) for k in keys)
            chosen = (
                sorted(self.needs.columns[item.alias])
                if item.table is not None
                else [f"c{i + 1}" for i in range(item.width)]
            )
            kept = ", ".join(f"{alias}.{name(c)}" for c in chosen)
            return f"(SELECT DISTINCT ON ({listed}) {kept} FROM {plain} ORDER BY ALL) AS {alias}"
        if item.table is not None:
            return self.scan(item.table, alias)
        if item.cte:
            return f"{item.cte} AS {alias}"
        if item.query is not None:
            return f"{'LATERAL ' if item.lateral else ''}({self.query(item.query)}) AS {alias}"
        cols = ", ".join(f"c{i + 1}" for i in range(item.width))
        rows = ", ".join(
            "(" + ", ".join(self.expression(e) for e in r.expressions) + ")"
            for r in (item.rows.expressions if item.rows else [])
        )
        return f"(VALUES {rows}) AS {alias}({cols})"

    def scan(self, table: Table, alias: str) -> str:
        """A table with its row filter and masks, before anything else can see the rows."""
        needed = [c for c in table.named if c.name in self.needs.columns[alias[1:-1]]]
        masked = any("mask" in c.uses for c in needed)
        if not masked and not table.row_filter and not table.protected:
            return f"{name(table.name)} AS {alias}"
        listed = []
        for c in needed:
            text = MASKS[c.mask].sql.replace("{}", f"t.{name(c.name)}") if "mask" in c.uses else f"t.{name(c.name)}"
            listed.append(f"{text} AS {name(c.name)}")
        if table.protected and table.subject and self.counted:
            listed.append(f't.{name(table.subject.column)} AS "_gs"')
            if self.traced:
                listed.append(f'{self.trace(table, table.subject.column)} AS "_gsz"')
        where = f" WHERE {row_filter(table)}" if table.row_filter else ""
        return f"(SELECT {', '.join(listed) or '1 AS _one'} FROM {name(table.name)} AS t{where}) AS {alias}"

    def trace(self, table: Table, column: str) -> str:
        """What history keeps of a row, as one number: a weight by its row, 16 bits of side, a bucket by its subject."""
        row = ", ".join(f"t.{name(c)}" for c in table.columns)
        bucket = f"(hash(t.{name(column)}, $secret) % {BUCKETS})"
        return f"((hash({row}, $secret) >> 33) << 24) | {bucket}"

    def footprints(self, names: list[str]) -> list[Footprint]:
        """For each threshold and subject: which rows of whom stand behind each released cell."""
        self.statement(names)
        found = []
        for writer in self.writers:
            t = writer.t
            end = next(i for i, (n, _, _) in enumerate(self.ctes) if n == f"{t.alias}r")
            head = ", ".join(f"{n} AS {kind}({sql})" for n, kind, sql in self.ctes[: end + 1])
            for j, carry in enumerate(t.carries):
                if not carry.own and carry.table:
                    sql = f"WITH {head} {writer.footprint(j)}"
                    found.append(Footprint(carry.table, len(t.keys) + 1, t.joined, sql, t.place))
        return found

    # --- expressions

    def expression(self, node: exp.Expr, attempted: bool = True) -> str:
        """An expression made total, with its inner queries written out."""
        node = total(bare_copy(node), self.protected and attempted)
        holder = exp.Paren(this=node)
        bracketed(holder)
        for v in list(holder.find_all(exp.Var)):
            if v.name.startswith("#"):
                text = self.inner_text(v.name)
                if self.protected and isinstance(v.parent, exp.Subquery):  # a second row would be an error
                    text = f"SELECT * FROM ({text}) AS one LIMIT 1"
                query = exp.Var(this=text)
                v.replace(exp.Subquery(this=query) if isinstance(v.parent, exp.In | exp.All | exp.Any) else query)
        return written(holder.this)

    def inner_text(self, number: str) -> str:
        if number not in self.inner:
            query = self.bound.inner[number]
            text = self.query(query)
            if self.counted and self.hidden_of(query):
                listed = ", ".join(f"c{i}" for i in range(1, len(query.names) + 1))
                text = f"SELECT {listed} FROM ({text}) AS i"
            self.inner[number] = text
        return self.inner[number]


def row_filter(table: Table) -> str:
    """The policy's own condition; it comes from the grant, not from the party."""
    node = sqlglot.parse_one(table.row_filter, read="duckdb")
    for c in list(node.find_all(exp.Column)):
        c.set("table", exp.Identifier(this="t", quoted=True))
    return f"({node.sql('duckdb')})"
