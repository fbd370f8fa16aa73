"""Evaluations: scored from the record by published formulas, never by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.evaluation.formulas import INDICATORS, Record, grade, points
from dianchi.chapters.operation.evaluation.lifecycle import EVALUATION, Facts
from dianchi.chapters.operation.evaluation.models import Evaluation
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
plan: - -> planned: implementer bureau
report: planned -> reported: operator
score: reported -> scored: implementer bureau
answer: scored -> =: operator
finalise: scored -> final: implementer bureau
"""


def test_who_may_do_what_from_where() -> None:
    assert matrix(EVALUATION, Facts()) == rows(ALLOWED)


def plan(agreement: Any, year: int = 2026) -> Any:
    return do("evaluation", "plan", Role.BUREAU, at=NOON, agreement=agreement.code, year=year)


def test_a_year_is_evaluated_once_it_has_begun(agreement: Any) -> None:
    with refused("evaluation.year-ahead"):
        plan(agreement, 2027)


def test_a_year_is_evaluated_once(agreement: Any) -> None:
    plan(agreement)
    with refused("evaluation.planned-already"):
        plan(agreement)


def test_only_the_operator_reports(agreement: Any) -> None:
    case = plan(agreement)
    other = actor(Role.OPERATOR, organisation=make.OTHER, roles=(Role.AUDITOR,))
    with refused("evaluation.not-the-operator"):
        do("evaluation", "report", other, case.code, at=NOON, self_report="全年运行平稳。")


@pytest.mark.parametrize(
    ("record", "given", "name"),
    [
        (Record(), {"products": 0, "calls": 0, "duties": 30, "safety": 20}, "fail"),
        (Record(products=1, calls=1), {"products": 15, "calls": 10, "duties": 30, "safety": 20}, "pass"),
        (Record(products=9, calls=100), {"products": 30, "calls": 20, "duties": 30, "safety": 20}, "excellent"),
        (Record(2, 99, 7, 5), {"products": 30, "calls": 10, "duties": 0, "safety": 0}, "fail"),
        (Record(2, 100, 4, 1), {"products": 30, "calls": 20, "duties": 10, "safety": 15}, "pass"),
    ],
)
def test_points_follow_the_formulas(record: Record, given: dict[str, int], name: str) -> None:
    assert points(record) == given
    assert grade(given) == name


@given(st.builds(Record, *(st.integers(0, 1000) for _ in range(4))))
def test_points_stay_within_their_indicator(record: Record) -> None:
    found = points(record)
    assert set(found) == {i.key for i in INDICATORS}
    assert all(0 <= found[i.key] <= i.points for i in INDICATORS)
    assert sum(i.points for i in INDICATORS) == 100


def test_from_plan_to_grade(agreement: Any, product: Any) -> None:
    make.metered(make.an_active_order(product), 3)
    case = plan(agreement)
    do("evaluation", "report", Role.OPERATOR, case.code, at=NOON, self_report="全年运行平稳。")
    case = do("evaluation", "score", Role.IMPLEMENTER, case.code, at=NOON)
    assert case.record["products"] == 1
    assert case.record["calls"] == 3
    assert (case.total, case.grade) == (sum(case.points.values()), grade(case.points))
    assert case.points["calls"] == 10
    do("evaluation", "answer", Role.OPERATOR, case.code, at=NOON, feedback="无异议。")
    assert do("evaluation", "finalise", Role.BUREAU, case.code, at=NOON).state == "final"
    assert Entry.objects.filter(case_id=case.code, outcome="done").count() == 5


def test_a_refused_act_leaves_no_trace(agreement: Any) -> None:
    with refused("evaluation.year-ahead"):
        plan(agreement, 2027)
    assert not Evaluation.objects.exists()


def test_an_evaluation_is_between_supervision_and_operator(agreement: Any) -> None:
    case = plan(agreement)
    for role in (Role.OPERATOR, Role.IMPLEMENTER, Role.BUREAU, Role.AUDITOR):
        assert get_case("evaluation", case.code, actor(role)) == case
    for by in (actor(Role.CONSUMER), actor(Role.OPERATOR, organisation=make.OTHER)):
        with pytest.raises(NotFound):
            get_case("evaluation", case.code, by)
