"""Every expression as a `Sym` over base columns; queries inside expressions judged where they stand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection

from sqlglot import exp

from dianchi.engines.guard import says
from dianchi.engines.guard.decide import bare
from dianchi.engines.guard.functions import find
from dianchi.engines.guard.label.parts import equalities, taints
from dianchi.engines.guard.labels import MAX_SYM, Carry, Leaf, Rel, Sym, sym
from dianchi.engines.guard.measures import Threshold
from dianchi.engines.guard.parse import TOO_LARGE
from dianchi.engines.guard.tree import (
    Block,
    Bound,
    Query,
    inner_names,
)
from dianchi.engines.guard.trouble import Trouble


class Expressions(ABC):
    """Labels expressions. `rels` maps each relation's name to its labels."""

    def __init__(self, bound: Bound, trouble: Trouble, used: Collection[tuple[str, str]]) -> None:
        self.bound, self.trouble, self.used = bound, trouble, used
        self.rels: dict[str, Rel] = {}
        self.ctes: dict[str, Rel] = {}
        self.inner: dict[str, Rel] = {}
        self.thresholds: dict[int, Threshold] = {}
        self.root: Rel | None = None
        self.count = 0

    @abstractmethod
    def query(self, query: Query) -> Rel:
        """Label a query; what the last class of the chain does."""

    @abstractmethod
    def window(self, node: exp.Window, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        """The label of a window; what the next class of the chain does."""

    def sym(self, node: exp.Expr, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        """The expression over base columns. Columns of relations not in `local` are noted in `outer`."""
        result = self._sym(node, local, outer)
        if result.size > MAX_SYM:
            raise self.trouble.stop(TOO_LARGE, node)
        return result

    def _sym(self, node: exp.Expr, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        if isinstance(node, exp.Column):
            if node.table not in local:
                outer.add((node.table, node.name))
            return self.rels[node.table].columns[node.name].sym
        if isinstance(node, exp.Paren):
            return self._sym(node.this, local, outer)
        if isinstance(node, exp.Literal):
            return Sym(
                "literal",
                (node.this if not node.is_string else repr(node.this),),
                text=f"literal({node.this if not node.is_string else repr(node.this)})",
            )
        if isinstance(node, exp.Placeholder):
            return Sym("parameter", (node.name,), text=f"${node.name}")
        if isinstance(node, exp.Window):
            return self.window(node, local, outer)
        names = [v.name for v in node.args.values() if isinstance(v, exp.Var) and v.name.startswith("#")]
        if names:
            return self.inner_sym(node, names[0], local, outer)
        return self.generic(node, local, outer)

    def generic(self, node: exp.Expr, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        """Any node of the allow-list, by its name and its arguments."""
        if isinstance(node, exp.Func) and inner_names(node) and any(self.rels[a].protected for a in local):
            function = find(node)
            if function is not None and function.total == "try":  # TRY takes no queries
                raise self.trouble.stop(says.ARGUMENT_QUERY, node)
        args: list[Sym | str] = []
        if isinstance(node, exp.Cast | exp.TryCast):
            args.append(node.args["to"].sql("duckdb").upper().replace(" ", ""))
        for key, value in node.args.items():
            for v in value if isinstance(value, list) else [value]:
                if isinstance(v, exp.DataType) or key in (
                    "big_int",
                    "safe",
                    "typed",
                    "coalesce",
                    "nested",
                    "ignore_nulls",
                ):
                    continue
                if isinstance(v, exp.Var | exp.Identifier):
                    args.append(f"{key}:{v.name.lower()}")
                elif isinstance(v, exp.Expr):
                    args.append(self._sym(v, local, outer))
                elif v is not None and v is not False:
                    args.append(f"{key}:{v}")
        return sym(node.key, *args)

    def inner_sym(self, node: exp.Expr, name: str, local: frozenset[str], outer: set[tuple[str, str]]) -> Sym:
        """A query inside an expression: a value once released, a semi-join by subject, or refused."""
        if name not in self.inner:
            self.inner[name] = self.query(self.bound.inner[name])
        rel = self.inner[name]
        around = []
        for alias, col in sorted(rel.outer):
            if alias not in local:
                outer.add((alias, col))
            around.append(self.rels[alias].columns[col].sym)
        left = [self._sym(node.this, local, outer)] if isinstance(node, exp.In) else []
        values = [c.sym for c in rel.columns.values()]
        text = (
            f"inner:{name}:{'|'.join(sorted(rel.scans))}:{'|'.join(sorted(rel.predicates))}:{[v.text for v in values]}"
        )
        if not rel.protected:
            return sym(node.key, *left, *around, *values, *taints(rel), text)
        if not isinstance(node, exp.In | exp.Exists):
            raise self.trouble.stop(says.SCALAR, node)
        self.semi(node, rel, name)
        kept = [] if isinstance(node, exp.In) else [s for s in around if bare(s) is None]
        return sym("exists", *kept, *taints(rel, without=self.linked(name)), text)

    def linked(self, name: str) -> frozenset[Leaf]:
        """The subject columns of a semi-join: equating a subject with itself decides nothing."""
        query = self.bound.inner[name]
        found: set[Leaf] = set()
        if isinstance(query, Block):
            for a, b in equalities(query.where):
                cols = [self.rels[c.table].columns.get(c.name) for c in (a, b) if c.table in self.rels]
                if len(cols) == 2 and all(c is not None and c.carries for c in cols):
                    found |= {x for c in cols if c for x in c.sym.leaves}
        return frozenset(found)

    def semi(self, node: exp.Expr, rel: Rel, name: str) -> None:
        """Rule 7: a semi- or anti-join on protected rows only by equality of the subject."""
        query = self.bound.inner[name]
        ok = False
        if len(rel.carries) == 1 and rel.mixed is None and isinstance(query, Block):
            inside = {i.alias for i in query.items}
            pairs = [(a, b) for a, b in equalities(query.where) if (a.table in inside) != (b.table in inside)]
            if (
                isinstance(node, exp.In)
                and isinstance(node.this, exp.Column)
                and isinstance(query.outputs[0], exp.Column)
            ):
                pairs.append((node.this, query.outputs[0]))
            ok = any(self.same_subject(a, b, rel.carries[0]) for a, b in pairs)
            if rel.outer and isinstance(node, exp.In):
                ok = False
        if not ok:
            self.trouble.add(says.SEMI, node)

    def same_subject(self, a: exp.Column, b: exp.Column, carry: Carry) -> bool:
        """Whether the two columns are subjects of one kind, and both may be joined."""
        cols = [self.rels[c.table].columns[c.name] for c in (a, b)]
        if not all(c.carries for c in cols):
            return False
        kinds = {
            x.kind
            for c, col in zip((a, b), cols, strict=True)
            for x in self.rels[c.table].carries
            if x.hidden == col.carries
        }
        uses = all(leaf.uses & {"join", "select"} for c in cols for leaf in c.sym.leaves)
        return kinds == {carry.kind} and uses
