"""Incidents: graded by the people they hurt, reported by the clock, contained by closing the gate, summed up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.people import HOME, NOON, actor, enrol_all
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.supervision.closures.queries import is_shut
from dianchi.chapters.supervision.incidents.grades import GRADES, RANK, clock_of, least_grade, reaches
from dianchi.chapters.supervision.incidents.lifecycle import INCIDENT, Facts
from dianchi.foundation.cases.deadlines import declared
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import case_type, get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid, NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
discover: - -> detected: operator developer implementer provider bureau security-admin
freeze: detected, triaged, reported -> =: security-admin bureau operator
triage: detected, triaged -> triaged: operator developer implementer provider bureau security-admin
regrade: reported -> =: operator developer implementer provider bureau security-admin
contain: detected, triaged, reported -> =: operator developer implementer provider bureau security-admin
report: triaged -> reported: operator developer implementer provider bureau security-admin
supplement: reported, recovered -> =: operator developer implementer provider bureau security-admin
forward: reported -> =: bureau
notify: triaged, reported, recovered -> =: operator developer implementer provider bureau security-admin
order-notice: triaged, reported, recovered -> =: bureau
transfer: detected, triaged, reported, recovered, summarised -> =: operator developer implementer provider bureau security-admin
recover: triaged, reported -> recovered: operator developer implementer provider bureau security-admin
summarise: recovered -> summarised: operator developer implementer provider bureau security-admin
close: summarised -> closed: bureau
return: summarised -> recovered: bureau
dismiss: detected -> dismissed: bureau security-admin
"""
OPERATOR = HOME[Role.OPERATOR][0]
SAID = "已按应急预案处置完毕。"
SUMMARY = {"cause": SAID, "harm": SAID, "responsibility": SAID, "rectification": SAID, "lessons": "修订产品复核规则。"}


def discovery(**changes: Any) -> dict[str, Any]:
    """A leak on the platform, found at noon."""
    return {
        "title": "统计产品输出小样本分组", "kind": "LEAK", "site": "PLATFORM", "discovered_at": NOON.isoformat(),
        "description": "某产品在县区粒度输出了少于五人的分组。", "personal_information": True, "people": 1200,
    } | changes  # fmt: skip


def grading(**changes: Any) -> dict[str, Any]:
    """What the discovery looked like once it was looked into."""
    return {
        "grade": "LARGER", "people": 1200, "personal_information": True, "endangers_public": False,
        "grounds": "按影响范围和敏感程度定级。",
    } | changes  # fmt: skip


REPORT = {"recipient": "省级网信部门", "system": "授权运营平台", "impact": "影响一个产品", "measures": "已关停该产品"}
NOTICE = {"channel": "ANNOUNCEMENT", "notice": "涉及行踪信息，已停止输出，可拨打公布电话咨询。", "people_told": 1200}


def an_incident(by: Any = Role.OPERATOR, at: Any = NOON, **changes: Any) -> Any:
    return do("incidents", "discover", by, at=at, **discovery(**changes))


def a_graded(by: Any = Role.OPERATOR, at: Any = NOON, grades: Any = None, **changes: Any) -> Any:
    case = an_incident(by, at, **changes)
    return do("incidents", "triage", by, case.code, at=at, **grading(**(grades or {})))


def a_reported(**grades: Any) -> Any:
    case = a_graded(grades=grades)
    do("incidents", "contain", Role.OPERATOR, case.code, containment=SAID)
    return do("incidents", "report", Role.OPERATOR, case.code, **REPORT)


def clocks(case: Any) -> dict[str, Any]:
    """Running deadlines by the id of their clock."""
    kind = case_type("incidents")
    return {declared(kind, d).clock: d for d in Due.objects.filter(case_code=case.code, done_at=None)}  # type: ignore[union-attr]


def test_who_may_do_what_from_where() -> None:
    assert matrix(INCIDENT, Facts()) == rows(ALLOWED)


@pytest.mark.parametrize(
    ("site", "clock", "hours"), [("PLATFORM", "E17", 1), ("CENTRAL", "E18", 2), ("OTHER", "E16", 4)]
)
def test_the_report_is_due_so_many_hours_after_discovery(site: str, clock: str, hours: int) -> None:
    case = an_incident(at=NOON + timedelta(minutes=20), site=site)
    due = clocks(case)
    assert set(due) == {clock}  # not graded yet: it runs as if it had to be reported
    assert due[clock].due_at == NOON + timedelta(hours=hours)  # from discovery, not from when it was recorded


