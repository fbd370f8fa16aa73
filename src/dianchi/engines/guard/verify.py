"""Rule 12: DuckDB binds the original and the rewritten text over empty tables; both must read only what we derived."""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from dianchi.engines.guard.grant import Grant, Table, fold
from dianchi.engines.guard.refusals import Says
from dianchi.kernel.text import Text

DISAGREE = Says(
    "verifier.disagreement",
    Text(
        "独立核验与编译结果不一致，已拒绝并记录。",
        "The independent verifier disagrees with the compiler; refused and recorded.",
    ),
    Text("请换一种写法，并把查询报告给平台。", "Write it another way, and report the query to the platform."),
)
_LOCK = threading.Lock()
_SHADOWS: OrderedDict[str, duckdb.DuckDBPyConnection] = OrderedDict()
_MOST = 16


class Disagreement(Exception):
    """The bound plan is not what we derived. The reason is for the record, never for the party."""


def reads(sql: str, grant: Grant, named_only: bool = False, totally: bool = False) -> Iterator[tuple[str, str, bool]]:
    """The (table, column, below an aggregate) that DuckDB's own binder derives from a text."""
    with _LOCK:
        con = _shadow(grant, named_only)
        try:
            row = con.execute("SELECT json_serialize_plan(?, optimize := false)", [sql]).fetchone()
        except duckdb.Error as e:
            raise Disagreement(f"not bound: {type(e).__name__}") from e
    plan: Any = json.loads(row[0] if row else "{}")
    if plan.get("error"):
        raise Disagreement(f"not bound: {str(plan.get('error_message'))[:300]}")
    if len(plan["plans"]) != 1:
        raise Disagreement("several statements")
    if totally:
        casts(plan["plans"][0])
    yield from _walk(plan["plans"][0], grant, named_only)


def misfit(sql: str, grant: Grant) -> tuple[int, int] | None:
    """Where in a text the types do not fit, as offset and length: what cannot be bound, or a cast that can fail."""
    with _LOCK:
        try:
            row = _shadow(grant, True).execute("SELECT json_serialize_plan(?, optimize := false)", [sql]).fetchone()
        except duckdb.Error:
            return None
    plan: Any = json.loads(row[0] if row else "{}")
    if plan.get("error"):
        found = re.match(r"\[?(\d+)(?:,(\d+))?", str(plan.get("location") or plan.get("position") or ""))
        at, length = (int(found[1]), int(found[2] or 0)) if found else (-1, 0)
    else:
        at, length = min(((x, 0) for x in _failing(plan)), default=(-1, 0))
    raw = sql.encode()
    if not 0 <= at < len(raw):
        return None
    return len(raw[:at].decode("utf-8", "ignore")), len(raw[at : at + length].decode("utf-8", "ignore"))


def _failing(plan: Any) -> Iterator[int]:
    """Where the binder put in casts that values could make fail."""
    stack: list[Any] = [plan]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if node.get("type") == "OPERATOR_CAST" and not (node.get("function_data") or {}).get("try_cast"):
                at = node.get("query_location")
                if (
                    isinstance(at, int)
                    and _of_rows(node["children"])
                    and not _total_cast(node["arguments"][0], node["return_type"])
                ):
                    yield at
            stack += [v for v in node.values() if isinstance(v, dict | list)]
        elif isinstance(node, list):
            stack += node


class Failing(Exception):
    """Binding put in a cast that values could make fail: an error would tell of them."""


def casts(plan: dict[str, Any]) -> None:
    """Raise Failing if a cast that the binder put in can fail for some value, unless TRY stands around it."""
    stack: list[Any] = [plan]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, dict):
            kind = node.get("type")
            if kind == "OPERATOR_TRY":
                continue
            if (
                kind == "OPERATOR_CAST"
                and not (node.get("function_data") or {}).get("try_cast")
                and _of_rows(node["children"])
            ):
                source, target = node["arguments"][0], node["return_type"]
                if not _total_cast(source, target):
                    raise Failing(f"{source.get('id')} to {target.get('id')}")
            stack += [v for v in node.values() if isinstance(v, dict | list)]


