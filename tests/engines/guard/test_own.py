"""Rule 8: the party's own rows are hostile."""

from __future__ import annotations

import duckdb
import pytest
from tests.engines.guard import people

from dianchi.engines import guard


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = people.connect(people.rows())
    con.execute("CREATE TABLE mine (p VARCHAR, w INTEGER, g VARCHAR)")
    con.execute("INSERT INTO mine SELECT 'p' || i, i, 'g' || (i % 3) FROM range(60) t(i)")
    return con


def grant() -> guard.Grant:
    data = people.grant()
    columns = {n: {"type": k, "uses": ["select"]} for n, k in (("p", "VARCHAR"), ("w", "INTEGER"), ("g", "VARCHAR"))}
    data["tables"]["mine"] = {"own": True, "columns": columns}
    return guard.Grant.from_json(data)


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    plan = guard.compile(sql, grant())
    return people.released(con, plan.sql, plan.counts_suppressed)


def test_enough_matched_keys_are_answered(con: duckdb.DuckDBPyConnection) -> None:
    visits = [r for r in people.rows() if r[1].startswith("5301") and int(r[0][1:]) < 60]
    assert rows(con, "select count(*) from visits v join mine m on m.p = v.person_id") == [(len(visits),)]


def test_few_keys_are_not_even_if_repeated(con: duckdb.DuckDBPyConnection) -> None:
    sql = "select count(*) from visits v join mine m on m.p = v.person_id where m.w < 5"
    assert rows(con, sql) == []
    con.execute("INSERT INTO mine SELECT 'p1', i, 'x' FROM range(100) t(i)")
    assert rows(con, sql) == []


def test_repeated_keys_do_not_weigh(con: duckdb.DuckDBPyConnection) -> None:
    sql = "select count(*) from visits v join mine m on m.p = v.person_id"
    before = rows(con, sql)
    con.execute("INSERT INTO mine SELECT 'p1', 1, 'g1' FROM range(1000)")
    assert rows(con, sql) == before


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select sum(m.w) from visits v join mine m on m.p = v.person_id", "aggregate.argument-form"),
        ("select max(m.p) from visits v join mine m on m.p = v.person_id", "aggregate.reveals"),
        ("select m.p from visits v join mine m on m.p = v.person_id", "result.rows-decided"),
        ("select count(*) from visits v, mine m", "join.own-probe"),
        ("select count(*) from visits where person_id not in (select p from mine)", "filter.not-allowed"),
        ("select count(*) from visits v join mine m on m.p <> v.person_id", "filter.not-allowed"),
        ("select name from visits where person_id in (select p from mine)", "result.rows-decided"),
    ],
)
def test_probing_is_refused(sql: str, code: str) -> None:
    found = guard.explain(sql, grant())
    assert code in [r.code for r in found.refusals]