def test_without_the_setting_the_platform_has_four_hours() -> None:
    assert clock_of("PLATFORM", critical=False) == "ORDINARY"
    inputs = {"key": "incident.critical-infrastructure", "value": "false", "reason": "经认定不属于。"}
    do("parameters", "set", Role.BUREAU, **inputs)
    assert set(clocks(an_incident())) == {"E16"}


def test_grading_it_general_ends_the_clock_and_grading_it_up_starts_it_again() -> None:
    case = a_graded(grades={"grade": "GENERAL"})
    assert clocks(case) == {}
    do("incidents", "triage", Role.OPERATOR, case.code, at=NOON + timedelta(minutes=30), **grading())
    assert clocks(case)["E17"].due_at == NOON + timedelta(hours=1)  # still from discovery


def test_a_flaw_that_endangers_the_public_is_due_in_a_day_whatever_its_grade() -> None:
    case = a_graded(kind="FLAW", grades={"grade": "GENERAL", "endangers_public": True})
    assert clocks(case)["E21"].due_at == NOON + timedelta(hours=24)
    do("incidents", "report", Role.OPERATOR, case.code, **REPORT)
    assert clocks(case) == {}


@pytest.mark.parametrize(("site", "minutes"), [("PLATFORM", 30), ("CENTRAL", 60), ("OTHER", 60)])
def test_a_major_incident_goes_upward(site: str, minutes: int) -> None:
    case = a_graded(site=site, grades={"grade": "MAJOR", "people": 10_000_000})
    do("incidents", "report", Role.OPERATOR, case.code, at=NOON + timedelta(minutes=40), **REPORT)
    assert clocks(case)["E19"].due_at == NOON + timedelta(minutes=40 + minutes)
    do("incidents", "forward", Role.BUREAU, case.code, at=NOON + timedelta(minutes=50), forwarded_to="国家网信部门")
    assert clocks(case) == {}
    with refused("incidents.nothing-to-forward", "E19"):
        do("incidents", "forward", Role.BUREAU, case.code, forwarded_to="国家网信部门")


def test_an_incident_that_turns_out_major_goes_upward_from_then() -> None:
    case, later = a_reported(), NOON + timedelta(hours=5)
    assert clocks(case) == {}
    do(
        "incidents",
        "regrade",
        Role.BUREAU,
        case.code,
        at=later,
        **grading(grade="ESPECIALLY-MAJOR", people=100_000_000),
    )
    assert clocks(case)["E19"].due_at == later + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("people", "least"),
    [(999_999, "GENERAL"), (1_000_000, "LARGER"), (10_000_000, "MAJOR"), (100_000_000, "ESPECIALLY-MAJOR")],
)
def test_a_number_of_people_that_is_reached_counts(people: int, least: str) -> None:
    case = an_incident()
    below = [grade for grade, _ in GRADES if RANK[grade] < RANK[least]]
    for grade in below[-1:]:
        with refused("incidents.graded-too-low", "E22"):
            do("incidents", "triage", Role.OPERATOR, case.code, **grading(grade=grade, people=people))
    do("incidents", "triage", Role.OPERATOR, case.code, **grading(grade=least, people=people))


@given(st.integers(0, 2_000_000_000), st.integers(0, 2_000_000_000))
def test_more_people_never_make_it_lighter(one: int, other: int) -> None:
    limits = (1_000_000, 10_000_000, 100_000_000)
    assert reaches(least_grade(max(one, other), *limits), least_grade(min(one, other), *limits))


def test_a_late_report_says_why_and_is_not_turned_away() -> None:
    case, late = a_graded(), NOON + timedelta(hours=1)
    with refused("incidents.late-unexplained", "R70"):
        do("incidents", "report", Role.OPERATOR, case.code, at=late, **REPORT)
    case = do(
        "incidents", "report", Role.OPERATOR, case.code, at=late, **REPORT, late_reason="夜间值守人员未及时研判。"
    )
    assert case.reported_at == late


def test_a_late_summary_says_why() -> None:
    case = a_reported(personal_information=False)
    case = do("incidents", "recover", Role.OPERATOR, case.code, eradication=SAID, recovery=SAID)
    due = clocks(case)["E20"]
    assert last_day(due.due_at) == date(2026, 4, 1)  # thirty days after 2 March
    with refused("incidents.summary-late-unexplained", "R70"):
        do("incidents", "summarise", Role.OPERATOR, case.code, at=due.due_at, **SUMMARY)
    do("incidents", "summarise", Role.OPERATOR, case.code, at=due.due_at, **SUMMARY, late_summary="等待鉴定结论。")


