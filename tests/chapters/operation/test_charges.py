"""Charges: every kind by hand, to the fen, and what must hold for any use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dianchi.chapters.operation.tariffs.charges import Block, Charge, Discount, Ground, Span, Terms, Used, lines

MARCH = Used(calls=1_000, from_on=date(2026, 3, 1), to_on=date(2026, 3, 31), term_days=365)
TIERS = Terms(Charge.TIERED, blocks=(Block(100, 50), Block(500, 40), Block(0, 30)))


def total(terms: Terms, used: Used) -> int:
    return sum(line.amount_fen for line in lines(terms, used))


@pytest.mark.parametrize(
    ("terms", "used", "fen"),
    [
        (Terms(Charge.PER_UNIT, 45), MARCH, 45_000),
        (Terms(Charge.PER_UNIT, 125, lot=10_000), MARCH, 13),  # 12.5 fen, half up
        (Terms(Charge.PER_UNIT, 125, lot=10_000), replace(MARCH, calls=999), 12),
        (Terms(Charge.PER_UNIT, 45), replace(MARCH, calls=0), 0),
        (TIERS, MARCH, 100 * 50 + 400 * 40 + 500 * 30),
        (TIERS, replace(MARCH, calls=100), 5_000),
        (TIERS, replace(MARCH, calls=101), 5_040),
        (TIERS, replace(MARCH, calls=0), 0),
        (Terms(Charge.FLAT, 30_000), MARCH, 30_000),
        (Terms(Charge.FLAT, 30_000), replace(MARCH, first=False), 0),
        (Terms(Charge.TIME, 1_200_000), MARCH, 1_200_000),
        (Terms(Charge.TIME, 1_200_000), replace(MARCH, to_on=date(2026, 3, 15)), 580_645),  # 15 of 31 days
        (Terms(Charge.TIME, 1_200_000), replace(MARCH, to_on=date(2026, 4, 15)), 1_800_000),
        (Terms(Charge.TIME, 100, span=Span.DAY), MARCH, 3_100),
        (Terms(Charge.TIME, 36_500, span=Span.YEAR), MARCH, 3_100),
        (Terms(Charge.TIME, 36_600, span=Span.YEAR), replace(MARCH, from_on=date(2028, 2, 29), to_on=date(2028, 2, 29)), 100),
        (Terms(Charge.PACKAGE, 20_000, included=800, over_fen=30), MARCH, 26_000),
        (Terms(Charge.PACKAGE, 20_000, included=800, over_fen=30), replace(MARCH, calls=0), 20_000),
        (Terms(Charge.FREE), MARCH, 0),
    ],
)  # fmt: skip
def test_what_is_due(terms: Terms, used: Used, fen: int) -> None:
    assert total(terms, used) == fen


@pytest.mark.parametrize(
    ("discounts", "used", "fen"),
    [
        ([(Ground.VOLUME, 1_000, "10")], MARCH, 40_500),
        ([(Ground.VOLUME, 1_001, "10")], MARCH, 45_000),
        ([(Ground.TERM, 365, "5")], MARCH, 42_750),
        ([(Ground.TERM, 366, "5")], MARCH, 45_000),
        ([(Ground.PREPAID, 0, "3")], MARCH, 45_000),
        ([(Ground.PREPAID, 0, "3")], replace(MARCH, prepaid=True), 43_650),
        ([(Ground.VOLUME, 1, "10"), (Ground.TERM, 1, "20")], MARCH, 36_000),  # the better one, not both
        ([(Ground.VOLUME, 1, "100")], MARCH, 0),
    ],
)
def test_a_discount_is_for_all_who_reach_it(discounts: list[tuple[Ground, int, str]], used: Used, fen: int) -> None:
    terms = Terms(Charge.PER_UNIT, 45, discounts=tuple(Discount(g, n, Decimal(p)) for g, n, p in discounts))
    assert total(terms, used) == fen


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(list(Charge)))
def test_using_more_never_costs_less(calls: int, more: int, kind: Charge) -> None:
    terms = Terms(kind, 0 if kind is Charge.FREE else 45, 3, TIERS.blocks if kind is Charge.TIERED else (), 50, 40)
    assert total(terms, replace(MARCH, calls=calls)) <= total(terms, replace(MARCH, calls=calls + more))


@given(st.integers(1, 10**6), st.sampled_from([Charge.PER_UNIT, Charge.TIERED]))
def test_no_unit_costs_more_than_the_highest(calls: int, kind: Charge) -> None:
    terms = Terms(kind, 45, 7, TIERS.blocks if kind is Charge.TIERED else ())
    assert Fraction(total(terms, replace(MARCH, calls=calls))) <= calls * terms.highest() + Fraction(1, 2)


@given(st.integers(1, 700), st.integers(0, 10**9))
def test_time_in_parts_is_time_as_a_whole(days: int, price: int) -> None:
    whole = Used(0, date(2027, 12, 1), date(2027, 12, 1) + timedelta(days=days))
    cut = whole.from_on + timedelta(days=days // 2)
    terms = Terms(Charge.TIME, price)
    parts = total(terms, replace(whole, to_on=cut)) + total(terms, replace(whole, from_on=cut + timedelta(days=1)))
    assert abs(parts - total(terms, whole)) <= 1


def test_terms_come_back_from_what_is_stored() -> None:
    stored = {
        "charge": "TIERED", "price_fen": 0, "lot": 1, "blocks": [{"up_to": 100, "price_fen": 50}, {"up_to": 0, "price_fen": 30}],
        "included": 0, "over_fen": 0, "span": "MONTH", "discounts": [{"ground": "TERM", "least": 30, "percent": "2.50"}],
    }  # fmt: skip
    found = Terms.of(stored)
    assert found.blocks == (Block(100, 50), Block(0, 30))
    assert found.discounts == (Discount(Ground.TERM, 30, Decimal("2.5")),)
