"""Two answers that are each harmless must not differ by a few subjects."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from tests.engines.guard import people

from dianchi.engines import guard
from dianchi.engines.guard.history import FileStore
from dianchi.engines.guard.sketches import BUCKETS, levels_of
from dianchi.engines.guard.spans import tracked
from dianchi.interfaces.cli.guard_run import Desk

Ask = Callable[[str], dict[str, Any]]
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = [c.split()[0] for c in people.COLUMNS.split(", ")]
    rows = people.rows()
    table = pa.table({n: [r[i] for r in rows] for i, n in enumerate(names)})
    pq.write_table(table, tmp_path / "visits.parquet")
    (tmp_path / "divisions.csv").write_text("code,name\n530102,五华区\n530103,盘龙区\n530111,官渡区\n", "utf-8")
    (tmp_path / "g.json").write_text(json.dumps(people.grant()), "utf-8")
    return tmp_path


def desk(folder: Path, history: bool = True, **changes: Any) -> Ask:
    data = json.loads((folder / "g.json").read_text("utf-8")) | changes
    (folder / "changed.json").write_text(json.dumps(data), "utf-8")
    made = Desk(
        guard.Grant.from_json(folder / "changed.json"), FileStore(folder / "h") if history else None, "en", "duckdb", AT
    )
    return lambda sql: made.answer(sql)[0]


def codes(told: dict[str, Any]) -> list[str]:
    return [r["code"] for r in told["refusals"]]


PAIRS = [
    ("select count(*) from visits", "select count(*) from visits where age <> 37"),
    ("select count(*) from visits where age <> 37", "select count(*) from visits"),
    ("select sum(cost) from visits where age < 60", "select avg(cost) from visits where age < 60 and age <> 37"),
    (
        "select region_code, count(*) from visits group by 1",
        "select count(*) from visits where region_code in ('530102', '530103', '530111', '530112')",
    ),
    (
        "select region_code, count(*) from visits group by 1",
        "select age > 50, count(*) from visits where age <> 37 and region_code in ('530102', '530103', '530111') group by 1",
    ),
    ("select count(*) filter (where age > 50) from visits", "select count(*) from visits where age > 50 and age <> 77"),
    (
        "select count(distinct person_id) from visits",
        "with v as (select * from visits) select count(*) from v where not age = 37",
    ),
    ("select count(*) from visits v join visits w using (person_id)", "select count(*) from visits where age <> 37"),
    (
        "select count(*) from visits",
        "select count(*) from visits v where exists (select 1 from visits w where w.person_id = v.person_id and w.age <> 37)",
    ),
]


TRACKERS = {
    "a tracker and its complement": [
        "select count(*) from visits where age = 37 or region_code = '530102'",
        "select count(*) from visits where age = 37 or region_code <> '530102'",
        "select count(*) from visits",
    ],
    "the same in another order": [
        "select count(*) from visits",
        "select count(*) from visits where age = 37 or region_code = '530102'",
        "select count(*) from visits where age = 37 or not (region_code = '530102')",
    ],
    "twice the target": [
        "select count(*) from visits where region_code = '530102' or age = 37",
        "select count(*) from visits where region_code = '530103' or age = 37",
        "select count(*) from visits where region_code in ('530103', '530102') and age <> 37",
    ],
    "a union of cells and one suppressed": [
        "select age // 5, count(*) from visits where region_code in ('530102', '530103') group by 1",
        "select count(*) from visits where region_code in ('530102', '530103') and (age // 5 in (4, 6, 7) or age = 96 or age = 41)",
    ],
    "decoys between": [
        "select count(*) from visits where age = 37 or region_code = '530102'",
        *(
            f"select count(*) from visits where age between {a} and {b}"
            for a, b in ((1, 40), (41, 60), (61, 95), (10, 70))
        ),
        "select count(*) from visits",
        "select count(*) from visits where age = 37 or region_code <> '530102'",
    ],
}


@pytest.mark.parametrize("questions", TRACKERS.values(), ids=TRACKERS)
def test_sums_and_differences_of_several_answers_tell_of_nobody(folder: Path, questions: list[str]) -> None:
    ask = desk(folder)
    *allowed, last = [ask(q) for q in questions]
    assert [codes(a) for a in allowed] == [[] for _ in allowed]
    assert codes(last) == ["history.difference"]
    assert last["refusals"][0]["clause"]


def test_a_tracker_within_one_query_is_refused(folder: Path) -> None:
    sql = (
        "select (select count(*) from visits where age = 37 or region_code = '530102')"
        " + (select count(*) from visits where age = 37 or region_code <> '530102') - (select count(*) from visits)"
    )
    assert codes(desk(folder, history=False)(sql)) == ["history.difference"]


@pytest.mark.parametrize("few", [1, 2, 3, 9])
def test_a_span_finds_few_subjects_among_many_answers(few: int) -> None:
    """x = a sum of old cells, with a few subjects more: near; x a sum alone, or with many more: not."""
    r = np.random.default_rng(few)
    members = r.random((24, 3000)) < 0.5
    weights = r.integers(0, 2**31, 3000, dtype=np.uint64)
    bucket = r.integers(0, BUCKETS, 3000)

    def sketch(chosen: NDArray[np.float64]) -> NDArray[np.uint64]:
        found = np.zeros(BUCKETS, np.uint64)
        np.add.at(found, bucket, (weights * chosen.astype(np.uint64)))
        return found

    old = np.array([sketch(m.astype(float)) for m in members])
    mixed = members[:12].sum(axis=0) + 2.0 * members[12]
    more = mixed.copy()
    more[:few] += 1
    many = mixed.copy()
    many[:40] += 1
    assert not tracked(sketch(mixed)[None, :], old, 10)
    assert tracked(sketch(more)[None, :], old, 10)
    assert not tracked(sketch(many)[None, :], old, 10)


def test_a_footprint_may_come_as_rows_or_as_a_table() -> None:
    rows = [(0, "a", "", [1, 2], [10, 20]), (0, "b", "", [2], [5]), (1, "a", "", [1], [7])]
    names = ["part", "k", "side", "buckets", "weights"]
    table = pa.table({n: pa.array([r[i] for r in rows]) for i, n in enumerate(names)})
    for mine, theirs in zip(levels_of("t", rows, 2), levels_of("t", table, 2), strict=True):
        assert mine.table == theirs.table
        assert np.array_equal(mine.sketches, theirs.sketches)
    whole = levels_of("t", rows, 2)[0].sketches
    assert {(int(s[1]), int(s[2])) for s in whole} == {(10, 20), (0, 5), (10, 25)}


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_second_query_that_differs_by_few_is_refused(folder: Path, first: str, second: str) -> None:
    ask = desk(folder)
    assert ask(first)["allowed"]
    assert codes(ask(second)) == ["history.difference"]
    assert desk(folder, history=False)(second)["allowed"]


def test_history_outlives_the_process_and_holds_for_affiliates(folder: Path) -> None:
    assert desk(folder, affiliates=["B"], party="A")("select count(*) from visits")["allowed"]
    again = desk(folder, affiliates=["A"], party="B")
    assert codes(again("select count(*) from visits where age <> 37")) == ["history.difference"]
    stranger = desk(folder, party="C")
    assert stranger("select count(*) from visits where age <> 37")["allowed"]


def test_same_question_gets_the_same_answer_from_the_record(folder: Path) -> None:
    sql = "select region_code as r, count(*) as n from visits group by 1 order by 1"
    first = desk(folder)(sql)
    again = desk(folder)("select v.region_code as r, count(*) as n from visits v group by r order by r asc")
    assert again["rows"] == first["rows"]
    assert len((folder / "h").rglob("answers.jsonl").__next__().read_text("utf-8").splitlines()) == 1


def test_honest_questions_pass_one_after_the_other(folder: Path) -> None:
    ask = desk(folder)
    for sql in (
        "select region_code, count(*), avg(cost) from visits where region_code in ('530102', '530103', '530111') group by 1",
        "select region_code, sum(cost) from visits where region_code in ('530102', '530103', '530111') group by 1",
        "select age >= 60 as old, count(*) from visits where region_code in ('530102', '530103', '530111') group by 1",
        "select region_code, count(*) from visits where age >= 60 and region_code in ('530102', '530103', '530111') group by 1",
        "select name from visits limit 3",
        "select * from divisions",
    ):
        assert ask(sql)["allowed"], sql


ALONE = [
    "select (select count(*) from visits) as a, (select count(*) from visits where age <> 37) as b",
    "select count(*) from visits union all select count(*) from visits where age <> 37",
    "select t.x, count(*) from visits v join (values (97), (37), (55)) t(x) on v.age <> t.x group by 1",
    "select count(*) from (select age from visits union all select age from visits where age <> 37)",
    "with a as (select count(*) as n from visits), b as (select count(*) as n from visits where age <> 37) select a.n - b.n from a, b",
    "select region_code, count(*) * 1.0 / (select count(*) from visits where age <> 37) from visits group by 1 having count(*) < (select count(*) from visits)",
]


@pytest.mark.parametrize("sql", ALONE)
def test_one_query_may_not_subtract_within_itself(folder: Path, sql: str) -> None:
    assert codes(desk(folder, history=False)(sql)) == ["history.difference"]


def test_repeated_keys_of_free_rows_do_not_multiply(folder: Path) -> None:
    ask = desk(folder, history=False)
    once = "select count(*) as n from visits v join (values ('530102'), ('530103')) t(c) on t.c = v.region_code"
    weighed = "select count(*) as n from visits v join (values ('530102'), ('530103'), ('530103')) t(c) on t.c = v.region_code"
    assert ask(once)["rows"] == ask(weighed)["rows"]


def test_totals_do_not_tell_a_suppressed_part(folder: Path) -> None:
    sql = "select region_code as r, age // 30 as a, count(*) as n, sum(cost) as s from visits group by rollup (1, 2)"
    rows = desk(folder, history=False)(sql)["rows"]
    visits = [r for r in people.rows() if r[1].startswith("5301")]
    shown = {(r["r"], r["a"]) for r in rows}
    for total in (r for r in rows if r["a"] is None and r["r"] is not None):
        rest = {v[0] for v in visits if v[1] == total["r"] and (v[1], v[2] // 30) not in shown}
        assert len(rest) == 0 or len(rest) >= people.K
        assert total["s"] is None or not rest
    if (None, None) in shown:
        whole = {v[0] for v in visits if (v[1], v[2] // 30) not in shown and (v[1], None) not in shown}
        assert len(whole) == 0 or len(whole) >= people.K


def test_an_empty_and_a_small_answer_look_alike(folder: Path) -> None:
    ask = desk(folder, history=False)
    nobody, somebody = (
        ask(f"select region_code, count(*) as n from visits where age = {a} and region_code = '530112' group by 1")
        for a in (200, 37)
    )
    for told in (nobody, somebody):
        told.pop("rewritten")
    assert nobody == somebody
    nobody, somebody = (ask(f"select count(*) filter (where age = {a}) as n from visits") for a in (200, 37))
    assert nobody["rows"] == somebody["rows"] == [{"n": None}]


def test_expired_grant_answers_nothing(folder: Path) -> None:
    assert codes(desk(folder, expires_at="2026-01-01T00:00:00+08:00")("select * from divisions")) == ["grant.expired"]
