"""The clauses of a SELECT after FROM: select list, GROUP BY, DISTINCT, ORDER BY, LIMIT."""

from __future__ import annotations

from sqlglot import exp

from dianchi.engines.guard.bind.relations import Relations
from dianchi.engines.guard.bind.scope import (
    FORM,
    NO_COLUMN,
    NOT_GRANTED,
    ORDINAL,
    Scope,
    column,
)
from dianchi.engines.guard.grant import fold
from dianchi.engines.guard.tree import Block, Order


class Clauses(Relations):
    """Resolves the clauses of a SELECT."""

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


def _aggregated(node: exp.Expr) -> bool:
    return any(not isinstance(a.parent, exp.Window) for a in node.find_all(exp.AggFunc))


def _default_name(node: exp.Expr) -> str:
    if isinstance(node, exp.Column):
        return node.name
    if isinstance(node, exp.Paren):
        return _default_name(node.this)
    return node.sql("duckdb", normalize_functions="lower")[:120]
