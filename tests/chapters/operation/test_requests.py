"""Data requests: two reviews, and a grant that asks whether everything below still stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import BEGAN, do
from tests.factories.people import HOME, NOON, actor
from tests.factories.resources import a_load_in_service
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.requests.lifecycle import REQUEST, Facts
from dianchi.chapters.operation.requests.models import Request
from dianchi.chapters.operation.requests.queries import grant
from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid, NotFound
from dianchi.kernel.lifecycle import workdays

pytestmark = pytest.mark.django_db

ALLOWED = """
draft: - -> draft: developer
revise: draft, returned -> draft: developer
submit: draft -> submitted: developer
first-review: submitted -> first-reviewed: operator
second-review: first-reviewed -> approved: implementer
provider-answer: submitted, first-reviewed -> =: provider
sector-answer: submitted, first-reviewed -> =: sector
return: submitted, first-reviewed -> returned: operator implementer
reject: submitted, first-reviewed -> rejected: operator implementer
provision: approved -> provisioned: operator
revoke: approved, provisioned -> revoked: operator implementer bureau
"""


def test_who_may_do_what_from_where() -> None:
    assert matrix(REQUEST, Facts()) == rows(ALLOWED)


def draft(contract: Any, /, **changes: Any) -> Any:
    return do("requests", "draft", Role.DEVELOPER, **(make.request_inputs(contract) | changes))


def only(contract: Any, **changes: Any) -> list[dict[str, Any]]:
    return [make.table(contract.resources[0], **changes)]


def test_nothing_is_asked_for_beyond_the_agreement(contract: Any) -> None:
    outside = make.visits()
    with refused("requests.resources-outside-contract", "R26"):
        draft(contract, tables=[make.table(outside.code)])


def test_own_data_do_not_come_in_without_proof(contract: Any) -> None:
    with refused("requests.own-data-without-proof", "R54") as seen:
        draft(contract, tables=[*only(contract), make.table("会员名单", name="members")])
    assert "会员名单" in str(seen.of("requests.own-data-without-proof").message)


def test_the_purpose_is_the_scenarios(contract: Any) -> None:
    with refused("requests.purpose-differs", "R26"):
        draft(contract, purpose="PUBLIC_WELFARE")


@pytest.mark.parametrize("ends_on", ["2028-01-01", "2026-01-15"])
def test_the_term_is_the_agreements(contract: Any, ends_on: str) -> None:
    with refused("requests.term-outside-contract", "R26"):
        draft(contract, ends_on=ends_on)


def test_data_items_are_those_of_the_catalogue(contract: Any) -> None:
    with refused("requests.unknown-fields") as seen:
        draft(contract, tables=only(contract, fields=["spend", "income"]))
    assert "income" in str(seen.of("requests.unknown-fields").message)


def test_what_has_no_use_is_not_asked_for(contract: Any) -> None:
    with refused("requests.fields-not-usable", "R42") as seen:
        draft(contract, tables=only(contract, fields=["phone"]))
    assert "phone" in str(seen.of("requests.fields-not-usable").message)


def test_table_names_are_distinct(contract: Any) -> None:
    with refused("requests.table-twice"):
        draft(contract, tables=only(contract) * 2)


def test_fewer_subjects_are_not_to_be_had(contract: Any) -> None:
    with refused("requests.fewer-subjects"):
        draft(contract, tables=only(contract, min_subjects=9))
    assert draft(contract, tables=only(contract, min_subjects=10)).state == "draft"


def stands(item: Any, **changes: Any) -> None:
    """Change what the catalogue says, behind its own guards: what must never happen still bites here."""
    type(item).objects.filter(pk=item.pk).update(**changes)


@pytest.mark.parametrize(
    ("changes", "code", "rule"),
    [
        ({"grade": "", "state": "draft"}, "requests.ungraded", "R4"),
        ({"grade": "CORE", "state": "draft"}, "requests.core-data", "R2"),
        ({"state_secret": True, "state": "draft"}, "requests.state-secret", "R1"),
        ({"attribute": "FORBIDDEN"}, "requests.forbidden", "R6"),
        ({"grade": "IMPORTANT"}, "requests.not-assessed", "R3"),
        ({"shared_in": True}, "requests.no-sharer-consent", "R5"),
    ],
)
def test_the_laws_conditions_on_data(contract: Any, changes: dict[str, Any], code: str, rule: str) -> None:
    case = draft(contract)
    stands(item_of(contract), **changes)
    with refused(code, rule):
        do("requests", "submit", Role.DEVELOPER, case.code)


def item_of(contract: Any) -> Any:
    from dianchi.chapters.resources.catalogue.queries import item

    return item(contract.resources[0])


def test_important_data_pass_with_their_assessment_and_shared_data_with_consent(contract: Any) -> None:
    stands(item_of(contract), grade="IMPORTANT", risk_assessment="已评估。", shared_in=True, sharer_consent="同意函")
    assert draft(contract).state == "draft"


def test_a_suspended_resource_is_not_asked_for(contract: Any) -> None:
    do("catalogue", "suspend", Role.BUREAU, contract.resources[0], reason=make.WHY)
    with refused("requests.resource-not-published"):
        draft(contract)


def test_nothing_is_provided_without_an_authorization_in_force(contract: Any, agreement: Any) -> None:
    case = make.an_approved_request(contract)
    do("agreements", "terminate", Role.IMPLEMENTER, agreement.code, reason=make.WHY)
    with refused("requests.agreement-not-in-force", "R23") as seen:
        do("requests", "provision", Role.OPERATOR, case.code)
    assert {"requests.contract-not-in-force", "requests.resources-outside-contract"} <= seen.codes


def test_an_ended_development_agreement_stops_provision(contract: Any) -> None:
    case = make.an_approved_request(contract)
    do("contracts", "terminate", Role.DEVELOPER, contract.code, reason=make.WHY)
    with refused("requests.contract-not-in-force", "R26"):
        do("requests", "provision", Role.OPERATOR, case.code)


def test_an_overdue_registration_stops_provision_but_one_in_time_does_not(contract: Any) -> None:
    case = make.an_approved_request(contract)
    a_load_in_service(item_of(contract), at=BEGAN)
    with refused("requests.registration-overdue", "R57"):
        do("requests", "provision", Role.OPERATOR, case.code, at=BEGAN + timedelta(days=60))
    assert do("requests", "provision", Role.OPERATOR, case.code, at=BEGAN + timedelta(days=5)).state == "provisioned"


def test_nobody_reviews_an_own_request(contract: Any) -> None:
    case = draft(contract)
    do("requests", "submit", actor(Role.DEVELOPER, person="one"), case.code)
    with refused("requests.own-submission", "R66"):
        do("requests", "first-review", actor(Role.OPERATOR, person="one"), case.code, reason=make.WHY)


def test_the_second_reviewer_is_another_person(contract: Any) -> None:
    case = draft(contract)
    do("requests", "submit", Role.DEVELOPER, case.code)
    make.agreed(case.code)
    do("requests", "first-review", actor(Role.OPERATOR, person="one"), case.code, reason=make.WHY)
    with refused("requests.same-reviewer", "R66"):
        do("requests", "second-review", actor(Role.IMPLEMENTER, person="one"), case.code, reason=make.WHY)


def test_each_party_reviews_for_itself(contract: Any) -> None:
    case = draft(contract)
    with refused("requests.not-your-request"):
        do("requests", "submit", actor(Role.OPERATOR, roles=(Role.DEVELOPER,)), case.code)
    do("requests", "submit", Role.DEVELOPER, case.code)
    with refused("requests.not-your-request"):
        do("requests", "first-review", actor(Role.IMPLEMENTER, roles=(Role.OPERATOR,)), case.code, reason=make.WHY)


def test_every_data_item_has_its_own_purpose_and_necessity(contract: Any) -> None:
    whole = make.table(contract.resources[0])
    for reasons in (
        (),
        whole["reasons"][1:],
        [*whole["reasons"], whole["reasons"][0]],
        [*whole["reasons"], whole["reasons"][0] | {"field": "phone"}],
    ):
        case = draft(contract, tables=[whole | {"reasons": list(reasons)}])
        with refused("requests.field-without-necessity", "R56") as seen:
            do("requests", "submit", Role.DEVELOPER, case.code)
    assert "visits.phone" in str(seen.of("requests.field-without-necessity").message)


def submitted(contract: Any) -> Any:
    return do("requests", "submit", Role.DEVELOPER, draft(contract).code)


def test_the_provider_is_asked_at_the_same_time_and_must_agree(contract: Any) -> None:
    case = submitted(contract)
    assert case.providers == [HOME[Role.PROVIDER][0]]
    do("requests", "first-review", Role.OPERATOR, case.code, reason=make.WHY)
    with refused("requests.provider-not-agreed", "R26") as seen:
        do("requests", "second-review", Role.IMPLEMENTER, case.code, reason=make.WHY)
    assert "云南省文化和旅游厅" in str(seen.of("requests.provider-not-agreed").message)
    do("requests", "provider-answer", Role.PROVIDER, case.code, favourable=False, reason="数据项超出必要范围。")
    with refused("requests.not-asked"):
        do(
            "requests",
            "provider-answer",
            actor(Role.PROVIDER, person="colleague"),
            case.code,
            favourable=True,
            reason=make.WHY,
        )
    with refused("requests.provider-not-agreed"):
        do("requests", "second-review", Role.IMPLEMENTER, case.code, at=NOON + timedelta(days=60), reason=make.WHY)
    do("requests", "return", Role.IMPLEMENTER, case.code, reason="请按意见减少数据项。")
    do(
        "requests",
        "revise",
        Role.DEVELOPER,
        case.code,
        **make.request_inputs(contract, tables=only(contract, fields=["spend"])),
    )
    do("requests", "submit", Role.DEVELOPER, case.code)
    make.agreed(case.code)
    do("requests", "first-review", Role.OPERATOR, case.code, reason=make.WHY)
    assert do("requests", "second-review", Role.IMPLEMENTER, case.code, reason=make.WHY).state == "approved"


def test_silence_is_consent_only_where_the_parameter_says_so_and_only_after_its_time(contract: Any) -> None:
    case = submitted(contract)
    do("requests", "first-review", Role.OPERATOR, case.code, reason=make.WHY)
    over = end_of(workdays("request.consultation-days"), BEGAN, "530000")
    due = Due.objects.get(case_code=case.code, key="submitted:request.consultation-days")
    assert (due.due_at, due.done_at) == (over, None)
    with refused("requests.provider-not-agreed"):
        do("requests", "second-review", Role.IMPLEMENTER, case.code, at=over, reason=make.WHY)
    do("parameters", "set", Role.BUREAU, key="request.deemed-consent", value="true", reason="省数据局统一规定。")
    with refused("requests.provider-not-agreed"):
        do(
            "requests",
            "second-review",
            Role.IMPLEMENTER,
            case.code,
            at=over - timedelta(microseconds=1),
            reason=make.WHY,
        )
    assert do("requests", "second-review", Role.IMPLEMENTER, case.code, at=over, reason=make.WHY).state == "approved"


def test_the_consultation_can_be_left_out_by_a_parameter(contract: Any) -> None:
    do(
        "parameters",
        "set",
        Role.BUREAU,
        key="request.provider-consultation",
        value="false",
        reason="省数据局统一规定。",
    )
    case = submitted(contract)
    do("requests", "first-review", Role.OPERATOR, case.code, reason=make.WHY)
    assert do("requests", "second-review", Role.IMPLEMENTER, case.code, reason=make.WHY).state == "approved"


def test_under_a_sector_authorization_its_authority_agrees(contract: Any) -> None:
    authorization = contract.agreement.selection.plan.authorization
    type(authorization).objects.filter(pk=authorization.pk).update(mode="SECTOR", sector_document="云卫办函〔2026〕8号")
    case = submitted(contract)
    make.agreed(case.code)
    do("requests", "first-review", Role.OPERATOR, case.code, reason=make.WHY)
    with refused("requests.sector-not-agreed", "R8"):
        do("requests", "second-review", Role.IMPLEMENTER, case.code, reason=make.WHY)
    do("requests", "sector-answer", Role.SECTOR, case.code, favourable=True, reason=make.WHY)
    assert do("requests", "second-review", Role.IMPLEMENTER, case.code, reason=make.WHY).state == "approved"


def test_who_is_asked_sees_the_request_once_it_is_submitted_and_others_do_not(contract: Any) -> None:
    case = draft(contract)
    others = (actor(Role.SECTOR), actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0]))
    for by in (actor(Role.PROVIDER), *others):
        with pytest.raises(NotFound):
            get_case("requests", case.code, by)
    do("requests", "submit", Role.DEVELOPER, case.code)
    assert get_case("requests", case.code, actor(Role.PROVIDER)) == case
    for by in others:
        with pytest.raises(NotFound):
            get_case("requests", case.code, by)


def test_ties_are_asked_for_at_every_step_and_every_delivery(contract: Any, data_request: Any) -> None:
    case = submitted(contract)
    make.affiliated(make.OPERATOR, make.DEVELOPER)
    with refused("requests.affiliated", "R24") as seen:
        do("requests", "first-review", Role.OPERATOR, case.code, reason=make.WHY)
    assert "云南数据运营有限公司" in str(seen.of("requests.affiliated").message)
    with refused("requests.affiliated", "R24"):
        grant(data_request, BEGAN)


def test_a_rejection_needs_a_ground_of_the_list(contract: Any) -> None:
    case = draft(contract)
    do("requests", "submit", Role.DEVELOPER, case.code)
    with refused("requests.ground-not-listed"):
        do("requests", "reject", Role.OPERATOR, case.code, ground="disliked", reason=make.WHY)


def test_from_draft_to_data(contract: Any) -> None:
    case = draft(contract)
    do("requests", "submit", Role.DEVELOPER, case.code)
    do("requests", "return", Role.OPERATOR, case.code, reason="请说明必要性。")
    do("requests", "revise", Role.DEVELOPER, case.code, **make.request_inputs(contract))
    do("requests", "submit", Role.DEVELOPER, case.code, at=BEGAN + timedelta(hours=1))
    make.agreed(case.code)
    do("requests", "first-review", Role.OPERATOR, case.code, reason=make.WHY)
    do("requests", "second-review", Role.IMPLEMENTER, case.code, reason=make.WHY)
    case = do("requests", "provision", Role.OPERATOR, case.code)
    assert (case.state, case.provisioned_at) == ("provisioned", BEGAN)
    assert (case.operator, case.developer, case.implementer) == (
        contract.operator,
        contract.developer,
        contract.implementer,
    )
    assert Entry.objects.filter(case_id=case.code, outcome="done").count() == 9


def test_a_grant_narrows_the_catalogue_to_the_fields_asked_for(data_request: Any) -> None:
    given = grant(data_request, BEGAN)
    table = given.tables["visits"]
    assert (given.party, given.purpose) == (make.DEVELOPER, "INDUSTRY")
    assert given.expires_at is not None
    assert given.expires_at.isoformat() == "2027-07-01T00:00:00+08:00"
    assert (table.min_subjects, table.files) == (10, ())
    assert table.subject is not None
    assert (table.subject.column, table.subject.type) == ("person_id", "person")
    assert {c.name: set(c.uses) for c in table.columns.values()} == {
        "person_id": {"join"}, "name": {"mask"}, "phone": set(), "prefecture_code": {"group", "filter"},
        "visited_on": {"group", "filter"}, "spend": {"aggregate"},
    }  # fmt: skip
    assert table.columns["spend"].aggregates == {"count", "sum", "avg"}
    assert table.columns["name"].mask == "surname"


def test_a_field_that_was_not_asked_for_has_no_use(contract: Any) -> None:
    case = make.a_provisioned_request(
        contract, tables=only(contract, fields=["prefecture_code"], row_filter="spend > 0")
    )
    table = grant(case, BEGAN).tables["visits"]
    assert {c.name for c in table.named} == {"prefecture_code"}
    assert table.row_filter == "spend > 0"


def test_more_subjects_may_be_asked_for(contract: Any) -> None:
    case = make.a_provisioned_request(contract, tables=only(contract, min_subjects=25))
    assert grant(case, BEGAN).tables["visits"].min_subjects == 25


@pytest.mark.parametrize(
    ("kind", "act", "role", "code"),
    [
        ("agreements", "terminate", Role.IMPLEMENTER, "requests.agreement-not-in-force"),
        ("contracts", "terminate", Role.BUREAU, "requests.contract-not-in-force"),
        ("developers", "suspend", Role.BUREAU, "requests.contract-not-in-force"),
        ("catalogue", "suspend", Role.BUREAU, "requests.resource-not-published"),
        ("requests", "revoke", Role.BUREAU, "requests.not-provisioned"),
    ],
)
def test_a_grant_ends_with_what_it_rests_on(data_request: Any, kind: str, act: str, role: Role, code: str) -> None:
    contract = data_request.contract
    codes = {
        "agreements": contract.agreement.code, "contracts": contract.code, "developers": contract.admission.code,
        "catalogue": contract.resources[0], "requests": data_request.code,
    }  # fmt: skip
    do(kind, act, role, codes[kind], reason=make.WHY)
    data_request = Request.objects.get(pk=data_request.pk)
    with refused(code):
        grant(data_request, BEGAN)


def test_a_grant_ends_with_its_term(data_request: Any) -> None:
    with refused("requests.term-outside-contract", "R26"):
        grant(data_request, NOON + timedelta(days=600))


def test_an_unknown_reference_is_the_fields_problem(contract: Any) -> None:
    with pytest.raises(Invalid) as caught:
        draft(contract, contract="KX-2026-00000-00000")
    assert caught.value.refusals[0].field == "contract"


def test_a_refused_act_leaves_no_trace(contract: Any) -> None:
    before = Request.objects.count()
    with refused("requests.purpose-differs"):
        draft(contract, purpose="SECTOR")
    assert Request.objects.count() == before


def test_a_request_is_for_its_parties(data_request: Any) -> None:
    for role in (Role.OPERATOR, Role.DEVELOPER, Role.IMPLEMENTER, Role.BUREAU, Role.AUDITOR):
        assert get_case("requests", data_request.code, actor(role)) == data_request
    for by in (actor(Role.CONSUMER), actor(Role.SECTOR), actor(Role.SECURITY_ADMIN)):
        with pytest.raises(NotFound):
            get_case("requests", data_request.code, by)
