"""Implementation plans: twelve contents, argument by experts, consultation, a collective decision, filing, changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import authorization as make
from tests.factories import resources
from tests.factories.accounts import account
from tests.factories.people import HOME, actor
from tests.factories.resources import LONG_AGO, SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.authorization.plans.contents import LARGE_PARTS, PARTS, POINTS, large_changes
from dianchi.chapters.authorization.plans.lifecycle import PLAN, Facts, twelve_contents
from dianchi.chapters.authorization.plans.models import Plan
from dianchi.chapters.authorization.plans.queries import current
from dianchi.foundation.affiliations.models import Affiliation
from dianchi.foundation.cases.models import Due, Opinion
from dianchi.foundation.cases.opinions import visible_opinions
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
draft: - -> draft: implementer
revise: draft -> draft: implementer
submit: draft -> argued: implementer
invite: argued -> =: implementer
opine: argued -> =: expert
recuse: argued -> =: expert
answer: argued -> =: sector provider price bureau registrar
report: argued -> submitted: implementer
withdraw: argued -> draft: implementer
approve: submitted -> approved: authorizer
return: submitted -> draft: authorizer
reject: submitted -> rejected: authorizer
file: approved -> filed: bureau
amend: approved, filed -> =: implementer
supersede: approved, filed -> superseded: system
"""
ANOTHER = "12530000MB0000001R"  # another institution of the province
SECTOR, PRICE = HOME[Role.SECTOR][0], HOME[Role.PRICE][0]


def test_who_may_do_what_from_where() -> None:
    assert matrix(PLAN, Facts()) == rows(ALLOWED)


def test_there_are_twelve_contents_and_five_points() -> None:
    assert (len(PARTS), len(POINTS)) == (12, 5)


def panel(**changes: Any) -> dict[str, Any]:
    make.some_experts()
    return {"experts": list(make.EXPERTS)} | changes


@pytest.mark.parametrize("part", list(PARTS))
def test_a_plan_that_lacks_a_content_is_not_submitted(part: str) -> None:
    case = make.a_draft_plan(contents=make.PLAN_CONTENTS | {part: "  "})
    with refused("plans.contents-missing", "R13") as seen:
        do("plans", "submit", Role.IMPLEMENTER, case.code, **panel())
    message = seen.of("plans.contents-missing").message
    assert str(PARTS[part]) in message
    assert PARTS[part].en in message.en


@given(st.sets(st.sampled_from(sorted(PARTS))))
def test_exactly_the_missing_contents_are_named(missing: set[str]) -> None:
    unmet = twelve_contents.unmet(Facts(missing=tuple(sorted(missing))))
    named = {part for part in PARTS if unmet and f"“{PARTS[part]}”" in unmet.message}
    assert named == missing


@pytest.mark.parametrize("point", list(POINTS))
def test_an_argument_covers_all_of_its_points(point: str) -> None:
    case = make.a_draft_plan(argument=make.PLAN_ARGUMENT | {point: ""})
    with refused("plans.argument-incomplete") as seen:
        do("plans", "submit", Role.IMPLEMENTER, case.code, **panel())
    assert str(POINTS[point]) in seen.of("plans.argument-incomplete").message


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
        do("plans", "submit", other, case.code, **panel())
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
    scope = [resources.a_published_item().code]
    theirs = do("authorizations", "propose", other, **make.proposal(scope, title="另一项授权"))
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
    do("plans", "submit", both, case.code, **panel())
    make.reported(case.code)
    with refused("plans.own-submission", "R66"):
        do("plans", "approve", both, case.code, **make.DECISION)


def test_experts_are_known_and_enough() -> None:
    case = make.a_draft_plan()
    with refused("plans.expert-unknown"):
        do("plans", "submit", Role.IMPLEMENTER, case.code, **panel(experts=[*make.EXPERTS, "nobody.here"]))
    account(Role.BUREAU)
    with refused("plans.expert-unknown"):
        do("plans", "submit", Role.IMPLEMENTER, case.code, **panel(experts=[*make.EXPERTS, "of.bureau"]))
    with refused("plans.too-few-experts"):
        do("plans", "submit", Role.IMPLEMENTER, case.code, **panel(experts=[make.EXPERTS[0]] * 3))


