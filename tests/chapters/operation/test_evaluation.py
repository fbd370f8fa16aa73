"""Evaluations: scored from the record by published formulas, never by hand; what they mean for the renewal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import HOME, NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.evaluation.formulas import INDICATORS, effect, grade, points
from dianchi.chapters.operation.evaluation.lifecycle import EVALUATION, Facts
from dianchi.chapters.operation.evaluation.models import Evaluation
from dianchi.chapters.operation.evaluation.queries import standing
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
plan: - -> planned: implementer bureau
report: planned -> reported: operator developer provider
assess: reported -> =: implementer bureau
score: reported -> scored: implementer bureau
answer: scored -> =: operator developer provider
finalise: scored -> final: implementer bureau
demand: final -> rectifying: implementer bureau
mend: rectifying -> mended: operator developer provider
reopen: mended -> rectifying: implementer bureau
close: mended -> closed: implementer bureau
"""
PROVIDER = HOME[Role.PROVIDER][0]


def test_who_may_do_what_from_where() -> None:
    assert matrix(EVALUATION, Facts()) == rows(ALLOWED)


def plan(agreement: Any, year: int = 2026, **changes: Any) -> Any:
    return do("evaluation", "plan", Role.BUREAU, at=NOON, agreement=agreement.code, year=year, **changes)


def reported(agreement: Any, year: int = 2026, by: Role = Role.OPERATOR, **changes: Any) -> Any:
    case = plan(agreement, year, **changes)
    return do("evaluation", "report", by, case.code, at=NOON, self_report="全年运行平稳。")


def final(case: Any) -> Any:
    do("evaluation", "score", Role.IMPLEMENTER, case.code, at=NOON)
    return do("evaluation", "finalise", Role.BUREAU, case.code, at=NOON)


def test_a_year_is_evaluated_once_it_has_begun(agreement: Any) -> None:
    with refused("evaluation.year-ahead"):
        plan(agreement, 2027)


def test_a_year_is_evaluated_once(agreement: Any) -> None:
    plan(agreement)
    with refused("evaluation.planned-already"):
        plan(agreement)


def test_only_the_body_reports(agreement: Any) -> None:
    case = plan(agreement)
    other = actor(Role.OPERATOR, organisation=make.OTHER, roles=(Role.AUDITOR,))
    with refused("evaluation.not-the-operator"):
        do("evaluation", "report", other, case.code, at=NOON, self_report="全年运行平稳。")


@pytest.mark.parametrize(
    "weights",
    [[("products", 99)], [("products", 50), ("products", 50)], [("quality", 100)], [("calls", 60), ("duties", 41)]],
)
def test_weights_are_a_hundred_points_of_the_subject(agreement: Any, weights: list[tuple[str, int]]) -> None:
    with refused("evaluation.weights-not-whole"):
        plan(agreement, weights=[{"indicator": key, "points": n} for key, n in weights])


def test_who_is_evaluated_takes_part(agreement: Any, contract: Any) -> None:
    for subject, body in (("OPERATOR", make.DEVELOPER), ("DEVELOPER", make.CONSUMER), ("PROVIDER", make.OPERATOR)):
        with refused("evaluation.body-not-in-the-operation"):
            plan(agreement, subject=subject, body=body)
    assert plan(agreement, subject="DEVELOPER", body=make.DEVELOPER).body == make.DEVELOPER


@pytest.mark.parametrize("subject", INDICATORS)
def test_the_usual_points_are_a_hundred(subject: str) -> None:
    assert sum(i.points for i in INDICATORS[subject]) == 100
    assert len({i.key for i in INDICATORS[subject]}) == len(INDICATORS[subject])


BEST = {"scenarios": 2, "products": 3, "calls": 100, "deviation": "10.00", "disclosed": "1"}


@pytest.mark.parametrize(
    ("changed", "indicator", "given"),
    [
        ({}, "deviation", 10), ({"deviation": "-20.00"}, "deviation", 5), ({"deviation": "30.01"}, "deviation", 0),
        ({"deviation": ""}, "deviation", 5), ({"products": 1}, "products", 5), ({"calls": 5}, "calls", 1),
        ({"refusals": 3}, "fairness", 7), ({"refusals": 11}, "fairness", 0), ({"overdue": 2}, "duties", 9),
        ({"months_missing": 1}, "accounts", 8), ({"disclosed": "0"}, "disclosure", 0), ({"events": 1}, "safety", 6),
    ],
)  # fmt: skip
def test_points_follow_the_formulas(changed: dict[str, Any], indicator: str, given: int) -> None:
    assert sum(points("OPERATOR", BEST).values()) == 100
    found = points("OPERATOR", BEST | changed)
    assert found[indicator] == given
    assert all(n == points("OPERATOR", BEST)[key] for key, n in found.items() if key != indicator)


@given(
    st.sampled_from(sorted(INDICATORS)),
    st.dictionaries(st.sampled_from(["products", "calls", "overdue", "events"]), st.integers(0, 10**6)),
)
def test_points_stay_within_their_indicator(subject: str, record: dict[str, int]) -> None:
    found = points(subject, record)
    assert set(found) == {i.key for i in INDICATORS[subject]}
    assert all(0 <= found[i.key] <= i.points for i in INDICATORS[subject])


