"""What stands above a group reads the released relation: keys and aggregates become its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.bind import column
from dianchi.engines.guard.tree import (
    Query,
    SetOp,
    columns,
    expressions,
    inner_names,
)

if TYPE_CHECKING:
    pass
from dianchi.engines.guard.measures.judged import Judged


class Above(Judged):
    """Rewrites what stands above the group."""

    def above(self, node: exp.Expr) -> exp.Expr:
        """The expression with keys and aggregates replaced by columns of the released relation."""
        for i, k in enumerate(self.b.keys, 1):
            if node == k:
                return column(self.alias, f"k{i}", node)
        if isinstance(node, exp.Grouping):
            return self.grouped(node)
        if isinstance(node, exp.Window):
            return self.window(node)
        call = node.this if isinstance(node, exp.Filter) else node
        if isinstance(call, exp.AggFunc):
            return column(self.alias, self.measure(node, call), node)
        if isinstance(node, exp.Column):
            if node.table in self.local:
                raise self.trouble.stop(says.NOT_GROUPED, node)
            return node
        self.inner(node)
        return self.children(node)

    def children(self, node: exp.Expr) -> exp.Expr:
        for key, value in list(node.args.items()):
            if isinstance(value, list):
                node.set(key, [self.above(v) if isinstance(v, exp.Expr) else v for v in value])
            elif isinstance(value, exp.Expr) and not isinstance(value, exp.DataType | exp.Var | exp.Identifier):
                node.set(key, self.above(value))
        return node

    def window(self, node: exp.Window) -> exp.Expr:
        """A window above the group: its function is not a measure, its arguments may hold some."""
        call = node.this.this if isinstance(node.this, exp.Filter) else node.this
        self.children(call)
        if isinstance(node.this, exp.Filter):
            node.this.set("expression", self.above(node.this.expression))
        for key in ("partition_by",):
            node.set(key, [self.above(v) for v in node.args.get(key) or []])
        if order := node.args.get("order"):
            for o in order.expressions:
                o.set("this", self.above(o.this))
        return node

    def inner(self, node: exp.Expr) -> None:
        """Queries above the group may refer to its keys."""
        for v in node.args.values():
            if isinstance(v, exp.Var) and v.name.startswith("#"):
                self.rebound(self.labeller.bound.inner[v.name])

    def rebound(self, query: Query) -> None:
        if isinstance(query, SetOp):
            self.rebound(query.left)
            self.rebound(query.right)
            return
        for item in query.items:
            if item.query is not None:
                self.rebound(item.query)
        for e in expressions(query):
            for c in columns(e):
                if c.table in self.local:
                    self.to_key(c)
            for name in inner_names(e):
                self.rebound(self.labeller.bound.inner[name])

    def to_key(self, c: exp.Column) -> None:
        for i, k in enumerate(self.b.keys, 1):
            if c == k:
                new = column(self.alias, f"k{i}", c)
                c.set("this", new.this)
                c.set("table", new.args["table"])
                return
        raise self.trouble.stop(says.NOT_GROUPED, c)

    def grouped(self, node: exp.Grouping) -> exp.Expr:
        """GROUPING(a, b) from the flags of the keys."""
        total: exp.Expr = exp.Literal.number(0)
        for e in node.expressions:
            found = [i for i, k in enumerate(self.b.keys, 1) if k == e]
            if not found:
                raise self.trouble.stop(says.NOT_GROUPED, node)
            total = exp.Add(
                this=exp.Paren(this=exp.Mul(this=exp.Paren(this=total), expression=exp.Literal.number(2))),
                expression=column(self.alias, f"h{found[0]}"),
            )
        return exp.Paren(this=total)
