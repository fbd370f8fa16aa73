"""Rule 6 for windows: over protected rows a window stays within one subject."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.functions import RANKS
from dianchi.engines.guard.label.expressions import Expressions
from dianchi.engines.guard.labels import Leaf, Sym, leaf_sym, sym

_VALUES = frozenset(["Lag", "Lead", "FirstValue", "LastValue", "NthValue"])


class Windows(Expressions):
    """Labels windows."""

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
