"""The rewritten text for Spark: the same tree in the other engine's words, or a refusal of what does not agree.

Only what `bench/spark_golden.py` ran on both engines with the same outcome is let through. It is written for
Spark 4 as it comes, with ANSI semantics: what could fail is tried there too.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from dianchi.engines.guard.functions import NAMED, find
from dianchi.engines.guard.refusals import Says
from dianchi.engines.guard.threshold.writer import SAMPLE
from dianchi.engines.guard.trouble import Trouble
from dianchi.kernel.text import Text

DIALECT = Says(
    "dialect.not-supported",
    Text(
        "执行引擎 Spark 不支持 {form}，或结果不一致。",
        "{form} is not available on Spark, or gives other results there.",
    ),
    Text("请改写，或使用 duckdb。", "Write it another way, or use duckdb."),
)
_TRIED: dict[type[exp.Expr], str] = {exp.Add: "try_add", exp.Sub: "try_subtract", exp.Mul: "try_multiply"}
_REFUSED: dict[type[exp.Expr], str] = {
    exp.Qualify: "QUALIFY",
    exp.Glob: "GLOB",
    exp.SimilarTo: "SIMILAR TO",
    exp.Lateral: "LATERAL",
    exp.Any: "ANY",
    exp.All: "ALL",
}
_TYPES = {"INT128": "DECIMAL(38,0)", "UBIGINT": "BIGINT", "USMALLINT": "INT", "UINT": "BIGINT", "UTINYINT": "SMALLINT"}
OURS = frozenset(["hash", "list_sum"])  # functions that only we write, below thresholds


def to_spark(sql: str, trouble: Trouble, footprint: bool = False) -> str:
    """The text of a plan, or of what stands behind it, in Spark's words; refuses what has none."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    if not footprint:  # written around a plan that was judged
        _only_agreeing(tree, trouble)
    for clause in tree.find_all(exp.With):
        if clause.args.get("recursive"):
            trouble.add(DIALECT, None, form="WITH RECURSIVE")
    trouble.stop_if_any()
    for node in list(tree.walk())[::-1]:
        new = _translated(node)
        if new is not node:
            node.replace(new)
    return str(tree.sql("spark", normalize_functions=False, comments=False))


def _only_agreeing(tree: exp.Expr, trouble: Trouble) -> None:
    """Refuse every form that Spark has not, or answers otherwise."""
    for node in tree.walk():
        form = _REFUSED.get(type(node), "")
        if isinstance(node, exp.Distinct) and node.args.get("on") is not None and not _ours(node.parent):
            form = "DISTINCT ON"
        elif isinstance(node, exp.Order) and isinstance(node.parent, exp.AggFunc):
            form = "ORDER BY"
        elif isinstance(node, exp.Ordered) and not isinstance(node.find_ancestor(exp.Select, exp.Window), exp.Window):
            form = "ORDER BY" if node.find(exp.Window, exp.Subquery) else ""
        elif isinstance(node, exp.TryCast) and node.to.this.value == "BIGINT" and not isinstance(node.this, exp.Round):
            form = "CAST … AS BIGINT"
        elif isinstance(node, exp.Func) and not isinstance(node, _PLAIN):
            form = _function(node)
        if form:
            trouble.add(DIALECT, None, form=form)


_PLAIN = (exp.And, exp.Or, exp.Case, exp.If, exp.Cast, exp.TryCast, exp.Try, exp.Exists, exp.Any, exp.All, exp.Grouping)


def _function(node: exp.Func) -> str:
    """The name of a function that is not let through."""
    name = str(node.this).lower() if isinstance(node, exp.Anonymous) else ""
    if name in OURS or isinstance(node, exp.Nullif):
        return ""
    function = NAMED.get(name) or find(node)
    if isinstance(node, exp.Max) and node.args.get("count"):  # of ours, below list_sum
        return ""
    return (name or type(node).__name__.lower()) if function is None else function.name if function.spark == "-" else ""


def _ours(select: exp.Expr | None) -> bool:
    """DISTINCT ON … ORDER BY ALL is only ever written by us: one row for each key of a free relation."""
    order = select.args.get("order") if isinstance(select, exp.Select) else None
    return order is not None and isinstance(order.expressions[0].this, exp.Var)


