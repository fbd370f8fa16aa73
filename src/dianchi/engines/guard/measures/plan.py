"""Rule 3: one thresholded group with its keys, grouping sets and measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.decide import coarsening
from dianchi.engines.guard.labels import Col, Sym, released
from dianchi.engines.guard.tree import (
    compared_with_others,
    reached_by_equality,
)

if TYPE_CHECKING:
    pass
from dianchi.engines.guard.measures.above import Above
from dianchi.engines.guard.measures.parts import Threshold, chains, either_of_leaves, is_chain, own_keys

MAX_OVERLAPPING = 4
MAX_EXCLUSIVE = 40
MAX_CHAINS = 64


class Measures(Above):
    """Plans the threshold of one block."""

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
            len(self.rel.scans) > 1 or not is_chain(sets),
            closed or bool(self.rel.predicates),
            text,
            self.trouble.where(self.b.where if self.b.where is not None else self.b.node),
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
        if s.closed and s.op != "leaf" and not coarsening(s) and not either_of_leaves(s):
            self.trouble.add(says.KEY_FORM, node)
