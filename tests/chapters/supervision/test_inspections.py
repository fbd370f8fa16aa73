"""Inspections: two inspectors, findings by rule, the party is heard, nothing is closed while a finding is open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.factories.people import HOME, NOON, actor, enrol_all
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.supervision.inspections.findings import FINDINGS
from dianchi.chapters.supervision.inspections.lifecycle import INSPECTION, Facts
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.law.rules import RULES
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
plan: - -> planned: bureau implementer sector
start: planned -> on-site: bureau implementer sector
find: on-site -> =: bureau implementer sector
tell: on-site -> told: bureau implementer sector
answer: told -> =: operator developer implementer provider consumer
demand: told -> correcting: bureau implementer
transfer: on-site, told, correcting -> =: bureau implementer sector
close: told, correcting -> closed: bureau implementer sector
cancel: planned -> cancelled: bureau implementer sector
"""
OPERATOR = HOME[Role.OPERATOR][0]
SAID = "现场查看日志和合同，情况属实。"
DEMAND = {"order_number": "云数督改〔2026〕5号", "demand": "关闭平台之外的接口。", "due_on": date(2026, 3, 20)}


def a_plan(by: Any = Role.BUREAU, **changes: Any) -> Any:
    enrol_all()
    inputs = {
        "title": "二〇二六年度安全专项检查", "task": "SPECIAL", "party": OPERATOR, "party_role": "operator", "scope": "出口和日志",
        "basis": "授权运营协议第十一条", "planned_on": date(2026, 3, 2),
    }  # fmt: skip
    return do("inspections", "plan", by, **inputs | changes)


def started(by: Any = Role.BUREAU, **changes: Any) -> Any:
    code = a_plan(by, **changes).code
    return do("inspections", "start", by, code, inspectors=["杨文秀", "段正明"], document_number="云数检〔2026〕1号")


def told(*findings: str, by: Any = Role.BUREAU) -> Any:
    case = started(by)
    for finding in findings:
        do("inspections", "find", by, case.code, finding=finding, description=SAID, evidence="接口日志一份")
    return do("inspections", "tell", by, case.code, result=SAID)


def close(case: Any, by: Any = Role.BUREAU) -> Any:
    return do("inspections", "close", by, case.code, conclusion=SAID)


def test_who_may_do_what_from_where() -> None:
    assert matrix(INSPECTION, Facts()) == rows(ALLOWED)


def test_every_finding_names_a_rule_of_the_law() -> None:
    assert {rule for _, _, rule in FINDINGS} - {""} <= set(RULES)
    assert {"R11", "R12", "R43", "R47", "R51", "R53"} <= {rule for _, _, rule in FINDINGS}


def test_two_different_people_inspect() -> None:
    case = a_plan()
    for people in (["杨文秀"], ["杨文秀", "杨文秀 "]):
        with refused("inspections.too-few-inspectors"):
            do("inspections", "start", Role.BUREAU, case.code, inspectors=people, document_number="云数检〔2026〕1号")


def test_the_party_is_on_record_and_another() -> None:
    enrol_all()
    with refused("inspections.party-unknown"):
        a_plan(party="91530100MA7B00018B")
    with refused("inspections.own-organisation", "R74"):
        a_plan(party=HOME[Role.BUREAU][0])


def test_only_the_body_that_inspects_goes_on() -> None:
    case = a_plan(Role.SECTOR)
    with refused("inspections.not-your-task"):
        do(
            "inspections",
            "start",
            Role.BUREAU,
            case.code,
            inspectors=["杨文秀", "段正明"],
            document_number="云数检〔2026〕1号",
        )


def test_a_finding_is_of_a_listed_kind() -> None:
    with refused("inspections.finding-not-listed"):
        do("inspections", "find", Role.BUREAU, started().code, finding="WHATEVER", description=SAID, evidence="日志")


