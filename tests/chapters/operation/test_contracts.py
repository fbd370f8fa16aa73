"""Development agreements: inside the authorization, between two that are not affiliated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import BEGAN, do
from tests.factories.people import actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.contracts.lifecycle import CONTENTS, CONTRACT, Facts
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.contracts.queries import contract_in_force
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.documents.signatures import holds
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
draft: - -> draft: operator
revise: draft -> draft: operator
sign: draft -> offered: developer
withdraw: offered -> draft: operator developer
countersign: offered -> signed: operator
file: signed -> filed: bureau
terminate: signed, filed -> terminated: operator developer bureau
"""


def test_who_may_do_what_from_where() -> None:
    assert matrix(CONTRACT, Facts()) == rows(ALLOWED)


def draft(admission: Any, agreement: Any, **changes: Any) -> Any:
    return do("contracts", "draft", Role.OPERATOR, **make.contract_inputs(admission, agreement, **changes))


def test_affiliates_sign_nothing(admission: Any, agreement: Any) -> None:
    case = draft(admission, agreement)
    make.affiliated(make.OPERATOR, make.DEVELOPER)
    with refused("contracts.affiliated", "R24") as seen:
        do("contracts", "sign", Role.DEVELOPER, case.code)
    assert "昆明数智科技有限公司" in str(seen.of("contracts.affiliated").message)


def test_a_developer_that_is_not_qualified_signs_nothing(admission: Any, agreement: Any) -> None:
    do("developers", "suspend", Role.OPERATOR, admission.code, reason="接到举报。")
    with refused("contracts.developer-not-qualified"):
        draft(admission, agreement)


def test_nothing_without_an_agreement_in_force(admission: Any, agreement: Any) -> None:
    case = draft(admission, agreement)
    do("agreements", "terminate", Role.IMPLEMENTER, agreement.code, reason=make.WHY)
    with refused("contracts.agreement-not-in-force", "R23"):
        do("contracts", "sign", Role.DEVELOPER, case.code)


def test_a_closed_scenario_carries_no_agreement(admission: Any, agreement: Any, scenario: Any) -> None:
    do("scenarios", "close", Role.OPERATOR, scenario.code, reason=make.WHY)
    with refused("contracts.scenario-not-published"):
        draft(admission, agreement)


def test_resources_stay_inside_the_authorization(admission: Any, agreement: Any) -> None:
    outside = make.visits().code
    with refused("contracts.resources-outside-agreement", "R26") as seen:
        draft(admission, agreement, resources=[*agreement.resources, outside])
    assert outside in str(seen.of("contracts.resources-outside-agreement").message)


@pytest.mark.parametrize(
    "term",
    [
        {"ends_on": "2031-01-01"},
        {"starts_on": "2025-12-31"},
        {"starts_on": "2027-02-01", "ends_on": "2027-01-31"},
    ],
)
def test_the_term_stays_inside_the_authorization(admission: Any, agreement: Any, term: dict[str, str]) -> None:
    with refused("contracts.term-outside-agreement", "R26"):
        draft(admission, agreement, **term)


def test_everything_belongs_to_one_operator(admission: Any, agreement: Any) -> None:
    auditing = actor(Role.OPERATOR, organisation=make.another_enterprise(), roles=(Role.AUDITOR,))
    with refused("contracts.different-operators"):
        do("contracts", "draft", auditing, **make.contract_inputs(admission, agreement))


@pytest.mark.parametrize("content", [name for name, _ in CONTENTS])
def test_nobody_signs_what_is_not_written(admission: Any, agreement: Any, content: str) -> None:
    case = draft(admission, agreement, **{content: ""})
    with refused("contracts.contents-missing") as seen:
        do("contracts", "sign", Role.DEVELOPER, case.code)
    assert str(dict(CONTENTS)[content]) in str(seen.of("contracts.contents-missing").message)


