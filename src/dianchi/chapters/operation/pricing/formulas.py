"""The arithmetic of the price notice: exact decimals, integer fen, rounded half up once, at the end.

Permitted revenue = C + P + T, with P = C × (mean treasury yield + points); arts. 3 and 4 of 发改价格〔2025〕65号.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from dianchi.kernel.money import round_half_up, split


@dataclass(frozen=True)
class Cost:
    """One expense of the survey; `share` is the part that serves products for industry and sector development."""

    amount_fen: int
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class Tax:
    """A tax of the list: a fixed amount, a rate on a base, or the income tax on the permitted profit."""

    method: str = "amount"
    amount_fen: int = 0
    base_fen: int = 0
    rate: Decimal = Decimal(0)

    def of(self, profit_fen: int) -> int:
        """The tax in fen."""
        if self.method == "rate":
            return _fen(Fraction(self.base_fen) * Fraction(self.rate))
        return income_tax_on(profit_fen, self.rate) if self.method == "income" else self.amount_fen


@dataclass(frozen=True)
class Revenue:
    """The permitted revenue of a year and its terms, in fen; the rate is a ratio."""

    cost_fen: int
    rate: Decimal
    profit_fen: int
    tax_fen: int
    total_fen: int
    taxes_fen: tuple[int, ...] = ()


def permitted_revenue(
    costs: Iterable[Cost], subsidy_fen: int, yield_percent: Decimal, spread_points: Decimal, taxes: Iterable[Tax | int]
) -> Revenue:
    """C + P + T; `yield_percent` and `spread_points` are in per cent and percentage points; a plain tax is in fen."""
    cost = sum((Fraction(c.amount_fen) * Fraction(c.share) for c in costs), Fraction()) - subsidy_fen
    rate = (yield_percent + spread_points) / 100
    profit = cost * Fraction(rate)
    each = tuple(t.of(_fen(profit)) if isinstance(t, Tax) else t for t in taxes)
    return Revenue(_fen(cost), rate, _fen(profit), sum(each), _fen(cost + profit + sum(each)), each)


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


def share_by(paid_units: int, total_units: int) -> Decimal:
    """The part of a shared cost that paid products bear, to six decimals."""
    return round_half_up(Fraction(paid_units, total_units), 6)


def spread_evenly(excess: int, years: Iterable[int]) -> dict[int, int]:
    """An excess smoothed over years, to the fen; one year takes it all at once."""
    wanted = list(years)
    return dict(zip(wanted, split(excess, [1] * len(wanted)), strict=True))


def _fen(value: Fraction) -> int:
    return int(round_half_up(value))
