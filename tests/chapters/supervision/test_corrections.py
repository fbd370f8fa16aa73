"""The ladder: notice, talk, order, suspension, exit, and the way back down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.factories.people import HOME, NOON, actor, enrol_all
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.supervision.closures.queries import is_shut
from dianchi.chapters.supervision.corrections.lifecycle import CORRECTION, Facts
from dianchi.chapters.supervision.corrections.queries import all_corrected
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
notice: - -> noticed: bureau implementer
talk: noticed -> talked: bureau implementer
order: noticed, talked -> ordered: bureau implementer
submit: noticed, talked, ordered, suspended -> submitted: operator developer implementer provider consumer
pass: submitted -> closed: bureau implementer
fail: submitted -> ordered: bureau implementer
suspend: noticed, talked, ordered -> suspended: bureau
lead-to-exit: ordered, suspended -> exiting: bureau
withdraw: noticed, talked -> closed: bureau implementer
"""
DEVELOPER = HOME[Role.DEVELOPER][0]
DUE = date(2026, 3, 20)
SAID = "已逐项改正并附证明材料。"


def a_notice(by: Any = Role.BUREAU, **changes: Any) -> Any:
    enrol_all()
    inputs = {
        "title": "产品说明与实际输出不符", "party": DEVELOPER, "party_role": "developer", "ground": "INSPECTION",
        "findings": "说明称按月更新，实际按季度更新。", "demand": "限期改正说明。",
    }  # fmt: skip
    return do("corrections", "notice", by, **inputs | changes)


def an_order(**changes: Any) -> Any:
    code = a_notice(**changes).code
    return do(
        "corrections",
        "order",
        Role.BUREAU,
        code,
        order_number="云数督改〔2026〕3号",
        demand="改正产品说明。",
        due_on=DUE,
    )


def submitted(case: Any, at: Any = NOON) -> Any:
    return do("corrections", "submit", Role.DEVELOPER, case.code, at=at, correction=SAID)


def shut() -> bool:
    return is_shut("any", "any", DEVELOPER, "any", [])


def test_who_may_do_what_from_where() -> None:
    assert matrix(CORRECTION, Facts()) == rows(ALLOWED)


def test_the_party_is_on_record_and_another() -> None:
    enrol_all()
    with refused("corrections.party-unknown"):
        a_notice(party="91530100MA7B00018B")
    with refused("corrections.own-organisation", "R74"):
        a_notice(party=HOME[Role.BUREAU][0], party_role="provider")


def test_only_the_party_reports_and_another_person_re_checks() -> None:
    case = an_order(party=HOME[Role.IMPLEMENTER][0], party_role="implementer")
    both = actor(Role.BUREAU, roles=(Role.IMPLEMENTER,))
    with refused("corrections.not-the-party"):
        do("corrections", "submit", both, case.code, correction=SAID)
    party = actor(Role.IMPLEMENTER, person="one-person")
    do("corrections", "submit", party, case.code, correction=SAID)
    same = actor(Role.BUREAU, person="one-person")
    with refused("corrections.own-submission", "R66"):
        do("corrections", "pass", same, case.code, recheck=SAID)


def test_days_lie_on_the_right_side() -> None:
    case = a_notice()
    with refused("corrections.talk-ahead"):
        do("corrections", "talk", Role.BUREAU, case.code, talked_on=date(2026, 3, 3), attendees="李开发", minutes=SAID)
    with refused("corrections.day-past"):
        do(
            "corrections",
            "order",
            Role.BUREAU,
            case.code,
            order_number="云数督改〔2026〕3号",
            demand=SAID,
            due_on=date(2026, 3, 2),
        )


def test_the_day_set_is_the_deadline_and_one_on_a_saturday_moves() -> None:
    case = an_order()
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == DUE
    submitted(case)
    do("corrections", "fail", Role.BUREAU, case.code, recheck="说明仍有两处不符。", due_on=date(2026, 3, 28))
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == date(2026, 3, 30)  # the 28th is a Saturday


def test_suspension_waits_for_the_day_unless_the_risk_is_serious() -> None:
    case, day_after = an_order(), NOON + timedelta(days=19)
    with refused("corrections.not-ripe"):
        do("corrections", "suspend", Role.BUREAU, case.code, reason="逾期未改正。")
    assert not shut()
    do("corrections", "suspend", Role.BUREAU, case.code, at=day_after, reason="逾期未改正。")
    assert shut()
    serious = a_notice(party=HOME[Role.OPERATOR][0], party_role="operator")
    do("corrections", "suspend", Role.BUREAU, serious.code, serious=True, reason="存在数据外泄风险。")
    assert is_shut("any", "any", "any", HOME[Role.OPERATOR][0], [])


