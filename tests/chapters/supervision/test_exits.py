"""Exits: what stops is known first, ten steps are done with evidence, and none is closed while one is open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories import operation as make
from tests.factories.people import HOME, NOON, actor, enrol_all
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.operation.contracts.queries import contract_in_force
from dianchi.chapters.resources.registration.queries import registered
from dianchi.chapters.supervision.exits import standing
from dianchi.chapters.supervision.exits.lifecycle import EXIT, Facts
from dianchi.chapters.supervision.exits.models import Exit
from dianchi.chapters.supervision.exits.steps import FIELDS, STEPS
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
announce: - -> noticed: bureau implementer operator developer
confirm: noticed -> exiting: bureau
complete: exiting -> =: bureau implementer operator developer
witness: exiting -> =: bureau implementer provider auditor
order-destruction: exiting -> =: bureau implementer
destroy: exiting -> =: system
close: exiting -> exited: bureau
withdraw: noticed -> withdrawn: bureau implementer operator developer
"""
# As the law lists them; kept apart from the code's own list.
TEN = ["FREEZE", "STOP", "ACCESS", "HANDOVER", "DESTROY", "RETAIN", "SETTLE", "ASSETS", "REGISTER", "REPORT"]
OPERATOR, DEVELOPER = HOME[Role.OPERATOR][0], HOME[Role.DEVELOPER][0]
DONE = "已按退出安排办理完毕，材料在卷。"
OVERLAP = {"overlap_reason": "原协议退出期间的衔接安排。"}
BOSS = actor(Role.BUREAU, person="the-head")


def an_exit(by: Any = Role.BUREAU, **changes: Any) -> Any:
    return do("exits", "announce", by, **{"title": "旅游统计协议退出", "ground": "VOLUNTARY", "plan": DONE} | changes)


def an_exit_under_way(**changes: Any) -> Any:
    return do("exits", "confirm", BOSS, an_exit(**changes).code, reason="双方协商一致。")


def tick(case: Any, step: str, by: Any = Role.BUREAU) -> Any:
    return do("exits", "complete", by, case.code, step=step, proof=DONE, document_number="云数退〔2026〕1号")


def witnessed(case: Any) -> None:
    for role, name in ((Role.PROVIDER, "杨文秀"), (Role.AUDITOR, "段正明")):
        do("exits", "witness", role, case.code, name=name, statement="在场见证，情况属实。")


def wound_down(product: Any) -> None:
    do("products", "delist", Role.OPERATOR, product.code, reason=DONE)


def test_who_may_do_what_from_where() -> None:
    assert matrix(EXIT, Facts()) == rows(ALLOWED)


def test_there_are_ten_steps_each_with_its_column() -> None:
    assert [s.name for s in STEPS] == TEN
    assert len(set(FIELDS)) == 10


def test_one_agreement_ends_and_a_party_says_so(agreement: Any, contract: Any) -> None:
    for both in ({}, {"agreement": agreement.code, "contract": contract.code}):
        with refused("exits.one-agreement"):
            an_exit(**both)
    stranger = actor(Role.IMPLEMENTER, organisation=HOME[Role.REGISTRAR][0])
    with refused("exits.not-a-party"):
        an_exit(stranger, agreement=agreement.code)
    with refused("exits.not-a-party"):
        an_exit(Role.DEVELOPER, agreement=agreement.code)
    case = an_exit(Role.DEVELOPER, contract=contract.code)
    assert (case.party, case.operator, case.institution) == (DEVELOPER, OPERATOR, agreement.opened_for)
    with refused("exits.under-way"):
        an_exit(contract=contract.code)
    do("exits", "withdraw", Role.DEVELOPER, case.code, reason=DONE)
    an_exit(contract=contract.code)


def test_a_breach_leads_out_only_by_way_of_the_ladder(contract: Any) -> None:
    enrol_all()
    with refused("exits.no-ladder"):
        an_exit(contract=contract.code, ground="BREACH")
    noticing = {
        "title": "未按期改正",
        "party": DEVELOPER,
        "party_role": "developer",
        "ground": "SCOPE",
        "findings": DONE,
        "demand": DONE,
    }
    ladder = do("corrections", "notice", Role.BUREAU, **noticing)
    with refused("exits.no-ladder"):
        an_exit(contract=contract.code, ground="BREACH", correction=ladder.code)
    do("corrections", "suspend", Role.BUREAU, ladder.code, serious=True, reason="存在数据外泄风险。")
    do("corrections", "lead-to-exit", Role.BUREAU, ladder.code, reason="拒不改正。")
    assert an_exit(contract=contract.code, ground="BREACH", correction=ladder.code).correction == ladder


