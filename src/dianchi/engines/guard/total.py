"""Rule 10: every expression made total, so that an error is no oracle."""

from __future__ import annotations

from sqlglot import exp

from dianchi.engines.guard.functions import find

_BITS = (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseLeftShift, exp.BitwiseRightShift, exp.BitwiseNot)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Div, exp.IntDiv, exp.Mod, *_BITS, exp.SimilarTo, exp.Glob)
_OPERATORS = (exp.Binary, exp.Unary, exp.Between, exp.In)


def bracketed(holder: exp.Paren) -> None:
    """Put brackets around every operator below another, so that the text means the tree whatever binds stronger."""
    for n in list(holder.find_all(*_OPERATORS)):
        above = n.parent
        if isinstance(n, exp.Paren) or not isinstance(above, _OPERATORS) or isinstance(above, exp.Paren | exp.Escape):
            continue
        same = type(n) is type(above) and isinstance(n, exp.And | exp.Or)
        if not same and n.arg_key != "expressions":
            new = exp.Paren()
            n.replace(new)
            new.set("this", n)


def total(node: exp.Expr, protected: bool) -> exp.Expr:
    """The expression (changed in place) without a way to fail: TRY_CAST, NULLIF on divisors, TRY where values decide."""
    holder = exp.Paren(this=node)
    n: exp.Expr
    for n in list(holder.find_all(exp.Cast, exp.Div, exp.IntDiv, exp.Mod)):
        if isinstance(n, exp.Cast) and not isinstance(n, exp.TryCast):
            n.replace(exp.TryCast(this=n.this, to=n.args["to"], safe=True))
        elif isinstance(n, exp.Binary) and not _safe_divisor(n.expression):
            n.set("expression", exp.Nullif(this=n.expression, expression=exp.Literal.number(0)))
    if protected:
        for n in list(holder.find_all(*_ARITHMETIC, exp.Func)):
            if not _fails(n):
                continue
            if _queries(n) and isinstance(n, exp.Add | exp.Sub | exp.Mul | exp.IntDiv | exp.Mod):
                for side in ("this", "expression"):  # TRY takes no queries; floating point does not overflow
                    n.set(side, exp.TryCast(this=n.args[side], to=exp.DataType.build("DOUBLE"), safe=True))
            elif not _inside(n, holder):
                n.replace(exp.Try(this=n.copy()))
    new: exp.Expr = holder.this
    new.pop()
    return new


def _safe_divisor(node: exp.Expr) -> bool:
    node = node.unnest()
    return isinstance(node, exp.Literal) and not node.is_string and float(node.this) != 0


def _fails(node: exp.Expr) -> bool:
    if isinstance(node, _ARITHMETIC):
        return not all(
            isinstance(x, exp.Literal | exp.Neg | exp.Paren) for x in node.walk() if not isinstance(x, _ARITHMETIC)
        )
    if not isinstance(node, exp.Func) or isinstance(node, exp.AggFunc):
        return False
    function = find(node)
    return function is not None and function.total == "try"


def _queries(node: exp.Expr) -> bool:
    return any(
        isinstance(x, exp.Subquery | exp.Exists) or (isinstance(x, exp.In) and x.args.get("query")) for x in node.walk()
    )


def _inside(node: exp.Expr, holder: exp.Expr) -> bool:
    """Whether something around it is wrapped already; queries, windows and aggregates cannot be."""
    if any(
        isinstance(x, exp.Subquery | exp.Exists | exp.Window | exp.AggFunc)
        or (isinstance(x, exp.In) and x.args.get("query"))
        for x in node.walk()
    ):
        return True
    parent = node.parent
    while parent is not None and parent is not holder:
        if isinstance(parent, exp.Try):
            return True
        parent = parent.parent
    return False