def _first_of_each(select: exp.Select) -> exp.Expr:
    """DISTINCT ON (keys) … ORDER BY ALL as the first row of every partition."""
    keys = select.args["distinct"].args["on"]
    columns = select.expressions
    order = [exp.Ordered(this=c.copy(), desc=False, nulls_first=False) for c in columns]
    number = exp.Window(
        this=exp.RowNumber(),
        partition_by=[k.copy() for k in (keys.expressions if isinstance(keys, exp.Tuple) else [keys])],
        order=exp.Order(expressions=order),
    )
    select.set("distinct", None)
    select.set("order", None)
    select.set("expressions", [*columns, exp.alias_(number, "_one", quoted=True)])
    one = exp.EQ(this=exp.column("_one", "o", quoted=True), expression=exp.Literal.number(1))
    kept = [exp.column(c.alias_or_name, "o", quoted=True) for c in columns]
    inner = exp.Subquery(this=select.copy(), alias=exp.TableAlias(this=exp.to_identifier("o", quoted=True)))
    return exp.Select(expressions=kept, from_=exp.From(this=inner), where=exp.Where(this=one))


def _translated(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.CTE):
        node.set("materialized", None)
    elif isinstance(node, exp.Select) and node.args.get("distinct") is not None and _ours(node):
        return _first_of_each(node)
    elif isinstance(node, exp.Limit) and isinstance(node.expression, exp.Subquery):
        node.set("expression", exp.Literal.number(SAMPLE))  # the size of a sample, which must be constant there
    elif isinstance(node, exp.DataType) and node.this.value in _TYPES:
        return exp.DataType.build(_TYPES[node.this.value], dialect="spark")
    elif isinstance(node, exp.Try):
        inner = node.this
        tried = _TRIED.get(type(inner))
        if tried:
            return exp.Anonymous(this=tried, expressions=[inner.this, inner.expression])
        return exp.Paren(this=inner) if isinstance(inner, exp.Binary) else inner
    elif isinstance(node, exp.Div | exp.Avg):  # of decimals Spark makes decimals
        node.set("this", exp.Cast(this=node.this, to=exp.DataType.build("DOUBLE")))
    elif isinstance(node, exp.Window) and isinstance(node.this, exp.RowNumber) and not node.args.get("order"):
        key = exp.Ordered(this=exp.Anonymous(this="monotonically_increasing_id"), nulls_first=True)
        node.set("order", exp.Order(expressions=[key]))
    elif isinstance(node, exp.Anonymous):
        return _named(node)
    elif isinstance(node, exp.BitwiseLeftShift | exp.BitwiseRightShift):
        name = "shiftleft" if isinstance(node, exp.BitwiseLeftShift) else "shiftright"
        if _hashed(node.this):
            name = "shiftrightunsigned"  # here hashes have a sign
        return exp.Anonymous(this=name, expressions=[node.this.unnest(), node.expression.unnest()])
    elif isinstance(node, exp.Mod) and _hashed(node.this):
        return exp.Anonymous(this="pmod", expressions=[node.this, node.expression])
    elif isinstance(node, exp.TryCast) and node.to.this.value in ("TINYINT", "SMALLINT", "INT"):
        number = exp.TryCast(this=node.this, to=exp.DataType.build("DOUBLE"), safe=True)
        node.set("this", exp.Anonymous(this="rint", expressions=[number]))  # Spark cuts off, DuckDB rounds
    elif isinstance(node, exp.Ordered):
        return _by_output(node)
    elif isinstance(node, exp.ArrayAgg):
        return exp.Anonymous(this="collect_list", expressions=[node.this])
    elif isinstance(node, exp.Placeholder) and node.name:
        return exp.Var(this=f":{node.name}")
    return node


def _hashed(node: exp.Expr) -> bool:
    node = node.unnest()
    return isinstance(node, exp.Anonymous) and str(node.this).lower() in ("hash", "xxhash64")


def _by_output(node: exp.Ordered) -> exp.Expr:
    """Spark sorts by outputs; above DISTINCT and beside windows by nothing else."""
    select = node.parent.parent if node.parent is not None else None
    distinct = isinstance(select, exp.Select) and select.args.get("distinct") is not None
    if isinstance(select, exp.Select) and (distinct or not isinstance(node.this, exp.Column | exp.Literal)):
        same = [e.alias for e in select.expressions if isinstance(e, exp.Alias) and e.this == node.this]
        if same:
            node.set("this", exp.column(same[0], quoted=True))
    return node


def _named(node: exp.Anonymous) -> exp.Expr:
    name, args = str(node.this).lower(), node.expressions
    if name == "hash":
        return exp.Anonymous(this="xxhash64", expressions=args)
    if name == "list_sum":  # of max(x, 2): the two largest
        values = exp.Anonymous(this="collect_list", expressions=[args[0].this])
        largest = exp.Anonymous(
            this="slice",
            expressions=[
                exp.Anonymous(this="sort_array", expressions=[values, exp.false()]),
                exp.Literal.number(1),
                exp.Literal.number(2),
            ],
        )
        return exp.Var(
            this=f"aggregate({largest.sql('spark', normalize_functions=False)}, CAST(0 AS DOUBLE), (a, x) -> a + x)"
        )
    return node
