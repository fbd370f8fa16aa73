"""Complaints: anybody, even without a name, is answered by the clock, which waits only for the complainant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.factories.people import HOME, NOON, actor, enrol_all
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.supervision.complaints.lifecycle import COMPLAINT, Facts
from dianchi.chapters.supervision.complaints.queries import by_receipt
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.interfaces.cli.worker import acts_by_time
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

_ANYBODY = "bureau authorizer implementer sector provider operator developer consumer registrar price auditor system"
ALLOWED = f"""
lodge: - -> received: {_ANYBODY}
acknowledge: received -> acknowledged: bureau
decline: received -> declined: bureau
ask: acknowledged -> waiting: bureau
supply: waiting -> acknowledged: {_ANYBODY}
resume: waiting -> acknowledged: bureau
find: acknowledged -> =: bureau implementer registrar price sector
extend: acknowledged -> =: bureau
transfer: received, acknowledged, waiting -> =: bureau
answer: acknowledged -> answered: bureau
review: answered -> acknowledged: {_ANYBODY}
close: answered -> closed: bureau
"""
SAID = "经核查，产品说明确与实际输出不一致。"
NAME = {"name": "普秀英", "contact": "0871-12345678", "consent": True}


def a_complaint(by: Any = PLATFORM, at: datetime = NOON, **changes: Any) -> Any:
    inputs = {
        "kind": "SERVICE",
        "title": "产品说明与实际不符",
        "against": "分州市游客消费统计",
        "text": "产品说明称按月更新，实际按季度更新。",
    }
    return do("complaints", "lodge", by, at=at, **inputs | changes)


def acknowledged(at: datetime = NOON, **changes: Any) -> Any:
    return do("complaints", "acknowledge", Role.BUREAU, a_complaint(at=at, **changes).code, at=at)


def found(case: Any) -> Any:
    return do("complaints", "find", Role.BUREAU, case.code, finding=SAID)


def answered(case: Any) -> Any:
    found(case)
    return do("complaints", "answer", Role.BUREAU, case.code, outcome="UPHELD", answer=SAID)


def clocks(case: Any) -> dict[str, Due]:
    return {d.key.partition(":")[2]: d for d in Due.objects.filter(case_code=case.code, done_at=None)}


def test_who_may_do_what_from_where() -> None:
    assert matrix(COMPLAINT, Facts()) == rows(ALLOWED)


def test_acknowledged_in_two_working_days_and_answered_in_fifteen_from_receipt() -> None:
    friday = datetime.fromisoformat("2026-03-06T20:00:00+08:00")
    case = a_complaint(at=friday)
    due = clocks(case)
    assert last_day(due["complaint.acknowledge-days"].due_at) == date(2026, 3, 10)
    assert last_day(due["complaint.answer-days"].due_at) == date(2026, 3, 27)
    do("complaints", "acknowledge", Role.BUREAU, case.code, at=friday + timedelta(days=4))
    due = clocks(case)
    assert set(due) == {"complaint.answer-days"}
    assert last_day(due["complaint.answer-days"].due_at) == date(2026, 3, 27)  # from receipt, not from acknowledgement


def test_the_clock_waits_for_the_complainant_and_the_pause_is_on_record() -> None:
    case = acknowledged()  # Monday 2 March: fifteen working days end on the 23rd
    pause, back = NOON + timedelta(days=4), NOON + timedelta(days=14)  # Friday the 6th to Monday the 16th
    do("complaints", "ask", Role.BUREAU, case.code, at=pause, question="请补充调用时间。")
    waits = clocks(case)["complaint.answer-days"]
    assert waits.paused_at == pause
    acts_by_time(NOON + timedelta(days=40))
    waits.refresh_from_db()
    assert waits.reminded_at is None  # nobody is reminded while it waits
    do("complaints", "supply", PLATFORM, case.code, at=back, supplement="三月一日九时。")
    due = clocks(case)["complaint.answer-days"]
    assert last_day(due.due_at) == date(2026, 3, 31)  # 4 of 15 had run; the other 11 follow the 16th
    assert due.pauses == [[pause.isoformat(), back.isoformat()]]


def test_the_administration_may_go_on_without_the_supplement() -> None:
    case = acknowledged()
    do("complaints", "ask", Role.BUREAU, case.code, question="请补充调用时间。")
    case = do("complaints", "resume", Role.BUREAU, case.code, reason="逾期未补充，按现有材料办理。")
    assert case.state == "acknowledged"


def test_a_request_for_information_has_twenty_working_days_and_twenty_more_once() -> None:
    case = acknowledged(kind="INFORMATION", **NAME)
    assert last_day(clocks(case)["disclosure.request-days"].due_at) == date(2026, 3, 30)
    do("complaints", "extend", Role.BUREAU, case.code, extension="需征求第三方意见。")
    due = clocks(case)
    assert set(due) == {"disclosure.request-extension-days"}
    assert last_day(due["disclosure.request-extension-days"].due_at) == date(2026, 4, 28)  # 6 April is a holiday
    with refused("complaints.not-extendable", "E33"):
        do("complaints", "extend", Role.BUREAU, case.code, extension="再次延期。")
    with refused("complaints.not-extendable", "E33"):
        do("complaints", "extend", Role.BUREAU, acknowledged().code, extension="投诉不能延期。")


def test_an_extension_comes_before_the_end() -> None:
    case = acknowledged(kind="INFORMATION", **NAME)
    late = clocks(case)["disclosure.request-days"].due_at
    with refused("complaints.not-extendable", "E33"):
        do("complaints", "extend", Role.BUREAU, case.code, at=late, extension="需征求第三方意见。")


@pytest.mark.parametrize("kind", ["RIGHTS", "INFORMATION"])
def test_who_asks_for_what_is_ones_own_gives_a_name(kind: str) -> None:
    with refused("complaints.not-named"):
        a_complaint(kind=kind)
    a_complaint(kind=kind, **NAME)


def test_names_are_used_only_by_consent_and_kept_out_of_the_ledger() -> None:
    with refused("complaints.no-consent"):
        a_complaint(**NAME | {"consent": False})
    case = a_complaint(**NAME, text="我的身份证号被用于查询，请核查。")
    texts = [e.payload for e in Entry.objects.filter(case_id=case.code)] + [
        e.body for e in Entry.objects.filter(case_id=case.code)
    ]
    assert not any(word in str(t) for word in ("普秀英", "0871-12345678", "身份证号") for t in texts)


def test_the_one_complained_of_does_not_handle_it() -> None:
    enrol_all()
    case = a_complaint(against=f"向{HOME[Role.IMPLEMENTER][1]}申请被拒")
    with refused("complaints.handler-concerned", "R74"):
        do("complaints", "acknowledge", Role.BUREAU, case.code, handler=HOME[Role.IMPLEMENTER][0])
    with refused("complaints.handler-unknown"):
        do("complaints", "acknowledge", Role.BUREAU, case.code, handler="91530100MA7B00018B")
    do("complaints", "acknowledge", Role.BUREAU, case.code, handler=HOME[Role.PRICE][0])
    with refused("complaints.not-yours"):
        do("complaints", "find", Role.BUREAU, case.code, finding=SAID)
    with refused("complaints.not-looked-into"):
        do("complaints", "answer", Role.BUREAU, case.code, outcome="UPHELD", answer=SAID)
    do("complaints", "find", Role.PRICE, case.code, finding=SAID)
    do("complaints", "answer", Role.BUREAU, case.code, outcome="UPHELD", answer=SAID)


def test_a_report_of_private_gain_goes_to_the_discipline_body_first() -> None:
    case = a_complaint(kind="GAIN")
    with refused("complaints.gain-not-transferred", "R75"):
        do("complaints", "decline", Role.BUREAU, case.code, reason="不属于受理范围。")
    do("complaints", "acknowledge", Role.BUREAU, case.code)
    found(case)
    with refused("complaints.gain-not-transferred", "R75"):
        do("complaints", "answer", Role.BUREAU, case.code, outcome="UPHELD", answer=SAID)
    do("complaints", "transfer", Role.BUREAU, case.code, transferred_to="纪检监察机关")
    with refused("complaints.nothing-to-transfer", "R75"):
        do("complaints", "transfer", Role.BUREAU, case.code, transferred_to="纪检监察机关")
    do("complaints", "answer", Role.BUREAU, case.code, outcome="UPHELD", answer=SAID)


def test_only_who_brought_it_forward_supplements_and_asks_for_review() -> None:
    case = a_complaint(Role.CONSUMER)
    do("complaints", "acknowledge", Role.BUREAU, case.code)
    do("complaints", "ask", Role.BUREAU, case.code, question="请补充调用时间。")
    with refused("complaints.not-your-complaint"):
        do("complaints", "supply", Role.BUREAU, case.code, supplement="三月一日。")
    do("complaints", "supply", Role.CONSUMER, case.code, supplement="三月一日。")
    answered(case)
    case = do(
        "complaints", "review", Role.CONSUMER, case.code, at=NOON + timedelta(days=1), reason="答复没有说明原因。"
    )
    assert (case.state, case.reviews, case.finding) == ("acknowledged", 1, "")
    assert last_day(clocks(case)["complaint.answer-days"].due_at) == date(2026, 3, 24)  # anew


def test_a_receipt_opens_its_own_complaint_only() -> None:
    done = perform(
        "complaints",
        "lodge",
        by=PLATFORM,
        at=NOON,
        inputs={"kind": "OTHER", "title": "其他问题", "text": "说明不够清楚，请补充。"},
    )
    secret = done.reveal["receipt"]
    assert by_receipt(done.case.code, f" {secret} ") == done.case
    assert by_receipt(done.case.code, "wrong") is None
    assert by_receipt(a_complaint().code, secret) is None
    assert by_receipt("", "") is None


def test_from_receipt_to_close() -> None:
    case = a_complaint()
    do("complaints", "acknowledge", Role.BUREAU, case.code)
    answered(case)
    case = do("complaints", "close", Role.BUREAU, case.code)
    assert case.state == "closed"
    acts = [e.kind.split(".")[1] for e in Entry.objects.filter(case_id=case.code).order_by("index")]
    assert acts == ["lodge", "acknowledge", "find", "answer", "close"]
    assert clocks(case) == {}


def test_what_is_refused_leaves_no_trace() -> None:
    before = Entry.objects.count()
    with refused("complaints.not-named"):
        a_complaint(kind="RIGHTS")
    assert Entry.objects.count() == before


def test_a_complaint_is_for_the_administration_the_handler_and_who_brought_it() -> None:
    case = a_complaint(Role.CONSUMER, against="某运营机构")
    for role in (Role.BUREAU, Role.AUDITOR, Role.CONSUMER):
        assert get_case("complaints", case.code, actor(role)) == case
    for by in (
        actor(Role.OPERATOR),
        actor(Role.PRICE),
        actor(Role.CONSUMER, person="a-colleague"),
        actor(Role.SECURITY_ADMIN),
    ):
        with pytest.raises(NotFound):
            get_case("complaints", case.code, by)
