"""Filters, joins and orders over encrypted files give what they give over plain ones."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest

from dianchi.engines.runner import Source, Statement, engine, run

KEYS = {"a": b"a" * 32, "b": b"b" * 32}
QUERIES = (
    "SELECT * FROM a WHERE n = 5",
    "SELECT count(*) AS c FROM a WHERE d = 'x3'",
    "SELECT d, sum(n) AS s FROM a WHERE n > 1000 GROUP BY d ORDER BY d",
    "SELECT count(*) AS c FROM a JOIN b USING (n) WHERE b.n < 10",
    "SELECT a.n FROM a LEFT JOIN b ON b.n = a.n AND b.n = 7 WHERE a.d = 'x7' ORDER BY a.n DESC LIMIT 3",
)


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder, found = tmp_path_factory.mktemp("encrypted"), {}
    for name, key in KEYS.items():
        table = pa.table({"n": list(range(30_000)), "d": [f"x{i % 50}" for i in range(30_000)]})
        path = folder / f"{name}.parquet"
        pq.write_table(
            table, path, max_rows_per_page=30_000, data_page_size=1 << 30,
            encryption_properties=pe.create_encryption_properties(footer_key=key),
        )  # fmt: skip
        pq.write_table(table, folder / f"{name}.plain.parquet")
        found[name] = (path, folder / f"{name}.plain.parquet", key)
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_encrypted_files_answer_as_plain_ones(sources, query):
    columns = {"n": "BIGINT", "d": "VARCHAR"}
    encrypted = {name: Source((path,), columns, key) for name, (path, _, key) in sources.items()}
    plain = {name: Source((path,), columns) for name, (_, path, _) in sources.items()}
    answers = [run([Statement(query)], given).tables[0].to_pylist() for given in (encrypted, plain)]
    assert answers[0] == answers[1]
    assert answers[0]


@pytest.mark.parametrize("query", QUERIES)
def test_large_encrypted_files_are_scanned_without_pushed_filters(sources, query, monkeypatch, tmp_path):
    monkeypatch.setattr(engine, "_DECRYPTED_AT_ONCE", 0)
    from dianchi.engines.runner import Limits

    columns = {"n": "BIGINT", "d": "VARCHAR"}
    encrypted = {name: Source((path,), columns, key) for name, (path, _, key) in sources.items()}
    paths = {name: (str(path),) for name, (path, _, _) in sources.items()}
    connection = engine.open_locked(encrypted, paths, Limits(), str(tmp_path))
    assert connection.execute(query).fetchall()
