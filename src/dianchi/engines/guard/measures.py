"""What a thresholded group computes: its keys, its measures, the conditions among them, judged and numbered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.bind import column
from dianchi.engines.guard.decide import NotAPolynomial, argument, coarsening, constant, exact_digits, still_closed
from dianchi.engines.guard.functions import REVEALING
from dianchi.engines.guard.labels import Carry, Col, Rel, Sym, released
from dianchi.engines.guard.tree import (
    Block,
    Item,
    Query,
    SetOp,
    columns,
    compared_with_others,
    expressions,
    inner_names,
    reached_by_equality,
)

if TYPE_CHECKING:
    from dianchi.engines.guard.label import Labeller

MAX_OVERLAPPING = 4
MAX_EXCLUSIVE = 40
MAX_CHAINS = 64
_WHOLE = frozenset(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"])


@dataclass(frozen=True)
class Measure:
    """One aggregate of a thresholded group: `function(arg)`, NULL where it rests on too few."""

    name: str
    function: str  # rows, subjects, count, sum, avg, distinct, min, max
    arg: exp.Expr | None = None
    conditions: tuple[int, ...] = ()  # indexes of the conditions that it depends on
    dominated: bool = False  # whether dominance is asked
    partial: bool = False  # whether the rows it leaves out (NULL) must be none or enough
    double: bool = False  # whether its columns are to be read as floating point
    whole: bool = False  # whether all its columns are whole numbers, to be read wide enough


@dataclass(frozen=True)
class Threshold:
    """A declassifying group, ready to be rendered."""

    alias: str
    keys: tuple[exp.Expr, ...]
    sets: tuple[tuple[int, ...], ...]
    measures: tuple[Measure, ...]
    conditions: tuple[exp.Expr, ...]
    exclusive: bool
    carries: tuple[Carry, ...]
    least: int
    columns: Mapping[str, Col]
    joined: bool  # whether a row may fall into several cells, so that these must be compared
    predicated: bool  # whether the author chose rows or buckets, so that even a count of groups may tell
    text: str
    wide: Mapping[tuple[str, str], str] = field(
        default_factory=dict
    )  # decimals read wide, so that no product overflows


@dataclass
class _Found:
    """The measures and conditions gathered so far."""

    measures: dict[str, Measure] = field(default_factory=dict)
    syms: dict[str, list[Sym]] = field(default_factory=dict)
    conditions: dict[str, exp.Expr] = field(default_factory=dict)
    condition_syms: list[Sym] = field(default_factory=list)


class Measures:
    """Plans the threshold of one block and rewrites what stands above it."""

    def __init__(
        self, labeller: Labeller, b: Block, rel: Rel, local: frozenset[str], outer: set[tuple[str, str]]
    ) -> None:
        self.labeller, self.b, self.rel, self.local, self.outer = labeller, b, rel, local, outer
        self.trouble = labeller.trouble
        labeller.count += 1
        self.alias = f"g{labeller.count}"
        self.found = _Found()
        self.grouping: dict[str, int] = {}

    def plan(self) -> Threshold:
        """Judge keys and aggregates, put references to the released relation in their place."""
        b = self.b
        key_syms = [self.labeller.sym(k, self.local, self.outer) for k in b.keys]
        for key, s in zip(b.keys, key_syms, strict=True):
            self.key(key, s)
        sets = tuple(b.sets) if b.sets is not None else ((),)
        shared = [k for i, k in enumerate(b.keys) if all(i in s for s in sets)]
        self.matched_once(shared)
        if len(set(sets)) != len(sets) or len(chains(sets)) > MAX_CHAINS:
            raise self.trouble.stop(says.SETS, b.node)
        b.outputs = [self.above(e) for e in b.outputs]
        b.having = self.above(b.having) if b.having is not None else None
        b.qualify = self.above(b.qualify) if b.qualify is not None else None
        b.distinct_on = [self.above(e) for e in b.distinct_on]
        for o in b.order:
            o.key = self.above(o.key)
        conditions = tuple(self.found.conditions.values())
        exclusive = self.exclusive()
        if len(conditions) > (MAX_EXCLUSIVE if exclusive else MAX_OVERLAPPING):
            raise self.trouble.stop(says.CONDITIONS, b.node)
        return self.threshold(key_syms, sets, conditions, exclusive)

    def matched_once(self, keys: list[exp.Expr]) -> None:
        """A free relation that is compared otherwise than by equality must give a key, so that it cannot weigh rows."""
        protected = {a for a in self.local if self.labeller.rels[a].protected}
        _, known = reached_by_equality(self.b, protected)
        for alias in sorted(self.local - known):
            if compared_with_others(self.b, alias) and not own_keys(keys, alias):
                self.trouble.add(says.JOIN_WEIGHS, next(i.node for i in self.b.items if i.alias == alias))

    def threshold(
        self,
        key_syms: list[Sym],
        sets: tuple[tuple[int, ...], ...],
        conditions: tuple[exp.Expr, ...],
        exclusive: bool,
    ) -> Threshold:
        least = max(c.least for c in self.rel.carries)
        by = f"group>={least}"
        cols: dict[str, Col] = {}
        for i, s in enumerate(key_syms, 1):
            cols[f"k{i}"] = Col(
                released(s.text, [s], by if s.closed else "select" if not s.freed else ",".join(sorted(s.freed)))
            )
        for m in self.found.measures.values():
            cols[m.name] = Col(
                released(m.name + ":" + "|".join(s.text for s in self.found.syms[m.name]), self.found.syms[m.name], by)
            )
        for i in range(len(self.b.keys)):
            cols[f"h{i + 1}"] = Col(Sym("released", text=f"grouping{i}"))
        closed = any(not x.free for x in self.rel.taint) or any(s.op != "leaf" for s in key_syms)
        text = (
            f"group[{';'.join(sorted(self.rel.scans))}][{';'.join(sorted(self.rel.predicates))}]"
            f"[{';'.join(s.text for s in key_syms)}]{sets}"
        )
        return Threshold(
            self.alias,
            tuple(self.b.keys),
            sets,
            tuple(self.found.measures.values()),
            conditions,
            exclusive,
            self.rel.carries,
            least,
            cols,
            len(self.rel.scans) > 1 or not _chain(sets),
            closed or bool(self.rel.predicates),
            text,
            self.wide(),
        )

    def wide(self) -> dict[tuple[str, str], str]:
        """For each decimal column below the group, its widest type of the same scale."""
        found: dict[tuple[str, str], str] = {}
        for alias in self.local:
            for name, col in self.labeller.rels[alias].columns.items():
                leaf = col.sym.leaf
                if leaf is not None and leaf.type.startswith("DECIMAL"):
                    found[alias, name] = f"DECIMAL(38,{leaf.type[:-1].split(',')[1]})"
        return found

    def key(self, node: exp.Expr, s: Sym) -> None:
        """A key is free, or one `group` column whole or coarsened."""
        for leaf in sorted(s.closed, key=lambda x: x.name):
            if "group" not in leaf.uses:
                self.trouble.add(says.KEYED, node, leaf.name)
        if s.closed and s.op != "leaf" and not coarsening(s) and not _either_of_leaves(s):
            self.trouble.add(says.KEY_FORM, node)

    # --- what stands above the group

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

    # --- measures

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
            return Measure(name, "count" if guard else "rows", _where(guard, exp.Literal.number(1)), tuple(conditions))
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
                partial = not _never_null(s)
        else:
            conditions += self.branches(arg, s, node)
            self.listed_for(node, s, function)
            needed = exact_digits(s)
            double = needed is None or needed > 28 or (s.op != "leaf" and not self.plain_columns(arg))
            whole = all(x.type in _WHOLE for x in s.leaves)
        return Measure(
            name,
            function,
            _where(guard, arg),
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
        if call.this is None:
            raise self.trouble.stop(says.ARGUMENT, node)
        s = self.labeller.generic(call, self.local, self.outer)
        inner = [a for a in s.args if isinstance(a, Sym)]
        plain = len(inner) == 1 and inner[0].op == "leaf" and function in ("min", "max")
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
        return Measure(name, function, _where(guard, call.this), tuple(conditions), False, True)

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
        return Measure(name, "distinct", _where(guard, arg), tuple(conditions), False, not subject)

    def listed_for(self, node: exp.Expr, s: Sym, function: str, counted: bool = False) -> None:
        """Every closed column that gives the value must list the function; conditions are judged on their own."""
        for value in _value_syms(s):
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
        if any(x.table not in protected for v in _value_syms(s) for x in v.leaves):
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
        if not isinstance(_unparen(arg), exp.Case):
            if not isinstance(_unparen(arg), exp.Column):  # a conditional value computed in a subquery
                self.trouble.add(says.ARGUMENT, node)
                return []
            return [
                self.condition(exp.EQ(this=arg.copy(), expression=arg.copy()), c, node) for c in found.conditions[:1]
            ] + [self.opaque(node)]
        tests = [i.this for i in _unparen(arg).args["ifs"]]
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


def aggregates(node: exp.Expr) -> bool:
    """Whether an expression holds an aggregate that is not a window."""
    for a in node.find_all(exp.AggFunc):
        above = a.parent if not isinstance(a.parent, exp.Filter) else a.parent.parent
        if not (
            isinstance(above, exp.Window)
            and (a is above.this or (isinstance(above.this, exp.Filter) and a is above.this.this))
        ):
            return True
    return False


def _where(guard: exp.Expr | None, arg: exp.Expr) -> exp.Expr:
    if guard is None:
        return arg.copy()
    return exp.Case(ifs=[exp.If(this=guard.copy(), true=arg.copy())])


def _unparen(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _value_syms(s: Sym) -> Iterator[Sym]:
    """The parts of an argument that give its value."""
    if s.op == "case":
        for a in s.args:
            if isinstance(a, Sym):
                yield [x for x in a.args if isinstance(x, Sym)][1] if a.op == "if" else a
    elif s.op == "either":
        for a in s.args:
            if isinstance(a, Sym):
                yield from _value_syms(a)
    else:
        yield s


def _never_null(s: Sym) -> bool:
    return not s.leaves


def _either_of_leaves(s: Sym) -> bool:
    return s.op == "either" and all(
        isinstance(a, Sym) and (a.op == "leaf" or not a.closed or coarsening(a) or _either_of_leaves(a)) for a in s.args
    )


def own_keys(keys: Iterable[exp.Expr], alias: str) -> list[exp.Expr]:
    """The keys that are columns of one relation."""
    return [k for k in keys if isinstance(k, exp.Column) and k.table == alias]


def chains(sets: tuple[tuple[int, ...], ...], above: tuple[int, ...] | None = None) -> list[list[tuple[int, ...]]]:
    """Every maximal chain of grouping sets strictly finer than `above`, coarsest first."""
    finer = [s for s in sets if above is None or set(s) > set(above)]
    direct = [s for s in finer if not any(set(t) < set(s) for t in finer)]
    found: list[list[tuple[int, ...]]] = []
    for s in direct:
        found += [[s, *rest] for rest in chains(sets, s) or [[]]]
    return found


def _chain(sets: tuple[tuple[int, ...], ...]) -> bool:
    ordered = sorted((frozenset(s) for s in sets), key=len)
    return all(a < b for a, b in pairwise(ordered))
