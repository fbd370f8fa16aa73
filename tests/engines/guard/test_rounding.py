"""With a base in the grant, counts are multiples of it, totals are the sums of the shown parts, and sums follow."""

from __future__ import annotations

import pytest
from tests.engines.guard import people

from dianchi.engines import guard

BASE = 10


@pytest.fixture(scope="module")
def con():  # type: ignore[no-untyped-def]
    return people.connect(people.rows(1, 3000))


def ask(con, sql: str) -> list[tuple[object, ...]]:  # type: ignore[no-untyped-def]
    plan = guard.compile(sql, guard.Grant.from_json(people.grant() | {"round_to": BASE}))
    return people.released(con, plan.sql, plan.counts_suppressed)


def test_counts_are_multiples_of_the_base(con) -> None:  # type: ignore[no-untyped-def]
    sql = "select region_code, count(*), count(cost), count(distinct person_id), count(*) filter (where age > 50) from visits group by 1"
    rows = ask(con, sql)
    exact = dict(con.execute("select region_code, count(*) from visits group by 1").fetchall())
    assert len(rows) == 7
    for region, *counts in rows:
        assert all(n is None or n % BASE == 0 for n in counts)
        assert abs(counts[0] - exact[region]) <= BASE / 2


def test_totals_are_the_sums_of_the_rounded_parts(con) -> None:  # type: ignore[no-untyped-def]
    rows = ask(con, "select region_code as r, age // 30 as a, count(*) from visits group by rollup (1, 2)")
    parts = {(r, a): n for r, a, n in rows if a is not None}
    whole = [r for r, a, _ in rows if a is None and r is not None and len([1 for x, _ in parts if x == r]) == 4]
    assert whole
    for region, age, n in rows:
        if age is None and region in whole:
            assert n == sum(x for (r, _), x in parts.items() if r == region)


def test_a_sum_does_not_tell_the_count(con) -> None:  # type: ignore[no-untyped-def]
    for region, n, ones, total, mean in ask(
        con, "select region_code, count(cost), sum(1), sum(cost), avg(cost) from visits group by 1"
    ):
        assert ones % BASE == 0, region
        if n is not None and total is not None:
            assert round(total / mean) % BASE == 0
