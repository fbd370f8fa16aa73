"""Authorization agreements: thirteen contents, decision before signature, five years at most, inside the plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories import authorization as make
from tests.factories import resources
from tests.factories.accounts import account
from tests.factories.people import HOME, NOON, actor
from tests.factories.resources import LONG_AGO, SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.authorization.agreements.lifecycle import AGREEMENT, PARTS, Facts
from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.authorization.agreements.queries import agreement_in_force, agreements_of, in_force, live
from dianchi.chapters.authorization.plans.models import Plan
from dianchi.chapters.authorization.selection.models import Selection
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.documents.signatures import holds
from dianchi.foundation.ledger.models import Entry
from dianchi.foundation.notices.models import Notice
from dianchi.foundation.notices.tell import round_of_telling
from dianchi.interfaces.cli.worker import acts_by_time
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
draft: - -> draft: implementer
revise: draft -> draft: implementer
decide: draft -> decided: implementer
sign: draft, decided -> signed: implementer
countersign: signed -> concluded: operator
file: concluded -> filed: bureau
reach: filed -> =: operator
check: filed -> =: implementer
expire: filed -> expired: system
terminate: filed -> terminated: implementer bureau
"""
ANOTHER = actor(Role.IMPLEMENTER, organisation="12530000MB0000001R")


def test_who_may_do_what_from_where() -> None:
    assert matrix(AGREEMENT, Facts(decided=True)) == rows(ALLOWED)


def test_there_are_thirteen_contents() -> None:
    assert len(PARTS) == 13


@pytest.fixture
def decided() -> Any:
    """An agreement that the institution has decided on."""
    return do("agreements", "decide", Role.IMPLEMENTER, make.a_draft_agreement().code, **make.DECISION)


@pytest.mark.parametrize("part", list(PARTS))
def test_an_agreement_that_lacks_a_part_is_neither_decided_nor_signed(part: str) -> None:
    case = make.a_draft_agreement(contents=make.AGREEMENT_CONTENTS | {part: ""})
    for act, inputs in (("decide", make.DECISION), ("sign", {})):
        with refused("agreements.contents-missing", "R20") as seen:
            do("agreements", act, Role.IMPLEMENTER, case.code, **inputs)
        assert str(PARTS[part]) in seen.of("agreements.contents-missing").message


def test_no_signature_before_the_decision_and_the_attempt_is_recorded() -> None:
    case = make.a_draft_agreement()
    with refused("agreements.not-decided", "R19"):
        do("agreements", "sign", Role.IMPLEMENTER, case.code)
    last = Entry.objects.order_by("-index")[0]
    assert (last.kind, last.outcome, last.case_id) == ("agreements.sign", "refused", case.code)


def test_the_database_itself_wants_the_decision() -> None:
    case = make.a_draft_agreement()
    with pytest.raises(IntegrityError, match="decided"), transaction.atomic():
        Agreement.objects.filter(pk=case.pk).update(state="signed")


def test_a_decision_does_not_lie_in_the_future() -> None:
    case = make.a_draft_agreement()
    with refused("agreements.decision-in-the-future", "R19"):
        do("agreements", "decide", Role.IMPLEMENTER, case.code, **(make.DECISION | {"decided_on": "2026-01-02"}))


# The term: a plan of ten years, so that only the five count


@pytest.fixture
def selection() -> Any:
    """A selection under a plan of ten years."""
    authorization = make.an_approved_authorization(ends_on="2035-12-31")
    return make.a_determined_selection(make.an_approved_plan(authorization))


def test_five_years_and_a_day_are_too_long(selection: Any) -> None:
    assert make.a_draft_agreement(selection, ends_on="2030-12-31").state == "draft"
    with refused("agreements.longer-than-five-years", "R21"):
        make.a_draft_agreement(selection, ends_on="2031-01-01")


def test_a_recorded_exception_admits_a_longer_term(selection: Any) -> None:
    reason = "特许基础设施投资回收期较长，经省政府同意（云政函〔2026〕20号）。"
    case = make.a_draft_agreement(selection, ends_on="2033-12-31", exception_reason=reason)
    assert case.ends_on == date(2033, 12, 31)


