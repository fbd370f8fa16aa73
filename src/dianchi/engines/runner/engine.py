"""DuckDB inside the wall: opened with a budget, given the granted columns as views, then locked for good."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import types

from dianchi.engines.runner.values import CSV, Limits, Source, Statement

_BATCH_ROWS, _FEW_ROWS = 65_536, 512
NEVER = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "allow_community_extensions": "false",
    "async_threads": "1",
}


def open_locked(
    sources: Mapping[str, Source], paths: Mapping[str, tuple[str, ...]], limits: Limits, temp: str, keep_bytes: int = 0
) -> duckdb.DuckDBPyConnection:
    """A connection that can read the sources' columns and nothing else, and whose settings nobody can change.

    `paths` are the sources' files as they are called inside the wall; sources of no more than `keep_bytes` in all
    are read once and kept as tables.
    """
    connection = duckdb.connect(config=_budget(limits, temp))
    for number, (name, source) in enumerate(sources.items()):
        if source.key is not None:
            connection.execute(f"PRAGMA add_parquet_key('k{number}', {_literal(_key_text(source.key))})")
        kept = (
            max(keep_bytes, min(_DECRYPTED_AT_ONCE, limits.memory_bytes // 8)) if source.key is not None else keep_bytes
        )
        kind = "TABLE" if 0 < _size(paths[name]) <= kept else "VIEW"
        if kind == "VIEW" and source.key is not None:
            connection.execute(f"SET disabled_optimizers = '{_FILTERS_OF_SCANS}'")
        connection.execute(f"CREATE {kind} {_quoted(name)} AS {_scan(source, paths[name], f'k{number}')}")
    allowed = ", ".join(_literal(path) for each in paths.values() for path in each)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@dataclass(frozen=True)
class Batches:
    """A result that came as a few rows, in the shape of a stream of Arrow batches."""

    schema: pa.Schema
    batches: tuple[pa.RecordBatch, ...]

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return iter(self.batches)


class Plan:
    """One statement, parsed once, and how its results are best fetched.

    The engine's Arrow stream costs more than a whole small query; so once a result was small, the next one is
    fetched as rows and put into the same schema, until one turns out large.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, statement: Statement, *, once: bool = False):
        self._connection, self._usual = connection, dict(statement.parameters)
        self._parsed = connection.extract_statements(statement.sql)
        if len(self._parsed) != 1:
            raise ValueError("one statement at a time")
        self._small = not once
        self._kinds: Sequence[object] = ()
        self._schema: pa.Schema | None = None

    def run(self, given: Mapping[str, object]) -> pa.RecordBatchReader | Batches:
        """The result with these parameters over the usual ones, as something to read batches from."""
        result = self._execute(given)
        kinds = [column[1] for column in result.description or ()]
        if self._small and self._schema is not None and kinds == self._kinds:
            rows = result.fetchmany(_FEW_ROWS)
            if len(rows) < _FEW_ROWS:
                return _few(rows, self._schema)
            self._small = False
            result = self._execute(given)
        reader: pa.RecordBatchReader = result.to_arrow_reader(_BATCH_ROWS)
        if self._small and all(_plain(kind) for kind in reader.schema.types):
            self._kinds, self._schema = kinds, reader.schema
        return reader

    def _execute(self, given: Mapping[str, object]) -> duckdb.DuckDBPyConnection:
        named = self._parsed[0].named_parameters
        bound = {name: value for name, value in {**self._usual, **given}.items() if name in named}
        return self._connection.execute(self._parsed[0], bound or None)


def _few(rows: list[tuple[object, ...]], schema: pa.Schema) -> Batches:
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
    return Batches(schema, (pa.record_batch(arrays, schema=schema),))


def _plain(kind: pa.DataType) -> bool:
    """Whether a Python value of this type becomes the same Arrow value that the engine makes of it."""
    checks = (types.is_integer, types.is_floating, types.is_string, types.is_boolean, types.is_date32, types.is_decimal)
    return any(check(kind) for check in checks) or kind == pa.timestamp("us")


def _budget(limits: Limits, temp: str) -> dict[str, Any]:
    return {
        **NEVER,
        "threads": limits.threads,
        "memory_limit": f"{limits.memory_bytes * 3 // 4}B",
        "temp_directory": temp,
        "max_temp_directory_size": f"{limits.temp_bytes}B",
        "max_execution_time": str(max(1, round(limits.seconds * 1000))),
    }


def _scan(source: Source, paths: tuple[str, ...], key: str) -> str:
    inside = dict(source.names or {})
    # DuckDB 2.0 makes a bare TRY_CAST the column's type in a text file, and then fails on the first value that has not
    # the type, instead of giving NULL: an expression between the two keeps it from that
    value = "NULLIF({}, '')" if source.format == CSV else "{}"
    columns = ", ".join(
        f"TRY_CAST({value.replace('{}', _quoted(inside.get(name, name)))} AS {kind}) AS {_quoted(name)}"
        for name, kind in source.columns.items()
    )
    files = "[" + ", ".join(_literal(path) for path in paths) + "]"
    if source.format == CSV:
        options = "all_varchar=true, header=true, delim=',', quote='\"', escape='\"'"
        return f"SELECT {columns} FROM read_csv({files}, {options})"  # noqa: S608 - names quoted, types matched
    encryption = f", encryption_config={{footer_key: {_literal(key)}}}" if source.key is not None else ""
    return f"SELECT {columns} FROM read_parquet({files}, hive_partitioning=false{encryption})"  # noqa: S608


# DuckDB 2.0 fails to decrypt ("Computed AES tag differs") as soon as anything pushes a filter into an encrypted scan.
# Files up to this size, and up to an eighth of the memory, are decrypted into the walled process's memory first; larger
# ones are scanned without pushed filters.
_DECRYPTED_AT_ONCE = 256 << 20
_FILTERS_OF_SCANS = (
    "filter_pushdown,join_filter_pushdown,statistics_propagation,late_materialization,top_n,row_group_pruner"
)


def _size(paths: tuple[str, ...]) -> int:
    return sum(os.stat(path).st_size for path in paths)  # noqa: PTH116 - no pathlib between the walls


def _key_text(key: bytes) -> str:
    return base64.b64encode(key).decode() if len(key) == 32 else key.decode("ascii")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