def _of_rows(children: Any) -> bool:
    """Whether an expression depends on rows at all; constants fail when they are bound, for everybody."""
    stack: list[Any] = [children]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, dict):
            if node.get("expression_class") in ("BOUND_REF", "BOUND_COLUMN_REF", "BOUND_SUBQUERY", "BOUND_AGGREGATE"):
                return True
            stack += [v for v in node.values() if isinstance(v, dict | list)]
    return False


_WHOLE = {
    "BOOLEAN": 1,
    "UTINYINT": 3,
    "TINYINT": 3,
    "USMALLINT": 5,
    "SMALLINT": 5,
    "UINTEGER": 10,
    "INTEGER": 10,
    "UBIGINT": 20,
    "BIGINT": 19,
    "HUGEINT": 39,
}
_TIMES = {
    ("DATE", "TIMESTAMP"),
    ("TIMESTAMP", "DATE"),
    ("DATE", "TIMESTAMP WITH TIME ZONE"),
    ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
}


def _total_cast(source: dict[str, Any], target: dict[str, Any]) -> bool:
    a, b = str(source.get("id")), str(target.get("id"))
    if b == "VARCHAR" or a in ("NULL", "SQLNULL", '"NULL"') or (a, b) in _TIMES or (a == b and a != "DECIMAL"):
        return True
    number = (*_WHOLE, "DECIMAL", "FLOAT", "DOUBLE")
    if b in ("FLOAT", "DOUBLE"):
        return a in number and not (a == "DOUBLE" and b == "FLOAT")
    if a in _WHOLE and b in _WHOLE:
        return _WHOLE[a] < _WHOLE[b] or (a == b)
    if b == "DECIMAL":
        width, scale = _decimal(target)
        if a in _WHOLE:
            return width - scale >= _WHOLE[a]
        if a == "DECIMAL":
            w, s = _decimal(source)
            return scale >= s and width - scale >= w - s
    return False


def _decimal(kind: dict[str, Any]) -> tuple[int, int]:
    info = kind.get("type_info") or {}
    return int(info.get("width", 0)), int(info.get("scale", 0))


def describe(sql: str, grant: Grant) -> list[tuple[str, str]]:
    """Names and types of the result."""
    with _LOCK:
        try:
            cursor = _shadow(grant).execute(f"DESCRIBE {sql}")
            return [(r[0], r[1]) for r in cursor.fetchall()]
        except duckdb.Error as e:
            raise Disagreement("not described") from e


def _walk(plan: dict[str, Any], grant: Grant, named_only: bool) -> Iterator[tuple[str, str, bool]]:
    """Every base column read; what a WITH query reads counts where the query is used."""
    stack: list[tuple[Any, bool]] = [(plan, False)]
    tables = {t.lower(): grant.tables[t] for t in grant.tables}
    definitions: dict[Any, Any] = {}
    done: set[tuple[Any, bool]] = set()
    while stack:
        node, below = stack.pop()
        if isinstance(node, list):
            stack += [(n, below) for n in node]
            continue
        if not isinstance(node, dict):
            continue
        kind = node.get("type")
        if kind == "LOGICAL_GET":
            yield from ((t, c, below) for t, c in _get(node, tables, named_only))
            stack += [(n, below) for n in node.get("children") or ()]
            continue
        if kind in ("LOGICAL_MATERIALIZED_CTE", "LOGICAL_RECURSIVE_CTE"):
            if len(node["children"]) != 2:
                raise Disagreement("a recursive query")
            definitions[node["table_index"]] = node["children"][0]
            if kind == "LOGICAL_RECURSIVE_CTE":  # reads what both sides read, wherever it is used again
                stack.append((node["children"][0], below))
            stack.append((node["children"][1], below))
            continue
        if kind == "LOGICAL_CTE_REF":
            key = (node["cte_index"], below)
            if key not in done:
                done.add(key)
                stack.append((definitions[node["cte_index"]], below))
            continue
        inside = below or kind in ("LOGICAL_AGGREGATE_AND_GROUP_BY", "LOGICAL_AGGREGATE")
        stack += [(v, inside) for k, v in node.items() if isinstance(v, dict | list) and k not in _TYPES_ONLY]


