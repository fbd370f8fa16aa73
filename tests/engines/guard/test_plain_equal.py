"""Analysts' SQL simply works: where everything is `select`, the governed answer is the plain engine's."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.engines.guard import tpcds, tpch

from dianchi.engines import guard


def cases(name: str) -> list[tuple[str, str]]:
    """Title and text of every query of a file."""
    text = "\n" + (Path(__file__).parent / f"fixtures/{name}.sql").read_text("utf-8")
    blocks = [block.split("\n", 1) for block in text.split("\n-- ")[1:]]
    return [(title.strip(), sql.strip().rstrip(";")) for title, sql in blocks]


TPCH = cases("tpch")
TPCDS = cases("tpcds") + cases("forms")


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    tpch.fill(con)
    return con


@pytest.fixture(scope="module")
def shop() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": 1})
    tpcds.fill(con)
    return con


@pytest.mark.parametrize("subject", [False, True], ids=["free", "open"])
@pytest.mark.parametrize(("title", "sql"), TPCH, ids=[t for t, _ in TPCH])
def test_open_query_equals_plain_engine(
    warehouse: duckdb.DuckDBPyConnection, title: str, sql: str, subject: bool
) -> None:
    equal(warehouse, sql, guard.Grant.from_json(tpch.grant(subject)))


@pytest.mark.parametrize(("title", "sql"), TPCDS, ids=[t[:40] for t, _ in TPCDS])
def test_shop_query_equals_plain_engine(shop: duckdb.DuckDBPyConnection, title: str, sql: str) -> None:
    equal(shop, sql, guard.Grant.from_json(tpcds.grant()))


def test_brackets_are_put_where_an_alias_stands_for_a_sum(shop: duckdb.DuckDBPyConnection) -> None:
    """An alias put in its place keeps its own meaning, whatever binds stronger around it."""
    sql = (
        "select i_item_sk + 1 as b, b * 2 as c, -b as d, b - b as e, not (i_item_sk = 1 or i_item_sk = 2) as f,"
        " i_item_sk = 1 or i_item_sk = 2 as g, not g as h, g and g as i from item order by i_item_sk"
    )
    equal(shop, sql, guard.Grant.from_json(tpcds.grant()))


def equal(con: duckdb.DuckDBPyConnection, sql: str, grant: guard.Grant) -> None:
    """Compare the governed answer with the plain one."""
    plan = guard.compile(sql, grant)
    plain = con.execute(sql).fetchall()
    governed = con.execute(plan.sql).fetchall()
    assert len(plain) > 0
    assert [_near(r) for r in governed] == [_near(r) for r in plain]


def _near(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(round(v, 6) if isinstance(v, float) else v for v in row)