def test_the_party_is_heard_once() -> None:
    case = told("OUTLET")
    with refused("inspections.not-the-party"):
        do("inspections", "answer", actor(Role.BUREAU, roles=(Role.PROVIDER,)), case.code, answer=SAID)
    do("inspections", "answer", Role.OPERATOR, case.code, answer="接口已停用。")
    with refused("inspections.answered-already"):
        do("inspections", "answer", Role.OPERATOR, case.code, answer="接口已停用。")


@pytest.mark.parametrize(
    "rule", ["R11", "R12", "R27", "R29", "R31", "R43", "R47", "R50", "R51", "R52", "R53", "R56", "R69"]
)
def test_what_breaks_a_rule_is_corrected_before_it_is_closed(rule: str) -> None:
    (finding,) = (kind for kind, _, its in FINDINGS if its == rule)
    with refused("inspections.findings-open", rule):
        close(told(finding))


def test_private_gain_goes_to_the_discipline_body() -> None:
    case = told("GAIN")
    with refused("inspections.gain-not-transferred", "R75"):
        close(case)
    do("inspections", "transfer", Role.BUREAU, case.code, transferred_to="纪检监察机关", clue=SAID)
    with refused("inspections.findings-open") as seen:
        close(case)
    assert "inspections.gain-not-transferred" not in seen.codes


def test_from_the_task_to_what_was_corrected() -> None:
    case = told("OUTLET", "CRYPTO")
    case = do("inspections", "demand", Role.BUREAU, case.code, **DEMAND)
    (code,) = case.corrections
    correction = get_case("corrections", code, actor(Role.OPERATOR))
    assert (correction.state, correction.origin, correction.party) == ("ordered", case.code, OPERATOR)
    assert "另有出口" in correction.findings
    with refused("inspections.findings-open"):
        close(case)
    do("corrections", "submit", Role.OPERATOR, code, correction="接口已关闭，算法已更换。")
    do("corrections", "pass", Role.BUREAU, code, recheck="已改正到位。")
    assert close(case).state == "closed"
    acts = [e.kind.split(".")[1] for e in Entry.objects.filter(case_id=case.code, outcome="done").order_by("index")]
    assert acts == ["plan", "start", "find", "find", "tell", "demand", "close"]


def test_where_nothing_was_found_nothing_is_ordered() -> None:
    case = told()
    with refused("inspections.nothing-found"):
        do("inspections", "demand", Role.BUREAU, case.code, **DEMAND)
    assert close(case).state == "closed"


def test_an_order_that_is_refused_opens_no_correction() -> None:
    case, before = told("OUTLET"), Entry.objects.count()
    with refused("corrections.day-past"):
        do("inspections", "demand", Role.BUREAU, case.code, **DEMAND | {"due_on": date(2026, 3, 2)})
    assert Entry.objects.count() == before
    assert get_case("inspections", case.code, actor(Role.BUREAU)).corrections == []


def test_the_result_is_told_in_ten_working_days_and_inspectors_are_no_clear_text() -> None:
    case = started()
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == (NOON + timedelta(days=14)).date()
    assert not any("杨文秀" in str(e.payload) for e in Entry.objects.all())


def test_a_planned_inspection_is_not_announced_to_the_party() -> None:
    case = a_plan()
    with pytest.raises(NotFound):
        get_case("inspections", case.code, actor(Role.OPERATOR))
    do(
        "inspections",
        "start",
        Role.BUREAU,
        case.code,
        inspectors=["杨文秀", "段正明"],
        document_number="云数检〔2026〕1号",
    )
    for role in (Role.OPERATOR, Role.BUREAU, Role.AUDITOR):
        assert get_case("inspections", case.code, actor(role)) == case
    for role in (Role.DEVELOPER, Role.IMPLEMENTER, Role.AUDIT_ADMIN):
        with pytest.raises(NotFound):
            get_case("inspections", case.code, actor(role))
    assert do("inspections", "cancel", Role.BUREAU, a_plan().code, conclusion=SAID).state == "cancelled"
