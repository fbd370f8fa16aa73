"""Every attack ever found: its verdict, and that what is denied changes no answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.guard import people

from dianchi.engines import guard
from dianchi.kernel.errors import DomainError, Invalid, RuleBroken

TEXT = (Path(__file__).parent / "fixtures/attacks.sql").read_text("utf-8")
CASES = [tuple(part.rsplit(";\n-- ", 1)) for part in TEXT.strip().split("\n\n")]
GRANT = guard.Grant.from_json(people.grant())
REFUSED = [(sql, verdict.split()[1:]) for sql, verdict in CASES if verdict.startswith("refused")]
ALLOWED = [sql for sql, verdict in CASES if verdict.strip() == "allowed"]


@pytest.mark.parametrize(("sql", "codes"), REFUSED, ids=[s[:60] for s, _ in REFUSED])
def test_attack_is_refused_with_its_reasons(sql: str, codes: list[str]) -> None:
    with pytest.raises((RuleBroken, Invalid)) as refused:
        guard.compile(sql, GRANT)
    assert list(dict.fromkeys(r.code for r in refused.value.refusals)) == codes
    for r in refused.value.refusals:
        told = r.to_json("en")  # type: ignore[attr-defined]
        assert told["message"]
        assert told["remedy"]
        if told["line"] and told["clause"]:
            line = sql.splitlines()[told["line"] - 1]
            assert line[told["col"] - 1 :].startswith(told["clause"].splitlines()[0])


@pytest.fixture(scope="module")
def worlds():  # type: ignore[no-untyped-def]
    """The population, and one in which everything that no query may learn is different."""
    visits = people.rows()
    other = [
        (p, g, a if g != "539999" else 1, c if g != "539999" else 1.0, n[0] + "某某某", f"x{i}")
        for p, g, a, c, n, i in visits
    ]
    return people.connect(visits), people.connect(other)


@pytest.mark.parametrize("sql", ALLOWED, ids=[s[:60] for s in ALLOWED])
def test_allowed_query_learns_nothing_of_what_is_denied(worlds, sql: str) -> None:  # type: ignore[no-untyped-def]
    plan = guard.compile(sql, GRANT)
    here, there = (people.released(con, plan.sql, plan.counts_suppressed) for con in worlds)
    assert sorted(map(_near, here), key=str) == sorted(map(_near, there), key=str)


def _near(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(round(v, 6) if isinstance(v, float) else v for v in row)


@pytest.mark.parametrize("sql", ALLOWED, ids=[s[:60] for s in ALLOWED])
def test_a_person_in_a_suppressed_region_may_as_well_not_exist(worlds, sql: str) -> None:  # type: ignore[no-untyped-def]
    """Whoever is alone in a region: no visible row names the region."""
    plan = guard.compile(sql, GRANT)
    rows = people.released(worlds[0], plan.sql, plan.counts_suppressed)
    small = {"530112", "530113", "530114", "530181"}
    assert not any(v in small for r in rows for v in r if isinstance(v, str))


def test_explaining_never_raises() -> None:
    for sql, _ in CASES:
        found = guard.explain(sql, GRANT, "en")
        assert found.exit_code in (0, 11, 14)
        assert found.allowed == (found.exit_code == 0)


def test_only_domain_errors_escape() -> None:
    for sql, _ in CASES:
        for cut in range(0, len(sql), 7):
            try:
                guard.compile(sql[:cut], GRANT)
            except DomainError:
                continue
