"""Names: every table, column and alias resolved against the grant; a WITH name or an alias never hides what it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlglot import exp

from dianchi.engines.guard.grant import Grant, Table, fold
from dianchi.engines.guard.refusals import Says, Stop
from dianchi.engines.guard.tree import Block, Bound, Item, Join, Order, Query, SetOp, all_of
from dianchi.engines.guard.trouble import Trouble
from dianchi.kernel.text import Text

NOT_GRANTED = Says(
    "table.not-granted",
    Text("授权中没有表 {name}。", "No table {name} is granted."),
    Text("请申请该表的授权，或检查表名。", "Ask for a grant on the table, or check its name."),
)
NO_COLUMN = Says(
    "column.unknown",
    Text("没有列 {name}。", "There is no column {name}."),
    Text("请检查列名及其所属的表。", "Check the name and the table it belongs to."),
)
NO_USE = Says(
    "column.no-use",
    Text("列 {column} 未授予任何用法，不得引用。", "The column {column} is granted for no use and may not be named."),
    Text("请去掉该列，或申请它的用法。", "Leave the column out, or ask for a use of {column}."),
)
AMBIGUOUS = Says(
    "column.ambiguous",
    Text("列名 {name} 有歧义。", "The column name {name} is ambiguous."),
    Text("请写明表的别名。", "Qualify it with the alias of its table."),
)
WHOLE_ROW = Says(
    "column.whole-row",
    Text("不允许引用整行 {name}。", "A whole row may not be referenced ({name})."),
    Text("请逐一写出列名。", "Write the names of the columns."),
)
FORM = Says(
    "query.form-refused",
    Text("不支持这种写法：{form}。", "This form is not supported: {form}."),
    Text("请用普通的 SELECT 写法改写。", "Rewrite it with plain SELECT forms."),
)
WIDTH = Says(
    "query.width",
    Text("两侧的列数不同。", "The two sides have different numbers of columns."),
    Text("请使列数一致。", "Make them the same."),
)
ORDINAL = Says(
    "query.ordinal",
    Text("序号超出结果列的范围。", "The position is outside the result's columns."),
    Text("请写列名。", "Write the name of the column."),
)
NAME_TAKEN = Says(
    "table.alias-twice",
    Text("别名 {name} 用了两次。", "The alias {name} is used twice."),
    Text("请使用不同的别名。", "Use different aliases."),
)
MAX_RELATIONS = 300
MAX_BOUND = 60_000  # nodes after the aliases have been put in
AGGREGATES = (exp.AggFunc,)


@dataclass
class Source:
    """A relation as the query's author sees it: names beside our columns."""

    item: Item
    names: list[tuple[str, str]]


@dataclass
class Scope:
    """What may be named at one place."""

    outer: Scope | None
    ctes: dict[str, tuple[str, list[str]]]
    sources: dict[str, Source] = field(default_factory=dict)
    merged: dict[str, exp.Expr] = field(default_factory=dict)  # USING columns
    aliases: dict[str, exp.Expr] = field(default_factory=dict)
    windows: dict[str, exp.Window] = field(default_factory=dict)


def bind(tree: exp.Expr, grant: Grant, trouble: Trouble) -> Bound:
    """Resolve the query, or report every name that cannot be resolved."""
    binder = Binder(grant, trouble)
    root = binder.query(tree, None, {})
    trouble.stop_if_any()
    return Bound(root, binder.ctes, binder.inner, binder.parameters)


def quoted(name: str) -> exp.Identifier:
    """An identifier that is taken as it stands."""
    return exp.Identifier(this=name, quoted=True)


def column(alias: str, name: str, like: exp.Expr | None = None) -> exp.Column:
    """A resolved column."""
    node = exp.Column(this=quoted(name), table=quoted(alias))
    if like is not None:
        spans = [n.meta for n in like.walk() if n.meta.get("start") is not None]
        if spans:
            node.this.meta.update(spans[0])
    return node