def test_each_party_signs_for_itself(admission: Any, agreement: Any) -> None:
    case = draft(admission, agreement)
    stranger = actor(Role.DEVELOPER, organisation=make.another_enterprise(), roles=(Role.AUDITOR,))
    with refused("contracts.not-your-contract"):
        do("contracts", "sign", stranger, case.code)


def test_an_operator_that_is_a_developer_too_does_not_sign_for_the_other(admission: Any, agreement: Any) -> None:
    case = draft(admission, agreement)
    with refused("contracts.not-your-contract"):
        do("contracts", "sign", actor(Role.OPERATOR, roles=(Role.DEVELOPER,)), case.code)


def test_from_draft_to_force(admission: Any, agreement: Any) -> None:
    case = draft(admission, agreement)
    assert not contract_in_force(case.code, BEGAN)
    signed = do("contracts", "sign", Role.DEVELOPER, case.code)
    assert len(signed.signed_digest) == 64
    assert do("contracts", "withdraw", Role.OPERATOR, case.code, reason="修改费用条款。").signed_digest == ""
    do("contracts", "sign", Role.DEVELOPER, case.code)
    do("contracts", "countersign", Role.OPERATOR, case.code)
    assert not contract_in_force(case.code, BEGAN)
    case = do("contracts", "file", Role.BUREAU, case.code)
    assert (case.state, case.implementer) == ("filed", agreement.opened_for)
    assert contract_in_force(case.code, BEGAN)
    assert Entry.objects.filter(case_id=case.code, outcome="done").count() == 6


def test_force_is_derived_from_what_lies_below(contract: Any, agreement: Any) -> None:
    assert not contract_in_force(contract.code, BEGAN - timedelta(days=30))
    assert not contract_in_force(contract.code, BEGAN + timedelta(days=900))
    do("agreements", "terminate", Role.IMPLEMENTER, agreement.code, reason=make.WHY)
    assert not contract_in_force(contract.code, BEGAN)
    contract.refresh_from_db()
    assert contract.state == "filed"  # nothing was pushed into it


def test_a_suspended_developer_has_no_agreement_in_force(contract: Any) -> None:
    do("developers", "suspend", Role.OPERATOR, contract.admission.code, reason="接到举报。")
    assert not contract_in_force(contract.code, BEGAN)


def test_a_refused_act_leaves_no_trace(admission: Any, agreement: Any) -> None:
    before = Contract.objects.count()
    with refused("contracts.term-outside-agreement"):
        draft(admission, agreement, ends_on="2031-01-01")
    assert Contract.objects.count() == before


def test_an_agreement_is_for_its_parties(contract: Any) -> None:
    for role in (Role.OPERATOR, Role.DEVELOPER, Role.IMPLEMENTER, Role.BUREAU, Role.AUDITOR):
        assert get_case("contracts", contract.code, actor(role)) == contract
    for by in (actor(Role.CONSUMER), actor(Role.PROVIDER), actor(Role.DEVELOPER, organisation=make.OTHER)):
        with pytest.raises(NotFound):
            get_case("contracts", contract.code, by)


def test_exclusivity_needs_a_reason_and_nothing_is_tied(admission: Any, agreement: Any) -> None:
    with refused("contracts.exclusive-without-reason", "R29"):
        draft(admission, agreement, exclusive=True)
    with refused("contracts.tied", "R29"):
        draft(admission, agreement, tied_to="须同时购买运维服务。")
    case = draft(admission, agreement, exclusive=True, exclusive_reason="首创场景投入大，独家一年。")
    assert case.exclusive


def test_both_sign_the_same_terms_in_both_suites(admission: Any, agreement: Any) -> None:
    code = draft(admission, agreement).code
    do("contracts", "sign", Role.DEVELOPER, code)
    case = do("contracts", "countersign", Role.OPERATOR, code)
    assert [s["organisation"] for s in case.signatures] == [case.developer, case.operator]
    assert all(holds(case.terms(), s) for s in case.signatures)
    Contract.objects.filter(pk=case.pk).update(fees="另行约定。")
    with refused("contracts.signature-broken"):
        do("contracts", "file", Role.BUREAU, code)
