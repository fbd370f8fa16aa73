"""The permitted revenue: the worked example of the price notice to the fen, and what may not be counted."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.pricing.formulas import (
    Cost,
    Step,
    deviation,
    excess_fen,
    expected_fen,
    income_tax_on,
    permitted_revenue,
    spread_evenly,
    step_after,
)
from dianchi.chapters.operation.pricing.lifecycle import PRICING, Facts
from dianchi.chapters.operation.pricing.models import Pricing
from dianchi.chapters.operation.pricing.queries import carry
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
survey: - -> surveyed: operator
revise: returned -> surveyed: operator
concur: surveyed -> =: bureau
verify: surveyed -> verified: price
return: surveyed -> returned: price
"""
YUAN = 100
COSTS = [Cost(fen * YUAN) for fen in (3_200_000, 1_800_000, 2_400_000, 300_000, 700_000)]


def test_who_may_do_what_from_where() -> None:
    both = matrix(PRICING, Facts(base_examined=True)) | matrix(PRICING, Facts(base_examined=False))
    assert both == rows(ALLOWED)


def test_the_worked_example_to_the_fen() -> None:
    income_tax = income_tax_on(456_300 * YUAN, Decimal("0.25"))
    assert income_tax == 152_100 * YUAN
    revenue = permitted_revenue(COSTS, 600_000 * YUAN, Decimal("1.85"), Decimal("4.00"), [43_200 * YUAN, income_tax])
    assert revenue.cost_fen == 7_800_000 * YUAN
    assert revenue.rate == Decimal("0.0585")
    assert revenue.profit_fen == 456_300 * YUAN
    assert revenue.tax_fen == 195_300 * YUAN
    assert revenue.total_fen == 8_451_600 * YUAN


def test_the_worked_examples_caps() -> None:
    caps = [(50, 8_000_000), (300 * YUAN, 5_000), (12_000 * YUAN, 20 * 12), (0, 1_000_000)]
    assert expected_fen(caps) == 8_380_000 * YUAN


@pytest.mark.parametrize(
    ("revenue", "per_cent", "step"),
    [
        (9_100_000, "7.67", Step.ADJUST_PRICES),
        (9_500_000, "12.40", Step.ADJUST_CAPS),
        (7_500_000, "-11.26", Step.ADJUST_CAPS),
    ],
)
def test_the_worked_examples_years(revenue: int, per_cent: str, step: Step) -> None:
    off = deviation(revenue, 8_451_600)
    assert f"{float(off) * 100:.2f}" == per_cent
    assert step_after(off, Decimal("0.10")) is step


def test_a_deviation_of_exactly_the_threshold_only_guides_prices() -> None:
    assert step_after(Fraction(1, 10), Decimal("0.10")) is Step.ADJUST_PRICES
    assert step_after(Fraction(-1, 10), Decimal("0.10")) is Step.ADJUST_PRICES
    assert step_after(Fraction(1, 10) + Fraction(1, 10**9), Decimal("0.10")) is Step.ADJUST_CAPS


def test_a_shortfall_counts_only_where_the_switch_says_so() -> None:
    assert step_after(Fraction(-1, 2), Decimal("0.10"), two_sided=False) is Step.ADJUST_PRICES


def test_the_worked_examples_period() -> None:
    assert excess_fen([9_000_000, 9_000_000], [8_451_600, 8_451_600]) == 1_096_800
    assert excess_fen([1], [2]) == 0


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=5), st.integers(0, 600), st.integers(0, 600))
def test_revenue_is_rounded_once_at_the_end(costs: list[int], treasury: int, points: int) -> None:
    found = permitted_revenue([Cost(c) for c in costs], 0, Decimal(treasury) / 100, Decimal(points) / 100, [])
    exact = Fraction(sum(costs)) * (1 + Fraction(treasury + points, 10_000))
    assert abs(found.total_fen - exact) <= Fraction(1, 2)
    assert abs(found.cost_fen + found.profit_fen - found.total_fen) <= 1


