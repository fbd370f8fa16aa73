"""What a client may ask of the server itself: catalogs, schemas, tables, and what SQL is offered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pyarrow as pa

from dianchi import __name__ as product_name

CATALOG, SCHEMA, TABLE = "dianchi", "products", "TABLE"
_SQL_INFO: dict[int, str | bool | int] = {
    0: product_name, 1: "1.0", 2: pa.__version__, 3: True, 4: True, 5: False, 8: 0, 9: True, 100: 0, 101: 0,
}  # fmt: skip
_VALUE = pa.dense_union(
    [
        pa.field("string_value", pa.string()), pa.field("bool_value", pa.bool_()), pa.field("bigint_value", pa.int64()),
        pa.field("int32_bitmask", pa.int32()), pa.field("string_list", pa.list_(pa.string())),
        pa.field("int32_to_int32_list_map", pa.map_(pa.int32(), pa.list_(pa.int32()))),
    ]
)  # fmt: skip
SQL_INFO = pa.schema([pa.field("info_name", pa.uint32(), nullable=False), pa.field("value", _VALUE, nullable=False)])
CATALOGS = pa.schema([pa.field("catalog_name", pa.string(), nullable=False)])
SCHEMAS = pa.schema([pa.field("catalog_name", pa.string()), pa.field("db_schema_name", pa.string(), nullable=False)])
TYPES = pa.schema([pa.field("table_type", pa.string(), nullable=False)])
_NAMED = [
    pa.field("catalog_name", pa.string()), pa.field("db_schema_name", pa.string()),
    pa.field("table_name", pa.string(), nullable=False), pa.field("table_type", pa.string(), nullable=False),
]  # fmt: skip
TABLES = pa.schema(_NAMED)
TABLES_WITH_SCHEMA = pa.schema([*_NAMED, pa.field("table_schema", pa.binary(), nullable=False)])


def sql_info(wanted: Sequence[int]) -> pa.Table:
    """The facts asked for, or all."""
    known = [n for n in (wanted or _SQL_INFO) if n in _SQL_INFO]
    columns: list[list[object]] = [[] for _ in range(6)]
    kinds, offsets = [], []
    for number in known:
        value = _SQL_INFO[number]
        kind = 0 if isinstance(value, str) else 1 if isinstance(value, bool) else 3
        kinds.append(kind)
        offsets.append(len(columns[kind]))
        columns[kind].append(value)
    children = [pa.array(column, field.type) for column, field in zip(columns, _VALUE, strict=True)]
    union = pa.UnionArray.from_dense(
        pa.array(kinds, pa.int8()), pa.array(offsets, pa.int32()), children, [f.name for f in _VALUE]
    )
    return pa.Table.from_arrays([pa.array(known, pa.uint32()), union], schema=SQL_INFO)


def catalogs() -> pa.Table:
    """There is one."""
    return pa.table([[CATALOG]], schema=CATALOGS)


def schemas(catalog: str | None, pattern: str) -> pa.Table:
    """There is one."""
    there = catalog in (None, "", CATALOG) and _like(pattern, SCHEMA)
    return pa.table([[CATALOG], [SCHEMA]] if there else [[], []], schema=SCHEMAS)


def types() -> pa.Table:
    """Products are tables."""
    return pa.table([[TABLE]], schema=TYPES)


def tables(found: Iterable[tuple[str, pa.Schema]], pattern: str, *, with_schema: bool) -> pa.Table:
    """The products of the caller, by a pattern of SQL's LIKE."""
    rows = [
        (CATALOG, SCHEMA, name, TABLE, schema.serialize().to_pybytes())
        for name, schema in found
        if _like(pattern, name)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 5
    return pa.table(columns, schema=TABLES_WITH_SCHEMA) if with_schema else pa.table(columns[:4], schema=TABLES)


def _like(pattern: str, name: str) -> bool:
    if not pattern:
        return True
    text = "".join(".*" if c == "%" else "." if c == "_" else re.escape(c) for c in pattern)
    return re.fullmatch(text, name) is not None
