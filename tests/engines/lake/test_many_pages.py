"""A file larger than one ordinary page must be readable by the engine that serves it."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from dianchi.engines.lake import Lake, duckdb_scan
from dianchi.engines.lake.files import duckdb_key


def test_duckdb_reads_every_value_of_an_encrypted_file_of_many_rows(tmp_path):
    rows = 150_000
    table = pa.table(
        {"person": [f"P{i % 70_001:07d}" for i in range(rows)], "spend": pa.array(range(rows), pa.int64())}
    )
    lake = Lake(tmp_path / "lake", b"k" * 32)
    lake.commit(
        "visits", table, table.schema, batch_id="b1", at=datetime(2026, 1, 5, tzinfo=UTC), subject_column="person"
    )
    connection = duckdb.connect()
    connection.execute(f"PRAGMA add_parquet_key('lake', '{duckdb_key(lake.key('visits'))}')")
    scan = duckdb_scan(lake.files("visits"), lake.names("visits"), lake.types("visits"), "lake")
    found = connection.execute(f"SELECT count(*), count(DISTINCT person), sum(spend) FROM {scan}").fetchone()
    assert found == (rows, 70_001, sum(range(rows)))
