"""One spelling for each thing: names the parser does not know become nodes it knows, noise is taken away."""

from __future__ import annotations

from sqlglot import exp

from dianchi.engines.guard.functions import NAMED_AGGREGATES, PARTS

_RENAMED = {"mean": exp.Avg, "dow": exp.DayOfWeek, "isodow": exp.DayOfWeekIso}


def normal(tree: exp.Expr) -> exp.Expr:
    """The tree with synonyms replaced; meaning is unchanged."""
    for node in list(tree.walk()):
        new = _same(node)
        if new is not node:
            new.meta.update(node.meta)
            if node is tree:
                tree = new
            else:
                node.replace(new)
    return tree


def _same(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.IgnoreNulls) and isinstance(node.this, exp.AnyValue):
        return node.this
    if isinstance(node, exp.Anonymous):
        return _function(node)
    if isinstance(node, exp.Fetch):
        plain = all(
            not v
            for k, v in (node.args["limit_options"].args if node.args.get("limit_options") else {}).items()
            if k != "rows"
        )
        return exp.Limit(expression=node.args.get("count") or exp.Literal.number(1)) if plain else node
    if isinstance(node, exp.GroupingId) and node.expressions:
        return exp.Grouping(expressions=node.expressions)
    if isinstance(node, exp.CountIf):
        return exp.Count(this=exp.Case(ifs=[exp.If(this=node.this, true=exp.Literal.number(1))]), big_int=True)
    if isinstance(node, exp.Case) and node.this is not None:
        for branch in node.args["ifs"]:
            branch.set("this", exp.EQ(this=node.this.copy(), expression=branch.this))
        node.set("this", None)
        return node
    if isinstance(node, exp.ApproxDistinct) and not node.args.get("accuracy"):
        return exp.Count(this=exp.Distinct(expressions=[node.this]), big_int=True)
    if isinstance(node, exp.If) and not isinstance(node.parent, exp.Case):
        return exp.Case(ifs=[exp.If(this=node.this, true=node.args.get("true"))], default=node.args.get("false"))
    return node


def _function(node: exp.Anonymous) -> exp.Expr:
    name, args = str(node.this).lower(), node.expressions
    if name in _RENAMED and len(args) == 1:
        return _RENAMED[name](this=args[0])
    if name in NAMED_AGGREGATES:
        return exp.AnonymousAggFunc(this=name, expressions=args)
    if name == "count_star" and not args:
        return exp.Count(this=exp.Star(), big_int=True)
    if name in ("date_part", "datepart") and len(args) == 2 and isinstance(args[0], exp.Literal):
        part = args[0].this.lower()
        if args[0].is_string and part in PARTS:
            return exp.Extract(this=exp.Var(this=part.upper()), expression=args[1])
    if name == "prefix" and len(args) == 2:
        return exp.StartsWith(this=args[0], expression=args[1])
    if name == "suffix" and len(args) == 2:
        return exp.EndsWith(this=args[0], expression=args[1])
    return node
