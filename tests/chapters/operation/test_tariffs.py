"""Tariffs: caps inside the permitted revenue, prices under the cap, nothing for governance and welfare."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.tariffs.lifecycle import TARIFF, Facts
from dianchi.chapters.operation.tariffs.models import Tariff
from dianchi.chapters.operation.tariffs.queries import price_of
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
cap: - -> capped: authorizer
price: capped, priced -> priced: operator
withdraw: capped, priced -> withdrawn: authorizer bureau
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
    return do("tariffs", "cap", Role.AUTHORIZER, **make.cap_inputs(product, pricing, **changes))


def price(tariff: Any, fen: int) -> Any:
    return do("tariffs", "price", Role.OPERATOR, tariff.code, price_fen=fen)


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
    assert (published.price_fen, published.cap_fen, published.unit) == (45, 50, "CALL")
    do("tariffs", "withdraw", Role.BUREAU, tariff.code, reason="价格投诉查实。")
    assert price_of(approved) is None
    assert Entry.objects.filter(case_id=tariff.code, outcome="done").count() == 3


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