def tie(holder: str, held: str) -> None:
    said = {"holder": holder, "held": held, "tie": "control", "valid_from": "2020-01-01", "evidence": "章程"}
    perform("affiliations", "declare", by=PLATFORM, at=LONG_AGO, inputs=said)


def test_an_expert_with_ties_to_the_drafter_is_excluded_when_named_and_when_opining() -> None:
    case = make.a_plan_in_argument()
    tie(HOME[Role.IMPLEMENTER][0], HOME[Role.EXPERT][0])
    with refused("plans.expert-has-an-interest", "R74"):
        do("plans", "opine", make.some_experts()[0], case.code, **make.IN_FAVOUR)
    other = make.a_draft_plan(case.authorization)
    with refused("plans.expert-has-an-interest", "R74"):
        do("plans", "submit", Role.IMPLEMENTER, other.code, **panel())
    assert Affiliation.objects.count() == 1


def test_who_is_not_invited_neither_sees_nor_argues_the_plan() -> None:
    case = make.a_plan_in_argument()
    stranger = make.some_experts(("expert.nine",))[0]
    with pytest.raises(NotFound):
        do("plans", "opine", stranger, case.code, **make.IN_FAVOUR)
    do("plans", "invite", Role.IMPLEMENTER, case.code, experts=["expert.nine"])
    do("plans", "opine", stranger, case.code, **make.IN_FAVOUR)
    do("plans", "recuse", stranger, case.code, reason="与本方案存在利害关系。")
    with pytest.raises(NotFound):
        do("plans", "opine", stranger, case.code, **make.IN_FAVOUR)


def test_who_acts_as_expert_and_reviewer_at_once_is_not_invited() -> None:
    case = make.a_plan_in_argument()
    both = actor(Role.EXPERT, organisation=HOME[Role.BUREAU][0], roles=(Role.BUREAU,), person="both")
    with refused("plans.not-invited"):
        do("plans", "opine", both, case.code, **make.IN_FAVOUR)


def test_opinions_are_blinded_and_survive_invitations_but_not_changes() -> None:
    case, (one, two, three) = make.a_plan_in_argument(), make.some_experts()
    do("plans", "opine", one, case.code, **make.IN_FAVOUR)
    case = do("plans", "invite", Role.IMPLEMENTER, case.code, experts=[make.EXPERTS[0]], departments=[SECTOR])
    assert len(visible_opinions(case, one)) == 1
    assert visible_opinions(case, two) == []
    with refused("plans.expert-opinions-missing") as seen:
        do("plans", "report", Role.IMPLEMENTER, case.code, **make.OUTCOME)
    assert "2" in str(seen.of("plans.expert-opinions-missing").message)
    for other in (two, three):
        do("plans", "opine", other, case.code, **make.IN_FAVOUR)
    assert len(visible_opinions(case, two)) == 3
    do("plans", "recuse", three, case.code, reason="与本方案存在利害关系。")
    with refused("plans.expert-opinions-missing"):
        do("plans", "report", Role.IMPLEMENTER, case.code, at=LONG_AGO + timedelta(days=40), **make.OUTCOME)
    do("plans", "withdraw", Role.IMPLEMENTER, case.code, reason="按专家意见修改。")
    do("plans", "revise", Role.IMPLEMENTER, case.code, **make.plan_inputs(case.authorization, title="修改稿"))
    do("plans", "submit", Role.IMPLEMENTER, case.code, **panel())
    with refused("plans.expert-opinions-missing"):
        do("plans", "report", Role.IMPLEMENTER, case.code, at=LONG_AGO + timedelta(days=40), **make.OUTCOME)