@given(st.integers(1, 10**12), st.decimals("0", "1", places=4))
def test_a_shared_cost_counts_by_its_share(amount: int, share: Decimal) -> None:
    found = permitted_revenue([Cost(amount, share)], 0, Decimal(0), Decimal(0), [])
    assert abs(found.cost_fen - amount * Fraction(share)) <= Fraction(1, 2)


def survey(agreement: Any, **changes: Any) -> Any:
    return do("pricing", "survey", Role.OPERATOR, **make.survey_inputs(agreement, **changes))


def cost(**changes: Any) -> dict[str, Any]:
    return {"kind": "platform", "name": "共用平台", "amount_fen": 100_000_000} | changes


def examined(case: Any) -> Any:
    return do("pricing", "concur", Role.BUREAU, case.code, bureau_number="云数价〔2026〕3号", bureau_opinion=make.WHY)


def test_taxes_are_computed_by_their_method(agreement: Any) -> None:
    case = survey(agreement)
    assert [t["amount_fen"] for t in case.taxes] == [4_320_000, 15_210_000]
    fixed = survey(agreement, year=2027, taxes=[{"name": "固定税费", "amount_fen": 7}])
    assert fixed.tax_fen == 7


@pytest.mark.parametrize(("paid", "total", "share"), [(6, 10, "0.6"), (1, 3, "0.333333"), (2, 3, "0.666667")])
def test_a_shared_cost_counts_as_its_key_measures(agreement: Any, paid: int, total: int, share: str) -> None:
    item = cost(serves="shared", key="calls", paid_units=paid, total_units=total, share=share)
    assert survey(agreement, costs=[item], subsidy_fen=0).state == "surveyed"
    for off in ("0.9", "0.1"):
        with refused("pricing.share-off-the-key", "R37"):
            survey(agreement, year=2027, costs=[item | {"share": off}], subsidy_fen=0)


def test_what_a_period_earned_too_much_is_deducted_from_the_next(agreement: Any) -> None:
    carry(agreement, "NP-2026", {2027: 54_840_000, 2028: 54_840_000})
    case = survey(agreement, year=2027)
    assert (case.carried_fen, case.mpr_fen) == (54_840_000, 845_160_000 - 54_840_000)
    assert survey(agreement).carried_fen == 0


@given(st.integers(0, 10**14), st.integers(1, 5))
def test_smoothing_sums_to_the_excess(excess: int, years: int) -> None:
    portions = spread_evenly(excess, range(2027, 2027 + years))
    assert sum(portions.values()) == excess
    assert max(portions.values()) - min(portions.values()) <= 1


def test_the_worked_examples_smoothing() -> None:
    assert spread_evenly(1_096_800 * YUAN, [2029, 2032]) == {2029: 548_400 * YUAN, 2032: 548_400 * YUAN}
    assert 18_000_000 - sum(spread_evenly(1_096_800, [2029]).values()) == 16_903_200


def test_too_many_points_are_refused_to_the_hundredth(agreement: Any) -> None:
    with refused("pricing.spread-too-high", "R36") as seen:
        survey(agreement, spread_points="6.01")
    assert "6" in str(seen.of("pricing.spread-too-high").message)
    assert survey(agreement, spread_points="6.00").state == "surveyed"


def test_a_region_may_allow_fewer_points(agreement: Any) -> None:
    do("parameters", "set", Role.BUREAU, key="pricing.max-spread-points", value="3", reason="本省从严。")
    with refused("pricing.spread-too-high", "R36"):
        survey(agreement)


def test_the_cost_of_free_products_is_not_counted(agreement: Any) -> None:
    free = cost(name="公益查询服务", serves="free")
    with refused("pricing.free-cost-counted", "R37") as seen:
        survey(agreement, costs=[cost(), free])
    assert "公益查询服务" in str(seen.of("pricing.free-cost-counted").message)
    case = survey(agreement, costs=[cost(), free | {"share": "0"}], subsidy_fen=0)
    assert case.cost_fen == 100_000_000


