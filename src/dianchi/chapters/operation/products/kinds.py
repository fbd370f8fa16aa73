"""The kinds of product, and what each asks of its query beside what the guard asks of all (norm 21)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dianchi.chapters.operation.products.lifecycle import BULK, FUSION, INDICATOR, MODEL, QUERY, VERIFICATION
from dianchi.chapters.operation.programs.compiling import plan_digest
from dianchi.engines import guard
from dianchi.kernel import canonical
from dianchi.kernel.errors import DomainError, Refusal
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.text import Text

OWN_TABLE = "own"  # the name under which a fusion product's query finds the caller's rows
_EXACT = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL")
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")

SHOWS_VALUES = Refusal(
    "products.verification-shows-values",
    Text("核验产品只能回答是否一致，查询结果不得带出任何数据项", "A verification only says match or no match: its query may show no column"),
    cite("PIPL", 6),
    Text("请只选出常量，把要核对的数据项写在条件里", "Select a constant and put what is compared into the condition"),
    ("R42",), "sql",
)  # fmt: skip
NOT_EQUALITIES = Refusal(
    "products.verification-not-by-equality",
    Text("核验只能把数据项与参数逐一比对是否相等", "A verification compares columns with parameters by equality, and nothing else"),
    cite("PIPL", 6),
    Text("请写成“列 = $参数”的并列条件", "Write the condition as column = $parameter, joined by AND"),
    ("R42", "R50"), "sql",
)  # fmt: skip
NO_SUBJECT = Refusal(
    "products.subject-parameter-missing",
    Text("核验产品须指明哪个参数说明核验的是谁", "A verification names the parameter that says who is verified"),
    cite("PIPL", 23),
    Text("请填写主体参数，并在查询条件中使用", "Enter the subject's parameter and use it in the query"),
    ("R46",), "subject_parameter",
)  # fmt: skip
NOT_ONE_FIGURE = Refusal(
    "products.indicator-not-a-figure",
    Text("指标产品须有且只有一个数值列", "An indicator has exactly one column that is a number"),
    default(), Text("请修改查询语句", "Change the query"), (), "sql",
)  # fmt: skip
NO_OWN_TABLE = Refusal(
    "products.own-table-missing",
    Text("融合计算须声明调用方数据的各列，并在查询中使用该表", "A fusion call declares the columns of the caller's table and reads it as “own”"),
    spec27(21), Text("请声明各列，并联接到受保护的表", "Declare the columns and join them"), ("R54",), "own_columns",
)  # fmt: skip
OWN_NAME_TAKEN = Refusal(
    "products.own-table-name-taken",
    Text("数据申请中已有与调用方数据同名的表", "The request already has a table called “own”"),
    default(), Text("请在数据申请中改名", "Rename it in the request"), (), "own_columns",
)  # fmt: skip
BAD_TOLERANCE = Refusal(
    "products.tolerance-malformed",
    Text("容差和合计分组须是结果中的列，容差列须为整数或小数", "Tolerances and totals name columns of the result; a tolerance is for whole numbers or decimals"),
    default(), Text("请核对各列", "Check the columns"), (), "tolerances",
)  # fmt: skip
NO_PARAMETERS = Refusal(
    "products.bulk-takes-no-parameters",
    Text("批量数据集不带参数", "A data set in bulk takes no parameters"),
    default(), Text("请改为查询接口，或去掉参数", "Make it a query, or drop the parameters"), (), "parameters",
)  # fmt: skip
NOT_SORTED_BY_COLUMNS = Refusal(
    "products.bulk-sorted-by-expression",
    Text("批量数据集只能按结果列排序", "A data set in bulk is sorted by columns of its result alone"),
    default(), Text("请按列名排序，或不排序", "Sort by names of columns, or not at all"), (), "sql",
)  # fmt: skip
NO_MODEL = Refusal(
    "products.model-missing",
    Text("模型评分产品须写明模型文件的摘要，查询各列为模型输入", "A scoring product names the digest of its model file; the query's columns are its inputs"),
    spec27(21), Text("请先上传模型文件并填写其摘要", "Upload the model and enter its digest"), ("R45",), "model_digest",
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A product as its developer wrote it: what a review is bound to."""

    sql: str
    parameters: tuple[Mapping[str, Any], ...]
    kind: str = QUERY
    settings: Mapping[str, Any] = field(default_factory=dict)


def digest(written: Written, grant: guard.Grant) -> str:
    """SM3 of what a review is bound to: the query, its parameters, the policy of its data, its kind."""
    reviewed = plan_digest(written.sql, written.parameters, grant)
    if written.kind == QUERY:
        return reviewed
    return canonical.sm3({"query": reviewed, "kind": written.kind, "settings": dict(written.settings)})


