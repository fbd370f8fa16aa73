"""What is charged under published terms: pure arithmetic, exact fractions, each line rounded half up once, at its end.

Kinds and units are those of the price notice, art. 3: products, services, service time, calls (发改价格〔2025〕65号).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from dianchi.kernel.money import round_half_up
from dianchi.kernel.text import Text


class Charge(StrEnum):
    """A kind of charge, and the units of a cap under which it may stand."""

    label: Text
    units: frozenset[str]

    def __new__(cls, value: str, label: Text, units: frozenset[str]) -> Charge:
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.label, kind.units = label, units
        return kind

    PER_UNIT = "PER_UNIT", Text("按量计费", "Per unit"), frozenset({"CALL", "ITEM", "SERVICE"})
    TIERED = "TIERED", Text("阶梯计费", "Tiered blocks"), frozenset({"CALL", "ITEM", "SERVICE"})
    FLAT = "FLAT", Text("一次性收费", "Flat"), frozenset({"ITEM", "SERVICE"})
    TIME = "TIME", Text("按时间计费", "By time"), frozenset({"TIME"})
    PACKAGE = "PACKAGE", Text("套餐计费", "Package"), frozenset({"CALL", "ITEM", "SERVICE"})
    FREE = "FREE", Text("免费", "Free"), frozenset({"CALL", "ITEM", "SERVICE", "TIME"})


class Span(StrEnum):
    """What a price by time is for."""

    label: Text

    def __new__(cls, value: str, label: Text) -> Span:
        span = str.__new__(cls, value)
        span._value_ = value
        span.label = label
        return span

    DAY = "DAY", Text("日", "day")
    MONTH = "MONTH", Text("月", "month")
    YEAR = "YEAR", Text("年", "year")


class Ground(StrEnum):
    """The objective ground of a discount: whoever meets it has it (fair supply)."""

    label: Text

    def __new__(cls, value: str, label: Text) -> Ground:
        ground = str.__new__(cls, value)
        ground._value_ = value
        ground.label = label
        return ground

    VOLUME = "VOLUME", Text("用量达到", "Volume from")
    TERM = "TERM", Text("订期天数达到", "Term in days from")
    PREPAID = "PREPAID", Text("预付", "Prepaid")


@dataclass(frozen=True)
class Block:
    """Units up to a bound (0: without bound) at a price for each."""

    up_to: int
    price_fen: int


@dataclass(frozen=True)
class Discount:
    """A percentage off for all who reach the ground."""

    ground: Ground
    least: int
    percent: Decimal


@dataclass(frozen=True)
class Terms:
    """Published terms of charge: `price_fen` is for `lot` units, for a package, for a span or once, by the kind."""

    kind: Charge
    price_fen: int = 0
    lot: int = 1
    blocks: tuple[Block, ...] = ()
    included: int = 0
    over_fen: int = 0
    span: Span = Span.MONTH
    discounts: tuple[Discount, ...] = ()

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Terms:
        """From the fields of a tariff as JSON holds them."""
        return cls(
            Charge(stored["charge"]), int(stored["price_fen"]), int(stored.get("lot") or 1),
            tuple(Block(int(b["up_to"]), int(b["price_fen"])) for b in stored.get("blocks") or ()),
            int(stored.get("included") or 0), int(stored.get("over_fen") or 0), Span(stored.get("span") or "MONTH"),
            tuple(
                Discount(Ground(d["ground"]), int(d["least"]), Decimal(str(d["percent"])))
                for d in stored.get("discounts") or ()
            ),
        )  # fmt: skip

    @property
    def metered(self) -> bool:
        """Whether a call has a price of its own, which the meter writes down as it is delivered."""
        return self.kind is Charge.PER_UNIT and self.lot == 1

    def highest(self) -> Fraction:
        """The most that one unit of the cap can cost under these terms, in fen."""
        if self.kind is Charge.TIERED:
            return Fraction(max((b.price_fen for b in self.blocks), default=0))
        if self.kind is Charge.PACKAGE:
            return max(Fraction(self.price_fen, self.included or 1), Fraction(self.over_fen))
        return Fraction(self.price_fen, self.lot if self.kind is Charge.PER_UNIT else 1)


@dataclass(frozen=True)
class Used:
    """What was used of an order in days [from_on, to_on] under one set of terms."""

    calls: int
    from_on: date
    to_on: date
    first: bool = True  # the first days of the order: what is charged once is charged now
    term_days: int = 0
    prepaid: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a bill; the quantity and the price in yuan are exact texts."""

    what: str
    quantity: str
    price: str
    amount_fen: int
    percent: str = field(default="")


