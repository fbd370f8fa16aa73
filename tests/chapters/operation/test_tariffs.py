"""Tariffs: caps inside the permitted revenue, prices under the cap, nothing for governance and welfare."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.tariffs.lifecycle import TARIFF, Facts
from dianchi.chapters.operation.tariffs.models import Edition, Tariff
from dianchi.chapters.operation.tariffs.queries import caps_adjusted_since, editions, price_of
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.queries import waiting_for
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
cap: - -> capped: authorizer
report: capped, priced, applying -> =: authorizer
price: capped -> priced: operator
reprice: priced, applying -> =: operator
adjust-cap: capped, priced -> =: authorizer
apply-formal: priced -> applying: authorizer
formalise: applying -> priced: authorizer
withdraw: capped, priced, applying -> withdrawn: authorizer bureau
"""


def test_who_may_do_what_from_where() -> None:
    assert matrix(TARIFF, Facts()) == rows(ALLOWED)


@pytest.fixture(scope="module")
def pricing(store: Any, agreement: Any) -> Any:
    """The worked example's permitted revenue, verified: 8,451,600 yuan."""
    with store.unblock():
        return make.a_verified_revenue(agreement)


@pytest.fixture(scope="module")
def approved(store: Any, data_request: Any) -> Any:
    """A product that may be priced."""
    with store.unblock():
        return make.an_approved_product(data_request)


def cap(product: Any, pricing: Any = None, **changes: Any) -> Any:
    """A cap, reported in writing where it is a formal one."""
    found = do("tariffs", "cap", Role.AUTHORIZER, **make.cap_inputs(product, pricing, **changes))
    return reported(found) if pricing else found


def reported(tariff: Any) -> Any:
    return do("tariffs", "report", Role.AUTHORIZER, tariff.code, report_number="云政函〔2026〕31号")


def price(tariff: Any, fen: int = 0, at: Any = make.BEGAN, **terms: Any) -> Any:
    """The price, first published or changed."""
    act = "price" if type(tariff).objects.get(pk=tariff.pk).state == "capped" else "reprice"
    return do("tariffs", act, Role.OPERATOR, tariff.code, at=at, price_fen=fen, **terms)


def as_welfare(product: Any) -> None:
    """The same product for public welfare."""
    type(product).objects.filter(pk=product.pk).update(purpose="PUBLIC_WELFARE")


def test_no_cap_before_the_revenue_is_verified(approved: Any, agreement: Any) -> None:
    surveyed = make.a_survey(agreement, year=2027)
    with refused("tariffs.revenue-not-verified", "R34"):
        cap(approved, surveyed)
    with refused("tariffs.revenue-not-verified", "R34"):
        cap(approved, None, trial=False)


def test_a_trial_cap_needs_no_verified_revenue(approved: Any) -> None:
    assert cap(approved).trial


def test_caps_stay_inside_the_permitted_revenue(approved: Any, pricing: Any) -> None:
    most = pricing.mpr_fen // 8_000_000  # 105 fen
    with refused("tariffs.caps-above-revenue", "R35"):
        cap(approved, pricing, cap_fen=most + 1)
    assert cap(approved, pricing, cap_fen=most).state == "capped"


def test_the_sum_of_all_caps_counts(approved: Any, pricing: Any, data_request: Any) -> None:
    cap(approved, pricing, cap_fen=100)
    second = make.an_approved_product(data_request, slug="second")
    with refused("tariffs.caps-above-revenue", "R35"):
        cap(second, pricing, cap_fen=1_000_000, forecast_volume=46)
    assert cap(second, pricing, cap_fen=1_000_000, forecast_volume=45).state == "capped"


def test_a_withdrawn_cap_counts_no_longer(approved: Any, pricing: Any) -> None:
    first = cap(approved, pricing, cap_fen=100)
    with refused("tariffs.already-capped"):
        cap(approved, pricing)
    do("tariffs", "withdraw", Role.AUTHORIZER, first.code, reason="重新测算。")
    assert cap(approved, pricing, cap_fen=105).state == "capped"


def test_the_price_stays_under_the_cap(approved: Any, pricing: Any) -> None:
    tariff = cap(approved, pricing)
    with refused("tariffs.price-above-cap", "R33"):
        price(tariff, 52)
    assert price(tariff, 45).price_fen == 45
    assert price(tariff, 50).price_fen == 50


def test_the_database_holds_the_price_under_the_cap(approved: Any) -> None:
    tariff = cap(approved)
    with pytest.raises(IntegrityError, match="tariff_price_under_the_cap"), transaction.atomic():
        Tariff.objects.filter(pk=tariff.pk).update(price_fen=51)


