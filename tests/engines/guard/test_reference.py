"""Thresholded groups against the naive reference, over populations and queries that Hypothesis makes up."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.guard import people, reference
from tests.engines.guard.reference import Key, Test

from dianchi.engines import guard


@dataclass(frozen=True)
class Clause:
    sql: str
    does: Test | Key


REGION = Clause("region_code", lambda r: r[1])
KEYS = [
    REGION,
    Clause("age // 10 * 10", lambda r: r[2] // 10 * 10),
    Clause("left(region_code, 5)", lambda r: r[1][:5]),
    Clause("case when age < 40 then 'a' else 'b' end", lambda r: "a" if r[2] < 40 else "b"),
    Clause("age", lambda r: r[2]),
]
ages = st.integers(1, 95)
tests = st.one_of(
    ages.map(lambda a: Clause(f"age >= {a}", lambda r: r[2] >= a)),
    ages.map(lambda a: Clause(f"age <> {a}", lambda r: r[2] != a)),
    st.just("530102").map(lambda c: Clause(f"region_code = '{c}'", lambda r: r[1] == c)),
    st.tuples(ages, ages).map(
        lambda p: Clause(f"(age < {p[0]} or age > {p[1]})", lambda r: r[2] < p[0] or r[2] > p[1])
    ),
)
WRITTEN = {
    "count": ("count(*)", "count(*) filter (where {})"),
    "people": ("count(distinct person_id)", "count(distinct person_id) filter (where {})"),
    "valued": ("count(cost)", "count(cost) filter (where {})"),
    "sum": ("sum(cost)", "sum(case when {} then cost end)"),
    "avg": ("avg(cost)", "avg(cost) filter (where {})"),
}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 5),
    size=st.sampled_from([0, 9, 10, 40, 300]),
    most=st.sampled_from([None, 4, 1000]),
    where=st.one_of(st.none(), tests),
    keys=st.lists(st.sampled_from(KEYS), max_size=2, unique_by=lambda k: k.sql),
    measures=st.lists(
        st.tuples(st.sampled_from(["count", "people", "sum", "avg", "valued"]), st.one_of(st.none(), tests)),
        min_size=1,
        max_size=3,
        unique_by=lambda m: (m[0], m[1].sql if m[1] else ""),
    ),
    whale=st.booleans(),
)
def test_groups_are_those_of_the_reference(seed, size, most, where, keys, measures, whale):  # type: ignore[no-untyped-def]
    visits = people.rows(seed, size)
    if whale and visits:
        visits[0] = (*visits[0][:3], 900_000.0, *visits[0][4:])
    data = people.grant()
    data["tables"]["visits"]["subject"]["max_rows"] = most
    listed = [k.sql for k in keys] + [WRITTEN[n][t is not None].format(t.sql if t else "") for n, t in measures]
    sql = f"select {', '.join(listed)} from visits"
    sql += f" where {where.sql}" if where else ""
    sql += f" group by {', '.join(str(i + 1) for i in range(len(keys)))}" if keys else ""

    plan = guard.compile(sql, guard.Grant.from_json(data))
    got = people.released(people.connect(visits), plan.sql, plan.counts_suppressed)

    given_tests = [(n, t.does if t else None) for n, t in measures]
    wanted = reference.answer(visits, where.does if where else lambda r: True, [k.does for k in keys], given_tests)
    assert sorted(map(_near, got), key=str) == sorted(map(_near, wanted), key=str), sql


def _near(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(float(round(float(v), 4)) if not isinstance(v, str | None) else v for v in row)  # type: ignore[arg-type]