def test_departments_are_consulted_at_the_same_time_until_their_term_is_over() -> None:
    case = make.a_plan_in_argument(departments=(SECTOR, PRICE))
    for expert in make.some_experts():
        do("plans", "opine", expert, case.code, **make.IN_FAVOUR)
    with refused("plans.not-consulted"):
        do("plans", "answer", Role.BUREAU, case.code, **make.IN_FAVOUR)
    do("plans", "answer", Role.SECTOR, case.code, favourable=False, reason="应当补充行业监管要求。")
    with refused("plans.not-consulted"):
        do("plans", "answer", actor(Role.SECTOR, person="colleague"), case.code, **make.IN_FAVOUR)
    with refused("plans.consultation-open"):
        do("plans", "report", Role.IMPLEMENTER, case.code, **make.OUTCOME)
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == date(2026, 1, 15)
    case = do("plans", "report", Role.IMPLEMENTER, case.code, at=due.due_at, **make.OUTCOME)
    assert (case.state, case.adoption) == ("submitted", make.OUTCOME["adoption"])


def test_small_changes_are_made_large_ones_go_through_the_original_procedure() -> None:
    case = make.an_approved_plan()
    same = make.plan_inputs(case.authorization)
    small = same | {"contents": make.PLAN_CONTENTS | {"other": "联系方式变更。"}, "reason": "联系方式变更。"}
    case = do("plans", "amend", Role.IMPLEMENTER, case.code, **small)
    assert (case.state, case.contents["other"]) == ("approved", "联系方式变更。")
    for part in LARGE_PARTS:
        large = same | {"contents": make.PLAN_CONTENTS | {part: "另行规定。"}, "reason": "政策调整。"}
        with refused("plans.large-change", "R16") as seen:
            do("plans", "amend", Role.IMPLEMENTER, case.code, **large)
        assert str(PARTS[part]) in seen.of("plans.large-change").message
    with refused("plans.large-change", "R16"):
        do("plans", "amend", Role.IMPLEMENTER, case.code, **(same | {"reason": "缩短期限。", "ends_on": "2030-11-30"}))
    with refused("plans.contents-missing", "R13"):
        do("plans", "amend", Role.IMPLEMENTER, case.code, **(small | {"contents": {"name": "方案"}}))


def test_a_replacing_plan_goes_the_whole_way_and_then_stands_in_its_place() -> None:
    old = make.an_approved_plan()
    inputs = make.plan_inputs(old.authorization, title="新方案", replaces=old.code, ends_on="2030-06-30")
    new = do("plans", "draft", Role.IMPLEMENTER, **inputs)
    do("plans", "submit", Role.IMPLEMENTER, new.code, **panel())
    assert current(old) == old
    with refused("plans.no-successor", "R16"):
        perform("plans", "supersede", by=PLATFORM, at=LONG_AGO, code=old.code)
    make.reported(new.code)
    new = do("plans", "approve", Role.AUTHORIZER, new.code, **make.DECISION)
    old.refresh_from_db()
    assert (old.state, current(old)) == ("superseded", new)
    assert Entry.objects.filter(case_id=old.code, kind="plans.supersede", outcome="done").count() == 1
    with refused("selection.plan-not-approved", "R14"):
        do("selection", "announce", Role.IMPLEMENTER, **make.announcement(old))


def test_only_a_plan_in_force_of_the_same_authorization_is_replaced() -> None:
    draft = make.a_draft_plan()
    with refused("plans.nothing-to-replace", "R16"):
        do("plans", "draft", Role.IMPLEMENTER, **make.plan_inputs(draft.authorization, replaces=draft.code))
    other = make.an_approved_plan()
    with refused("plans.nothing-to-replace", "R16"):
        do("plans", "draft", Role.IMPLEMENTER, **make.plan_inputs(draft.authorization, replaces=other.code))


WHOLE = {"contents": make.PLAN_CONTENTS, "resources": ["a", "b"], "starts_on": "2026-01-01", "ends_on": "2030-12-31"}


