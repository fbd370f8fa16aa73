"""The table of guard.md 7, and what an explanation says."""

from __future__ import annotations

import pytest
from tests.engines.guard import people

from dianchi.engines import guard

GRANT = guard.Grant.from_json(people.grant())
ALLOWED = [
    "select region_code, count(*), avg(cost) from visits group by 1",
    "select d.name, sum(cost) from visits v join divisions d on d.code = left(v.region_code, 4) group by 1 order by 2 desc limit 5",
    "select age // 10 * 10 as decade, count(distinct person_id) from visits where age >= 60 group by 1",
    "with v as (select * from visits) select count(*) from v where region_code = '530102'",
    "select name from visits",
]
REFUSED = [
    ("select name from visits where age > 90", "result.rows-decided", "visits.age", "age > 90"),
    ("select * from visits order by cost desc limit 1", "order.column-protected", "visits.cost", "cost"),
    (
        "select sum(case when id_number = '5301…' then cost end) from visits",
        "column.no-use",
        "visits.id_number",
        "id_number",
    ),
    (
        "select sum(cost * (age = 37)::int) from visits",
        "aggregate.boolean-as-number",
        "",
        "sum(cost * (age = 37)::int)",
    ),
    ("select max(cost) from visits group by region_code", "aggregate.not-listed", "visits.cost", "max(cost)"),
    ("select avg(cost) from (select cost from visits order by cost desc limit 12)", "rows.mixed", "visits.cost", "12"),
    ("select visits from visits", "column.whole-row", "", "visits"),
    ("select #1 from visits", "column.dynamic", "", "select #1 from visits"),
    ("select columns('c.*') from visits", "function.unknown", "", "columns('c.*')"),
    ("from query('select 1')", "table.function", "", "query('select 1')"),
    ("summarize visits", "query.not-select", "", "summarize"),
    ("with visits as (select * from visits) select id_number from visits", "column.unknown", "", "id_number"),
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_allowed(sql: str) -> None:
    found = guard.explain(sql, GRANT)
    assert found.allowed
    assert found.to_json()["rewritten"]


@pytest.mark.parametrize(("sql", "code", "column", "clause"), REFUSED)
def test_refused_for_the_right_reason(sql: str, code: str, column: str, clause: str) -> None:
    told = guard.explain(sql, GRANT, "en").to_json()
    assert not told["allowed"]
    assert told["rewritten"] is None
    assert (code, column, clause) in [(r["code"], r["column"], r["clause"]) for r in told["refusals"]]


def test_all_refusals_come_at_once_in_both_languages() -> None:
    sql = "select max(cost), person_id\nfrom visits where cost > 3 group by person_id"
    for lang, word in (("zh", "列"), ("en", "column")):
        told = guard.explain(sql, GRANT, lang).to_json()["refusals"]
        assert {r["code"] for r in told} == {"filter.not-allowed", "group.not-allowed", "aggregate.not-listed"}
        assert any(word in r["message"] for r in told)
        assert next(r for r in told if r["code"] == "filter.not-allowed")["line"] == 2


def test_explanation_names_sources_and_declassifier() -> None:
    told = guard.explain(
        "select region_code as r, avg(cost) as a, count(*) as n from visits group by 1", GRANT
    ).to_json()
    assert told["columns"] == [
        {"name": "r", "type": "VARCHAR", "sources": ["visits.region_code"], "declassified_by": "group>=10"},
        {"name": "a", "type": "DOUBLE", "sources": ["visits.cost"], "declassified_by": "group>=10"},
        {"name": "n", "type": "BIGINT", "sources": [], "declassified_by": "group>=10"},
    ]


def test_masks_and_row_filter_stand_at_the_scan() -> None:
    plan = guard.compile("select name from visits", GRANT)
    rows = people.connect(people.rows()).execute(plan.sql).fetchall()
    assert {r[0] for r in rows} == {"王**"}
    assert len(rows) == sum(r[1].startswith("5301") for r in people.rows())


def test_every_refusal_of_the_attacks_has_its_place() -> None:
    from tests.engines.guard.test_attacks import CASES

    for sql, _ in CASES:
        for r in guard.explain(sql, GRANT, "en").to_json()["refusals"]:
            assert r["clause"] and r["line"] >= 1 and r["col"] >= 1, (sql, r["code"])  # noqa: PT018