def test_welfare_costs_nothing(approved: Any) -> None:
    as_welfare(approved)
    with refused("tariffs.free-product-charged", "R32"):
        cap(approved, cap_fen=1)
    tariff = cap(approved, cap_fen=0)
    with refused("tariffs.free-product-charged", "R32") as seen:
        price(tariff, 1)
    assert "tariffs.price-above-cap" in seen.codes
    assert price(tariff, 0).price_fen == 0


def test_the_database_holds_free_products_free(approved: Any) -> None:
    as_welfare(approved)
    tariff = cap(approved, cap_fen=0)
    with pytest.raises(IntegrityError, match="tariff_free_products_cost_nothing"), transaction.atomic():
        Tariff.objects.filter(pk=tariff.pk).update(cap_fen=1)


def test_a_recalled_product_is_not_priced(approved: Any) -> None:
    tariff = cap(approved)
    do("products", "recall", Role.BUREAU, approved.code, reason=make.WHY)
    with refused("tariffs.product-not-approved"):
        price(tariff, 45)


def test_another_operator_sets_no_price(approved: Any) -> None:
    tariff = cap(approved)
    with refused("tariffs.not-your-product"):
        do("tariffs", "price", actor(Role.OPERATOR, organisation=make.OTHER, roles=(Role.PRICE,)), tariff.code,
           price_fen=45)  # fmt: skip


def test_from_cap_to_published_price(approved: Any, pricing: Any) -> None:
    tariff = cap(approved, pricing)
    assert price_of(approved) is None
    price(tariff, 45)
    published = price_of(approved)
    assert published is not None
    assert (published.price_fen, published.cap_fen, published.unit, published.per_call_fen) == (45, 50, "CALL", 45)
    do("tariffs", "withdraw", Role.BUREAU, tariff.code, reason="价格投诉查实。")
    assert price_of(approved) is None
    assert Entry.objects.filter(case_id=tariff.code, outcome="done").count() == 4


def test_a_refused_act_leaves_no_trace(approved: Any) -> None:
    tariff = cap(approved)
    with refused("tariffs.price-above-cap"):
        price(tariff, 51)
    tariff.refresh_from_db()
    assert (tariff.state, tariff.price_fen, tariff.version) == ("capped", None, 1)


def test_a_published_price_is_for_all_to_read(approved: Any) -> None:
    tariff = cap(approved)
    with pytest.raises(NotFound):
        get_case("tariffs", tariff.code, actor(Role.CONSUMER))
    price(tariff, 45)
    assert get_case("tariffs", tariff.code, actor(Role.CONSUMER)).price_fen == 45


def test_a_formal_cap_is_reported_before_it_is_used(approved: Any, pricing: Any) -> None:
    tariff = do("tariffs", "cap", Role.AUTHORIZER, **make.cap_inputs(approved, pricing))
    with refused("tariffs.cap-not-reported"):
        price(tariff, 45)
    reported(tariff)
    with refused("tariffs.reported-already"):
        reported(tariff)
    assert price(tariff, 45).state == "priced"


def test_a_redeveloped_product_is_under_no_cap(approved: Any) -> None:
    with refused("tariffs.redeveloped-under-cap", "R41"):
        cap(approved, covers="REDEVELOPED")


def test_a_published_price_is_no_duty_any_more(approved: Any) -> None:
    tariff = cap(approved)
    operator = actor(Role.OPERATOR)
    waits = [w.acts[0].name for w in waiting_for(operator, make.BEGAN) if w.case == tariff]
    price(tariff, 45)
    assert waits == ["price"]
    assert not [w for w in waiting_for(operator, make.BEGAN) if w.case == tariff]


BLOCKS = [{"up_to": 100, "price_fen": 50}, {"up_to": 0, "price_fen": 30}]


@pytest.mark.parametrize(
    ("unit", "terms"),
    [
        ("CALL", {"charge": "FLAT"}), ("CALL", {"charge": "TIME"}), ("ITEM", {"charge": "TIME"}),
        ("TIME", {"charge": "PER_UNIT"}), ("TIME", {"charge": "PACKAGE", "included": 5}),
    ],
)  # fmt: skip
def test_a_charge_fits_the_unit_of_its_cap(approved: Any, unit: str, terms: dict[str, Any]) -> None:
    with refused("tariffs.charge-not-in-unit"):
        price(cap(approved, unit=unit), 10, **terms)


