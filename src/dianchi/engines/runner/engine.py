"""DuckDB inside the wall: opened with a budget, given the granted columns as views, then locked for good."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from dianchi.engines.runner.values import CSV, Limits, Source

_BATCH_ROWS = 65_536
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
        kept = max(keep_bytes, _DECRYPTED_AT_ONCE) if source.key is not None else keep_bytes
        kind = "TABLE" if 0 < _size(paths[name]) <= kept else "VIEW"
        if kind == "VIEW" and source.key is not None:
            connection.execute(f"SET disabled_optimizers = '{_FILTERS_OF_SCANS}'")
        connection.execute(f"CREATE {kind} {_quoted(name)} AS {_scan(source, paths[name], f'k{number}')}")
    allowed = ", ".join(_literal(path) for each in paths.values() for path in each)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def query(
    connection: duckdb.DuckDBPyConnection, sql: str | duckdb.Statement, parameters: Mapping[str, object]
) -> pa.RecordBatchReader:
    """The result of one statement as a stream of Arrow batches."""
    result = connection.execute(sql, dict(parameters) or None)
    reader: pa.RecordBatchReader = result.to_arrow_reader(_BATCH_ROWS)  # type: ignore[union-attr]
    return reader


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
    columns = ", ".join(
        f"TRY_CAST({_quoted(inside.get(name, name))} AS {kind}) AS {_quoted(name)}"
        for name, kind in source.columns.items()
    )
    files = "[" + ", ".join(_literal(path) for path in paths) + "]"
    if source.format == CSV:
        options = "all_varchar=true, header=true, delim=',', quote='\"'"
        return f"SELECT {columns} FROM read_csv({files}, {options})"  # noqa: S608 - names quoted, types matched
    encryption = f", encryption_config={{footer_key: {_literal(key)}}}" if source.key is not None else ""
    return f"SELECT {columns} FROM read_parquet({files}, hive_partitioning=false{encryption})"  # noqa: S608


# DuckDB 2.0 fails to decrypt ("Computed AES tag differs") as soon as anything pushes a filter into an encrypted scan. Files
# up to this size are decrypted into the walled process's memory first; larger ones are scanned without pushed filters.
_DECRYPTED_AT_ONCE = 256 << 20
_FILTERS_OF_SCANS = "filter_pushdown,join_filter_pushdown,statistics_propagation,late_materialization,top_n,row_group_pruner"


def _size(paths: tuple[str, ...]) -> int:
    return sum(os.stat(path).st_size for path in paths)  # noqa: PTH116 - no pathlib between the walls


def _key_text(key: bytes) -> str:
    return base64.b64encode(key).decode() if len(key) == 32 else key.decode("ascii")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
