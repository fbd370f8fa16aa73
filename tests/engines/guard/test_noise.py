"""Differential privacy where a grant asks for it: whole-number noise, right scale, paid for from a budget."""

from __future__ import annotations

import json
from decimal import Decimal
from statistics import mean

import pytest
from tests.engines.guard import people
from tests.engines.guard.test_history import desk, folder

from dianchi.engines import guard
from dianchi.engines.guard import noise
from dianchi.kernel.errors import RuleBroken

__all__ = ["folder"]
COST = {"type": "DECIMAL(12,2)", "uses": ["aggregate"], "aggregates": ["count", "sum", "avg"], "bounds": [0, 400]}


def grant(most: int | None = 4, epsilon: str = "0.5") -> guard.Grant:
    data = people.grant(cost=COST) | {"noise": {"epsilon": epsilon, "budget": "2"}}
    data["tables"]["visits"]["subject"]["max_rows"] = most
    return guard.Grant.from_json(data)


@pytest.fixture(scope="module")
def con():  # type: ignore[no-untyped-def]
    return people.connect(people.rows(1, 3000))


def test_noise_is_whole_and_about_as_large_as_it_should_be(con) -> None:  # type: ignore[no-untyped-def]
    plan = guard.compile("select region_code, count(*) from visits group by 1", grant())
    rows = people.released(con, plan.sql, plan.counts_suppressed)
    off = [
        abs(a[1] - b[1])  # type: ignore[operator]
        for _ in range(60)
        for a, b in zip(noise.noisy(plan, rows), rows, strict=True)
    ]
    assert all(isinstance(x, int) for x in off)
    assert 5 < mean(off) < 12  # of discrete Laplace noise of scale 4 / 0.5 it is about 8


def test_sums_are_clamped_and_shares_of_epsilon_add_up(con) -> None:  # type: ignore[no-untyped-def]
    plan = guard.compile("select region_code, count(*), sum(cost) from visits group by 1", grant())
    assert [n and (n.sensitivity, n.epsilon) for n in plan.noisy] == [
        None,
        (4, Decimal("0.25")),
        (160_000, Decimal("0.25")),
    ]
    rows = people.released(con, plan.sql, plan.counts_suppressed)
    exact = "select sum(least(400, cost)) from visits where region_code = '530102' and cost is not null"
    assert next(r[2] for r in rows if r[0] == "530102") == con.execute(exact).fetchone()[0]
    for _, n, s in noise.noisy(plan, rows):
        assert isinstance(n, int)
        assert s == s.quantize(Decimal("0.01"))


def test_an_answer_is_paid_for_or_not_given() -> None:
    plan = guard.compile("select count(*) from visits", grant())
    assert noise.cost(plan, Decimal(2)) == Decimal("0.5")
    with pytest.raises(RuleBroken) as refused:
        noise.cost(plan, Decimal("0.4"))
    assert refused.value.refusals[0].code == "noise.budget-spent"
    free = guard.compile("select * from divisions", grant())
    assert noise.cost(free, Decimal(0)) == 0


@pytest.mark.parametrize(
    ("sql", "most", "code"),
    [
        ("select count(*) from visits", None, "noise.unbounded"),
        ("select count(*) + 1 from visits", 4, "noise.form"),
        ("select avg(cost) from visits", 4, "noise.form"),
        ("select sum(cost * 2) from visits", 4, "noise.form"),
        ("select region_code from visits group by 1 having count(*) > 100", 4, "noise.form"),
        ("select region_code, count(*) from visits group by 1 order by 2", 4, "noise.form"),
        ("select region_code, count(*) from visits group by 1 limit 1", 4, "noise.form"),
        ("with a as (select region_code, count(*) as n from visits group by 1) select sum(n) from a", 4, "noise.form"),
        ("select count(*) from visits v join visits w using (person_id)", 4, "noise.unbounded"),
        ("select count(*) filter (where age > 50) from visits", 4, "noise.form"),
        ("select region_code, count(*) from visits group by rollup (1)", 4, "noise.unbounded"),
    ],
)
def test_what_cannot_carry_noise_is_refused(sql: str, most: int | None, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        guard.compile(sql, grant(most))
    assert [r.code for r in refused.value.refusals] == [code]


@pytest.mark.parametrize(
    "wrong", [{"epsilon": 0, "budget": 1}, {"epsilon": 2, "budget": 1}, {"epsilon": "x", "budget": 1}, {"epsilon": 1}]
)
def test_a_malformed_budget_is_refused(wrong: dict[str, object]) -> None:
    from dianchi.kernel.errors import Invalid

    with pytest.raises(Invalid):
        guard.Grant.from_json(people.grant() | {"noise": wrong})


def test_the_desk_pays_before_it_answers_and_only_so_often(folder) -> None:  # type: ignore[no-untyped-def]
    data = people.grant() | {"noise": {"epsilon": "0.5", "budget": "1"}}
    data["tables"]["visits"]["subject"]["max_rows"] = 4
    (folder / "g.json").write_text(json.dumps(data), "utf-8")
    ask = desk(folder)
    first, again, second, third = (
        ask(f"select region_code, count(*) as n from visits where age > {a} group by 1") for a in (1, 1, 40, 70)
    )
    assert first["rows"] == again["rows"]  # the same question costs nothing and gives no second draw
    assert second["allowed"]
    assert [r["code"] for r in third["refusals"]] == ["noise.budget-spent"]
    assert [r["code"] for r in desk(folder, history=False)("select count(*) from visits")["refusals"]] == [
        "noise.no-history"
    ]
