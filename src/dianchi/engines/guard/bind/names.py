"""Expressions: every column resolved, every inner query taken out and bound in the scope around it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from sqlglot import exp

from dianchi.engines.guard.bind.scope import (
    AMBIGUOUS,
    FORM,
    MAX_BOUND,
    MAX_RELATIONS,
    NO_COLUMN,
    NO_USE,
    WHOLE_ROW,
    Ctes,
    Scope,
    Source,
    column,
    spanned,
)
from dianchi.engines.guard.grant import Grant, fold
from dianchi.engines.guard.tree import Query
from dianchi.engines.guard.trouble import Trouble


class Names(ABC):
    """Resolves what stands in expressions."""

    def __init__(self, grant: Grant, trouble: Trouble) -> None:
        self.tables = {fold(n): t for n, t in grant.tables.items()}
        self.trouble = trouble
        self.ctes: list[tuple[str, Query]] = []
        self.inner: dict[str, Query] = {}
        self.parameters: set[str] = set()
        self.scans: dict[str, str] = {}
        self.count = 0
        self.nodes = 0

    @abstractmethod
    def query(self, node: exp.Expr, outer: Scope | None, ctes: Ctes) -> Query:
        """Bind any query; what the last class of the chain does."""

    def fresh(self, prefix: str) -> str:
        """A name used nowhere else in the statement."""
        self.count += 1
        if self.count > MAX_RELATIONS:
            from dianchi.engines.guard.parse import TOO_LARGE

            raise self.trouble.stop(TOO_LARGE)
        return f"{prefix}{self.count}"

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

    def expression(self, node: exp.Expr, scope: Scope) -> exp.Expr:
        """A copy with every column resolved and every inner query taken out."""
        if isinstance(node, exp.Column):
            return self.column(node, scope)
        if isinstance(node, exp.Paren):
            inner = self.expression(node.this, scope)
            return inner if isinstance(inner, exp.Column | exp.Literal) else exp.Paren(this=inner)
        if isinstance(node, exp.Subquery | exp.Select | exp.SetOperation):
            return spanned(exp.Subquery(this=self.inner_query(node, scope)), node)
        if isinstance(node, exp.Exists):
            return spanned(exp.Exists(this=self.inner_query(node.this, scope)), node)
        if isinstance(node, exp.In) and node.args.get("query"):
            inner = self.inner_query(node.args["query"], scope)
            return spanned(exp.In(this=self.expression(node.this, scope), query=inner), node)
        if isinstance(node, exp.All | exp.Any):
            return spanned(type(node)(this=self.inner_query(node.this, scope)), node)
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
