"""What a query at this door may say: one product by its public name and a value for each of its parameters.

    SELECT * FROM "prefecture-epidemic-summary" WHERE date = ?

No text of a caller reaches an engine: the statement is taken apart here, and what is called is the reviewed product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

LONGEST = 10_000
NOT_A_CALL = Refusal(
    "flight.not-a-product-call",
    Text("此通道只能按公开名称调用产品，并为各参数给出值", "This door calls a product by its public name, with a value for each parameter"),
    remedy=Text("请按“SELECT * FROM \"产品\" WHERE 参数 = ?”的形式书写", 'Write SELECT * FROM "product" WHERE parameter = ?'),
)  # fmt: skip
UNBOUND = Refusal(
    "flight.parameters-unbound", Text("绑定的值与参数个数不符", "The values bound are not as many as the parameters"),
    remedy=Text("请为每个问号绑定一个值", "Bind one value to each question mark"),
)  # fmt: skip


@dataclass(frozen=True)
class Called:
    """A product with the values written in the text, and the parameters that are to be bound, in their order."""

    slug: str
    given: dict[str, str]
    open: tuple[str, ...]

    def bound(self, values: Sequence[str]) -> dict[str, str]:
        """Every parameter with its value."""
        if len(values) != len(self.open):
            raise Invalid(UNBOUND)
        return {**self.given, **dict(zip(self.open, values, strict=True))}


def read(text: str) -> Called:
    """The call that a statement makes; Invalid for anything else."""
    try:
        tree = sqlglot.parse_one(text[:LONGEST], read="duckdb") if len(text) <= LONGEST else None
    except (SqlglotError, RecursionError, ValueError):
        tree = None
    if not isinstance(tree, exp.Select) or set(_said(tree)) - {"expressions", "from_", "from", "where"}:
        raise Invalid(NOT_A_CALL)
    source = tree.args.get("from_") or tree.args.get("from")
    table = source.this if source is not None else None
    stars = len(tree.expressions) == 1 and isinstance(tree.expressions[0], exp.Star)
    plain = stars and not _said(tree.expressions[0])
    if (
        not plain
        or not isinstance(table, exp.Table)
        or not isinstance(table.this, exp.Identifier)
        or set(_said(table)) - {"this", "db", "catalog"}
    ):
        raise Invalid(NOT_A_CALL)
    given: dict[str, str] = {}
    waiting: list[str] = []
    where = tree.args.get("where")
    for term in _terms(where.this) if where is not None else ():
        name, value = _pair(term)
        if name in given or name in waiting:
            raise Invalid(NOT_A_CALL)
        if value is None:
            waiting.append(name)
        else:
            given[name] = value
    return Called(table.name, given, tuple(waiting))


def _said(node: exp.Expression) -> list[str]:
    return [name for name, value in node.args.items() if value]


def _terms(node: exp.Expression) -> list[exp.Expression]:
    return [*_terms(node.left), *_terms(node.right)] if isinstance(node, exp.And) else [node]


def _pair(term: exp.Expression) -> tuple[str, str | None]:
    if not isinstance(term, exp.EQ) or not isinstance(term.this, exp.Column):
        raise Invalid(NOT_A_CALL)
    value = term.expression
    if isinstance(value, exp.Cast) and isinstance(value.this, exp.Literal):  # DATE '2020-12-08'
        value = value.this
    if isinstance(value, exp.Neg) and isinstance(value.this, exp.Literal) and not value.this.is_string:
        return term.this.name, f"-{value.this.this}"
    if isinstance(value, exp.Placeholder | exp.Parameter):
        return term.this.name, None
    if not isinstance(value, exp.Literal):
        raise Invalid(NOT_A_CALL)
    return term.this.name, str(value.this)
