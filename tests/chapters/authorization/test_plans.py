"""Implementation plans: twelve contents, a collective decision, filing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import authorization as make
from tests.factories import resources
from tests.factories.people import actor
from tests.factories.resources import SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.authorization.plans.lifecycle import PARTS, PLAN, Facts, twelve_contents
from dianchi.chapters.authorization.plans.models import Plan
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
draft: - -> draft: implementer
revise: draft -> draft: implementer
submit: draft -> submitted: implementer
approve: submitted -> approved: authorizer
return: submitted -> draft: authorizer
reject: submitted -> rejected: authorizer
file: approved -> filed: bureau
"""
ANOTHER = "12530000MB0000001R"  # another institution of the province


def test_who_may_do_what_from_where() -> None:
    assert matrix(PLAN, Facts()) == rows(ALLOWED)


def test_there_are_twelve_contents() -> None:
    assert len(PARTS) == 12


@pytest.mark.parametrize("part", list(PARTS))
def test_a_plan_that_lacks_a_content_is_not_submitted(part: str) -> None:
    case = make.a_draft_plan(contents=make.PLAN_CONTENTS | {part: "  "})
    with refused("plans.contents-missing", "R13") as seen:
        do("plans", "submit", Role.IMPLEMENTER, case.code)
    message = seen.of("plans.contents-missing").message
    assert str(PARTS[part]) in message
    assert PARTS[part].en in message.en


@given(st.sets(st.sampled_from(sorted(PARTS))))
def test_exactly_the_missing_contents_are_named(missing: set[str]) -> None:
    unmet = twelve_contents.unmet(Facts(missing=tuple(sorted(missing))))
    named = {part for part in PARTS if unmet and f"“{PARTS[part]}”" in unmet.message}
    assert named == missing


def test_a_plan_stays_inside_its_authorization() -> None:
    outside = resources.a_published_item().code
    with refused("plans.outside-the-authorization", "R22"):
        make.a_draft_plan(resources=[outside])


@pytest.mark.parametrize("term", [{"starts_on": "2025-12-31"}, {"ends_on": "2031-01-01"}, {"ends_on": "2026-01-01"}])
def test_a_plan_stays_inside_the_term(term: dict[str, str]) -> None:
    with refused("plans.term-outside"):
        make.a_draft_plan(**term)


def test_no_plan_for_what_is_not_approved() -> None:
    with refused("plans.authorization-not-approved"):
        make.a_draft_plan(make.a_proposed_authorization())


def test_an_authorization_suspended_since_holds_the_plan() -> None:
    case = make.a_submitted_plan()
    do("authorizations", "suspend", Role.BUREAU, case.authorization.code, reason=SAID)
    with refused("plans.authorization-not-approved"):
        do("plans", "approve", Role.AUTHORIZER, case.code, **make.DECISION)


def test_only_the_drafter_revises_and_submits() -> None:
    case, other = make.a_draft_plan(), actor(Role.IMPLEMENTER, organisation=ANOTHER)
    with refused("plans.not-the-drafter"):
        do("plans", "submit", other, case.code)
    with refused("plans.not-the-drafter"):
        do("plans", "revise", other, case.code, **make.plan_inputs(case.authorization))


def test_no_plan_is_drafted_for_the_authorization_of_another() -> None:
    authorization, before = make.an_approved_authorization(), Plan.objects.count()
    other = actor(Role.IMPLEMENTER, organisation=ANOTHER)
    with refused("plans.not-the-drafter"):
        do("plans", "draft", other, **make.plan_inputs(authorization))
    assert Plan.objects.count() == before


def test_no_plan_moves_to_the_authorization_of_another() -> None:
    own, other = make.a_draft_plan(), actor(Role.IMPLEMENTER, organisation=ANOTHER)
    theirs = do("authorizations", "propose", other, **make.proposal(own.resources, title="另一项授权"))
    theirs = do("authorizations", "approve", Role.AUTHORIZER, theirs.code, decision_document="云政函〔2026〕15号")
    with refused("plans.not-the-drafter"):
        do("plans", "revise", Role.IMPLEMENTER, own.code, **make.plan_inputs(theirs))


