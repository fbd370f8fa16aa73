"""A custom rule: one condition over the columns of a row, in the guard's own subset of SQL expressions."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from dianchi.engines.guard.fence import fence
from dianchi.engines.guard.normal import normal
from dianchi.engines.guard.parse import parse
from dianchi.engines.guard.refusals import Stop
from dianchi.engines.guard.total import bracketed, total
from dianchi.engines.guard.trouble import Trouble
from dianchi.kernel.errors import DomainError
from dianchi.kernel.text import Text

LONGEST = 2000  # characters
_NOT_ROWWISE = (exp.AggFunc, exp.Window, exp.Query, exp.Subquery, exp.Exists, exp.Placeholder, exp.Star)
# What may come with the one SELECT that we put around it: anything else was smuggled in.
_OWN = {"expressions", "from_", "where", "kind"}


class Unusable(ValueError):
    """The expression is none; `problem` says why."""

    def __init__(self, problem: Text) -> None:
        super().__init__(problem.en)
        self.problem = problem


def columns(expression: str) -> tuple[str, ...]:
    """The columns that it names, each once. Unusable if it is no condition over one row."""
    holder = exp.Paren(this=_condition(expression).copy())
    return tuple(dict.fromkeys(c.name for c in holder.find_all(exp.Column)))


def sql(expression: str, value: Callable[[str], str]) -> str:
    """The condition as SQL that cannot fail; `value` gives the SQL name of a column's typed value."""
    holder = exp.Paren(this=_condition(expression).copy())
    for column in list(holder.find_all(exp.Column)):
        column.replace(exp.column(value(column.name)))
    safe = exp.Paren(this=total(holder.this.copy(), protected=True))
    bracketed(safe)
    return safe.sql("duckdb")


def _condition(expression: str) -> exp.Expr:
    if len(expression) > LONGEST:
        raise Unusable(Text("表达式过长", "the expression is too long"))
    try:
        parsed = parse(f"SELECT 1 FROM data WHERE {expression}")  # noqa: S608 - to be judged, not run
    except DomainError as refused:
        raise Unusable(refused.refusals[0].message) from None
    trouble = Trouble(parsed)
    tree = normal(parsed.tree.copy())
    try:
        fence(tree, trouble)
    except Stop:
        raise Unusable(trouble.refusals[0].message) from None
    extra = isinstance(tree, exp.Select) and {k for k, v in tree.args.items() if v} - _OWN
    if not isinstance(tree, exp.Select) or extra or not tree.args.get("where"):
        raise Unusable(Text("只能写一个条件", "it must be one condition"))
    condition: exp.Expr = tree.args["where"].this
    if any(isinstance(node, _NOT_ROWWISE) for node in condition.walk()):
        raise Unusable(Text("只能使用同一行的列", "it may only look at the columns of one row"))
    if any(column.table for column in condition.find_all(exp.Column)):
        raise Unusable(Text("列名前不能有表名", "columns are named without a table"))
    return condition
