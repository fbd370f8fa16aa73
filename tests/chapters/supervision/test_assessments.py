"""Assessments on file: renewed in time, kept long enough, called for by the number of people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.factories.people import HOME, NOON, actor
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.supervision.assessments.lifecycle import ASSESSMENT, Facts
from dianchi.foundation.cases.deadlines import declared
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import case_type, get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
file: - -> filed: operator implementer developer provider bureau
send: filed -> reported: operator implementer developer provider bureau
replace: filed, reported -> replaced: system
dispose: replaced -> disposed: operator implementer developer provider bureau
"""
SAID = "目的明确，范围最小，措施到位。"
TODAY = date(2026, 3, 2)


def an_assessment(kind: str = "IMPACT", by: Any = Role.OPERATOR, at: Any = NOON, **changes: Any) -> Any:
    inputs = {
        "title": "游客到访统计评估", "kind": kind, "subject": "分州市游客消费统计", "assessed_on": TODAY, "assessor": "云南某测评中心",
        "lawful": SAID, "risk": SAID, "measures": SAID, "verdict": "PASS",
    }  # fmt: skip
    return do("assessments", "file", by, at=at, **inputs | changes)


def clocks(case: Any) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for due in Due.objects.filter(case_code=case.code, done_at=None).order_by("due_at"):
        deadline = declared(case_type("assessments"), due)
        assert deadline is not None
        found.setdefault(deadline.clock, []).append(last_day(due.due_at))
    return found


def test_who_may_do_what_from_where() -> None:
    assert matrix(ASSESSMENT, Facts()) == rows(ALLOWED)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("IMPACT", {}),  # kept three years, renewed when the processing changes
        ("IMPORTANT", {"E26": [date(2026, 3, 30), date(2027, 3, 2)]}),  # sent, and assessed again in a year
        ("AUDIT", {"E28": [date(2028, 3, 2)]}),
        ("LEVEL", {"E30": [date(2027, 3, 2)]}),
        ("CRYPTO", {"E31": [date(2027, 3, 2)]}),
    ],
)
def test_it_is_due_again(kind: str, due: dict[str, list[date]]) -> None:
    assert clocks(an_assessment(kind)) == due


@pytest.mark.parametrize(
    ("kind", "figure"),
    [
        ("IMPORTANT", "assessment.important-data-months"),
        ("AUDIT", "audit.personal-information-months"),
        ("LEVEL", "assessment.mlps-months"),
        ("CRYPTO", "assessment.crypto-months"),
    ],
)
def test_its_figure_is_a_parameter_of_the_law(kind: str, figure: str) -> None:
    keys = {d.key.partition(":")[2] for d in Due.objects.filter(case_code=an_assessment(kind).code)}
    assert figure in keys


def test_what_is_assessed_lies_behind() -> None:
    with refused("assessments.assessed-in-the-future"):
        an_assessment(assessed_on=date(2026, 3, 3))


@pytest.mark.parametrize(("people", "needs"), [(999_999, False), (1_000_000, True)])
def test_a_million_people_call_for_an_officer(people: int, needs: bool) -> None:
    if needs:
        with refused("assessments.no-officer", "E29"):
            an_assessment(people=people)
    an_assessment(people=people, officer="杨文秀" if needs else "")
    assert not any("杨文秀" in str(e.payload) for e in Entry.objects.all())


def test_ten_million_people_call_for_an_audit_within_two_years() -> None:
    mass = {"people": 10_000_000, "officer": "杨文秀"}
    with refused("assessments.no-audit", "E27", "E28"):
        an_assessment(**mass)
    an_assessment("AUDIT", subject="平台", assessed_on=date(2024, 3, 1))
    with refused("assessments.no-audit", "E27", "E28"):  # a day too old
        an_assessment(**mass)
    an_assessment("AUDIT", subject="平台", assessed_on=date(2024, 3, 2))
    an_assessment(**mass)
    with refused("assessments.no-audit", "E27"):  # another body's audit is not one's own
        an_assessment(by=Role.IMPLEMENTER, **mass)


def test_only_important_data_are_reported_upward() -> None:
    with refused("assessments.nothing-to-send", "E26"):
        do("assessments", "send", Role.OPERATOR, an_assessment().code, sent_to="省数据局")
    case = do("assessments", "send", Role.OPERATOR, an_assessment("IMPORTANT").code, sent_to="省数据局")
    assert clocks(case) == {"E26": [date(2027, 3, 2)]}  # sent: what stays is the year


def test_a_newer_one_replaces_the_older_and_its_clock_ends() -> None:
    first = an_assessment("LEVEL", assessed_on=date(2025, 6, 1))
    second = an_assessment("LEVEL")
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "filed")
    assert clocks(first) == {}
    assert an_assessment("LEVEL", Role.PROVIDER).state == second.state  # another body's stands beside it


def test_nothing_is_disposed_of_within_three_years() -> None:
    first = an_assessment(assessed_on=date(2023, 3, 2))
    an_assessment()
    with refused("assessments.still-kept", "R68", "E25"):  # its three years end today
        do("assessments", "dispose", Role.OPERATOR, first.code, reason="保存期满。")
    tomorrow = NOON.replace(day=3)
    both = actor(Role.BUREAU, roles=(Role.PROVIDER,))
    with refused("assessments.not-yours"):
        do("assessments", "dispose", both, first.code, at=tomorrow, reason="保存期满。")
    assert do("assessments", "dispose", Role.OPERATOR, first.code, at=tomorrow, reason="保存期满。").state == "disposed"


def test_from_filing_to_disposal() -> None:
    code = an_assessment("IMPORTANT", assessed_on=date(2022, 1, 4)).code
    do("assessments", "send", Role.OPERATOR, code, sent_to="省数据局")
    an_assessment("IMPORTANT")
    do("assessments", "dispose", Role.OPERATOR, code, reason="保存期满，经批准销毁。")
    acts = [(e.kind.split(".")[1], e.role) for e in Entry.objects.filter(case_id=code).order_by("index")]
    assert acts == [("file", "operator"), ("send", "operator"), ("replace", "system"), ("dispose", "operator")]


def test_a_refused_disposal_leaves_it_on_file() -> None:
    first = an_assessment()
    an_assessment()
    before = Entry.objects.count()
    with refused("assessments.still-kept"):
        do("assessments", "dispose", Role.OPERATOR, first.code, reason="保存期满。")
    (entry,) = Entry.objects.filter(index__gte=before)
    assert entry.outcome == "refused"
    assert get_case("assessments", first.code, actor(Role.OPERATOR)).state == "replaced"


def test_an_assessment_is_for_who_filed_it_and_supervision() -> None:
    case = an_assessment()
    for role in (Role.OPERATOR, Role.BUREAU, Role.AUDITOR):
        assert get_case("assessments", case.code, actor(role)) == case
    for by in (actor(Role.PROVIDER), actor(Role.CONSUMER), actor(Role.OPERATOR, organisation=HOME[Role.DEVELOPER][0])):
        with pytest.raises(NotFound):
            get_case("assessments", case.code, by)
