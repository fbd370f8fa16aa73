"""What the lake counts once, when a snapshot is made, so that queries need not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from dianchi.engines.lake.files import DataFile, duckdb_key
from dianchi.engines.lake.schema import duckdb_scan

LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def max_rows(
    files: Sequence[DataFile], subject: str, names: Mapping[int, str], types: Mapping[int, str], key: bytes
) -> int | None:
    """The greatest number of rows of one subject, or None where some row names no subject.

    None is the honest answer there: n rows at m per subject prove n/m subjects only if every row has one.
    """
    only = {number: name for number, name in names.items() if name == subject}
    scan = duckdb_scan(files, only, types, "lake")
    column = '"' + subject.replace('"', '""') + '"'
    with duckdb.connect(config=LOCKED) as connection:
        connection.execute(f"PRAGMA add_parquet_key('lake', '{duckdb_key(key)}')")
        found = connection.execute(
            f"SELECT coalesce(max(n), 0), coalesce(bool_or(subject IS NULL), false)"  # noqa: S608 - names are quoted
            f" FROM (SELECT {column} AS subject, count(*) AS n FROM {scan} GROUP BY 1)"
        ).fetchone()
    assert found is not None
    return None if found[1] else int(found[0])