@pytest.mark.parametrize("decision", [{}, {"minutes_number": "云政常纪〔2026〕3号"}, {"decided_on": "2025-12-20"}])
def test_no_approval_without_the_collective_decision(decision: dict[str, str]) -> None:
    case = make.a_submitted_plan()
    with refused("plans.no-collective-decision", "R15"):
        do("plans", "approve", Role.AUTHORIZER, case.code, **decision)


def test_a_decision_does_not_lie_in_the_future() -> None:
    case = make.a_submitted_plan()
    with refused("plans.decision-in-the-future", "R15"):
        do("plans", "approve", Role.AUTHORIZER, case.code, **(make.DECISION | {"decided_on": "2026-01-02"}))


def test_the_database_itself_wants_the_decision() -> None:
    case = make.a_submitted_plan()
    with pytest.raises(IntegrityError, match="decision"), transaction.atomic():
        Plan.objects.filter(pk=case.pk).update(state="approved")


def test_nobody_approves_an_own_submission() -> None:
    both = actor(Role.IMPLEMENTER, roles=(Role.AUTHORIZER,))
    case = make.a_draft_plan()
    do("plans", "submit", both, case.code)
    with refused("plans.own-submission", "R66"):
        do("plans", "approve", both, case.code, **make.DECISION)


def test_an_approved_plan_is_not_changed_at_will() -> None:
    case = make.an_approved_plan()
    with refused("plans.wrong-state"):
        do("plans", "revise", Role.IMPLEMENTER, case.code, **make.plan_inputs(case.authorization))


def test_from_draft_to_filing_with_one_return() -> None:
    case = make.a_submitted_plan()
    do("plans", "return", Role.AUTHORIZER, case.code, reason="请补充风险防控。")
    do("plans", "revise", Role.IMPLEMENTER, case.code, **make.plan_inputs(case.authorization, title="实施方案（修订）"))
    do("plans", "submit", Role.IMPLEMENTER, case.code)
    do("plans", "approve", Role.AUTHORIZER, case.code, **make.DECISION)
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == date(2026, 1, 15)  # ten working days; Sunday the 4th is worked
    case = do("plans", "file", Role.BUREAU, case.code)
    assert (case.state, case.title, case.minutes_number) == ("filed", "实施方案（修订）", "云政常纪〔2026〕3号")
    acts = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", flat=True)
    assert [a.split(".")[1] for a in acts] == ["draft", "submit", "return", "revise", "submit", "approve", "file"]


def test_nobodys_id_is_in_the_ledger() -> None:
    case = make.a_draft_plan()
    do("plans", "submit", actor(Role.IMPLEMENTER, person="zhang-wei"), case.code)
    assert not any("zhang-wei" in text for e in Entry.objects.all() for text in (e.payload, e.body))


def test_a_refused_approval_is_recorded_but_changes_nothing() -> None:
    case: Any = make.a_submitted_plan()
    before = Entry.objects.count()
    with refused("plans.no-collective-decision"):
        do("plans", "approve", Role.AUTHORIZER, case.code)
    case.refresh_from_db()
    last = Entry.objects.order_by("-index")[0]
    assert (Entry.objects.count(), last.outcome, case.state, case.version) == (before + 1, "refused", "submitted", 2)


def test_plans_are_for_the_governing_bodies_and_then_for_operators() -> None:
    case = make.a_submitted_plan()
    for role in (Role.IMPLEMENTER, Role.AUTHORIZER, Role.BUREAU, Role.SECTOR, Role.AUDITOR):
        assert get_case("plans", case.code, actor(role)) == case
    for role in (Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER, Role.AUDIT_ADMIN):
        with pytest.raises(NotFound):
            get_case("plans", case.code, actor(role))
    do("plans", "approve", Role.AUTHORIZER, case.code, **make.DECISION)
    assert get_case("plans", case.code, actor(Role.OPERATOR)) == case
