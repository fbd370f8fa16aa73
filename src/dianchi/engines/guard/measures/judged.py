"""Rules 4 and 5: which aggregates a group may hold, and under which conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.decide import NotAPolynomial, argument, constant, exact_digits, still_closed
from dianchi.engines.guard.functions import REVEALING
from dianchi.engines.guard.labels import Rel, Sym
from dianchi.engines.guard.tree import (
    Block,
    Item,
    Query,
    SetOp,
    columns,
)

if TYPE_CHECKING:
    from dianchi.engines.guard.label import Labeller
from dianchi.engines.guard.measures.parts import Found, Measure, never_null, unparen, value_syms, where

_WHOLE = frozenset(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"])


def _share(call: exp.AggFunc) -> str:
    """Of which part of the values a quantile is asked; nothing if it is another function or asked otherwise."""
    if isinstance(call, exp.Median):
        return "0.5"
    given = call.args.get("quantile") if isinstance(call, exp.Quantile) else call.args.get("expression")
    named = isinstance(call, exp.Quantile | exp.PercentileCont | exp.PercentileDisc)
    if not named or not isinstance(given, exp.Literal) or given.is_string or not 0 <= float(given.this) <= 1:
        return ""
    return str(given.this)


class Judged:
    """Judges the aggregates of one group and numbers them."""

    def __init__(
        self, labeller: Labeller, b: Block, rel: Rel, local: frozenset[str], outer: set[tuple[str, str]]
    ) -> None:
        self.labeller, self.b, self.rel, self.local, self.outer = labeller, b, rel, local, outer
        self.trouble = labeller.trouble
        labeller.count += 1
        self.alias = f"g{labeller.count}"
        self.found = Found()

    def measure(self, node: exp.Expr, call: exp.AggFunc) -> str:
        """The column of the released relation for an aggregate, planned once for all its spellings."""
        guard = node.expression.this if isinstance(node, exp.Filter) else None
        s = self.labeller.generic(call, self.local, self.outer)
        g = self.labeller.sym(guard, self.local, self.outer) if guard is not None else None
        key = s.text + (f" filter {g.text}" if g else "")
        if key in self.found.measures:
            return self.found.measures[key].name
        name = f"m{len(self.found.measures) + 1}"
        self.found.syms[name] = [s, g] if g else [s]
        conditions = [self.condition(guard, g)] if guard is not None and g is not None else []
        self.found.measures[key] = self.planned(name, node, call, guard, conditions)
        return name

    def planned(
        self, name: str, node: exp.Expr, call: exp.AggFunc, guard: exp.Expr | None, conditions: list[int]
    ) -> Measure:
        function = call.key
        if type(call).__name__ in REVEALING:
            return self.listed(name, node, call, guard, conditions)
        distinct = call.this if isinstance(call.this, exp.Distinct) else None
        if distinct is not None:
            return self.distinct(name, node, call, distinct, guard, conditions)
        if isinstance(call.this, exp.Star):
            return Measure(name, "count" if guard else "rows", where(guard, exp.Literal.number(1)), tuple(conditions))
        arg = call.this
        if arg is None:
            raise self.trouble.stop(says.ARGUMENT, node)
        s = self.labeller.sym(arg, self.local, self.outer)
        partial = False
        double = whole = False
        if function == "count":
            self.listed_for(node, s, function, counted=True)
            if arg.key == "case":
                conditions += self.branches(arg, s, node)
            else:
                partial = not never_null(s)
        else:
            conditions += self.branches(arg, s, node)
            self.listed_for(node, s, function)
            needed = exact_digits(s)
            double = needed is None or needed > 28 or (s.op != "leaf" and not self.plain_columns(arg))
            whole = all(x.type in _WHOLE for x in s.leaves)
        return Measure(
            name,
            function,
            where(guard, arg),
            tuple(dict.fromkeys(conditions)),
            function != "count" and bool(s.leaves),
            partial,
            double,
            whole,
        )

    def b_tables(self) -> list[Item]:
        """Every scan of the statement."""
        found: list[Item] = []
        stack: list[Query] = [self.labeller.bound.root, *(q for _, q in self.labeller.bound.ctes)]
        stack += self.labeller.bound.inner.values()
        while stack:
            query = stack.pop()
            if isinstance(query, SetOp):
                stack += [query.left, query.right]
                continue
            found += query.items
            stack += [i.query for i in query.items if i.query is not None]
        return found

    def plain_columns(self, arg: exp.Expr) -> bool:
        """Whether every column of an argument is a base column, whose type is known."""
        cols = [c for c in columns(arg) if c.table in self.local]
        return all(self.labeller.rels[c.table].columns[c.name].sym.leaf is not None for c in cols)

    def listed(
        self, name: str, node: exp.Expr, call: exp.AggFunc, guard: exp.Expr | None, conditions: list[int]
    ) -> Measure:
        """min and max, only where every column under them lists them."""
        function = call.key
        arg = call.this if isinstance(call.this, exp.Expr) else next(iter(call.expressions), None)
        if arg is None:
            raise self.trouble.stop(says.ARGUMENT, node)
        s = self.labeller.generic(call, self.local, self.outer)
        inner = [a for a in s.args if isinstance(a, Sym)]
        plain = len(inner) == 1 and inner[0].op == "leaf" and function in ("min", "max")
        share = _share(call)
        if share:
            function, plain = "median" if isinstance(call, exp.Median) else "quantile", inner[0].op == "leaf"
        missing = [
            x
            for x in sorted(s.leaves, key=lambda x: x.name)
            if "aggregate" not in x.uses or function not in x.aggregates
        ]
        if missing:
            for x in missing:
                self.trouble.add(says.AGGREGATED, node, x.name, function=call.sql_name().lower())
        elif not plain:
            self.trouble.add(says.AGGREGATE_KIND, node, function=call.sql_name().lower())
        if share:
            return Measure(name, "quantile", where(guard, arg), tuple(conditions), share=share)
        return Measure(name, function, where(guard, arg), tuple(conditions), False, True)

    def distinct(
        self,
        name: str,
        node: exp.Expr,
        call: exp.AggFunc,
        distinct: exp.Distinct,
        guard: exp.Expr | None,
        conditions: list[int],
    ) -> Measure:
        """count(DISTINCT subject) always; of other columns where `count` is listed or they are free."""
        if call.key != "count" or len(distinct.expressions) != 1:
            raise self.trouble.stop(says.AGGREGATE_KIND, node, function=f"{call.sql_name().lower()}(distinct)")
        arg = distinct.expressions[0]
        s = self.labeller.sym(arg, self.local, self.outer)
        subject = (
            isinstance(arg, exp.Column)
            and arg.table in self.local
            and bool(self.labeller.rels[arg.table].columns[arg.name].carries)
        )
        if not subject:
            self.listed_for(node, s, "count")
            if s.closed and s.op != "leaf":
                self.trouble.add(says.ARGUMENT, node)
        return Measure(name, "distinct", where(guard, arg), tuple(conditions), False, not subject)

    def listed_for(self, node: exp.Expr, s: Sym, function: str, counted: bool = False) -> None:
        """Every closed column that gives the value must list the function; conditions are judged on their own."""
        for value in value_syms(s):
            for leaf in sorted(value.closed, key=lambda x: x.name):
                if counted and ("filter" in leaf.uses or ("join" in leaf.uses and self.is_subject(leaf.name))):
                    continue
                if "aggregate" not in leaf.uses or function not in leaf.aggregates:
                    self.trouble.add(says.AGGREGATED, node, leaf.name, function=function)

    def is_subject(self, name: str) -> bool:
        """Whether a leaf is a subject column."""
        return any(
            c.carries and c.sym.leaf and c.sym.leaf.name == name
            for a in self.local
            for c in self.labeller.rels[a].columns.values()
        )

    def branches(self, arg: exp.Expr, s: Sym, node: exp.Expr) -> list[int]:
        """Judge the form of an argument and note the conditions in it."""
        if constant(s):
            return []
        protected = {t.table.name for t in self.b_tables() if t.table is not None and t.table.protected}
        if any(x.table not in protected for v in value_syms(s) for x in v.leaves):
            self.trouble.add(says.FREE_WEIGHT, node)  # a value looked up by a key is a function of that key
            return []
        try:
            found = argument(s)
        except NotAPolynomial as e:
            kind = {"boolean": says.BOOLEAN, "constant": says.CONSTANT}.get(e.kind, says.ARGUMENT)
            self.trouble.add(kind, node)
            return []
        if not found.conditions:
            return []
        if not isinstance(unparen(arg), exp.Case):
            if not isinstance(unparen(arg), exp.Column):  # a conditional value computed in a subquery
                self.trouble.add(says.ARGUMENT, node)
                return []
            return [
                self.condition(exp.EQ(this=arg.copy(), expression=arg.copy()), c, node) for c in found.conditions[:1]
            ] + [self.opaque(node)]
        tests = [i.this for i in unparen(arg).args["ifs"]]
        return [self.condition(t, c) for t, c in zip(tests, found.conditions, strict=True)]

    def opaque(self, node: exp.Expr) -> int:
        """A condition that stands in a subquery cannot be told apart here."""
        self.trouble.add(says.ARGUMENT, node)
        return 0

    def condition(self, node: exp.Expr, s: Sym, at: exp.Expr | None = None) -> int:
        """Note a condition; its columns need `filter`."""
        for leaf in sorted(still_closed(s), key=lambda x: x.name):
            if "filter" not in leaf.uses:
                self.trouble.add(says.FILTERED, at or node, leaf.name)
        if s.text not in self.found.conditions:
            self.found.conditions[s.text] = node.copy()
            self.found.condition_syms.append(s)
        return list(self.found.conditions).index(s.text)

    def exclusive(self) -> bool:
        """Whether the conditions are equalities of one expression with different constants."""
        subjects, values = set(), set()
        for s in self.found.condition_syms:
            inner = [a for a in s.args if isinstance(a, Sym)]
            if s.op != "eq" or len(inner) != 2:
                return False
            literal = next((a for a in inner if a.op == "literal"), None)
            if literal is None:
                return False
            subjects |= {a.text for a in inner if a is not literal}
            values.add(literal.text)
        return len(subjects) == 1 and len(values) == len(self.found.condition_syms)