def test_nothing_is_discovered_in_the_future() -> None:
    with refused("incidents.discovered-in-the-future"):
        an_incident(discovered_at=(NOON + timedelta(minutes=1)).isoformat())


def test_a_moment_without_a_zone_is_legal_time() -> None:
    case = an_incident(discovered_at="2026-03-02T12:00")
    assert case.discovered_at == NOON
    with pytest.raises(Invalid):
        an_incident(discovered_at="0001-01-01T00:00")


def test_an_incident_of_another_unit_is_for_supervision_to_record() -> None:
    enrol_all()
    with refused("incidents.another-unit"):
        an_incident(Role.DEVELOPER, unit=OPERATOR)
    with refused("incidents.unit-unknown"):
        an_incident(Role.BUREAU, unit="91530100MA7B00018B")
    case = an_incident(Role.BUREAU, unit=OPERATOR)
    assert get_case("incidents", case.code, actor(Role.OPERATOR)) == case


def test_who_only_found_it_does_not_handle_it() -> None:
    enrol_all()
    case = an_incident(actor(Role.BUREAU, roles=(Role.DEVELOPER,)), unit=OPERATOR)
    found = actor(Role.DEVELOPER, organisation=HOME[Role.BUREAU][0])
    with refused("incidents.not-your-incident"):
        do("incidents", "triage", found, case.code, **grading())


def test_nothing_recovers_before_it_is_contained_reported_and_told() -> None:
    case = a_graded()
    with refused("incidents.not-contained") as seen:
        do("incidents", "recover", Role.OPERATOR, case.code, eradication=SAID, recovery=SAID)
    assert seen.codes == {"incidents.not-contained", "incidents.not-reported", "incidents.persons-not-told"}
    assert seen.of("incidents.not-reported").rules == ("R70",)
    do("incidents", "contain", Role.OPERATOR, case.code, containment=SAID)
    with refused("incidents.contained-already"):
        do("incidents", "contain", Role.OPERATOR, case.code, containment=SAID)


def test_persons_are_told_or_it_is_said_why_not() -> None:
    case = a_reported()
    for empty in ({}, {**NOTICE, "exemption": "数据已加密，未被读取。"}):
        with refused("incidents.notice-empty"):
            do("incidents", "notify", Role.OPERATOR, case.code, **empty)
    do("incidents", "notify", Role.OPERATOR, case.code, **NOTICE)
    with refused("incidents.told-already"):
        do("incidents", "notify", Role.OPERATOR, case.code, **NOTICE)
    with refused("incidents.no-persons"):
        do("incidents", "notify", Role.OPERATOR, a_reported(personal_information=False).code, **NOTICE)


def test_the_administration_may_order_that_persons_be_told_after_all() -> None:
    case, why = a_reported(), {"exemption": "数据已加密，未被读取。"}
    do("incidents", "notify", Role.OPERATOR, case.code, **why)
    do("incidents", "recover", Role.OPERATOR, case.code, eradication=SAID, recovery=SAID)
    do("incidents", "order-notice", Role.BUREAU, case.code, conclusion="密钥可能一并泄露。")
    with refused("incidents.persons-not-told"):
        do("incidents", "summarise", Role.OPERATOR, case.code, **SUMMARY)
    with refused("incidents.notice-ordered"):
        do("incidents", "notify", Role.OPERATOR, case.code, **why)
    case = do("incidents", "notify", Role.OPERATOR, case.code, **NOTICE)
    assert (case.exemption, case.notified_at) == ("", NOON)


def test_who_sums_up_does_not_close() -> None:
    both = actor(Role.BUREAU)
    case = a_reported(personal_information=False)
    do("incidents", "recover", both, case.code, eradication=SAID, recovery=SAID)
    do("incidents", "summarise", both, case.code, **SUMMARY)
    with refused("incidents.own-summary", "R66"):
        do("incidents", "close", both, case.code, conclusion=SAID)