class Binder:
    """Walks the queries of one statement."""

    def __init__(self, grant: Grant, trouble: Trouble) -> None:
        self.tables = {fold(n): t for n, t in grant.tables.items()}
        self.trouble = trouble
        self.ctes: list[tuple[str, Query]] = []
        self.inner: dict[str, Query] = {}
        self.parameters: set[str] = set()
        self.count = 0
        self.nodes = 0

    def fresh(self, prefix: str) -> str:
        """A name used nowhere else in the statement."""
        self.count += 1
        if self.count > MAX_RELATIONS:
            from dianchi.engines.guard.parse import TOO_LARGE

            raise self.trouble.stop(TOO_LARGE)
        return f"{prefix}{self.count}"

    def query(self, node: exp.Expr, outer: Scope | None, ctes: dict[str, tuple[str, list[str]]]) -> Query:
        """Bind any query: SELECT, set operation, or one in brackets."""
        ctes = self.with_queries(node, ctes)
        if isinstance(node, exp.Select):
            return self.select(node, outer, ctes)
        if isinstance(node, exp.SetOperation):
            bound: Query = self.set_operation(node, outer, ctes)
        elif isinstance(node, exp.Subquery) and not node.alias:
            bound = self.query(node.this, outer, ctes)
        elif isinstance(node, exp.Values):
            bound = self.star_over(self.values(node, "", outer, ctes))
        else:
            raise self.trouble.stop(FORM, node, form=type(node).__name__.upper())
        if any(node.args.get(k) for k in ("order", "limit", "offset")):
            return self.sorted(node, bound, outer, ctes)
        return bound

    def with_queries(self, node: exp.Expr, ctes: dict[str, tuple[str, list[str]]]) -> dict[str, tuple[str, list[str]]]:
        """Bind the WITH queries in order, each seeing those before it; none can hide a table from itself."""
        clause = node.args.get("with_")
        if clause is None:
            return ctes
        known = dict(ctes)
        for cte in clause.expressions:
            if cte.args.get("alias") is None or fold(cte.alias) in {
                fold(c.alias) for c in clause.expressions if c is not cte
            }:
                raise self.trouble.stop(NAME_TAKEN, cte, name=cte.alias)
            bound = self.query(cte.this, None, known)
            name = self.fresh("q")
            self.ctes.append((name, bound))
            known = {**known, fold(cte.alias): (name, self.renamed(bound.names, cte.args["alias"]))}
        return known

    def renamed(self, names: list[str], alias: exp.Expr | None) -> list[str]:
        """The names of a relation's columns after AS t(a, b)."""
        given = [c.name for c in alias.args.get("columns") or []] if alias is not None else []
        if len(given) > len(names):
            raise self.trouble.stop(WIDTH, alias)
        return given + names[len(given) :]

    def set_operation(
        self, node: exp.SetOperation, outer: Scope | None, ctes: dict[str, tuple[str, list[str]]]
    ) -> SetOp:
        """UNION, EXCEPT, INTERSECT; a long chain of them is walked without recursion."""
        chain: list[exp.SetOperation] = []
        left: exp.Expr = node
        while isinstance(left, exp.SetOperation) and (left is node or not self.has_tail(left)):
            chain.append(left)
            left = left.this
        bound = self.query(left, outer, ctes)
        for op in reversed(chain):
            right = self.query(op.expression, outer, ctes)
            if len(bound.names) != len(right.names):
                raise self.trouble.stop(WIDTH, op)
            if op.args.get("by_name"):
                raise self.trouble.stop(FORM, op, form="UNION BY NAME")
            kind = type(op).__name__.upper()
            bound = SetOp(kind, bool(op.args.get("distinct")), bound, right, bound.names, op)
        assert isinstance(bound, SetOp)
        return bound

    def has_tail(self, node: exp.Expr) -> bool:
        """Whether the query has its own WITH, ORDER BY or LIMIT."""
        return any(node.args.get(k) for k in ("with_", "order", "limit", "offset"))

    def star_over(self, source: Source) -> Block:
        """SELECT * over one relation."""
        alias = source.item.alias
        return Block(
            source.item, outputs=[column(alias, c) for _, c in source.names], names=[n for n, _ in source.names]
        )

    def over(self, query: Query) -> Source:
        """A query as a relation."""
        item = Item(self.fresh("r"), len(query.names), query=query)
        return Source(item, [(n, f"c{i}") for i, n in enumerate(query.names, 1)])

    def sorted(
        self, node: exp.Expr, query: Query, outer: Scope | None, ctes: dict[str, tuple[str, list[str]]]
    ) -> Block:
        """A set operation or a bracketed query with ORDER BY or LIMIT of its own."""
        source = self.over(query)
        block = self.star_over(source)
        block.node = node
        scope = Scope(outer, ctes, {"": source})
        self.tail(node, block, scope)
        return block

    # --- SELECT

    def select(self, node: exp.Select, outer: Scope | None, ctes: dict[str, tuple[str, list[str]]]) -> Block:
        """Bind one SELECT, clause by clause, in the order in which names become visible."""
        if node.args.get("kind"):
            raise self.trouble.stop(FORM, node, form=f"SELECT AS {node.args['kind']}")
        block, scope = Block(node=node), Scope(outer, ctes)
        extra = self.from_clause(node, block, scope)
        for window in node.args.get("windows") or []:
            scope.windows[fold(window.this.name)] = window
        self.projections(node, block, scope)
        where = node.args.get("where")
        terms = ([self.expression(where.this, scope)] if where else []) + [self.expression(e, scope) for e in extra]
        block.where = all_of(terms)
        self.group(node.args.get("group"), block, scope)
        if having := node.args.get("having"):
            block.having = self.expression(having.this, scope)
        if qualify := node.args.get("qualify"):
            block.qualify = self.expression(qualify.this, scope)
        self.distinct(node.args.get("distinct"), block, scope)
        self.tail(node, block, scope)
        return block

    def from_clause(self, node: exp.Select, block: Block, scope: Scope) -> list[exp.Expr]:
        """Bind FROM and the joins; semi- and anti-joins come back as EXISTS terms of the WHERE."""
        clause = node.args.get("from_")
        joins = node.args.get("joins") or []
        extra: list[exp.Expr] = []
        if clause is None:
            if joins:
                raise self.trouble.stop(FORM, node, form="JOIN")
            return extra
        first = self.relation(clause.this, scope)
        block.first = first.item
        for join in joins:
            kind = (join.args.get("kind") or "").upper()
            if kind in ("SEMI", "ANTI"):
                extra.append(self.semi(join, kind))
            else:
                block.joins.append(self.join(join, kind, scope))
        return extra

    def semi(self, join: exp.Join, kind: str) -> exp.Expr:
        """A SEMI or ANTI JOIN … ON as (NOT) EXISTS."""
        if not join.args.get("on") or join.args.get("using") or join.args.get("method") or join.args.get("side"):
            raise self.trouble.stop(FORM, join, form=f"{kind} JOIN")
        inner = exp.Select(
            expressions=[exp.Literal.number(1)], from_=exp.From(this=join.this), where=exp.Where(this=join.args["on"])
        )
        exists = exp.Exists(this=inner)
        return exp.Not(this=exists) if kind == "ANTI" else exists

    def join(self, join: exp.Join, kind: str, scope: Scope) -> Join:
        """One join with its condition; USING and NATURAL become equalities."""
        side, method = (join.args.get("side") or "").upper(), (join.args.get("method") or "").upper()
        if (
            kind not in ("", "INNER", "OUTER", "CROSS")
            or method not in ("", "NATURAL")
            or side not in ("", "LEFT", "RIGHT", "FULL")
        ):
            raise self.trouble.stop(FORM, join, form=" ".join(x for x in (method, side, kind, "JOIN") if x))
        before = list(scope.sources.values())
        source = self.relation(join.this, scope)
        bound = Join(source.item, side, node=join)
        using = [i.name for i in join.args.get("using") or []]
        if method == "NATURAL":
            mine = {fold(n) for n, _ in source.names}
            using = list(dict.fromkeys(n for s in before for n, _ in s.names if fold(n) in mine))
        if using:
            bound.on = self.using(using, before, source, side, scope, join)
        elif on := join.args.get("on"):
            bound.on = self.expression(on, scope)
        return bound

    def using(
        self, names: list[str], before: list[Source], source: Source, side: str, scope: Scope, node: exp.Expr
    ) -> exp.Expr:
        """The condition of USING, and the columns it merges."""
        terms: list[exp.Expr] = []
        for name in names:
            key = fold(name)
            left = scope.merged.get(key) or self.one_of(before, key, name, node)
            right = self.one_of([source], key, name, node)
            terms.append(exp.EQ(this=left.copy(), expression=right))
            merged = {"RIGHT": right, "FULL": exp.Coalesce(this=left.copy(), expressions=[right.copy()])}
            scope.merged[key] = merged.get(side, left).copy()
        found = all_of(terms)
        assert found is not None
        return found

    def one_of(self, sources: list[Source], key: str, name: str, node: exp.Expr) -> exp.Column:
        """The one column of that name in these relations."""
        found = [column(s.item.alias, c, None) for s in sources for n, c in s.names if fold(n) == key]
        if len(found) != 1:
            self.unused(sources, key, node)
            raise self.trouble.stop(AMBIGUOUS if found else NO_COLUMN, node, name=name)
        return found[0]

    def unused(self, sources: Iterable[Source], key: str, node: exp.Expr) -> None:
        """Say it plainly if the column exists but is granted for nothing."""
        for source in sources:
            table = source.item.table
            for c in table.columns.values() if table else ():
                if fold(c.name) == key and not c.uses:
                    raise self.trouble.stop(NO_USE, node, f"{table.name if table else ''}.{c.name}")

    def relation(self, node: exp.Expr, scope: Scope) -> Source:
        """Bind one relation and add it to the scope under the name that the author gave it."""
        if isinstance(node, exp.Lateral):
            raise self.trouble.stop(FORM, node, form="LATERAL")
        alias = node.args.get("alias")
        name = node.alias_or_name if isinstance(node, exp.Table | exp.Subquery | exp.Values) else ""
        if isinstance(node, exp.Table):
            source = self.table(node, scope)
        elif isinstance(node, exp.Values):
            source = self.values(node, "", scope.outer, scope.ctes)
        elif isinstance(node, exp.Subquery):
            source = self.over(self.subquery(node, scope))
        else:
            raise self.trouble.stop(FORM, node, form=type(node).__name__.upper())
        source.names = [
            (n, c) for n, (_, c) in zip(self.renamed([n for n, _ in source.names], alias), source.names, strict=True)
        ]
        source.item.node = node
        key = fold(name) if name else f" {source.item.alias}"
        if key in scope.sources:
            raise self.trouble.stop(NAME_TAKEN, node, name=name)
        scope.sources[key] = source
        return source

    def subquery(self, node: exp.Subquery, scope: Scope) -> Query:
        """A query in FROM, with any WITH, ORDER BY or LIMIT written outside its brackets."""
        ctes = self.with_queries(node, scope.ctes)
        bound = self.query(node.this, scope.outer, ctes)
        if any(node.args.get(k) for k in ("order", "limit", "offset")):
            return self.sorted(node, bound, scope.outer, ctes)
        return bound

    def table(self, node: exp.Table, scope: Scope) -> Source:
        """A granted table or a WITH query by name."""
        if not isinstance(node.this, exp.Identifier) or node.args.get("db") or node.args.get("catalog"):
            raise self.trouble.stop(NOT_GRANTED, node, name=node.sql("duckdb")[:60])
        key = fold(node.name)
        if key in scope.ctes:
            name, names = scope.ctes[key]
            item = Item(self.fresh("r"), len(names), cte=name)
            return Source(item, [(n, f"c{i}") for i, n in enumerate(names, 1)])
        table = self.tables.get(key)
        if table is None:
            raise self.trouble.stop(NOT_GRANTED, node, name=node.name[:60])
        return Source(Item(self.fresh("r"), table=table), [(c.name, c.name) for c in table.named])

    def values(self, node: exp.Values, _: str, outer: Scope | None, ctes: dict[str, tuple[str, list[str]]]) -> Source:
        """Literal rows."""
        widths = {len(r.expressions) for r in node.expressions if isinstance(r, exp.Tuple)}
        if len(widths) != 1 or not all(isinstance(r, exp.Tuple) for r in node.expressions):
            raise self.trouble.stop(WIDTH, node)
        width = widths.pop()
        scope = Scope(outer, ctes)
        rows = [exp.Tuple(expressions=[self.expression(e, scope) for e in r.expressions]) for r in node.expressions]
        item = Item(self.fresh("r"), width, rows=exp.Values(expressions=rows))
        return Source(item, [(f"col{i}", f"c{i + 1}") for i in range(width)])

    def projections(self, node: exp.Select, block: Block, scope: Scope) -> None:
        """The select list: stars expanded, aliases known to what follows them."""
        if not node.expressions:
            raise self.trouble.stop(FORM, node, form="SELECT FROM")
        for e in node.expressions:
            if isinstance(e, exp.Star) or (isinstance(e, exp.Column) and isinstance(e.this, exp.Star)):
                self.star(e, block, scope)
                continue
            inner = e.this if isinstance(e, exp.Alias) else e
            bound = self.expression(inner, scope)
            name = e.alias if isinstance(e, exp.Alias) else _default_name(inner)
            block.outputs.append(bound)
            block.names.append(name)
            if isinstance(e, exp.Alias):
                scope.aliases.setdefault(fold(name), bound)

    def star(self, node: exp.Expr, block: Block, scope: Scope) -> None:
        """All columns with uses, of all relations or of one."""
        star = node if isinstance(node, exp.Star) else node.this
        sources = list(scope.sources.values())
        if isinstance(node, exp.Column):
            found = scope.sources.get(fold(node.table))
            if found is None or node.args.get("db"):
                raise self.trouble.stop(NOT_GRANTED, node, name=node.table)
            sources = [found]
        if not sources:
            raise self.trouble.stop(FORM, node, form="*")
        without = {fold(c.name) for c in star.args.get("except_") or []}
        instead = {fold(a.alias): a.this for a in star.args.get("replace") or []}
        known, seen = set(), set()
        for source in sources:
            for name, internal in source.names:
                key = fold(name)
                known.add(key)
                if key in without or (isinstance(node, exp.Star) and key in scope.merged and key in seen):
                    continue
                seen.add(key)
                merged = scope.merged.get(key) if isinstance(node, exp.Star) else None
                bound = (
                    self.expression(instead[key], scope)
                    if key in instead
                    else merged.copy()
                    if merged
                    else column(source.item.alias, internal, node)
                )
                block.outputs.append(bound)
                block.names.append(name)
        for key in (without | set(instead)) - known:
            self.unused(sources, key, node)
            raise self.trouble.stop(NO_COLUMN, node, name=key)

    def group(self, node: exp.Group | None, block: Block, scope: Scope) -> None:
        """GROUP BY with ordinals, aliases, ALL and grouping sets, as keys and sets of keys."""
        if node is None:
            return
        if node.args.get("all"):
            block.keys = [o.copy() for o in block.outputs if not _aggregated(o)]
            block.sets = [tuple(range(len(block.keys)))]
            return
        sets: list[tuple[int, ...]] = [()]
        for e in node.expressions:
            options = self.grouping(e, block, scope)
            sets = [tuple(dict.fromkeys(s + o)) for s in sets for o in options]
            if len(sets) > 64:
                raise self.trouble.stop(FORM, node, form="GROUPING SETS > 64")
        block.sets = sets

    def grouping(self, node: exp.Expr, block: Block, scope: Scope) -> list[tuple[int, ...]]:
        """The alternatives that one item of GROUP BY stands for."""
        if isinstance(node, exp.GroupingSets):
            return [o for e in node.expressions for o in self.grouping(e, block, scope)]
        if isinstance(node, exp.Rollup | exp.Cube):
            parts = [self.grouping(e, block, scope)[0] for e in node.expressions]
            if isinstance(node, exp.Rollup):
                return [sum(parts[:n], ()) for n in range(len(parts), -1, -1)]
            if len(parts) > 6:
                raise self.trouble.stop(FORM, node, form="CUBE > 6")
            return [sum((p for i, p in enumerate(parts) if not mask >> i & 1), ()) for mask in range(2 ** len(parts))]
        if isinstance(node, exp.Tuple):
            return [sum((self.grouping(e, block, scope)[0] for e in node.expressions), ())]
        if isinstance(node, exp.Paren):
            return self.grouping(node.this, block, scope)
        return [(self.key(node, block, scope),)]

    def key(self, node: exp.Expr, block: Block, scope: Scope) -> int:
        """The index of a grouping key, added if new."""
        bound = self.output_or(node, block, scope, aliases_first=False)
        for i, k in enumerate(block.keys):
            if k == bound:
                return i
        block.keys.append(bound)
        return len(block.keys) - 1

    def output_or(self, node: exp.Expr, block: Block, scope: Scope, aliases_first: bool) -> exp.Expr:
        """An expression that may be a position or the name of an output."""
        if isinstance(node, exp.Literal) and not node.is_string:
            if not node.is_int or not 1 <= int(node.this) <= len(block.outputs):
                raise self.trouble.stop(ORDINAL, node)
            return self.placed(block.outputs[int(node.this) - 1], node)
        if aliases_first and isinstance(node, exp.Column) and not node.table:
            found = scope.aliases.get(fold(node.name))
            if found is None:
                same = [o for n, o in zip(block.names, block.outputs, strict=True) if fold(n) == fold(node.name)]
                found = same[0] if len(same) == 1 else None
            if found is not None:
                return self.placed(found, node)
        return self.expression(node, scope)

    def placed(self, found: exp.Expr, node: exp.Expr) -> exp.Expr:
        """A copy of an aliased expression."""
        if isinstance(found, exp.Column):
            return column(found.table, found.name, node)
        copy = found.copy()
        self.grown(copy)
        return copy

    def grown(self, node: exp.Expr) -> None:
        self.nodes += sum(1 for _ in node.walk())
        if self.nodes > MAX_BOUND:
            from dianchi.engines.guard.parse import TOO_LARGE

            raise self.trouble.stop(TOO_LARGE, node)

    def distinct(self, node: exp.Distinct | None, block: Block, scope: Scope) -> None:
        """DISTINCT and DISTINCT ON."""
        if node is None:
            return
        on = node.args.get("on")
        block.distinct = on is None
        if on is not None:
            keys = on.expressions if isinstance(on, exp.Tuple) else [on]
            block.distinct_on = [self.output_or(k, block, scope, aliases_first=True) for k in keys]

    def tail(self, node: exp.Expr, block: Block, scope: Scope) -> None:
        """ORDER BY, LIMIT and OFFSET."""
        order = node.args.get("order")
        for o in order.expressions if order else []:
            desc, nulls = bool(o.args.get("desc")), bool(o.args.get("nulls_first"))
            if isinstance(o.this, exp.Var) and o.this.name.upper() == "ALL":
                block.order += [Order(e.copy(), desc, nulls) for e in block.outputs]
            elif isinstance(o.this, exp.Var):
                raise self.trouble.stop(FORM, o, form=o.this.name)
            else:
                block.order.append(Order(self.output_or(o.this, block, scope, aliases_first=True), desc, nulls))
        for key in ("limit", "offset"):
            clause = node.args.get(key)
            if clause is None:
                continue
            value = clause.expression
            if isinstance(value, exp.Placeholder):
                self.parameters.add(value.name)
            elif not (isinstance(value, exp.Literal) and value.is_int):
                raise self.trouble.stop(FORM, value or node, form=f"{key.upper()} …")
            setattr(block, key, value.copy())

    # --- expressions

    def expression(self, node: exp.Expr, scope: Scope) -> exp.Expr:
        """A copy with every column resolved and every inner query taken out."""
        if isinstance(node, exp.Column):
            return self.column(node, scope)
        if isinstance(node, exp.Paren):
            inner = self.expression(node.this, scope)
            return inner if isinstance(inner, exp.Column | exp.Literal) else exp.Paren(this=inner)
        if isinstance(node, exp.Subquery | exp.Select | exp.SetOperation):
            return _spanned(exp.Subquery(this=self.inner_query(node, scope)), node)
        if isinstance(node, exp.Exists):
            return _spanned(exp.Exists(this=self.inner_query(node.this, scope)), node)
        if isinstance(node, exp.In) and node.args.get("query"):
            inner = self.inner_query(node.args["query"], scope)
            return _spanned(exp.In(this=self.expression(node.this, scope), query=inner), node)
        if isinstance(node, exp.All | exp.Any):
            return _spanned(type(node)(this=self.inner_query(node.this, scope)), node)
        if isinstance(node, exp.Placeholder):
            if not node.name:
                raise self.trouble.stop(FORM, node, form="?")
            self.parameters.add(node.name)
        if isinstance(node, exp.Window) and node.args.get("alias"):
            node = self.named_window(node, scope)
        if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
            raise self.trouble.stop(WHOLE_ROW, node, name="*")
        return self.rebuilt(node, scope)

    def rebuilt(self, node: exp.Expr, scope: Scope) -> exp.Expr:
        """The same node over bound children."""
        args: dict[str, object] = {}
        for key, value in node.args.items():
            if isinstance(value, list):
                args[key] = [self.expression(v, scope) if isinstance(v, exp.Expr) else v for v in value]
            elif isinstance(value, exp.DataType | exp.Var | exp.Identifier):
                args[key] = value.copy()
            elif isinstance(value, exp.Expr):
                args[key] = self.expression(value, scope)
            else:
                args[key] = value
        new = type(node)(**args)
        new.meta.update({k: v for k, v in node.meta.items() if k in ("start", "end", "line", "col")})
        return new

    def inner_query(self, node: exp.Expr, scope: Scope) -> exp.Var:
        """Bind a query inside an expression; it sees the names around it."""
        bound = self.query(node, scope, scope.ctes)
        name = f"#{len(self.inner) + 1}"
        self.inner[name] = bound
        return exp.Var(this=name)

    def named_window(self, node: exp.Window, scope: Scope) -> exp.Window:
        named = scope.windows.get(fold(node.args["alias"].name))
        if named is None:
            raise self.trouble.stop(NO_COLUMN, node, name=node.args["alias"].name)
        merged = {k: v for k, v in named.args.items() if k in ("partition_by", "order", "spec") and v}
        return exp.Window(this=node.this, **merged)

    def column(self, node: exp.Column, scope: Scope) -> exp.Expr:
        """Find what a name means: the relations first, then the aliases, then the query around."""
        if node.args.get("db") or node.args.get("catalog"):
            raise self.trouble.stop(FORM, node, form=node.sql("duckdb")[:60])
        if isinstance(node.this, exp.Star):
            raise self.trouble.stop(WHOLE_ROW, node, name=node.sql("duckdb")[:60])
        place: Scope | None = scope
        while place is not None:
            found = self.within(node, place)
            if found is not None:
                return found
            place = place.outer
        place = scope
        while place is not None:
            self.unresolved(node, place)
            place = place.outer
        raise self.trouble.stop(NO_COLUMN, node, name=node.sql("duckdb")[:60])

    def within(self, node: exp.Column, scope: Scope) -> exp.Expr | None:
        """What the name means at one level, if anything."""
        key, table = fold(node.name), node.table
        if table:
            source = scope.sources.get(fold(table))
            if source is None:
                return None
            return self.one_of_quiet([source], key, node)
        if key in scope.merged:
            return self.placed(scope.merged[key], node)
        found = self.one_of_quiet(list(scope.sources.values()), key, node)
        if found is not None:
            return found
        if key in scope.aliases:
            return self.placed(scope.aliases[key], node)
        return None

    def one_of_quiet(self, sources: list[Source], key: str, node: exp.Column) -> exp.Column | None:
        found = [column(s.item.alias, c, node) for s in sources for n, c in s.names if fold(n) == key]
        if len(found) > 1:
            raise self.trouble.stop(AMBIGUOUS, node, name=node.name)
        return found[0] if found else None

    def unresolved(self, node: exp.Column, scope: Scope) -> None:
        """Say what is wrong with a name that means nothing."""
        key, table = fold(node.name), node.table
        sources = [s for k, s in scope.sources.items() if not table or k == fold(table)]
        self.unused(sources, key, node)
        if not table and key in scope.sources:
            raise self.trouble.stop(WHOLE_ROW, node, name=node.name)


def _spanned(new: exp.Expr, node: exp.Expr) -> exp.Expr:
    """The new node, standing where the old one stood in the text."""
    spans = [n.meta for n in node.walk() if n.meta.get("start") is not None]
    if spans:
        new.meta.update({"start": min(m["start"] for m in spans), "end": max(m["end"] for m in spans)})
    return new


def _aggregated(node: exp.Expr) -> bool:
    return any(not isinstance(a.parent, exp.Window) for a in node.find_all(exp.AggFunc))


def _default_name(node: exp.Expr) -> str:
    if isinstance(node, exp.Column):
        return node.name
    if isinstance(node, exp.Paren):
        return _default_name(node.this)
    return node.sql("duckdb", normalize_functions="lower")[:120]


__all__ = ["Stop", "Table", "bind"]
