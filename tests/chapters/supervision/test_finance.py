"""The register of what is done with data as an asset: approved before it is done, or found unapproved and undone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.people import HOME, actor
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.supervision.finance.lifecycle import FINANCE, Facts
from dianchi.chapters.supervision.finance.models import Assetization
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
declare: - -> declared: operator developer
approve: declared -> approved: implementer
refuse: declared -> refused: implementer
register: approved -> registered: operator developer
denounce: declared, approved, refused -> unapproved: implementer bureau
end: registered, unapproved -> ended: operator developer
"""
TODAY = date(2026, 3, 2)
SAID = "以产品收益作质押，不涉及数据本身。"
DECISION = {"minutes_number": "纪要〔2026〕7号", "opinion": SAID}


def a_declaration(agreement: Any, by: Any = Role.OPERATOR, /, **changes: Any) -> Any:
    inputs = {
        "title": "旅游统计产品收益权质押", "kind": "PLEDGE", "object": "PRODUCT", "agreement": agreement.code, "resources": agreement.resources,
        "amount_fen": 500_000_000, "counterparty": "某银行昆明分行", "valuation": "收益法评估", "purpose": "补充研发资金",
        "starts_on": date(2026, 4, 1), "ends_on": date(2027, 3, 31),
    }  # fmt: skip
    return do("finance", "declare", by, **inputs | changes)


def test_who_may_do_what_from_where() -> None:
    assert matrix(FINANCE, Facts()) == rows(ALLOWED)


def test_a_party_declares_under_its_own_agreement(agreement: Any, contract: Any) -> None:
    with refused("finance.not-a-party", "R31"):
        a_declaration(agreement, actor(Role.OPERATOR, organisation=HOME[Role.CONSUMER][0]))
    with refused("finance.not-a-party", "R31"):
        a_declaration(agreement, contract=contract.code)
    case = a_declaration(agreement, Role.DEVELOPER, agreement="", contract=contract.code)
    assert (case.agreement, case.institution) == (agreement, agreement.opened_for)


def test_it_stays_inside_the_agreement(agreement: Any) -> None:
    with refused("finance.resources-outside-agreement", "R31"):
        a_declaration(agreement, resources=[*agreement.resources, "ML-2026-00000-00000"])
    for term in ({"ends_on": date(2040, 1, 1)}, {"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)}):
        with refused("finance.term-outside-agreement", "R31"):
            a_declaration(agreement, **term)
    do("agreements", "terminate", Role.BUREAU, agreement.code, reason="协商终止。")
    with refused("finance.agreement-not-in-force"):
        a_declaration(agreement)


@pytest.mark.parametrize("kind", ["PLEDGE", "EQUITY"])
def test_the_resource_itself_is_neither_pledged_nor_contributed(agreement: Any, kind: str) -> None:
    case = a_declaration(agreement, kind=kind, object="RESOURCE")
    with refused("finance.resource-itself-disposed", "R31"):
        do("finance", "approve", Role.IMPLEMENTER, case.code, **DECISION)


def test_what_was_done_without_approval_is_not_approved_afterwards(agreement: Any) -> None:
    with refused("finance.executed-in-the-future"):
        a_declaration(agreement, executed_on=date(2026, 3, 3))
    case = a_declaration(agreement, executed_on=TODAY)
    with refused("finance.executed-without-approval", "R31"):
        do("finance", "approve", Role.IMPLEMENTER, case.code, **DECISION)
    case = do("finance", "denounce", Role.BUREAU, case.code, reason="未经批准已办理质押。")
    assert case.state == "unapproved"
    assert do("finance", "end", Role.OPERATOR, case.code, reason="已解除质押登记。").state == "ended"


def test_only_the_agreements_institution_decides(agreement: Any) -> None:
    both = actor(Role.IMPLEMENTER, organisation=HOME[Role.OPERATOR][0], roles=(Role.OPERATOR,))
    case = a_declaration(agreement)
    with refused("finance.not-the-institution"):
        do("finance", "approve", both, case.code, **DECISION)


def test_approved_first_and_registered_afterwards_also_in_the_database(agreement: Any) -> None:
    case = do("finance", "approve", Role.IMPLEMENTER, a_declaration(agreement).code, **DECISION)
    for day, code in (
        (date(2026, 3, 1), "finance.executed-before-approval"),
        (date(2026, 3, 3), "finance.executed-in-the-future"),
    ):
        with refused(code):
            do("finance", "register", Role.OPERATOR, case.code, contract_number="质字〔2026〕1号", executed_on=day)
    other = actor(Role.OPERATOR, roles=(Role.DEVELOPER,), organisation=HOME[Role.DEVELOPER][0])
    with pytest.raises(NotFound):
        do("finance", "register", other, case.code, contract_number="质字〔2026〕1号", executed_on=TODAY)
    case = do("finance", "register", Role.OPERATOR, case.code, contract_number="质字〔2026〕1号", executed_on=TODAY)
    assert case.state == "registered"
    with pytest.raises(IntegrityError), transaction.atomic():
        Assetization.objects.filter(pk=case.pk).update(approved_on=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assetization.objects.filter(pk=case.pk).update(executed_on=date(2026, 3, 1))


def test_only_who_declared_it_registers_it(agreement: Any) -> None:
    case = do("finance", "approve", Role.IMPLEMENTER, a_declaration(agreement).code, **DECISION)
    seen = actor(Role.IMPLEMENTER, roles=(Role.OPERATOR,))  # sees it as the institution
    with refused("finance.not-yours"):
        do("finance", "register", seen, case.code, contract_number="质字〔2026〕1号", executed_on=TODAY)


def test_from_declaration_to_its_end(agreement: Any) -> None:
    case = a_declaration(agreement)
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == date(2026, 3, 23)
    do("finance", "approve", Role.IMPLEMENTER, case.code, **DECISION)
    do("finance", "register", Role.OPERATOR, case.code, contract_number="质字〔2026〕1号", executed_on=TODAY)
    do("finance", "end", Role.OPERATOR, case.code, reason="债务清偿，质押解除。")
    acts = [e.kind.split(".")[1] for e in Entry.objects.filter(case_id=case.code).order_by("index")]
    assert acts == ["declare", "approve", "register", "end"]


def test_a_refused_approval_leaves_it_as_it_was(agreement: Any) -> None:
    case, before = a_declaration(agreement, executed_on=TODAY), Entry.objects.count()
    with refused("finance.executed-without-approval"):
        do("finance", "approve", Role.IMPLEMENTER, case.code, **DECISION)
    assert get_case("finance", case.code, actor(Role.OPERATOR)).state == "declared"
    (entry,) = Entry.objects.filter(index__gte=before)
    assert entry.outcome == "refused"
    assert do("finance", "refuse", Role.IMPLEMENTER, case.code, reason="已实施，不予批准。").state == "refused"


def test_it_is_for_who_declared_the_institution_and_supervision(agreement: Any) -> None:
    case = a_declaration(agreement)
    for role in (Role.OPERATOR, Role.IMPLEMENTER, Role.BUREAU, Role.PRICE, Role.AUDITOR):
        assert get_case("finance", case.code, actor(role)) == case
    for role in (Role.DEVELOPER, Role.CONSUMER, Role.SYSTEM_ADMIN):
        with pytest.raises(NotFound):
            get_case("finance", case.code, actor(role))
