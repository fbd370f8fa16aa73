"""Distributions: shares of a hundred, contribution by lineage, calls and quality, nothing paid otherwise than approved."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import HOME, NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.distribution.contribution import of_providers, of_resources, quality
from dianchi.chapters.operation.distribution.lifecycle import DISTRIBUTION, Facts
from dianchi.chapters.operation.distribution.models import Run
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import SHANGHAI

pytestmark = pytest.mark.django_db

ALLOWED = """
calculate: - -> calculated: operator
recalculate: returned, disputed -> calculated: operator
review: calculated -> reviewed: implementer
approve: reviewed -> approved: authorizer
return: calculated, reviewed -> returned: implementer authorizer
dispute: calculated, reviewed -> disputed: provider developer
pay: approved -> paid: operator
"""
APRIL = datetime(2026, 4, 2, 12, tzinfo=SHANGHAI)
PROVIDER = HOME[Role.PROVIDER][0]
SHARES = [
    {"party": "OPERATOR", "percent": "50"}, {"party": "DEVELOPERS", "percent": "20"},
    {"party": "PROVIDERS", "percent": "20", "form": "TECHNOLOGY"}, {"party": "TREASURY", "percent": "10"},
]  # fmt: skip


def test_who_may_do_what_from_where() -> None:
    assert matrix(DISTRIBUTION, Facts()) == rows(ALLOWED)


@pytest.fixture
def earned(agreement: Any, product: Any) -> Any:
    """An agreement that earned 4.25 yuan net of tax in March, its months closed."""
    order = make.an_active_order(product, quota_calls=100)
    make.metered(order, 10, at=NOON)
    do("settlement", "draw", Role.OPERATOR, at=APRIL, order=order.code, from_on="2026-03-01", to_on="2026-03-31")
    make.closed_until(agreement, "2026-03", at=APRIL)
    return agreement


def calculate(
    agreement: Any, by: Any = Role.OPERATOR, act: str = "calculate", code: str | None = None, **changes: Any
) -> Any:
    inputs = {"agreement": agreement.code, "from_month": "2026-03", "to_month": "2026-03", "shares": SHARES} | changes
    return do("distribution", act, by, code, at=APRIL, **inputs)


def test_every_fen_is_shared(earned: Any) -> None:
    case = calculate(earned)
    assert case.net_fen == 425
    assert [(r["party"], r["beneficiary"], r["amount_fen"]) for r in case.result] == [
        ("OPERATOR", make.OPERATOR, 213), ("DEVELOPERS", make.DEVELOPER, 85), ("PROVIDERS", PROVIDER, 85),
        ("TREASURY", "TREASURY", 42),
    ]  # fmt: skip
    assert sum(r["amount_fen"] for r in case.result) == case.net_fen


def test_contribution_follows_the_lineage_of_answers(earned: Any, product: Any) -> None:
    code = product.request.resources[0]
    march = date(2026, 3, 1), date(2026, 3, 31)
    assert of_resources(make.OPERATOR, *march) == {code: 10}
    assert of_resources(make.OPERATOR, date(2026, 4, 1), date(2026, 4, 30)) == {}
    assert quality(code) <= 1
    assert of_providers(make.OPERATOR, *march, {}) == {PROVIDER: 10 * quality(code)}
    assert of_providers(make.OPERATOR, *march, {code: Decimal("2.5")}) == {PROVIDER: 25 * quality(code)}
    assert quality("ML-unknown") == Fraction(1)


@pytest.mark.parametrize(
    "shares",
    [
        SHARES[:3],
        [*SHARES[:3], {"party": "TREASURY", "percent": "10.0001"}],
        [{"party": "OPERATOR", "percent": "50"}] * 2,
    ],
)
def test_shares_are_a_hundred_per_cent(earned: Any, shares: list[Any]) -> None:
    with refused("distribution.shares-not-whole"):
        calculate(earned, shares=shares)


def test_no_month_without_accounts_is_distributed(agreement: Any, product: Any) -> None:
    with refused("distribution.accounts-missing", "R30") as seen:
        calculate(agreement)
    assert "distribution.nothing-earned" in seen.codes


def test_months_are_distributed_once_they_are_over(earned: Any) -> None:
    with refused("distribution.months-not-over"):
        calculate(earned, to_month="2026-04")
    calculate(earned)
    with refused("distribution.months-distributed"):
        calculate(earned)


def test_an_operator_distributes_its_own(earned: Any) -> None:
    with refused("distribution.not-your-agreement"):
        calculate(earned, actor(Role.OPERATOR, organisation=make.OTHER, roles=(Role.AUDITOR,)))


def test_the_operator_approves_nothing_of_its_own(earned: Any) -> None:
    case = calculate(earned)
    with refused("distribution.own-submission", "R66"):
        do("distribution", "review", actor(Role.IMPLEMENTER, organisation=make.OPERATOR, roles=(Role.AUDITOR,)), case.code,
           at=APRIL, opinion=make.WHY)  # fmt: skip


def test_only_a_beneficiary_objects(earned: Any) -> None:
    case = calculate(earned)
    with pytest.raises(NotFound):
        do(
            "distribution",
            "dispute",
            actor(Role.PROVIDER, organisation=make.OTHER),
            case.code,
            at=APRIL,
            reason=make.WHY,
        )
    with refused("distribution.not-a-beneficiary"):
        do("distribution", "dispute", actor(Role.PROVIDER, organisation=make.OTHER, roles=(Role.AUDITOR,)), case.code,
           at=APRIL, reason=make.WHY)  # fmt: skip
    assert do("distribution", "dispute", Role.PROVIDER, case.code, at=APRIL, reason=make.WHY).state == "disputed"


def payments(case: Any, **changes: Any) -> list[dict[str, Any]]:
    return [
        {"beneficiary": r["beneficiary"], "amount_fen": r["amount_fen"], "treasury": r["beneficiary"] == "TREASURY",
         "reference": "凭证一号"} | changes
        for r in case.result
    ]  # fmt: skip


def test_from_calculation_to_payment(earned: Any) -> None:
    case = calculate(earned)
    assert Due.objects.get(case_code=case.code, done_at=None).key.endswith("settlement.review-days")
    do("distribution", "return", Role.IMPLEMENTER, case.code, at=APRIL, reason="请核对比例。")
    calculate(earned, act="recalculate", code=case.code)
    do("distribution", "review", Role.IMPLEMENTER, case.code, at=APRIL, opinion=make.WHY)
    case = do("distribution", "approve", Role.AUTHORIZER, case.code, at=APRIL, opinion=make.WHY)
    for wrong in (payments(case)[1:], payments(case, amount_fen=1), [*payments(case), payments(case)[0]]):
        with refused("distribution.paid-otherwise"):
            do("distribution", "pay", Role.OPERATOR, case.code, at=APRIL, payments=wrong)
    with refused("distribution.organ-paid-directly"):
        do("distribution", "pay", Role.OPERATOR, case.code, at=APRIL, payments=payments(case, treasury=False))
    assert do("distribution", "pay", Role.OPERATOR, case.code, at=APRIL, payments=payments(case)).state == "paid"
    assert Entry.objects.filter(case_id=case.code, outcome="done").count() == 6


def test_money_for_an_organ_goes_through_the_treasury(earned: Any) -> None:
    money = [*SHARES[:2], SHARES[2] | {"form": "REVENUE"}, SHARES[3]]
    case = calculate(earned, shares=money)
    do("distribution", "review", Role.IMPLEMENTER, case.code, at=APRIL, opinion=make.WHY)
    do("distribution", "approve", Role.AUTHORIZER, case.code, at=APRIL, opinion=make.WHY)
    with refused("distribution.organ-paid-directly"):
        do("distribution", "pay", Role.OPERATOR, case.code, at=APRIL, payments=payments(case))


def test_a_class_without_anybody_falls_to_the_treasury(earned: Any, product: Any) -> None:
    type(product.request).objects.filter(pk=product.request.pk).update(tables=[])
    case = calculate(earned)
    assert next(r for r in case.result if r["party"] == "PROVIDERS")["beneficiary"] == "TREASURY"


def test_a_refused_act_leaves_no_trace(earned: Any) -> None:
    with refused("distribution.shares-not-whole"):
        calculate(earned, shares=SHARES[:1])
    assert not Run.objects.exists()


def test_a_run_is_for_those_who_have_a_part_in_it(earned: Any) -> None:
    case = calculate(earned)
    for role in (Role.OPERATOR, Role.IMPLEMENTER, Role.AUTHORIZER, Role.PROVIDER, Role.DEVELOPER, Role.AUDITOR):
        assert get_case("distribution", case.code, actor(role)) == case
    for by in (actor(Role.CONSUMER), actor(Role.PROVIDER, organisation=make.OTHER)):
        with pytest.raises(NotFound):
            get_case("distribution", case.code, by)