def test_who_takes_over_is_named_when_a_party_dissolves(contract: Any) -> None:
    enrol_all()
    for receiver in ("", "91530100MA7B00018B"):
        with refused("exits.no-receiver"):
            an_exit(contract=contract.code, ground="DISSOLVED", receiver=receiver)
    an_exit(contract=contract.code, ground="DISSOLVED", receiver=HOME[Role.CONSUMER][0])


def test_confirming_ends_the_agreement_and_writes_down_what_stopped(product: Any, contract: Any) -> None:
    order = make.an_active_order(product)
    case = an_exit(contract=contract.code)
    assert contract_in_force(contract.code, NOON)
    with refused("exits.own-notice", "R66"):
        do("exits", "confirm", Role.BUREAU, case.code, reason=DONE)
    case = do("exits", "confirm", BOSS, case.code, reason=DONE)
    assert not contract_in_force(contract.code, NOON)
    assert [(r["kind"], r["code"]) for r in case.reached] == [
        ("orders", order.code), ("products", product.code), ("requests", product.request.code), ("contracts", contract.code),
    ]  # fmt: skip


def test_no_tick_stands_against_the_record(product: Any, contract: Any) -> None:
    order = make.an_active_order(product)
    make.a_key(order)
    make.metered(order)
    case = an_exit_under_way(contract=contract.code)
    tick(case, "FREEZE")
    for step in ("STOP", "ACCESS", "HANDOVER", "REGISTER", "REPORT"):
        with refused("exits.step-not-ready", "R73") as seen:
            tick(case, step)
        assert "“" in str(seen.of("exits.step-not-ready").message)
    do("orders", "close", Role.CONSUMER, order.code, reason=DONE)
    tick(case, "STOP")
    with refused("exits.step-not-ready", "R73"):
        tick(case, "ACCESS")  # the data request still runs
    do("requests", "revoke", Role.BUREAU, product.request.code, reason=DONE)
    tick(case, "ACCESS")
    wound_down(product)
    tick(case, "HANDOVER")
    with refused("exits.step-done"):
        tick(case, "HANDOVER")
    for unknown in ("DESTROY", "NOTHING"):  # destruction is not ticked, it is done
        if unknown == "NOTHING":
            with refused("exits.step-unknown"):
                tick(case, unknown)
        else:
            with refused("exits.step-not-ready", "R73"):
                tick(case, unknown)


def test_a_destruction_takes_two_witnesses_who_are_not_concerned(contract: Any) -> None:
    case = an_exit_under_way(contract=contract.code)
    with refused("exits.witnesses-missing", "R52", "R73"):
        do("exits", "order-destruction", Role.BUREAU, case.code, reason=DONE)
    concerned = actor(Role.PROVIDER, organisation=DEVELOPER, roles=(Role.DEVELOPER,))
    with refused("exits.witness-concerned", "R74"):
        do("exits", "witness", concerned, case.code, name="李开发", statement="在场见证。")
    do("exits", "witness", Role.AUDITOR, case.code, name="段正明", statement="在场见证。")
    with refused("exits.witnessed-already", "R66"):
        do("exits", "witness", Role.AUDITOR, case.code, name="段正明", statement="再次见证。")


def test_nothing_is_destroyed_while_it_is_used(product: Any, contract: Any) -> None:
    case = an_exit_under_way(contract=contract.code)
    witnessed(case)
    with refused("exits.still-running", "R73"):
        do("exits", "order-destruction", Role.BUREAU, case.code, reason=DONE)
    wound_down(product)
    do("requests", "revoke", Role.BUREAU, product.request.code, reason=DONE)
    with refused("exits.destruction-not-ordered"):
        do("exits", "destroy", PLATFORM, case.code, certificate={})
    do("exits", "order-destruction", Role.BUREAU, case.code, reason=DONE)
    for refusal, act, by, inputs in (
        ("exits.destruction-ordered", "order-destruction", Role.BUREAU, {"reason": DONE}),
        ("exits.destruction-ordered", "witness", Role.IMPLEMENTER, {"name": "普秀英", "statement": "在场见证。"}),
    ):
        with refused(refusal):
            do("exits", act, by, case.code, **inputs)
    do("exits", "destroy", PLATFORM, case.code, certificate={"tables": []})
    with refused("exits.destroyed-already"):
        do("exits", "destroy", PLATFORM, case.code, certificate={})


def out(product: Any, contract: Any) -> Any:
    """Everything but the closing."""
    case = an_exit_under_way(contract=contract.code)
    wound_down(product)
    do("requests", "revoke", Role.BUREAU, product.request.code, reason=DONE)
    _unregister(product)
    witnessed(case)
    do("exits", "order-destruction", Role.IMPLEMENTER, case.code, reason=DONE)
    do("exits", "destroy", PLATFORM, case.code, certificate={"tables": []})
    for step in TEN:
        if step != "DESTROY":
            case = tick(case, step)
    return case