def test_shutting_at_once_closes_the_gate_by_the_same_hand() -> None:
    enrol_all()
    case = an_incident()
    case = do("incidents", "freeze", Role.SECURITY_ADMIN, case.code, scope="DEVELOPER",
              target=HOME[Role.DEVELOPER][0], reason="疑似越权调用。")  # fmt: skip
    assert is_shut("any", "any", HOME[Role.DEVELOPER][0], OPERATOR, [])
    assert not is_shut("any", "any", "91530100MA7B00018B", OPERATOR, [])
    (code,) = case.closures
    shut = Entry.objects.get(kind="closures.shut")
    assert (shut.case_id, shut.role) == (code, "security-admin")


def test_an_operator_does_not_shut_what_others_answer_for() -> None:
    enrol_all()
    case, before = an_incident(), Entry.objects.count()
    for scope, target in (
        ("EVERYTHING", ""),
        ("OPERATOR", HOME[Role.DEVELOPER][0]),
        ("DEVELOPER", HOME[Role.DEVELOPER][0]),
    ):
        with refused("closures.not-in-your-charge"):
            do(
                "incidents",
                "freeze",
                Role.OPERATOR,
                case.code,
                at=NOON,
                scope=scope,
                target=target,
                reason="疑似越权调用。",
            )
    with refused("closures.target-unknown"):
        do(
            "incidents",
            "freeze",
            Role.BUREAU,
            case.code,
            at=NOON,
            scope="PRODUCT",
            target="no-such",
            reason="疑似越权。",
        )
    assert get_case("incidents", case.code, actor(Role.OPERATOR)).closures == []
    assert set(Entry.objects.filter(index__gte=before).values_list("outcome", flat=True)) == {"refused"}
    do(
        "incidents",
        "freeze",
        Role.OPERATOR,
        case.code,
        at=NOON,
        scope="OPERATOR",
        target=OPERATOR,
        reason="自行停止交付。",
    )


def test_from_discovery_to_the_lessons() -> None:
    enrol_all()
    case = a_graded()
    code = case.code
    do("incidents", "freeze", Role.OPERATOR, code, scope="OPERATOR", target=OPERATOR, reason="自行停止交付。")
    do("incidents", "contain", Role.OPERATOR, code, containment=SAID)
    do("incidents", "report", Role.OPERATOR, code, **REPORT)
    do("incidents", "supplement", Role.OPERATOR, code, cause_found="分组阈值配置有误。")
    do("incidents", "supplement", Role.OPERATOR, code, cause_found="另有一个版本受影响。")
    do("incidents", "notify", Role.OPERATOR, code, **NOTICE)
    do("incidents", "transfer", Role.BUREAU, code, transferred_to="公安机关", clue="异常下载记录一份。")
    do("incidents", "recover", Role.OPERATOR, code, eradication=SAID, recovery=SAID)
    do("incidents", "summarise", Role.OPERATOR, code, **SUMMARY)
    do("incidents", "return", Role.BUREAU, code, conclusion="补充责任认定。")
    do("incidents", "summarise", Role.OPERATOR, code, **SUMMARY)
    case = do("incidents", "close", Role.BUREAU, code, conclusion=SAID)
    assert (case.state, len(case.supplements), len(case.clues)) == ("closed", 2, 1)
    acts = Entry.objects.filter(case_id=code).order_by("index").values_list("kind", flat=True)
    assert [a.split(".")[1] for a in acts] == [
        "discover", "triage", "freeze", "contain", "report", "supplement", "supplement", "notify", "transfer",
        "recover", "summarise", "return", "summarise", "close",
    ]  # fmt: skip
    assert not Due.objects.filter(case_code=code, done_at=None).exists()


def test_what_is_no_incident_is_dismissed() -> None:
    case = do("incidents", "dismiss", Role.SECURITY_ADMIN, an_incident().code, conclusion="误报，为演练流量。")
    assert case.state == "dismissed"
    assert clocks(case) == {}


def test_an_incident_is_for_the_unit_who_found_it_and_supervision() -> None:
    case = an_incident()
    for role in (Role.OPERATOR, Role.BUREAU, Role.AUDITOR, Role.SECURITY_ADMIN):
        assert get_case("incidents", case.code, actor(role)) == case
    for by in (actor(Role.DEVELOPER), actor(Role.OPERATOR, organisation=HOME[Role.DEVELOPER][0]), actor(Role.CONSUMER),
               actor(Role.SYSTEM_ADMIN), actor(Role.BUREAU, region="530100")):  # fmt: skip
        with pytest.raises(NotFound):
            get_case("incidents", case.code, by)
