"""Files are unreadable without the key, and DuckDB reads them with it, needing no extension."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dianchi.engines.lake import duckdb_scan
from dianchi.engines.lake.files import duckdb_key

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LOCKED = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


@pytest.fixture
def secret(lake):
    table = pa.table({"person": ["云南省昆明市张三丰", "乙"], "spend": pa.array([10, 20], pa.int32())})
    lake.commit("visits", table, table.schema, batch_id="b1", at=AT)
    return lake


def scan(lake):
    return duckdb_scan(lake.files("visits"), lake.names("visits"), lake.types("visits"), "k")


def test_no_value_stands_in_any_file_of_the_lake(secret):
    for path in Path(secret.root).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert "张三丰".encode() not in content, path
            assert secret.key("visits") not in content, path


def test_pyarrow_without_the_key_is_refused(secret):
    with pytest.raises(OSError, match=r"[Ee]ncrypted|[Dd]ecrypt"):
        pq.read_table(secret.files("visits")[0].path)


def test_duckdb_reads_with_the_key_under_the_current_names_and_types(secret):
    wider = pa.table({"person": ["丙"], "spend": pa.array([30], pa.int64()), "on": pa.array([None], pa.date32())})
    secret.commit("visits", wider, wider.schema, batch_id="b2", at=AT)
    secret.rename("visits", "person", "游客")
    with duckdb.connect(config=LOCKED) as connection:
        connection.execute(f"PRAGMA add_parquet_key('k', '{duckdb_key(secret.key('visits'))}')")
        rows = connection.execute(f'SELECT "游客", spend, "on" FROM {scan(secret)} ORDER BY spend').fetchall()
    assert rows == [("云南省昆明市张三丰", 10, None), ("乙", 20, None), ("丙", 30, None)]


def test_duckdb_with_another_key_is_refused(secret):
    with duckdb.connect(config=LOCKED) as connection:
        connection.execute(f"PRAGMA add_parquet_key('k', '{duckdb_key(b'z' * 32)}')")
        with pytest.raises(duckdb.Error):
            connection.execute(f"SELECT * FROM {scan(secret)}").fetchall()


def test_each_resource_has_its_own_key(secret, visits):
    secret.commit("other", visits, visits.schema, batch_id="b1", at=AT)
    assert secret.key("other") != secret.key("visits")
    assert len(secret.key("other")) == 32


def test_one_changed_byte_is_found(secret):
    file = secret.files("visits")[0]
    assert secret.verify("visits") == ()
    content = bytearray(Path(file.path).read_bytes())
    content[len(content) // 2] ^= 1
    Path(file.path).write_bytes(content)
    assert secret.verify("visits") == (file,)
