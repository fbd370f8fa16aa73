"""Columns between Arrow, Iceberg and DuckDB; a column is its field id, its name may change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
from pyiceberg.io.pyarrow import schema_to_pyarrow
from pyiceberg.schema import Schema
from pyiceberg.table import Table

from dianchi.engines.lake.files import DataFile
from dianchi.engines.lake.refusals import COLUMN_MISSING, TYPE_CHANGED
from dianchi.kernel.errors import Invalid

FIELD_ID = "PARQUET:field_id"


def with_field_ids(schema: pa.Schema, table: Schema) -> pa.Schema:
    """The Arrow schema with the table's field ids, by which files stay readable after a rename."""
    ids = {field.name: field.field_id for field in table.fields}
    return pa.schema([field.with_metadata({FIELD_ID: str(ids[field.name])}) for field in schema])


def evolve(table: Table, schema: pa.Schema) -> None:
    """Add the columns that are new and widen types where Iceberg allows it; anything else is refused unchanged."""
    now = arrow_schema(table.schema())
    if missing := [name for name in now.names if name not in schema.names]:
        raise Invalid(COLUMN_MISSING.saying(columns=", ".join(missing)))
    shared = [(now.field(f.name).type, f) for f in schema if f.name in now.names]
    if narrowed := [f.name for old, f in shared if old != f.type and not _widens(old, f.type)]:
        raise Invalid(TYPE_CHANGED.saying(columns=", ".join(narrowed)))
    if len(shared) == len(schema) and all(old == f.type for old, f in shared):
        return
    with table.update_schema() as update:
        update.union_by_name(schema)


def _widens(old: pa.DataType, new: pa.DataType) -> bool:
    """Whether every value of the old type is one of the new, in the promotions that Iceberg knows."""
    if pa.types.is_decimal(old) and pa.types.is_decimal(new):
        return bool(old.scale == new.scale and old.precision <= new.precision)
    return (str(old), str(new)) in {("int32", "int64"), ("float", "double")}


def arrow_schema(table: Schema) -> pa.Schema:
    """The table's columns as Arrow types, with plain (not large) strings."""
    fields = []
    for field in schema_to_pyarrow(table, include_field_ids=False):
        kind = pa.string() if field.type == pa.large_string() else field.type
        kind = pa.binary() if kind == pa.large_binary() else kind
        fields.append(pa.field(field.name, kind))
    return pa.schema(fields)


def duckdb_scan(files: Sequence[DataFile], names: Mapping[int, str], types: Mapping[int, str], key_name: str) -> str:
    """SQL of a scan over the files with current column names, mapped by field id; columns a file lacks are NULL.

    The key must have been set before with `PRAGMA add_parquet_key(key_name, base64)`.
    """
    paths = ", ".join(_quoted(f.path) for f in files)
    columns = ", ".join(
        f"{number}: {{name: {_quoted(name)}, type: {_quoted(types[number])}, default_value: NULL}}"
        for number, name in sorted(names.items())
    )
    return (
        f"read_parquet([{paths}], encryption_config = {{footer_key: {_quoted(key_name)}}}, schema = MAP {{{columns}}})"
    )


def duckdb_type(kind: pa.DataType) -> str:
    """DuckDB's name of an Arrow type that the lake stores."""
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ" if kind.tz else "TIMESTAMP"
    return _DUCKDB[str(kind)]


_DUCKDB = {
    "string": "VARCHAR",
    "binary": "BLOB",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "time64[us]": "TIME",
}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
