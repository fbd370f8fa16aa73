"""Yearly reviews: figures from the record, the ten per cent rule in both directions, the excess of a period given back."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.pricing.queries import carried_into
from dianchi.chapters.operation.reviews.lifecycle import REVIEWS, Facts
from dianchi.chapters.operation.reviews.models import Review
from dianchi.chapters.operation.reviews.queries import missing, to_call
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import SHANGHAI

pytestmark = pytest.mark.django_db

ALLOWED = """
call: - -> due: authorizer system
report: due -> reported: authorizer
answer: reported -> answered: authorizer
take-note: answered -> noted: price
evaluate: noted -> evaluated: price
"""
FEBRUARY = datetime(2027, 2, 1, 12, tzinfo=SHANGHAI)
MPR = 845_160_000


def test_who_may_do_what_from_where() -> None:
    assert matrix(REVIEWS, Facts()) == rows(ALLOWED)


@pytest.fixture(scope="module")
def pricing(store: Any, agreement: Any) -> Any:
    """The worked example's permitted revenue of 2026."""
    with store.unblock():
        return make.a_verified_revenue(agreement)


def year_of(agreement: Any, product: Any, net_fen: int = 0) -> Any:
    """2026 with its months closed and so much net revenue billed in March."""
    if net_fen:
        order = make.an_active_order(product, quota_calls=100)
        make.metered(order, 1, at=NOON, price_fen=net_fen * 106 // 100)
        do("settlement", "draw", Role.OPERATOR, at=FEBRUARY, order=order.code, from_on="2026-03-01", to_on="2026-03-31")
    make.closed_until(agreement, "2026-12", at=FEBRUARY)
    return agreement


def report(agreement: Any, at: Any = FEBRUARY, year: int = 2026) -> Any:
    code = called(agreement, at, year).code
    return do("reviews", "report", Role.AUTHORIZER, code, at=at, overall="运营平稳。")


def called(agreement: Any, at: Any = FEBRUARY, year: int = 2026) -> Any:
    return do("reviews", "call", PLATFORM, at=at, agreement=agreement.code, year=year)


def test_a_year_is_reported_once_it_is_over_and_accounted_for(agreement: Any, pricing: Any) -> None:
    with refused("reviews.year-not-over"):
        report(agreement, NOON)
    with make.tried(), refused("reviews.accounts-missing", "R30"):
        report(agreement)
    called(agreement)
    with refused("reviews.year-reported"):
        called(agreement)
    with refused("reviews.revenue-not-verified", "R34"):
        report(agreement, year=2025)


@pytest.mark.parametrize(
    ("net", "percent", "step"),
    [
        (910_000_000, "7.67", "adjust-prices"), (950_000_000, "12.40", "adjust-caps"),
        (750_000_000, "-11.26", "adjust-caps"), (MPR * 11 // 10, "10.00", "adjust-prices"),
    ],
)  # fmt: skip
def test_the_deviation_says_what_is_called_for(
    agreement: Any, pricing: Any, product: Any, net: int, percent: str, step: str
) -> None:
    case = report(year_of(agreement, product, net))
    assert (case.mpr_fen, case.revenue_fen, case.deviation_percent, case.step) == (MPR, net, Decimal(percent), step)
    assert case.products[0]["net_fen"] == net
    assert not case.late


def test_caps_are_adjusted_where_the_revenue_is_too_far_off(agreement: Any, pricing: Any, product: Any) -> None:
    case = report(year_of(agreement, product))  # no revenue at all: a hundred per cent below
    assert case.step == "adjust-caps"
    later = FEBRUARY + timedelta(days=3)
    with refused("reviews.caps-not-adjusted", "R40", "E13"):
        do("reviews", "answer", Role.AUTHORIZER, case.code, at=later, measures="拟调整上限。")
    tariff = product.tariff_set.get()
    do("tariffs", "adjust-cap", Role.AUTHORIZER, tariff.code, at=later, pricing=pricing.code, cap_fen=60,
       forecast_volume=100, basis=make.WHY)  # fmt: skip
    assert do("reviews", "answer", Role.AUTHORIZER, case.code, at=later, measures="上限已调整。").state == "answered"


def test_within_the_threshold_prices_are_reviewed(agreement: Any, pricing: Any, product: Any) -> None:
    case = report(year_of(agreement, product, MPR))
    assert (
        do("reviews", "answer", Role.AUTHORIZER, case.code, at=FEBRUARY, measures="已复核具体收费。").state
        == "answered"
    )


def test_the_report_is_due_by_the_end_of_march(agreement: Any, pricing: Any, product: Any) -> None:
    assert value("pricing.report-due") == "03-31"
    assert [a.code for a in missing(2026)] == [agreement.code]
    on_time = report(year_of(agreement, product), datetime(2027, 3, 31, 23, 59, tzinfo=SHANGHAI))
    assert (on_time.late, missing(2026)) == (False, [])
    Review.objects.all().delete()
    begun = called(agreement)
    assert Due.objects.get(case_code=begun.code).due_at == datetime(2027, 4, 1, tzinfo=SHANGHAI)
    late = datetime(2027, 4, 1, 0, 1, tzinfo=SHANGHAI)
    assert do("reviews", "report", Role.AUTHORIZER, begun.code, at=late, overall="运营平稳。").late


def test_the_platform_begins_it_at_new_year(agreement: Any, pricing: Any) -> None:
    assert list(to_call(NOON)) == []
    assert list(to_call(FEBRUARY)) == [{"agreement": agreement.code, "year": 2026}]
    called(agreement)
    assert list(to_call(FEBRUARY)) == []


def noted(agreement: Any, product: Any, net: int) -> Any:
    case = report(year_of(agreement, product, net))
    do("reviews", "answer", Role.AUTHORIZER, case.code, at=FEBRUARY, measures="已复核具体收费。")
    return do("reviews", "take-note", Role.PRICE, case.code, at=FEBRUARY, opinion=make.WHY)


def evaluate(case: Any, portions: list[tuple[int, int]], from_year: int = 2026) -> Any:
    given = [{"year": year, "amount_fen": fen} for year, fen in portions]
    return do("reviews", "evaluate", Role.PRICE, case.code, at=FEBRUARY, from_year=from_year, portions=given,
              conclusion="收费总体合理。")  # fmt: skip


def test_the_excess_of_a_period_is_given_back(agreement: Any, pricing: Any, product: Any) -> None:
    case = noted(agreement, product, 900_000_000)
    excess = 900_000_000 - MPR
    for portions in ([], [(2027, excess - 1)], [(2027, excess), (2028, 1)]):
        with refused("reviews.excess-not-given-back", "R40"):
            evaluate(case, portions)
    for portions in ([(2026, excess)], [(2027, excess - 1), (2027, 1)]):
        with refused("reviews.year-surveyed-already"):
            evaluate(case, portions)
    half = excess // 2
    assert evaluate(case, [(2027, half), (2028, excess - half)]).excess_fen == excess
    assert carried_into(agreement, 2027) == half
    assert make.a_survey(agreement, year=2027).mpr_fen == MPR - half
    assert Entry.objects.filter(case_id=case.code, outcome="done").count() == 5


def test_a_period_is_evaluated_whole_and_in_time(agreement: Any, pricing: Any, product: Any) -> None:
    case = noted(agreement, product, MPR)
    do("parameters", "set", Role.BUREAU, key="pricing.evaluation-years", value="2", reason="本省从严。")
    with refused("reviews.period-too-long", "E12"):
        evaluate(case, [], from_year=2024)
    with refused("reviews.period-too-long", "E12"):
        evaluate(case, [], from_year=2027)
    with refused("reviews.year-missing"):
        evaluate(case, [], from_year=2025)
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert due.key.endswith("pricing.evaluation-years")
    assert due.due_at.year in (2028, 2029)
    assert evaluate(case, []).state == "evaluated"


def test_a_refused_act_leaves_no_trace(agreement: Any, pricing: Any) -> None:
    with refused("reviews.year-not-over"):
        called(agreement, NOON)
    assert not Review.objects.exists()


def test_another_territory_answers_nothing(agreement: Any, pricing: Any, product: Any) -> None:
    case = report(year_of(agreement, product, MPR))
    elsewhere = actor(Role.AUTHORIZER, region="530400", roles=(Role.AUDITOR,))
    with refused("reviews.not-in-charge"):
        do("reviews", "answer", elsewhere, case.code, at=FEBRUARY, measures="已复核。")


def test_a_review_is_for_those_who_price(agreement: Any, pricing: Any, product: Any) -> None:
    case = report(year_of(agreement, product))
    for role in (Role.AUTHORIZER, Role.PRICE, Role.OPERATOR, Role.BUREAU, Role.AUDITOR):
        assert get_case("reviews", case.code, actor(role)) == case
    for role in (Role.CONSUMER, Role.DEVELOPER, Role.PROVIDER):
        with pytest.raises(NotFound):
            get_case("reviews", case.code, actor(role))