def test_only_what_the_gate_can_shut_is_suspended() -> None:
    case = an_order(party=HOME[Role.PROVIDER][0], party_role="provider")
    with refused("corrections.cannot-be-suspended"):
        do("corrections", "suspend", Role.BUREAU, case.code, serious=True, reason="存在数据外泄风险。")


def test_exit_follows_a_suspension_or_a_failed_re_check() -> None:
    case = an_order()
    with refused("corrections.ladder-not-climbed"):
        do("corrections", "lead-to-exit", Role.BUREAU, case.code, reason="拒不改正。")
    submitted(case)
    do("corrections", "fail", Role.BUREAU, case.code, recheck="说明仍有两处不符。", due_on=DUE)
    assert do("corrections", "lead-to-exit", Role.BUREAU, case.code, reason="拒不改正。").state == "exiting"


def test_up_the_ladder_and_down_again() -> None:
    case = a_notice()
    code = case.code
    do("corrections", "talk", Role.BUREAU, code, talked_on=date(2026, 3, 2), attendees="李开发", minutes=SAID)
    do("corrections", "order", Role.BUREAU, code, order_number="云数督改〔2026〕3号", demand=SAID, due_on=DUE)
    submitted(case)
    do("corrections", "fail", Role.BUREAU, code, recheck="说明仍有两处不符。", due_on=DUE)
    do("corrections", "suspend", Role.BUREAU, code, reason="复查未通过。")
    assert shut()
    assert not all_corrected(code)
    submitted(case)
    with refused("corrections.suspended-by-the-bureau"):  # what the bureau shut, the institution does not open
        do("corrections", "pass", Role.IMPLEMENTER, a_suspended_of_the_institution().code, recheck=SAID)
    case = do("corrections", "pass", Role.BUREAU, code, recheck="已改正到位。")
    assert (case.state, case.failures) == ("closed", 1)
    assert Entry.objects.filter(kind="closures.reopen").count() == 1
    acts = [
        a.split(".")[1] for a in Entry.objects.filter(case_id=code).order_by("index").values_list("kind", flat=True)
    ]
    assert acts == ["notice", "talk", "order", "submit", "fail", "suspend", "submit", "pass"]


def a_suspended_of_the_institution() -> Any:
    """Opened by the institution, suspended by the bureau, reported."""
    case = a_notice(Role.IMPLEMENTER)
    do("corrections", "suspend", Role.BUREAU, case.code, serious=True, reason="存在数据外泄风险。")
    return submitted(case)


def test_a_second_suspension_does_not_shut_twice() -> None:
    case = an_order()
    do("corrections", "suspend", Role.BUREAU, case.code, serious=True, reason="存在数据外泄风险。")
    submitted(case)
    do("corrections", "fail", Role.BUREAU, case.code, recheck="说明仍有两处不符。", due_on=DUE)
    do("corrections", "suspend", Role.BUREAU, case.code, reason="复查未通过。")
    assert Entry.objects.filter(kind="closures.shut").count() == 1
    submitted(case)
    do("corrections", "pass", Role.BUREAU, case.code, recheck="已改正到位。")
    assert not shut()


def test_what_is_refused_leaves_nothing_shut() -> None:
    case, before = an_order(), Entry.objects.count()
    with refused("corrections.not-ripe"):
        do("corrections", "suspend", Role.BUREAU, case.code, reason="逾期未改正。")
    (entry,) = Entry.objects.filter(index__gte=before)
    assert (entry.kind, entry.outcome) == ("corrections.suspend", "refused")
    assert not shut()


def test_a_correction_is_for_the_party_who_opened_it_and_supervision() -> None:
    case = a_notice(Role.IMPLEMENTER)
    for role in (Role.BUREAU, Role.IMPLEMENTER, Role.DEVELOPER, Role.AUDITOR):
        assert get_case("corrections", case.code, actor(role)) == case
    for by in (actor(Role.OPERATOR), actor(Role.CONSUMER, organisation=DEVELOPER), actor(Role.SECURITY_ADMIN)):
        with pytest.raises(NotFound):
            get_case("corrections", case.code, by)