@pytest.mark.parametrize("shared", [{"key": "none", "share": "0.6"}, {"key": "calls", "share": "1"}])
def test_a_shared_cost_is_allocated(agreement: Any, shared: dict[str, str]) -> None:
    with refused("pricing.shared-cost-unallocated", "R37"):
        survey(agreement, costs=[cost(serves="shared", **shared)], subsidy_fen=0)


def test_a_subsidised_cost_is_deducted(agreement: Any) -> None:
    costs = [cost(subsidised_fen=40_000_000)]
    with refused("pricing.subsidised-cost-counted", "R37"):
        survey(agreement, costs=costs, subsidy_fen=39_999_999)
    assert survey(agreement, costs=costs, subsidy_fen=40_000_000).cost_fen == 60_000_000


def test_a_survey_without_cost_is_none(agreement: Any) -> None:
    with refused("pricing.no-cost"):
        survey(agreement, costs=[cost(amount_fen=1)], subsidy_fen=1)


def test_one_survey_a_year(agreement: Any) -> None:
    survey(agreement)
    with refused("pricing.year-surveyed"):
        survey(agreement)
    assert survey(agreement, year=2027).state == "surveyed"


def test_no_survey_without_an_agreement_in_force(agreement: Any) -> None:
    do("agreements", "terminate", Role.IMPLEMENTER, agreement.code, reason=make.WHY)
    with refused("pricing.agreement-not-in-force", "R23"):
        survey(agreement)


def test_an_operator_surveys_its_own_agreement(agreement: Any) -> None:
    other = actor(Role.OPERATOR, organisation=make.another_enterprise(), roles=(Role.AUDITOR,))
    with refused("pricing.not-your-agreement"):
        do("pricing", "survey", other, **make.survey_inputs(agreement))


def test_the_operator_does_not_verify_its_own_survey(agreement: Any) -> None:
    case = examined(survey(agreement))
    both = actor(Role.PRICE, organisation=make.OPERATOR)
    with refused("pricing.own-submission", "R66"):
        do("pricing", "verify", both, case.code, document_number="一号", opinion=make.WHY)


def test_from_survey_to_permitted_revenue(agreement: Any) -> None:
    case = survey(agreement)
    do("pricing", "return", Role.PRICE, case.code, reason="请补充凭证。")
    do("pricing", "revise", Role.OPERATOR, case.code, **make.survey_inputs(agreement))
    with refused("pricing.no-bureau-opinion", "R34"):
        do("pricing", "verify", Role.PRICE, case.code, document_number="一号", opinion=make.WHY)
    examined(case)
    with refused("pricing.opinion-given"):
        examined(case)
    case = do("pricing", "verify", Role.PRICE, case.code, document_number="云发改价格〔2026〕21号", opinion=make.WHY)
    assert (case.state, case.cost_fen, case.profit_fen, case.tax_fen, case.mpr_fen) == (
        "verified",
        780_000_000,
        45_630_000,
        19_530_000,
        845_160_000,
    )
    assert Entry.objects.filter(case_id=case.code, outcome="done").count() == 5


def test_a_refused_act_leaves_no_trace(agreement: Any) -> None:
    entries = Entry.objects.count()
    with refused("pricing.spread-too-high"):
        survey(agreement, spread_points="7")
    assert (Pricing.objects.count(), Entry.objects.count()) == (0, entries)


def test_the_books_are_for_those_who_price(agreement: Any) -> None:
    case = survey(agreement)
    for role in (Role.OPERATOR, Role.PRICE, Role.AUTHORIZER, Role.BUREAU, Role.AUDITOR):
        assert get_case("pricing", case.code, actor(role)) == case
    for role in (Role.DEVELOPER, Role.CONSUMER, Role.PROVIDER):
        with pytest.raises(NotFound):
            get_case("pricing", case.code, actor(role))
