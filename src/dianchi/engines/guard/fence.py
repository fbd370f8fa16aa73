"""The allow-list of nodes: what has no rule is refused. Each node may carry only the arguments named here."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from dianchi.engines.guard.functions import find, is_constant
from dianchi.engines.guard.refusals import Says
from dianchi.engines.guard.trouble import Trouble
from dianchi.kernel.text import Text

FORM = Says(
    "query.form-refused",
    Text("不支持这种写法：{form}。", "This form is not supported: {form}."),
    Text("请用普通的 SELECT 写法改写。", "Rewrite it with plain SELECT forms."),
)
FUNCTION = Says(
    "function.unknown",
    Text("函数 {form} 不在允许的函数表内。", "The function {form} is not in the list of allowed functions."),
    Text("请改用函数表内的函数。", "Use a function of the list."),
)
WHOLE = Says(
    "column.dynamic",
    Text(
        "不允许以位置、通配或动态方式引用列：{form}。",
        "Columns must be named: no positional or dynamic references ({form}).",
    ),
    Text("请逐一写出列名。", "Write the names of the columns."),
)
TABLE_FUNCTION = Says(
    "table.function",
    Text("不允许表函数、目录或文件：{form}。", "Table functions, catalogs and files are not allowed: {form}."),
    Text("请只查询授权的表。", "Query granted tables only."),
)

_BINARY = "this expression"
_NODES: dict[str, str] = (
    {
        "Select": "expressions from_ joins where group having qualify windows distinct order limit offset with_ kind",
        "Union": "this expression distinct with_ order limit offset by_name",
        "Except": "this expression distinct with_ order limit offset by_name",
        "Intersect": "this expression distinct with_ order limit offset by_name",
        "Subquery": "this alias with_ order limit offset",
        "With": "expressions recursive",
        "CTE": "this alias materialized",
        "TableAlias": "this columns",
        "From": "this",
        "Table": "this alias db catalog",
        "Values": "expressions alias order",
        "Join": "this side kind on using method",
        "Lateral": "this alias view outer",
        "Where": "this",
        "Having": "this",
        "Qualify": "this",
        "Group": "expressions all",
        "GroupingSets": "expressions",
        "Rollup": "expressions",
        "Cube": "expressions",
        "Order": "expressions this",
        "Ordered": "this desc nulls_first",
        "Limit": "this expression",
        "Offset": "this expression",
        "Distinct": "expressions on",
        "Alias": "this alias",
        "Column": "this table db catalog",
        "Identifier": "this quoted",
        "Star": "except_ replace",
        "Literal": "this is_string",
        "Boolean": "this",
        "Null": "",
        "Placeholder": "this",
        "Paren": "this",
        "Tuple": "expressions",
        "Case": "this ifs default",
        "If": "this true false",
        "Cast": "this to safe format",
        "TryCast": "this to safe requires_string format",
        "DataType": "this nested expressions",
        "DataTypeParam": "this",
        "Try": "this",
        "Interval": "this unit",
        "Var": "this",
        "In": "this expressions query",
        "Exists": "this expression",
        "All": "this",
        "Any": "this",
        "Between": "this low high symmetric",
        "Like": "this expression negate",
        "ILike": "this expression negate",
        "Escape": _BINARY,
        "Filter": _BINARY,
        "Window": "this partition_by order spec alias over first",
        "WindowSpec": "kind start start_side end end_side exclude",
        "Grouping": "expressions",
        "WithinGroup": _BINARY,
    }
    | dict.fromkeys(
        [
            "And",
            "Or",
            "Add",
            "Sub",
            "Mul",
            "Div",
            "IntDiv",
            "Mod",
            "EQ",
            "NEQ",
            "GT",
            "GTE",
            "LT",
            "LTE",
            "Is",
            "NullSafeEQ",
            "NullSafeNEQ",
            "DPipe",
            "BitwiseAnd",
            "BitwiseOr",
            "BitwiseXor",
            "BitwiseLeftShift",
            "BitwiseRightShift",
            "SimilarTo",
            "Glob",
        ],
        "this expression safe typed",
    )
    | {"Not": "this", "Neg": "this", "BitwiseNot": "this", "DPipe": "this expression safe"}
)

_NAMES_FOR = {"PositionalColumn", "Columns", "Dot", "ColumnDef", "PseudoType"}
_TABLES = {"TableFromRows", "Unnest", "ReadCSV", "ReadParquet", "JSONTable", "TableSample", "Pivot", "Explode"}


def fence(tree: exp.Expr, trouble: Trouble) -> None:
    """Report every node, argument and function that has no rule."""
    for node in tree.walk():
        name = type(node).__name__
        if isinstance(node, exp.Func) and name not in _NODES:
            if find(node) is None:
                _unknown_function(node, trouble)
            continue
        allowed = _NODES.get(name)
        if allowed is None:
            says = WHOLE if name in _NAMES_FOR else TABLE_FUNCTION if name in _TABLES else FORM
            trouble.add(says, node, form=_form(node))
            continue
        if isinstance(node, exp.DataType) and not _plain_type(node):
            trouble.add(FORM, node, form=f"CAST … AS {node.sql('duckdb')[:40]}")
        if isinstance(node, exp.WindowSpec) and not all(_bound(node.args.get(k)) for k in ("start", "end")):
            trouble.add(FORM, node, form="ROWS BETWEEN …")
        if isinstance(node, exp.Escape) and not _one_character(node.expression):
            trouble.add(FORM, node, form="ESCAPE")
        for key in _filled(node):
            if key not in allowed.split():
                trouble.add(FORM, node, form=f"{_form(node)} … {key.rstrip('_').replace('_', ' ').upper()}")
    trouble.stop_if_any()


def _bound(value: object) -> bool:
    return value is None or isinstance(value, str) or (isinstance(value, exp.Expr) and is_constant(value))


def _one_character(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and node.is_string and len(node.this) == 1


def _plain_type(node: exp.DataType) -> bool:
    kind = node.this.value if hasattr(node.this, "value") else str(node.this)
    return kind in _TYPES and not node.args.get("nested")


_TYPES = frozenset(
    [
        "BOOLEAN",
        "TINYINT",
        "SMALLINT",
        "INT",
        "BIGINT",
        "INT128",
        "FLOAT",
        "DOUBLE",
        "DECIMAL",
        "VARCHAR",
        "TEXT",
        "CHAR",
        "DATE",
        "TIME",
        "TIMESTAMP",
        "TIMESTAMPTZ",
        "UTINYINT",
        "USMALLINT",
        "UINT",
        "UBIGINT",
        "INTERVAL",
        "TIMESTAMPNTZ",
    ]
)


def _filled(node: exp.Expr) -> Iterator[str]:
    for key, value in node.args.items():
        if value is not None and value is not False and value != []:
            yield key


def _unknown_function(node: exp.Func, trouble: Trouble) -> None:
    table = isinstance(node.parent, exp.Table | exp.From | exp.Lateral | exp.Join)
    trouble.add(TABLE_FUNCTION if table else FUNCTION, node, form=_form(node))


def _form(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.this)[:40]
    return (node.sql_name() if isinstance(node, exp.Func) else type(node).__name__).upper()[:40]