@pytest.mark.parametrize(
    ("total", "name"), [(100, "excellent"), (90, "excellent"), (89, "pass"), (69, "rectify"), (59, "fail")]
)
def test_the_grade_of_a_sum(total: int, name: str) -> None:
    assert grade(total) == name


@pytest.mark.parametrize(
    ("grades", "what"),
    [(["pass"], "RENEW"), (["rectify", "pass"], "RECTIFY"), (["fail", "pass"], "RECTIFY"), (["fail", "fail"], "EXIT"),
     (["pass", "fail", "fail"], "RENEW"), (["fail", "pass", "fail"], "RECTIFY")],
)  # fmt: skip
def test_failing_twice_begins_the_exit(grades: list[str], what: str) -> None:
    assert effect(grades, 2) == what


def test_from_plan_to_grade(agreement: Any, product: Any) -> None:
    make.metered(make.an_active_order(product), 3)
    case = reported(agreement)
    case = do("evaluation", "score", Role.IMPLEMENTER, case.code, at=NOON)
    assert (case.record["products"], case.record["calls"], case.record["scenarios"]) == (1, 3, 1)
    assert case.record["months_missing"] == 2  # January and February are over
    assert (case.total, case.grade) == (sum(case.points.values()), grade(case.total))
    do("evaluation", "answer", Role.OPERATOR, case.code, at=NOON, feedback="无异议。")
    case = do("evaluation", "finalise", Role.BUREAU, case.code, at=NOON)
    assert (case.state, standing(agreement)) == ("final", case.effect)
    assert Entry.objects.filter(case_id=case.code, outcome="done").count() == 5


def test_developer_and_provider_are_scored_from_their_own_record(agreement: Any, product: Any) -> None:
    developer = reported(agreement, by=Role.DEVELOPER, subject="DEVELOPER", body=make.DEVELOPER)
    assert do("evaluation", "score", Role.BUREAU, developer.code, at=NOON).record["products"] == 1
    provider = reported(agreement, by=Role.PROVIDER, subject="PROVIDER", body=PROVIDER)
    scored = do("evaluation", "score", Role.BUREAU, provider.code, at=NOON)
    assert (scored.record["items"], scored.record["tickets_open"]) == (1, 0)
    assert 0 <= float(scored.record["supplied"]) <= 1


def test_a_third_party_without_interest_takes_points_off(agreement: Any) -> None:
    case = reported(agreement)
    make.another_enterprise()
    found = {"assessment": "现场发现台账不全。", "deduction": 7}
    with refused("evaluation.assessor-not-independent", "R74"):
        do("evaluation", "assess", Role.BUREAU, case.code, at=NOON, assessor=make.OPERATOR, **found)
    with make.tried():
        make.affiliated(make.OPERATOR, make.OTHER)
        with refused("evaluation.assessor-not-independent", "R74"):
            do("evaluation", "assess", Role.BUREAU, case.code, at=NOON, assessor=make.OTHER, **found)
    do("evaluation", "assess", Role.BUREAU, case.code, at=NOON, assessor=make.OTHER, **found)
    case = do("evaluation", "score", Role.BUREAU, case.code, at=NOON)
    assert case.total == sum(case.points.values()) - 7


def test_nobody_evaluates_itself(agreement: Any) -> None:
    case = reported(agreement)
    with refused("evaluation.own-evaluation", "R66"):
        do("evaluation", "score", actor(Role.BUREAU, organisation=make.OPERATOR), case.code, at=NOON)


def test_what_failed_is_mended_and_checked(agreement: Any) -> None:
    weights = [{"indicator": "products", "points": 100}]
    case = final(reported(agreement, weights=weights))
    assert (case.grade, case.effect) == ("fail", "RECTIFY")
    do("evaluation", "demand", Role.BUREAU, case.code, at=NOON, demands="三个月内上架产品。")
    assert Due.objects.get(case_code=case.code, done_at=None).key.endswith("evaluation.rectify-days")
    do("evaluation", "mend", Role.OPERATOR, case.code, at=NOON, rectification="已上架两款产品。")
    do("evaluation", "reopen", Role.BUREAU, case.code, at=NOON, demands="第二款尚未上架。")
    do("evaluation", "mend", Role.OPERATOR, case.code, at=NOON, rectification="已全部上架。")
    do("evaluation", "close", Role.BUREAU, case.code, at=NOON)
    assert standing(agreement) == "RENEW"


def test_failing_twice_stands_in_the_record(agreement: Any) -> None:
    weights = [{"indicator": "products", "points": 100}]
    for year in (2025, 2026):
        case = final(reported(agreement, year, weights=weights))
    assert (case.effect, standing(agreement)) == ("EXIT", "EXIT")


def test_a_good_grade_leaves_nothing_to_mend(agreement: Any) -> None:
    case = final(reported(agreement, weights=[{"indicator": "duties", "points": 100}]))
    assert case.grade == "excellent"
    with refused("evaluation.nothing-to-mend"):
        do("evaluation", "demand", Role.BUREAU, case.code, at=NOON, demands="请整改。")


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