def test_an_agreement_ends_inside_its_plan() -> None:
    with refused("agreements.term-outside-the-plan"):
        make.a_draft_agreement(ends_on="2031-06-30")


# Scope and parties


def test_an_agreement_stays_inside_its_plan() -> None:
    outside = resources.a_published_item().code
    with refused("agreements.outside-the-plan", "R22"):
        make.a_draft_agreement(resources=[outside])
    with refused("agreements.outside-the-plan", "R22"):
        make.a_draft_agreement(products=["方案之外的产品"])


def test_no_agreement_before_the_operator_is_determined() -> None:
    with refused("agreements.operator-not-determined"):
        make.a_draft_agreement(make.a_publicized_selection())


def test_no_agreement_under_a_plan_that_is_not_approved() -> None:
    selection = make.a_determined_selection()
    Plan.objects.update(state="submitted")  # behind the door: an approved plan stays approved
    with refused("agreements.plan-not-approved", "R14"):
        make.a_draft_agreement(selection)


def test_the_institution_that_organised_the_selection_drafts() -> None:
    selection = make.a_determined_selection()
    with refused("agreements.not-the-institution"):
        do("agreements", "draft", ANOTHER, **make.agreement_inputs(selection))


def test_only_the_institution_signs(decided: Any) -> None:
    with refused("agreements.not-the-institution"):
        do("agreements", "sign", ANOTHER, decided.code)


def test_the_institution_is_not_the_operator(decided: Any) -> None:
    Selection.objects.update(operator=decided.opened_for)  # behind the door: no selection determines it
    with refused("agreements.institution-is-operator"):
        do("agreements", "sign", Role.IMPLEMENTER, decided.code)


def test_only_the_operator_countersigns(decided: Any) -> None:
    do("agreements", "sign", Role.IMPLEMENTER, decided.code)
    governing = actor(Role.IMPLEMENTER, roles=(Role.OPERATOR,))  # sees it, but is the other party
    with refused("agreements.not-the-operator"):
        do("agreements", "countersign", governing, decided.code)


def test_nothing_is_concluded_under_a_suspended_authorization(decided: Any) -> None:
    authorization = decided.selection.plan.authorization
    do("authorizations", "suspend", Role.BUREAU, authorization.code, reason=SAID)
    with refused("agreements.authorization-not-in-force"):
        do("agreements", "sign", Role.IMPLEMENTER, decided.code)
    do("authorizations", "resume", Role.AUTHORIZER, authorization.code, reason=SAID)
    do("agreements", "sign", Role.IMPLEMENTER, decided.code)
    do("authorizations", "suspend", Role.BUREAU, authorization.code, reason=SAID)
    with refused("agreements.authorization-not-in-force"):
        do("agreements", "countersign", Role.OPERATOR, decided.code)


def test_a_decided_agreement_is_not_changed(decided: Any) -> None:
    with refused("agreements.wrong-state"):
        do("agreements", "revise", Role.IMPLEMENTER, decided.code, **make.agreement_inputs(decided.selection))


def test_another_institution_does_not_terminate() -> None:
    case = make.an_agreement_in_force()
    with refused("agreements.not-in-charge"):
        do("agreements", "terminate", ANOTHER, case.code, reason=SAID)


# In force: asked, never pushed


def test_an_agreement_is_in_force_from_its_first_day_to_its_last() -> None:
    case = make.an_agreement_in_force(starts_on="2026-02-01", ends_on="2028-06-30")
    code = case.resources[0]

    def kunming(*when: int) -> datetime:
        return datetime(*when, tzinfo=UTC) - timedelta(hours=8)

    inside = (kunming(2026, 2, 1, 0), NOON, kunming(2028, 6, 30, 23))
    outside = (kunming(2026, 1, 31, 23), kunming(2028, 7, 1, 0))
    assert all(agreement_in_force(case.code, at) and in_force(code, make.OPERATOR, at) for at in inside)
    assert not any(agreement_in_force(case.code, at) or in_force(code, make.OPERATOR, at) for at in outside)
    assert not in_force(code, HOME[Role.DEVELOPER][0], NOON)
    assert not in_force("ML-2026-00000-00000", make.OPERATOR, NOON)


