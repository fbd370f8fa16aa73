"""Scenarios: proposed by operator or developer, reviewed by the bureau, published with criteria."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.scenarios.lifecycle import SCENARIO, Facts
from dianchi.chapters.operation.scenarios.models import Scenario
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
propose: - -> draft: operator developer
revise: draft -> draft: operator developer
submit: draft -> submitted: operator developer
approve: submitted -> approved: bureau
return: submitted -> draft: bureau
reject: submitted -> rejected: bureau
publish: approved -> published: operator
close: approved, published -> closed: operator bureau
"""


def test_who_may_do_what_from_where() -> None:
    assert matrix(SCENARIO, Facts()) == rows(ALLOWED)


def propose(agreement: Any, by: Any = Role.OPERATOR, **changes: Any) -> Any:
    return do("scenarios", "propose", by, **make.scenario_inputs(agreement, **changes))


def test_an_operator_proposes_only_for_itself(agreement: Any) -> None:
    with refused("scenarios.operator-not-known"):
        propose(agreement, operator=make.another_enterprise())


def test_a_developer_names_an_operator_on_record(agreement: Any) -> None:
    with refused("scenarios.operator-not-known"):
        propose(agreement, Role.DEVELOPER, operator=make.OTHER)


def test_the_term_runs_forward(agreement: Any) -> None:
    with refused("scenarios.term-backwards"):
        propose(agreement, ends_on="2025-12-31")


def test_own_data_need_a_proof_of_source(agreement: Any) -> None:
    with refused("scenarios.own-data-without-proof", "R54") as seen:
        propose(agreement, social_data=[{"name": "会员名单"}, {"name": "门店清单", "source_proof": "企业自有"}])
    assert "会员名单" in str(seen.of("scenarios.own-data-without-proof").message)
    assert "门店清单" not in str(seen.of("scenarios.own-data-without-proof").message)


def test_personal_information_needs_a_basis(agreement: Any) -> None:
    with refused("scenarios.no-legal-basis"):
        propose(agreement, legal_basis="")


def test_a_demand_beyond_the_authorization_is_not_submitted(agreement: Any) -> None:
    outside = make.visits()  # published, but in nobody's agreement
    demand = [{"resource": outside.code, "fields": ["spend"], "reason": "消费统计"}]
    case = propose(agreement, demand=demand)
    with refused("scenarios.demand-outside-agreement", "R26"):
        do("scenarios", "submit", Role.OPERATOR, case.code)


def test_a_demand_that_is_no_longer_authorized_is_not_approved(agreement: Any) -> None:
    case = make.a_draft_scenario(agreement)
    do("scenarios", "submit", Role.OPERATOR, case.code)
    do("agreements", "terminate", Role.IMPLEMENTER, agreement.code, reason=make.WHY)
    with refused("scenarios.demand-outside-agreement", "R26"):
        do("scenarios", "approve", Role.BUREAU, case.code, reason=make.WHY)


def test_only_who_proposed_revises_and_submits(agreement: Any) -> None:
    case = propose(agreement, Role.DEVELOPER)  # the operator sees it, for it is named
    with refused("scenarios.not-your-proposal"):
        do("scenarios", "submit", Role.OPERATOR, case.code)


def test_nobody_reviews_an_own_proposal(agreement: Any) -> None:
    both = actor(Role.OPERATOR, roles=(Role.BUREAU,))
    case = propose(agreement, both)
    do("scenarios", "submit", both, case.code)
    with refused("scenarios.own-submission", "R66"):
        do("scenarios", "approve", both, case.code, reason=make.WHY)


def test_a_rejection_needs_a_ground_of_the_list(agreement: Any) -> None:
    case = make.a_draft_scenario(agreement)
    do("scenarios", "submit", Role.OPERATOR, case.code)
    with refused("scenarios.ground-not-listed"):
        do("scenarios", "reject", Role.BUREAU, case.code, ground="disliked", reason=make.WHY)


def test_responses_need_time(agreement: Any) -> None:
    case = make.a_draft_scenario(agreement)
    do("scenarios", "submit", Role.OPERATOR, case.code)
    do("scenarios", "approve", Role.BUREAU, case.code, reason=make.WHY)
    with refused("scenarios.responses-over"):
        do(
            "scenarios",
            "publish",
            Role.OPERATOR,
            case.code,
            criteria="公开标准",
            responses_until=str(make.BEGAN.date()),
        )


def test_only_the_operator_in_charge_publishes(agreement: Any) -> None:
    case = propose(agreement, Role.DEVELOPER)
    do("scenarios", "submit", Role.DEVELOPER, case.code)
    do("scenarios", "approve", Role.BUREAU, case.code, reason=make.WHY)
    other = actor(Role.OPERATOR, organisation=make.DEVELOPER, roles=(Role.DEVELOPER,))
    with refused("scenarios.not-your-scenario"):
        do("scenarios", "publish", other, case.code, criteria="公开标准", responses_until="2026-12-31")


def test_from_idea_to_call(agreement: Any) -> None:
    case = make.a_published_scenario(agreement)
    assert (case.state, case.resources) == ("published", agreement.resources)
    acts = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", "from_state", "to_state")
    assert list(acts) == [
        ("scenarios.propose", "", "draft"),
        ("scenarios.submit", "draft", "submitted"),
        ("scenarios.approve", "submitted", "approved"),
        ("scenarios.publish", "approved", "published"),
    ]


def test_a_refused_act_leaves_no_trace(agreement: Any) -> None:
    cases, entries = Scenario.objects.count(), Entry.objects.count()
    with refused("scenarios.term-backwards"):
        propose(agreement, ends_on="2020-01-01")
    assert (Scenario.objects.count(), Entry.objects.count()) == (cases, entries)


@pytest.mark.parametrize("role", [Role.CONSUMER, Role.PRICE, Role.SECURITY_ADMIN])
def test_a_draft_is_for_its_parties(agreement: Any, role: Role) -> None:
    case = make.a_draft_scenario(agreement)
    with pytest.raises(NotFound):
        get_case("scenarios", case.code, actor(role))
    assert get_case("scenarios", case.code, actor(Role.BUREAU)) == case


def test_a_published_scenario_calls_to_all_but_administrators(scenario: Any) -> None:
    assert get_case("scenarios", scenario.code, actor(Role.CONSUMER)) == scenario
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        with pytest.raises(NotFound):
            get_case("scenarios", scenario.code, actor(role))


def test_raw_data_are_no_product(agreement: Any) -> None:
    with refused("scenarios.raw-data-to-market", "R43"):
        propose(agreement, output_kind="raw")


def test_a_product_that_can_be_inverted_is_not_developed(agreement: Any) -> None:
    with refused("scenarios.product-reversible", "R44"):
        propose(agreement, output_kind="model", irreversible=False)
