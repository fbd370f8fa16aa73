"""Programs: versions by digest, frozen, approved by the operator; a change voids the approval."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import BEGAN, do
from tests.factories.people import actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.programs.lifecycle import PROGRAM, Facts
from dianchi.chapters.operation.programs.models import Version
from dianchi.chapters.operation.programs.queries import runnable, versions
from dianchi.engines.guard import GuardRefusal
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound, RuleBroken

pytestmark = pytest.mark.django_db

ALLOWED = """
draft: - -> draft: developer
revise: draft, frozen, approved -> draft: developer
freeze: draft -> frozen: developer
approve: frozen -> approved: operator
return: frozen -> draft: operator
retire: draft, frozen, approved -> retired: developer operator
"""
OTHER_QUERY = "select visited_on, count(*) as visits from visits group by visited_on"


def test_who_may_do_what_from_where() -> None:
    assert matrix(PROGRAM, Facts()) == rows(ALLOWED)


def revise(program: Any, data_request: Any, **changes: Any) -> Any:
    return do("programs", "revise", Role.DEVELOPER, program.code, **make.program_inputs(data_request, **changes))


def stricter(data_request: Any) -> None:
    """Change what the request grants, behind its own guards."""
    tables = [{**table, "min_subjects": 20} for table in data_request.tables]
    type(data_request).objects.filter(pk=data_request.pk).update(tables=tables)


def test_the_way_to_the_real_data(data_request: Any) -> None:
    program = make.an_approved_program(data_request)
    assert (program.state, program.edition) == ("approved", 1)
    ready = runnable(program, BEGAN)
    assert ready.sql == make.QUERY
    assert ready.tables == {"visits": data_request.tables[0]["resource"]}
    assert ready.grant.party == make.DEVELOPER
    kinds = Entry.objects.filter(case_id=program.code).order_by("index").values_list("kind", flat=True)
    assert list(kinds) == ["programs.draft", "programs.freeze", "programs.approve"]


def test_a_change_is_a_new_version_and_voids_the_approval(data_request: Any) -> None:
    program = make.an_approved_program(data_request)
    before = program.program_digest
    changed = revise(program, data_request, sql=OTHER_QUERY, note="按日")
    assert (changed.state, changed.edition, changed.approved_digest) == ("draft", 2, "")
    assert changed.program_digest != before
    with pytest.raises(RuleBroken) as refusal:
        runnable(changed, BEGAN)
    assert refusal.value.refusals[0].code == "programs.not-approved"
    kept = versions(changed)
    assert [(v.number, v.sql) for v in kept] == [(2, OTHER_QUERY), (1, make.QUERY)]
    assert kept[1].digest == before


def test_the_first_text_again_has_the_first_digest(data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    revise(program, data_request, sql=OTHER_QUERY)
    revise(program, data_request, note="改回")
    digests = list(
        Version.objects.filter(program_code=program.code).order_by("number").values_list("digest", flat=True)
    )
    assert digests[0] == digests[2] != digests[1]


def test_nothing_new_is_no_version(data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    with refused("programs.nothing-changed"):
        revise(program, data_request)
    assert len(versions(program)) == 1


def test_a_version_stays_with_its_request(contract: Any, data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    other = make.a_provisioned_request(contract)
    with refused("programs.another-request", "R26"):
        revise(program, other, sql=OTHER_QUERY)


def test_a_draft_may_be_unfinished_but_is_not_frozen(data_request: Any) -> None:
    program = make.a_draft_program(data_request, sql="select name, phone from")
    with refused("programs.query-refused", "R42") as seen:
        do("programs", "freeze", Role.DEVELOPER, program.code)
    assert any(isinstance(r, GuardRefusal) for r in seen.refusals)
    assert Entry.objects.filter(case_id=program.code, outcome="refused").count() == 1


def test_bounds_that_are_reversed_are_not_frozen(data_request: Any) -> None:
    bounds = {"name": "since", "type": "date", "minimum": "2026-02-01", "maximum": "2026-01-01"}
    program = make.a_draft_program(data_request, parameters=[bounds])
    with refused("programs.parameters-not-sound"):
        do("programs", "freeze", Role.DEVELOPER, program.code)


def test_nobody_approves_what_the_own_organisation_submitted(data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    do("programs", "freeze", Role.DEVELOPER, program.code)
    both = actor(Role.OPERATOR, person="person-of-developer")
    with refused("programs.own-submission", "R66"):
        do("programs", "approve", both, program.code, reason=make.WHY)


def test_another_operator_is_not_asked(data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    stranger = actor(Role.OPERATOR, organisation=make.another_enterprise())
    with pytest.raises(NotFound):
        get_case("programs", program.code, stranger)
    assert get_case("programs", program.code, actor(Role.IMPLEMENTER)).code == program.code
    with pytest.raises(NotFound):
        get_case("programs", program.code, actor(Role.BUREAU))


def test_the_approval_holds_for_the_policy_that_was_there(data_request: Any) -> None:
    program = make.an_approved_program(data_request)
    stricter(data_request)
    with pytest.raises(RuleBroken) as refusal:
        runnable(get_case("programs", program.code, actor(Role.DEVELOPER)), BEGAN)
    assert refusal.value.refusals[0].code == "programs.digest-changed"
    assert refusal.value.refusals[0].rules == ("R45",)


def test_what_was_frozen_under_another_policy_is_not_approved(data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    do("programs", "freeze", Role.DEVELOPER, program.code)
    stricter(data_request)
    with refused("programs.digest-changed", "R45"):
        do("programs", "approve", Role.OPERATOR, program.code, reason=make.WHY)


def test_a_revoked_request_stops_the_program(data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    do("requests", "revoke", Role.OPERATOR, data_request.code, reason=make.WHY)
    with refused("programs.data-not-available", "R26"):
        do("programs", "freeze", Role.DEVELOPER, program.code)


def test_an_operator_gives_it_back(data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    do("programs", "freeze", Role.DEVELOPER, program.code)
    back = do("programs", "return", Role.OPERATOR, program.code, reason="请按月汇总。")
    assert (back.state, back.policy_digest) == ("draft", "")


def test_a_stranger_is_refused_by_every_step(data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    do("programs", "freeze", Role.DEVELOPER, program.code)
    impostor = actor(Role.OPERATOR, roles=(Role.IMPLEMENTER,), organisation="12530000MB0000000U")
    with refused("programs.not-your-program"):
        do("programs", "approve", impostor, program.code, reason=make.WHY)
