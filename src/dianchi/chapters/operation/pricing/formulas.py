"""The arithmetic of the price notice: exact decimals, integer fen, rounded half up once, at the end.

Permitted revenue = C + P + T, with P = C × (mean treasury yield + points); arts. 3 and 4 of 发改价格〔2025〕65号.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from dianchi.kernel.money import round_half_up


@dataclass(frozen=True)
class Cost:
    """One expense of the survey; `share` is the part that serves products for industry and sector development."""

    amount_fen: int
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class Revenue:
    """The permitted revenue of a year and its terms, in fen; the rate is a ratio."""

    cost_fen: int
    rate: Decimal
    profit_fen: int
    tax_fen: int
    total_fen: int


def permitted_revenue(
    costs: Iterable[Cost], subsidy_fen: int, yield_percent: Decimal, spread_points: Decimal, taxes_fen: Iterable[int]
) -> Revenue:
    """C + P + T; `yield_percent` and `spread_points` are in per cent and percentage points."""
    cost = sum((Fraction(c.amount_fen) * Fraction(c.share) for c in costs), Fraction()) - subsidy_fen
    rate = (yield_percent + spread_points) / 100
    profit = cost * Fraction(rate)
    tax = sum(taxes_fen)
    return Revenue(_fen(cost), rate, _fen(profit), tax, _fen(cost + profit + tax))


def income_tax_on(profit_fen: int, rate: Decimal) -> int:
    """The income tax that leaves exactly the permitted profit: P / (1 − rate) × rate, in fen."""
    return _fen(Fraction(profit_fen) / (1 - Fraction(rate)) * Fraction(rate))


def expected_fen(caps: Iterable[tuple[int, int]]) -> int:
    """Σ cap × forecast volume over (cap in fen, volume)."""
    return sum(cap * volume for cap, volume in caps)


def deviation(revenue_fen: int, permitted_fen: int) -> Fraction:
    """(R − MPR) / MPR, exactly, signed."""
    return Fraction(revenue_fen - permitted_fen, permitted_fen)


class Step(StrEnum):
    """What a year's deviation calls for."""

    ADJUST_PRICES = "adjust-prices"
    ADJUST_CAPS = "adjust-caps"


def step_after(deviation: Fraction, threshold: Decimal, two_sided: bool = True) -> Step:
    """Caps change beyond the threshold; a deviation equal to it only guides the actual prices (art. 4)."""
    size = abs(deviation) if two_sided else deviation
    return Step.ADJUST_CAPS if size > Fraction(threshold) else Step.ADJUST_PRICES


def excess_fen(revenues: Iterable[int], permitted: Iterable[int]) -> int:
    """What a period earned beyond its permitted revenue; a shortfall is not made up."""
    return max(0, sum(revenues) - sum(permitted))


def _fen(value: Fraction) -> int:
    return int(round_half_up(value))
