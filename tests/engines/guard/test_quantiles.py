"""Quantiles, where listed, are means over as many neighbouring subjects as the threshold asks for."""

from __future__ import annotations

from collections import defaultdict
from statistics import mean

import pytest
from tests.engines.guard import people

from dianchi.engines import guard

LISTED = ["count", "sum", "avg", "median", "quantile"]
COST = {"type": "DECIMAL(12,2)", "uses": ["aggregate"], "aggregates": LISTED}
GRANT = guard.Grant.from_json(people.grant(cost=COST))
ROWS = people.rows(1, 1500)


@pytest.fixture(scope="module")
def con():  # type: ignore[no-untyped-def]
    return people.connect(ROWS)


def slow(region: str, share: float) -> float:
    """The slow and obvious way: subjects' means, sorted, in blocks of K; the mean of the block of the quantile."""
    by_person = defaultdict(list)
    for r in ROWS:
        if r[1] == region and r[3] is not None:
            by_person[r[0]].append(r[3])
    values = sorted(mean(v) for v in by_person.values())
    blocks = len(values) // people.K
    block = min(int(share * (len(values) - 1)) // people.K, blocks - 1)
    end = len(values) if block == blocks - 1 else (block + 1) * people.K
    return mean(values[block * people.K : end])


def test_quantiles_are_means_over_neighbours(con) -> None:  # type: ignore[no-untyped-def]
    sql = "select region_code, median(cost), quantile_cont(cost, 0.9), quantile_disc(cost, 1.0) from visits group by 1"
    plan = guard.compile(sql, GRANT)
    rows = people.released(con, plan.sql, plan.counts_suppressed)
    assert len(rows) >= 3
    for region, *found in rows:
        assert found == pytest.approx([slow(str(region), q) for q in (0.5, 0.9, 1.0)])


def test_a_block_that_one_subject_dominates_is_not_shown(con) -> None:  # type: ignore[no-untyped-def]
    rows = [r if r[0] != "p1" else (*r[:3], 9_000_000.0, *r[4:]) for r in ROWS]
    plan = guard.compile("select quantile_cont(cost, 1.0), quantile_cont(cost, 0.5) from visits", GRANT)
    (top, middle), = people.released(people.connect(rows), plan.sql, plan.counts_suppressed)  # fmt: skip
    assert top is None
    assert 100 < float(str(middle)) < 400


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select quantile_cont(cost * 2, 0.5) from visits", "aggregate.reveals"),
        ("select quantile_cont(cost, [0.1, 0.9]) from visits", "function.unknown"),
        ("select median(age) from visits", "aggregate.not-listed"),
        ("select max(cost) from visits", "aggregate.not-listed"),
    ],
)
def test_other_forms_stay_refused(sql: str, code: str) -> None:
    assert code in [r.code for r in guard.explain(sql, GRANT).refusals]