def refusals(written: Written, bound: Mapping[str, guard.Parameter], grant: guard.Grant) -> tuple[Refusal, ...]:
    """Everything that the guard and the product's kind have against the query; nothing if it may run."""
    if written.kind == FUSION and OWN_TABLE in grant.tables:
        return (OWN_NAME_TAKEN,)
    if written.kind == VERIFICATION and not _only_equal(written.sql):
        return (NOT_EQUALITIES,)
    try:
        plan = guard.compile(written.sql, policy(written, grant), bound)
    except DomainError as refused:
        return refused.refusals
    check = _CHECKS.get(written.kind)
    found = tuple(check(written.settings, plan)) if check else ()
    sorted_by = order_of(written.sql) if written.kind == BULK else ()
    known = {column.name for column in plan.columns}
    if sorted_by is None or {name.removeprefix("-") for name in sorted_by} - known:
        found += (NOT_SORTED_BY_COLUMNS,)
    return found


def order_of(sql: str) -> tuple[str, ...] | None:
    """The columns that a query is sorted by, "-" before those that fall; None if it is sorted by anything else."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    order = tree.args.get("order")
    found = []
    for term in order.expressions if order else ():
        name = term.this
        if isinstance(name, exp.Literal) and name.is_int and 0 < int(name.this) <= len(tree.selects):
            name = exp.column(tree.selects[int(name.this) - 1].alias_or_name)
        if not isinstance(name, exp.Column) or name.table or term.args.get("nulls_first"):
            return None
        found.append(f"-{name.name}" if term.args.get("desc") else name.name)
    return tuple(found)


def policy(written: Written, grant: guard.Grant) -> guard.Grant:
    """The grant as the kind reads it.

    A fusion call has the caller's own table in it: free to the caller, hostile to the data. A verification may compare
    keys: what may be matched with a table may be matched with one value, by equality alone (`_verification` sees to it).
    """
    if written.kind == VERIFICATION:
        tables = {
            name: replace(t, columns={n: _matched(c) for n, c in t.columns.items()}) for name, t in grant.tables.items()
        }
        return replace(grant, tables=tables)
    columns = {
        column["name"]: guard.Column(column["name"], column["type"], frozenset({"select"}))
        for column in (written.settings.get("own_columns", ()) if written.kind == FUSION else ())
    }
    if not columns or OWN_TABLE in grant.tables:
        return grant
    return replace(grant, tables={**grant.tables, OWN_TABLE: guard.Table(OWN_TABLE, columns, own=True)})


def _matched(column: guard.Column) -> guard.Column:
    return replace(column, uses=column.uses | {"compare"}) if "join" in column.uses else column


def _only_equal(sql: str) -> bool:
    """Whether every column stands in one conjunction of equalities with a parameter, and nowhere else."""
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except (SqlglotError, RecursionError):
        return True  # the guard says what is wrong with it
    where = tree.args.get("where")
    if not isinstance(tree, exp.Select) or where is None or len(list(tree.find_all(exp.Query))) > 1:
        return False
    terms, columns = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this], 0
    for term in terms:
        sides = {type(term.this), type(term.expression)} if isinstance(term, exp.EQ) else set()
        if exp.Column not in sides or not sides <= {exp.Column, exp.Placeholder, exp.Parameter} or len(sides) != 2:
            return False
        columns += 1
    return columns == len(list(tree.find_all(exp.Column)))


def _verification(settings: Mapping[str, Any], plan: guard.Plan) -> Iterator[Refusal]:
    if plan.counts_suppressed or plan.footprints or any(c.sources for c in plan.columns):
        yield SHOWS_VALUES
    if settings["subject_parameter"] not in plan.parameters:
        yield NO_SUBJECT


def _indicator(settings: Mapping[str, Any], plan: guard.Plan) -> Iterator[Refusal]:
    if len(plan.columns) != 1 or plan.columns[0].type.split("(")[0] not in _NUMBERS:
        yield NOT_ONE_FIGURE


def _model(settings: Mapping[str, Any], plan: guard.Plan) -> Iterator[Refusal]:
    if not settings["model_digest"]:
        yield NO_MODEL


def _fusion(settings: Mapping[str, Any], plan: guard.Plan) -> Iterator[Refusal]:
    if OWN_TABLE not in plan.reads or len(plan.reads) < 2:
        yield NO_OWN_TABLE


def _bulk(settings: Mapping[str, Any], plan: guard.Plan) -> Iterator[Refusal]:
    names = {column.name: column.type.split("(")[0] for column in plan.columns}
    marked = [tolerance["column"] for tolerance in settings["tolerances"]]
    if {*marked, *settings["totals"]} - set(names) or any(names.get(n) not in _EXACT for n in marked):
        yield BAD_TOLERANCE
    if plan.parameters:
        yield NO_PARAMETERS


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], guard.Plan], Iterator[Refusal]]] = {
    VERIFICATION: _verification, INDICATOR: _indicator, MODEL: _model, FUSION: _fusion, BULK: _bulk,
}  # fmt: skip