def test_an_agreement_that_is_only_signed_is_not_in_force() -> None:
    assert not agreement_in_force(make.a_concluded_agreement().code, NOON)


def test_a_suspended_authorization_suspends_the_agreement_and_gives_it_back() -> None:
    case = make.an_agreement_in_force()
    authorization = case.selection.plan.authorization
    do("authorizations", "suspend", Role.BUREAU, authorization.code, reason=SAID)
    assert not agreement_in_force(case.code, NOON)
    case.refresh_from_db()
    assert case.state == "filed"  # nothing was pushed
    do("authorizations", "resume", Role.AUTHORIZER, authorization.code, reason=SAID)
    assert list(live(NOON)) == [case]
    do("agreements", "terminate", Role.BUREAU, case.code, reason=SAID)
    assert (list(live(NOON)), list(agreements_of(make.OPERATOR))) == ([], [case])


# Story, trace, sight


def test_from_draft_to_force() -> None:
    case = make.a_concluded_agreement()
    assert (case.operator, case.implementer) == (make.OPERATOR, HOME[Role.IMPLEMENTER][0])
    due = Due.objects.get(case_code=case.code, done_at=None)
    case = do("agreements", "file", Role.BUREAU, case.code, at=NOON)
    due.refresh_from_db()
    assert (due.done_at, case.filed_at, case.signed_at) == (NOON, NOON, LONG_AGO)
    acts = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", "role")
    assert list(acts) == [
        ("agreements.draft", "implementer"),
        ("agreements.decide", "implementer"),
        ("agreements.sign", "implementer"),
        ("agreements.countersign", "operator"),
        ("agreements.file", "bureau"),
    ]


def test_a_refusal_leaves_the_agreement_as_it_was() -> None:
    case = make.a_draft_agreement(contents=make.AGREEMENT_CONTENTS | {"breach": ""})
    digest, before = case.digest(), Entry.objects.count()
    with refused("agreements.contents-missing"):
        do("agreements", "decide", Role.IMPLEMENTER, case.code, **make.DECISION)
    case.refresh_from_db()
    assert (case.digest(), case.version, Entry.objects.count()) == (digest, 1, before)


