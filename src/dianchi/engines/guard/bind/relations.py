"""FROM: tables, queries, literal rows and how they are joined."""

from __future__ import annotations

from abc import abstractmethod

from sqlglot import exp

from dianchi.engines.guard.bind.names import Names
from dianchi.engines.guard.bind.scope import (
    FORM,
    NAME_TAKEN,
    NOT_GRANTED,
    WIDTH,
    Ctes,
    Scope,
    Source,
)
from dianchi.engines.guard.grant import fold
from dianchi.engines.guard.tree import Block, Item, Join, Query, all_of


class Relations(Names):
    """Resolves the relations of a SELECT."""

    @abstractmethod
    def sorted(self, node: exp.Expr, query: Query, outer: Scope | None, ctes: Ctes) -> Block:
        """A query with ORDER BY or LIMIT of its own; what the last class of the chain does."""

    @abstractmethod
    def with_queries(self, node: exp.Expr, ctes: Ctes) -> Ctes:
        """Bind the WITH queries; what the last class of the chain does."""

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

    def relation(self, node: exp.Expr, scope: Scope) -> Source:
        """Bind one relation and add it to the scope under the name that the author gave it."""
        alias = node.args.get("alias")
        name = node.alias_or_name if isinstance(node, exp.Table | exp.Subquery | exp.Values | exp.Lateral) else ""
        if isinstance(node, exp.Table):
            source = self.table(node, scope)
        elif isinstance(node, exp.Values):
            source = self.values(node, "", scope.outer, scope.ctes)
        elif isinstance(node, exp.Subquery):
            source = self.over(self.subquery(node, scope))
        elif isinstance(node, exp.Lateral) and isinstance(node.this, exp.Subquery) and not node.args.get("view"):
            source = self.over(self.query(node.this, scope, scope.ctes))
            source.item.lateral = True
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
        item = Item(self.fresh("r"), table=table)
        self.scans[item.alias] = table.name
        return Source(item, [(c.name, c.name) for c in table.named])

    def values(self, node: exp.Values, _: str, outer: Scope | None, ctes: Ctes) -> Source:
        """Literal rows."""
        widths = {len(r.expressions) for r in node.expressions if isinstance(r, exp.Tuple)}
        if len(widths) != 1 or not all(isinstance(r, exp.Tuple) for r in node.expressions):
            raise self.trouble.stop(WIDTH, node)
        width = widths.pop()
        scope = Scope(outer, ctes)
        rows = [exp.Tuple(expressions=[self.expression(e, scope) for e in r.expressions]) for r in node.expressions]
        item = Item(self.fresh("r"), width, rows=exp.Values(expressions=rows))
        return Source(item, [(f"col{i}", f"c{i + 1}") for i in range(width)])

    def renamed(self, names: list[str], alias: exp.Expr | None) -> list[str]:
        """The names of a relation's columns after AS t(a, b)."""
        given = [c.name for c in alias.args.get("columns") or []] if alias is not None else []
        if len(given) > len(names):
            raise self.trouble.stop(WIDTH, alias)
        return given + names[len(given) :]

    def over(self, query: Query) -> Source:
        """A query as a relation."""
        item = Item(self.fresh("r"), len(query.names), query=query)
        return Source(item, [(n, f"c{i}") for i, n in enumerate(query.names, 1)])