@pytest.mark.parametrize(
    "terms",
    [
        {"charge": "TIERED"}, {"charge": "TIERED", "blocks": BLOCKS[:1]}, {"charge": "TIERED", "blocks": BLOCKS[::-1]},
        {"charge": "TIERED", "blocks": [BLOCKS[0], BLOCKS[0], BLOCKS[1]]}, {"charge": "PACKAGE"},
        {"charge": "FREE", "price_fen": 1}, {"charge": "PER_UNIT", "blocks": BLOCKS},
    ],
)  # fmt: skip
def test_a_charge_that_lacks_something_is_refused(approved: Any, terms: dict[str, Any]) -> None:
    with refused("tariffs.charge-incomplete"):
        price(cap(approved), **{"fen": terms.pop("price_fen", 0), **terms})


@pytest.mark.parametrize(
    "terms",
    [
        {"charge": "PER_UNIT", "price_fen": 501, "lot": 10},
        {"charge": "TIERED", "blocks": [{"up_to": 9, "price_fen": 51}, BLOCKS[1]]},
        {"charge": "PACKAGE", "price_fen": 5_001, "included": 100, "over_fen": 50},
        {"charge": "PACKAGE", "price_fen": 5_000, "included": 100, "over_fen": 51},
    ],
)  # fmt: skip
def test_no_kind_of_charge_gets_round_the_cap(approved: Any, terms: dict[str, Any]) -> None:
    tariff = cap(approved)
    fen = terms.pop("price_fen", 0)
    with refused("tariffs.price-above-cap", "R33"):
        price(tariff, fen, **terms)


def test_prices_below_a_fen_are_by_the_lot(approved: Any) -> None:
    price(cap(approved), 125, lot=10_000)
    published = price_of(approved)
    assert published is not None
    assert (published.terms.highest(), published.per_call_fen, published.charged) == (Fraction(1, 80), 0, True)


def test_every_price_stays_on_record(approved: Any) -> None:
    tariff = cap(approved)
    price(tariff, 45)
    later = make.BEGAN + timedelta(days=10)
    price(tariff, 40, at=later)
    found = editions(approved, make.BEGAN, later + timedelta(days=1))
    assert [(a, b, t.price_fen) for a, b, t in found] == [
        (make.BEGAN, later, 45), (later, later + timedelta(days=1), 40),
    ]  # fmt: skip
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Edition.objects.update(number=9)


def test_a_trial_ends_in_formal_pricing(approved: Any, pricing: Any) -> None:
    tariff = cap(approved)
    price(tariff, 45)
    with refused("tariffs.no-full-year-yet"):
        formal(tariff, make.BEGAN + timedelta(days=360))
    over = make.BEGAN + timedelta(days=366 + 10)
    due = Due.objects.get(case_code=tariff.code, done_at=None)
    assert due.due_at <= over
    with refused("tariffs.trial-outlived", "R39"):
        price(tariff, 40, at=over)
    assert formal(tariff, over).state == "applying"
    assert price(tariff, 40, at=over).price_fen == 40
    with refused("tariffs.cap-below-price", "R33"):
        formalised(tariff, pricing, over, cap_fen=39)
    with refused("tariffs.revenue-not-verified", "R34"):
        formalised(tariff, None, over)
    done = formalised(tariff, pricing, over)
    assert (done.state, done.trial, done.trial_since, done.report_number) == ("priced", False, None, "")
    with refused("tariffs.not-on-trial"):
        formal(tariff, over)


def formal(tariff: Any, at: Any) -> Any:
    return do("tariffs", "apply-formal", Role.AUTHORIZER, tariff.code, at=at, application_number="云政函〔2027〕1号",
              application="试行已满一年，申请正式定价。")  # fmt: skip


def formalised(tariff: Any, pricing: Any, at: Any, cap_fen: int = 50) -> Any:
    inputs = {
        "pricing": pricing.code if pricing else "",
        "cap_fen": cap_fen,
        "forecast_volume": 8_000_000,
        "basis": make.WHY,
    }
    return do("tariffs", "formalise", Role.AUTHORIZER, tariff.code, at=at, **inputs)


def test_a_cap_is_adjusted_within_the_revenue_and_reported_again(approved: Any, pricing: Any) -> None:
    tariff = cap(approved, pricing)
    adjust = {"cap_fen": 60, "forecast_volume": 8_000_000, "basis": make.WHY}
    with refused("tariffs.caps-above-revenue", "R35"):
        do("tariffs", "adjust-cap", Role.AUTHORIZER, tariff.code, **adjust | {"cap_fen": 106})
    later = make.BEGAN + timedelta(days=1)
    assert do("tariffs", "adjust-cap", Role.AUTHORIZER, tariff.code, at=later, **adjust).report_number == ""
    assert caps_adjusted_since(pricing.agreement_id, make.BEGAN)
    with refused("tariffs.cap-not-reported"):
        price(tariff, 55)