def test_agreements_are_for_the_parties_and_the_governing_bodies() -> None:
    case = make.a_draft_agreement()
    for role in (Role.IMPLEMENTER, Role.OPERATOR, Role.BUREAU, Role.AUTHORIZER, Role.SECTOR, Role.PRICE, Role.AUDITOR):
        assert get_case("agreements", case.code, actor(role)) == case
    rival = actor(Role.OPERATOR, organisation=HOME[Role.DEVELOPER][0])
    for by in (rival, actor(Role.DEVELOPER), actor(Role.PROVIDER), actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(NotFound):
            get_case("agreements", case.code, by)


# Signatures, milestones, expiry, what follows

MILESTONES = [
    {"name": "首批产品上架", "due_on": "2026-06-30", "measure": "不少于十个产品"},
    {"name": "全部州市接入", "due_on": "2026-12-31", "measure": "十六个州市"},
]


def test_both_signatures_are_over_the_terms_in_both_suites() -> None:
    case = make.a_concluded_agreement(milestones=MILESTONES)
    assert [s["party"] for s in case.signatures] == ["甲方", "乙方"]
    assert [s["organisation"] for s in case.signatures] == [case.opened_for, case.operator]
    assert all(holds(case.terms(), s) for s in case.signatures)
    assert not any(holds(case.terms() | {"ends_on": "2040-12-31"}, s) for s in case.signatures)


def test_terms_changed_behind_the_signatures_are_not_filed() -> None:
    case = make.a_concluded_agreement()
    Agreement.objects.filter(pk=case.pk).update(contents=case.contents | {"breach": "另行约定。"})
    with refused("agreements.signature-broken", "R20"):
        do("agreements", "file", Role.BUREAU, case.code)


def test_milestones_are_reported_checked_and_reported_again() -> None:
    case = make.an_agreement_in_force(milestones=MILESTONES)
    assert str(case.milestone_on) == "2026-06-30"
    said = {"name": "首批产品上架", "reached_on": "2026-03-01", "evidence": "上架清单"}
    with refused("agreements.no-such-milestone"):
        do("agreements", "reach", Role.OPERATOR, case.code, at=NOON, **(said | {"name": "没有的节点"}))
    with refused("agreements.reached-in-the-future"):
        do("agreements", "reach", Role.OPERATOR, case.code, at=NOON, **(said | {"reached_on": "2026-03-03"}))
    with refused("agreements.milestone-not-reported"):
        do(
            "agreements",
            "check",
            Role.IMPLEMENTER,
            case.code,
            at=NOON,
            name=said["name"],
            met=True,
            remark="尚未报告。",
        )
    case = do("agreements", "reach", Role.OPERATOR, case.code, at=NOON, **said)
    due = Due.objects.get(case_code=case.code, key="filed:agreement.milestone-days", done_at=None)
    assert last_day(due.due_at) == date(2026, 3, 16)
    assert str(case.milestone_on) == "2026-12-31"
    case = do(
        "agreements", "check", Role.IMPLEMENTER, case.code, at=NOON, name=said["name"], met=False, remark="数量不足。"
    )
    assert (str(case.milestone_on), case.reported_at) == ("2026-06-30", None)
    assert not Due.objects.filter(case_code=case.code, key="filed:agreement.milestone-days", done_at=None).exists()
    do("agreements", "reach", Role.OPERATOR, case.code, at=NOON, **said)
    case = do(
        "agreements", "check", Role.IMPLEMENTER, case.code, at=NOON, name=said["name"], met=True, remark="已达到。"
    )
    assert [m.get("met") for m in case.milestones] == [True, None]
    with refused("agreements.no-such-milestone"):
        do("agreements", "reach", Role.OPERATOR, case.code, at=NOON, **said)


def test_expiry_is_told_before_and_then_done_by_time() -> None:
    case = make.an_agreement_in_force(ends_on="2026-08-31")
    account(Role.BUREAU)
    day = datetime(2026, 8, 20, 4, tzinfo=UTC)
    for at in (day - timedelta(days=120), day - timedelta(days=119), day):
        round_of_telling(at)
    keys = Notice.objects.filter(case_code=case.code, kind="end").order_by("id").values_list("key", flat=True)
    assert [k.rpartition(":")[2] for k in keys] == ["180", "30"]
    due = Due.objects.get(case_code=case.code, key="filed:agreement.expiry-days", done_at=None)
    assert last_day(due.due_at) == date(2026, 8, 31)
    acts_by_time(due.due_at)
    case.refresh_from_db()
    assert case.state == "expired"


def test_a_renewal_begins_the_day_after_and_an_amendment_takes_its_place() -> None:
    old = make.an_agreement_in_force(ends_on="2026-08-31")
    with refused("agreements.does-not-follow"):
        make.a_draft_agreement(old.selection, kind="RENEWAL", replaces=old.code, starts_on="2026-09-02")
    with refused("agreements.does-not-follow"):
        make.a_draft_agreement(old.selection, kind="NEW", replaces=old.code)
    with refused("agreements.does-not-follow"):
        make.a_draft_agreement(
            make.a_determined_selection(operator=HOME[Role.CONSUMER][0]), kind="AMENDMENT", replaces=old.code
        )
    renewed = make.a_draft_agreement(old.selection, kind="RENEWAL", replaces=old.code, starts_on="2026-09-01")
    assert renewed.kind == "RENEWAL"
    changed = make.a_concluded_agreement(old.selection, kind="AMENDMENT", replaces=old.code, starts_on="2026-03-01",
                                         ends_on="2026-08-31", products=["游客统计服务"])  # fmt: skip
    assert agreement_in_force(old.code, NOON)
    do("agreements", "file", Role.BUREAU, changed.code)
    assert agreement_in_force(old.code, NOON - timedelta(days=2))
    assert not agreement_in_force(old.code, NOON)
    assert agreement_in_force(changed.code, NOON)


def test_an_early_end_names_its_ground() -> None:
    case = make.an_agreement_in_force()
    with refused("agreements.ground-not-listed"):
        do("agreements", "terminate", Role.BUREAU, case.code, ground="whim", reason=SAID)
    case = do("agreements", "terminate", Role.BUREAU, case.code, ground="breach", reason=SAID)
    assert (case.state, case.ground) == ("terminated", "breach")
