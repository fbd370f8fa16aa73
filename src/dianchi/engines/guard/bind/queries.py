"""Whole queries: SELECT, set operations, WITH."""

from __future__ import annotations

from sqlglot import exp

from dianchi.engines.guard.bind.clauses import Clauses
from dianchi.engines.guard.bind.scope import (
    FORM,
    NAME_TAKEN,
    WIDTH,
    Ctes,
    Scope,
    Source,
    column,
)
from dianchi.engines.guard.grant import Grant, fold
from dianchi.engines.guard.tree import Block, Bound, Query, SetOp, all_of
from dianchi.engines.guard.trouble import Trouble


def bind(tree: exp.Expr, grant: Grant, trouble: Trouble) -> Bound:
    """Resolve the query, or report every name that cannot be resolved."""
    binder = Binder(grant, trouble)
    root = binder.query(tree, None, {})
    trouble.stop_if_any()
    return Bound(root, binder.ctes, binder.inner, binder.parameters, binder.scans)


def _reads_itself(cte: exp.CTE) -> bool:
    return any(fold(t.name) == fold(cte.alias) for t in cte.this.find_all(exp.Table))


class Binder(Clauses):
    """Walks the queries of one statement."""

    def query(self, node: exp.Expr, outer: Scope | None, ctes: Ctes) -> Query:
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

    def with_queries(self, node: exp.Expr, ctes: Ctes) -> Ctes:
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
            name = self.fresh("q")
            if clause.args.get("recursive") and _reads_itself(cte):
                bound: Query = self.recursive(cte, name, known)
            else:
                bound = self.query(cte.this, None, known)
            self.ctes.append((name, bound))
            known = {**known, fold(cte.alias): (name, self.renamed(bound.names, cte.args["alias"]))}
        return known

    def recursive(self, cte: exp.CTE, name: str, known: Ctes) -> SetOp:
        """WITH RECURSIVE: a first query, and one that reads what was found so far."""
        op = cte.this
        if not isinstance(op, exp.Union) or self.has_tail(op) or op.args.get("by_name"):
            raise self.trouble.stop(FORM, cte, form="WITH RECURSIVE")
        first = self.query(op.this, None, known)
        names = self.renamed(first.names, cte.args["alias"])
        again = self.query(op.expression, None, {**known, fold(cte.alias): (name, names)})
        if len(first.names) != len(again.names):
            raise self.trouble.stop(WIDTH, op)
        return SetOp("UNION", bool(op.args.get("distinct")), first, again, first.names, op, name)

    def set_operation(self, node: exp.SetOperation, outer: Scope | None, ctes: Ctes) -> SetOp:
        """UNION, EXCEPT, INTERSECT; a long chain of them is walked without recursion."""
        chain: list[exp.SetOperation] = []
        left: exp.Expr = node
        while isinstance(left, exp.SetOperation) and (left is node or not self.has_tail(left)):
            chain.append(left)
            left = left.this
        bound = self.query(left, outer, ctes)
        for op in reversed(chain):
            right = self.query(op.expression, outer, ctes)
            if op.args.get("by_name"):
                bound, right = self.by_name(bound, right)
            if len(bound.names) != len(right.names):
                raise self.trouble.stop(WIDTH, op)
            kind = type(op).__name__.upper()
            bound = SetOp(kind, bool(op.args.get("distinct")), bound, right, bound.names, op)
        assert isinstance(bound, SetOp)
        return bound

    def by_name(self, left: Query, right: Query) -> tuple[Query, Query]:
        """Both sides with the columns of either, in one order; a column that a side has not is NULL there."""
        known = {fold(n) for n in left.names}
        names = [*left.names, *(n for n in right.names if fold(n) not in known)]
        sides = []
        for query in (left, right):
            source = self.over(query)
            mine = {fold(n): column(source.item.alias, c) for n, c in source.names}
            sides.append(Block(source.item, outputs=[mine.get(fold(n), exp.Null()) for n in names], names=list(names)))
        return sides[0], sides[1]

    def has_tail(self, node: exp.Expr) -> bool:
        """Whether the query has its own WITH, ORDER BY or LIMIT."""
        return any(node.args.get(k) for k in ("with_", "order", "limit", "offset"))

    def star_over(self, source: Source) -> Block:
        """SELECT * over one relation."""
        alias = source.item.alias
        return Block(
            source.item, outputs=[column(alias, c) for _, c in source.names], names=[n for n, _ in source.names]
        )

    def sorted(self, node: exp.Expr, query: Query, outer: Scope | None, ctes: Ctes) -> Block:
        """A set operation or a bracketed query with ORDER BY or LIMIT of its own."""
        source = self.over(query)
        block = self.star_over(source)
        block.node = node
        scope = Scope(outer, ctes, {"": source})
        self.tail(node, block, scope)
        return block

    def select(self, node: exp.Select, outer: Scope | None, ctes: Ctes) -> Block:
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
