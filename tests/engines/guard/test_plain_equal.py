"""Analysts' SQL simply works: where everything is `select`, the governed answer is the plain engine's."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.engines.guard import tpch

from dianchi.engines import guard

CASES = [
    (block.split("\n", 1)[0].strip(), block.split("\n", 1)[1].strip().rstrip(";"))
    for block in ("\n" + (Path(__file__).parent / "fixtures/tpch.sql").read_text("utf-8")).split("\n-- ")[1:]
]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    tpch.fill(con)
    return con


@pytest.mark.parametrize("subject", [False, True], ids=["free", "open"])
@pytest.mark.parametrize(("title", "sql"), CASES, ids=[t for t, _ in CASES])
def test_open_query_equals_plain_engine(con: duckdb.DuckDBPyConnection, title: str, sql: str, subject: bool) -> None:
    plan = guard.compile(sql, guard.Grant.from_json(tpch.grant(subject)))
    plain = con.execute(sql).fetchall()
    governed = con.execute(plan.sql).fetchall()
    assert len(plain) > 0
    assert [_near(r) for r in governed] == [_near(r) for r in plain]


def _near(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(round(v, 6) if isinstance(v, float) else v for v in row)