LINES = {
    "units": Text("按量", "Units"),
    "block": Text("阶梯", "Block"),
    "flat": Text("一次性", "Flat"),
    "time": Text("时间", "Time"),
    "package": Text("套餐", "Package"),
    "beyond": Text("超出套餐", "Beyond the package"),
    "free": Text("免费", "Free"),
    "discount": Text("优惠", "Discount"),
    "late": Text("迟到用量", "Late use"),
    "correction": Text("用量更正", "Corrected use"),
    "credit": Text("冲减", "Credit"),
}


def best_discount(terms: Terms, used: Used) -> Decimal:
    """The per cent off that the use has reached: the best one, never several together."""
    return max((d.percent for d in terms.discounts if _reached(d, used)), default=Decimal(0))


def lines(terms: Terms, used: Used) -> list[Line]:
    """What is due, line by line, the best discount last; free products have one line of nothing."""
    made = list(_lines(terms, used))
    if off := best_discount(terms, used):
        total = sum(line.amount_fen for line in made)
        taken = int(round_half_up(Fraction(total) * Fraction(off) / 100))
        if taken:
            made.append(Line("discount", "1", "", -taken, str(off.normalize())))
    return made


def _lines(terms: Terms, used: Used) -> Iterator[Line]:
    if terms.kind is Charge.TIERED:
        yield from _tiers(terms, used.calls)
    elif terms.kind is Charge.PACKAGE:
        yield _line("package", Fraction(1), Fraction(terms.price_fen))
        if used.calls > terms.included:
            yield _line("beyond", Fraction(used.calls - terms.included), Fraction(terms.over_fen))
    elif terms.kind is Charge.TIME:
        yield _line("time", _spans(terms.span, used.from_on, used.to_on), Fraction(terms.price_fen))
    elif terms.kind is Charge.FLAT:
        if used.first:
            yield _line("flat", Fraction(1), Fraction(terms.price_fen))
    elif terms.kind is Charge.PER_UNIT:
        if used.calls:
            yield _line("units", Fraction(used.calls), Fraction(terms.price_fen, terms.lot))
    else:
        yield _line("free", Fraction(used.calls), Fraction(0))


def _tiers(terms: Terms, calls: int) -> Iterator[Line]:
    below = 0
    for block in terms.blocks:
        inside = (min(calls, block.up_to) if block.up_to else calls) - below
        if inside > 0:
            yield _line("block", Fraction(inside), Fraction(block.price_fen))
        below = max(below, block.up_to)


def _line(what: str, quantity: Fraction, price: Fraction) -> Line:
    return Line(what, _text(quantity), _text(price / 100), int(round_half_up(quantity * price)))


def _text(value: Fraction) -> str:
    """A number for people: whole, or to six decimals without trailing zeros."""
    return str(value) if value.denominator == 1 else f"{round_half_up(value, 6):f}".rstrip("0").rstrip(".")


def _reached(discount: Discount, used: Used) -> bool:
    if discount.ground is Ground.VOLUME:
        return used.calls >= discount.least
    return used.prepaid if discount.ground is Ground.PREPAID else used.term_days >= discount.least


def _spans(span: Span, from_on: date, to_on: date) -> Fraction:
    """How many days, months or years lie in the days, parts of a month by its days, of a year by its days."""
    if span is Span.DAY:
        return Fraction((to_on - from_on).days + 1)
    total, day = Fraction(), from_on
    while day <= to_on:
        of_month = calendar.monthrange(day.year, day.month)[1]
        last = min(day.replace(day=of_month), to_on)
        whole = of_month if span is Span.MONTH else 366 if calendar.isleap(day.year) else 365
        total += Fraction((last - day).days + 1, whole)
        day = last + timedelta(days=1)
    return total
