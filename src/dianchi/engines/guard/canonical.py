"""One spelling for one question: conditions in a fixed order and form, so that a re-spelled query is the same plan."""

from __future__ import annotations

from sqlglot import exp

from dianchi.engines.guard.tree import Block, Bound, Query, SetOp, all_of, conjuncts, text_of

_FLIPPED: dict[type[exp.Expr], type[exp.Binary]] = {
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
    exp.EQ: exp.EQ,
    exp.NEQ: exp.NEQ,
}


def canonical(bound: Bound) -> Bound:
    """The bound query with its conditions in canonical form (changed in place); what it means stays the same."""
    stack: list[Query] = [bound.root, *(q for _, q in bound.ctes), *bound.inner.values()]
    while stack:
        query = stack.pop()
        if isinstance(query, SetOp):
            stack += [query.left, query.right]
            continue
        stack += [i.query for i in query.items if i.query is not None]
        _block(query)
    return bound


def _block(b: Block) -> None:
    b.where = _condition(b.where)
    b.having = _condition(b.having)
    b.qualify = _condition(b.qualify)
    for join in b.joins:
        join.on = _condition(join.on)


def _condition(node: exp.Expr | None) -> exp.Expr | None:
    terms = {_text(t): t for c in conjuncts(node) for t in conjuncts(_simple(c))}
    terms.pop("TRUE", None) if len(terms) > 1 else None
    return all_of([terms[k] for k in sorted(terms)])


def _simple(node: exp.Expr) -> exp.Expr:
    """One term: brackets and double negation gone, constants on the right, BETWEEN as two comparisons, IN sorted."""
    while isinstance(node, exp.Paren) or (isinstance(node, exp.Not) and isinstance(node.this.unnest(), exp.Not)):
        node = node.this if isinstance(node, exp.Paren) else node.this.unnest().this
    for side in ("this", "expression"):
        inner = node.args.get(side)
        if (
            isinstance(node, exp.Predicate)
            and isinstance(inner, exp.Paren)
            and isinstance(inner.this, exp.Column | exp.Literal)
        ):
            node.set(side, inner.this)
    if isinstance(node, exp.Or):
        return _either(node)
    if isinstance(node, exp.Between) and not node.args.get("symmetric"):
        low = exp.GTE(this=node.this, expression=node.args["low"])
        high = exp.LTE(this=node.this.copy(), expression=node.args["high"])
        return exp.And(this=_placed(low, node), expression=_placed(high, node))
    if isinstance(node, exp.In) and node.expressions:
        node.set("expressions", list({_text(e): e for e in sorted(node.expressions, key=_text)}.values()))
    flipped = _FLIPPED.get(type(node))
    if flipped is not None:
        return _turned(node, flipped)
    return node


def _either(node: exp.Expr) -> exp.Expr:
    terms: dict[str, exp.Expr] = {}
    stack: list[exp.Expr] = [node]
    while stack:
        n = stack.pop()
        if isinstance(n, exp.Or):
            stack += [n.this, n.expression]
        elif isinstance(n, exp.Paren):
            stack.append(n.this)
        else:
            inner = _condition(n) if isinstance(n, exp.And) else _simple(n)
            if inner is not None:
                terms[_text(inner)] = inner
    ordered = [terms[k] for k in sorted(terms)]
    found = ordered[0]
    for n in ordered[1:]:
        found = exp.Or(this=found, expression=exp.Paren(this=n) if isinstance(n, exp.And) else n)
    return found if len(ordered) == 1 else exp.Paren(this=found)


def _turned(node: exp.Expr, flipped: type[exp.Binary]) -> exp.Expr:
    left, right = node.this, node.expression
    constant = not left.find(exp.Column) and bool(right.find(exp.Column))
    symmetric = type(node) in (exp.EQ, exp.NEQ) and bool(left.find(exp.Column)) == bool(right.find(exp.Column))
    if constant or (symmetric and _text(right) < _text(left)):
        return _placed(flipped(this=right, expression=left), node)
    if type(node) is exp.EQ and isinstance(left, exp.Literal) and left == right:
        return exp.Boolean(this=True)
    return node


def _placed(new: exp.Expr, node: exp.Expr) -> exp.Expr:
    new.meta.update(node.meta)
    return new


def _text(node: exp.Expr) -> str:
    return text_of(node)