def _unregister(product: Any) -> None:
    found = registered(product.code, NOON)
    assert found is not None
    do("registration", "apply-cancellation", Role.DEVELOPER, found.code, reason=DONE, ground="GIVEN_UP")
    do("registration", "cancel", Role.REGISTRAR, found.code)


def test_from_announcement_to_the_way_out(product: Any, contract: Any) -> None:
    case = out(product, contract)
    assert [e["step"] for e in case.evidence] == [step for step in TEN if step != "DESTROY"]
    assert {(e["proof"], e["document_number"]) for e in case.evidence} == {(DONE, "云数退〔2026〕1号")}
    assert case.logs_until == date(2026, 9, 2)
    assert case.records_until == date(2029, 3, 2)
    with refused("exits.date-ahead"):
        do("exits", "close", Role.BUREAU, case.code, conclusion=DONE, exited_on=date(2026, 3, 3))
    case = do("exits", "close", Role.BUREAU, case.code, conclusion=DONE, exited_on=date(2026, 3, 2))
    assert case.state == "exited"
    acts = [e.kind.split(".")[1] for e in Entry.objects.filter(case_id=case.code, outcome="done").order_by("index")]
    assert acts == [
        "announce",
        "confirm",
        "witness",
        "witness",
        "order-destruction",
        "destroy",
        *["complete"] * 9,
        "close",
    ]


def test_an_exit_with_an_open_step_cannot_be_closed_by_the_door_nor_in_the_database(
    product: Any, contract: Any
) -> None:
    case = out(product, contract)
    for step in STEPS:
        kept = getattr(case, step.field)
        Exit.objects.filter(pk=case.pk).update(**{step.field: None})
        with refused("exits.steps-open", "R73") as seen:
            do("exits", "close", Role.BUREAU, case.code, conclusion=DONE, exited_on=date(2026, 3, 2))
        assert str(step.title) in str(seen.of("exits.steps-open").message)
        with pytest.raises(IntegrityError), transaction.atomic():
            Exit.objects.filter(pk=case.pk).update(state="exited")
        Exit.objects.filter(pk=case.pk).update(**{step.field: kept})


def test_witnesses_are_no_clear_text_in_the_ledger(contract: Any) -> None:
    case = an_exit_under_way(contract=contract.code)
    witnessed(case)
    texts = [str(e.payload) for e in Entry.objects.filter(case_id=case.code)]
    assert not any(name in t for t in texts for name in ("杨文秀", "person-of-provider"))


def test_keys_stay_with_another_agreement_that_still_authorizes_the_data(agreement: Any) -> None:
    case = an_exit_under_way(agreement=agreement.code)
    gone, kept = standing.tables(case, NOON)
    assert (gone, kept) == (sorted(agreement.resources), {})
    other = make.an_agreement(get_case("catalogue", agreement.resources[0], PLATFORM), authorization=OVERLAP)
    gone, kept = standing.tables(case, NOON)
    assert (gone, kept) == ([], {agreement.resources[0]: other.code})


def test_an_exit_is_for_its_parties_the_providers_and_supervision(contract: Any) -> None:
    case = an_exit(contract=contract.code)
    for role in (Role.BUREAU, Role.IMPLEMENTER, Role.OPERATOR, Role.DEVELOPER, Role.PROVIDER, Role.AUDITOR):
        assert get_case("exits", case.code, actor(role)) == case
    other = HOME[Role.SECTOR][0]
    for by in (actor(Role.CONSUMER), actor(Role.PROVIDER, organisation=other), actor(Role.SYSTEM_ADMIN),
               actor(Role.DEVELOPER, organisation=HOME[Role.CONSUMER][0])):  # fmt: skip
        with pytest.raises(NotFound):
            get_case("exits", case.code, by)


def test_a_step_is_in_time_sixty_days_after_confirmation(contract: Any) -> None:
    case = an_exit_under_way(contract=contract.code)
    due = Due.objects.get(case_type="exits", case_code=case.code, done_at=None)
    assert due.due_at.date() == date(2026, 5, 6)  # 1 May is a holiday, the next working day is the 6th; its end


def test_a_refused_confirmation_leaves_the_agreement_standing(contract: Any) -> None:
    case, before = an_exit(contract=contract.code), Entry.objects.count()
    with refused("exits.own-notice"):
        perform("exits", "confirm", by=actor(Role.BUREAU), at=NOON, code=case.code, inputs={"reason": DONE})
    assert contract_in_force(contract.code, NOON)
    (entry,) = Entry.objects.filter(index__gte=before)
    assert entry.outcome == "refused"