@given(st.sets(st.sampled_from(sorted(PARTS))), st.sets(st.sampled_from(["a", "b", "c"]), min_size=1))
def test_a_change_is_large_exactly_where_the_list_says(parts: set[str], scope: set[str]) -> None:
    new = WHOLE | {"contents": make.PLAN_CONTENTS | dict.fromkeys(parts, "变更后的内容"), "resources": sorted(scope)}
    assert bool(large_changes(WHOLE, new)) == (bool(parts & set(LARGE_PARTS)) or "c" in scope)


def test_an_approved_plan_is_not_changed_at_will() -> None:
    case = make.an_approved_plan()
    with refused("plans.wrong-state"):
        do("plans", "revise", Role.IMPLEMENTER, case.code, **make.plan_inputs(case.authorization))


def test_from_draft_to_filing_with_one_return() -> None:
    case = make.a_submitted_plan()
    do("plans", "return", Role.AUTHORIZER, case.code, reason="请补充风险防控。")
    do("plans", "revise", Role.IMPLEMENTER, case.code, **make.plan_inputs(case.authorization, title="实施方案（修订）"))
    do("plans", "submit", Role.IMPLEMENTER, case.code, **panel())
    make.reported(case.code)
    do("plans", "approve", Role.AUTHORIZER, case.code, **make.DECISION)
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == date(2026, 1, 15)  # ten working days; Sunday the 4th is worked
    case = do("plans", "file", Role.BUREAU, case.code)
    assert (case.state, case.title, case.minutes_number) == ("filed", "实施方案（修订）", "云政常纪〔2026〕3号")
    acts = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", flat=True)
    argued = ["submit", "opine", "opine", "opine", "report"]
    assert [a.split(".")[1] for a in acts] == ["draft", *argued, "return", "revise", *argued, "approve", "file"]
    assert Opinion.objects.filter(case_code=case.code).count() == 6


def test_nobodys_id_or_account_is_in_the_ledger() -> None:
    case = make.a_plan_in_argument()
    written = [text for e in Entry.objects.filter(case_id=case.code) for text in (e.payload, e.body)]
    for expert in make.some_experts():
        assert not any(expert.person in text for text in written)
    assert not any("expert.one" in text or "person-of-implementer" in text for text in written)


def test_a_refused_approval_is_recorded_but_changes_nothing() -> None:
    case: Any = make.a_submitted_plan()
    before, version = Entry.objects.count(), case.version
    with refused("plans.no-collective-decision"):
        do("plans", "approve", Role.AUTHORIZER, case.code)
    case.refresh_from_db()
    last = Entry.objects.order_by("-index")[0]
    assert (Entry.objects.count(), last.outcome, case.state, case.version) == (
        before + 1,
        "refused",
        "submitted",
        version,
    )


def test_plans_are_for_the_governing_bodies_the_consulted_and_then_for_operators() -> None:
    case = make.a_plan_in_argument(departments=(HOME[Role.PROVIDER][0],))
    for role in (Role.IMPLEMENTER, Role.AUTHORIZER, Role.BUREAU, Role.SECTOR, Role.AUDITOR, Role.PROVIDER):
        assert get_case("plans", case.code, actor(role)) == case
    for by in (actor(Role.OPERATOR), actor(Role.DEVELOPER), actor(Role.CONSUMER), actor(Role.AUDIT_ADMIN), actor(Role.EXPERT),
               actor(Role.PROVIDER, organisation=HOME[Role.REGISTRAR][0])):  # fmt: skip
        with pytest.raises(NotFound):
            get_case("plans", case.code, by)
    do("plans", "answer", Role.PROVIDER, case.code, **make.IN_FAVOUR)
    make.reported(case.code)
    do("plans", "approve", Role.AUTHORIZER, case.code, **make.DECISION)
    assert get_case("plans", case.code, actor(Role.OPERATOR)) == case
