"""Figures of the cockpit: counted once for every division, and the cases and entries behind each."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON
from tests.factories.rules import refused

from dianchi.chapters.supervision.figures import queries
from dianchi.chapters.supervision.figures.metrics import BY_KEY, METRICS, Goal
from dianchi.chapters.supervision.figures.models import Snapshot
from dianchi.chapters.supervision.figures.taking import above
from dianchi.kernel.actors import Role
from dianchi.kernel.divisions import YUNNAN

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=31)


def taken(at: Any = LATER) -> Snapshot:
    return queries.refresh(at, time.perf_counter)


def test_every_goal_has_figures_and_every_key_one_meaning() -> None:
    assert {m.goal for m in METRICS} == set(Goal)
    assert len(BY_KEY) == len(METRICS)


@pytest.mark.parametrize(
    ("region", "codes"),
    [("530000", ["530000"]), ("530400", ["530400", "530000"]), ("530402", ["530402", "530400", "530000"])],
)
def test_a_county_counts_in_its_prefecture_and_the_province(region: str, codes: list[str]) -> None:
    assert above(region) == codes


def test_the_figures_are_those_of_the_record(product: Any) -> None:
    order = make.an_active_order(product, quota_calls=10)
    make.metered(order, 3, at=NOON)
    do("settlement", "draw", Role.OPERATOR, at=LATER, order=order.code, from_on="2026-03-01", to_on="2026-03-31")
    with refused("tariffs.price-above-cap"):
        do("tariffs", "reprice", Role.OPERATOR, product.tariff_set.get().code, at=NOON, price_fen=51)
    found = {key: v.value for key, v in queries.values(taken(), YUNNAN).items()}
    assert (found["catalogued"], found["products"], found["requests"], found["calls"]) == (1, 1, 1, 3)
    assert found["revenue"] == 127  # 1.35 yuan less six per cent inside
    assert found["refusals"] >= 1
    assert found["near_cap"] == 0


def test_a_figure_of_a_division_counts_only_what_lies_in_it(product: Any) -> None:
    type(product).objects.filter(pk=product.pk).update(region="530402")
    snapshot = taken()
    assert [queries.value_of(snapshot, "products", code) for code in ("530402", "530400", YUNNAN, "530100")] == [
        1,
        1,
        1,
        0,
    ]


def test_a_price_at_ninety_five_per_cent_of_its_cap_is_near_it(product: Any) -> None:
    tariff = product.tariff_set.get()
    for fen, near in ((47, 0), (48, 1)):
        do("tariffs", "reprice", Role.OPERATOR, tariff.code, at=NOON, price_fen=fen)
        assert queries.value_of(taken(), "near_cap", YUNNAN) == near
    [(name, rows)] = queries.cases_behind(BY_KEY["near_cap"], YUNNAN, LATER)
    assert (name, list(rows)) == ("tariffs", [tariff])


def test_what_is_overdue_is_found_behind_its_figure(agreement: Any) -> None:
    before = queries.value_of(taken(), "overdue", YUNNAN) or 0
    month = make.a_closed_month(agreement, "2026-01", at=NOON)
    assert queries.value_of(taken(), "overdue", YUNNAN) == before + 1
    behind = {name: list(rows) for name, rows in queries.cases_behind(BY_KEY["overdue"], YUNNAN, LATER)}
    assert behind["accounts"] == [month]
    assert queries.values(taken(), YUNNAN)["overdue"].warns


def test_refusals_are_counted_by_the_provision_that_refused(product: Any) -> None:
    with refused("tariffs.price-above-cap"):
        do("tariffs", "reprice", Role.OPERATOR, product.tariff_set.get().code, at=NOON, price_fen=51)
    assert taken().articles["PRICE65.2"] >= 1
    entries = queries.entries_behind(BY_KEY["refusals"], YUNNAN, LATER)
    assert entries[0].kind == "tariffs.reprice"


def test_figures_are_taken_anew_once_something_was_done(agreement: Any) -> None:
    first = queries.latest(NOON, time.perf_counter)
    assert queries.latest(NOON, time.perf_counter) == first
    assert not queries.stale(LATER)
    make.a_closed_month(agreement, "2026-01", at=NOON)
    assert queries.stale(LATER)
    Snapshot.objects.update(milliseconds=queries.QUICK + 1)
    assert queries.latest(LATER, time.perf_counter) == first  # too slow for a page: left to the worker
    Snapshot.objects.update(milliseconds=1)
    assert queries.latest(LATER, time.perf_counter).pk > first.pk