_TYPES_ONLY = frozenset(["return_type", "arguments", "path", "types"])  # no relation is below these


def _get(node: dict[str, Any], tables: Mapping[str, Table], named_only: bool) -> Iterator[tuple[str, str]]:
    name = _table_name(node)
    if name is None:
        if (
            node.get("name") not in ("DUMMY_SCAN", "COLUMN_DATA_SCAN", None)
            and node.get("function", {}).get("name", "") != ""
        ):
            raise Disagreement(f"table function {node.get('function', {}).get('name') or node.get('name')}")
        return
    table = tables.get(name.lower())
    if table is None:
        raise Disagreement("a table outside the grant")
    names = [c.name for c in table.named] if named_only else list(table.columns)
    for index in node.get("column_indexes") or node.get("column_ids") or []:
        i = index.get("index") if isinstance(index, dict) else index
        if i is not None and i < len(names):
            yield table.name, names[i]


def _table_name(node: dict[str, Any]) -> str | None:
    found = node.get("function_data") or {}
    name = found.get("table") or node.get("table_name")
    return str(name) if name else None


def _shadow(grant: Grant, named_only: bool = False) -> duckdb.DuckDBPyConnection:
    key = f"{grant.digest}{named_only}"
    con = _SHADOWS.get(key)
    if con is None:
        con = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "threads": "1",
                "python_enable_replacements": "false",
            },
        )
        for table in grant.tables.values():
            if table.named or not named_only:
                con.execute(_create(table, named_only))
        con.execute("SET enable_external_access=false")
        con.execute("SET lock_configuration=true")
        _SHADOWS[key] = con
        if len(_SHADOWS) > _MOST:
            _SHADOWS.popitem(last=False)[1].close()
    _SHADOWS.move_to_end(key)
    return con


def _create(table: Table, named_only: bool) -> str:
    columns = ", ".join(
        f'"{c.name.replace(chr(34), chr(34) * 2)}" {c.type}' for c in table.columns.values() if c.uses or not named_only
    )
    return f'CREATE TABLE "{table.name.replace(chr(34), chr(34) * 2)}" ({columns})'


def verify(
    original: str | None, rewritten: str, derived: set[tuple[str, str]], grant: Grant, expected_masks: bool = True
) -> None:
    """Raise Disagreement unless both texts read only derived columns, and restricted ones only below an aggregate."""
    if original is not None:
        for table, column, _ in reads(original, grant, named_only=True):
            if (table, column) not in derived:
                raise Disagreement(f"original reads {table}.{column}")
    allowed = set(derived)
    for t in grant.tables.values():
        if t.subject is not None:
            allowed.add((t.name, t.subject.column))
        allowed |= {(t.name, c) for c in filtering(t)}
    for table, column, below in reads(rewritten, grant, totally=any(grant.tables[t].protected for t, _ in derived)):
        if (table, column) not in allowed:
            raise Disagreement(f"rewritten reads {table}.{column}")
        t = grant.tables[table]
        open_here = not t.protected or t.columns[column].uses & {"select", "mask", "compare"} or column in filtering(t)
        if not below and not open_here and not (_subject(t, column) and '"_gs"' in rewritten):
            raise Disagreement(f"rewritten reads {table}.{column} above every aggregate")


def filtering(t: Table) -> set[str]:
    """The columns of the policy's own row filter."""
    if not t.row_filter:
        return set()
    named = {fold(c.name) for c in sqlglot.parse_one(t.row_filter, read="duckdb").find_all(exp.Column)}
    return {c for c in t.columns if fold(c) in named}


def _subject(t: Table, column: str) -> bool:
    return t.subject is not None and t.subject.column == column
