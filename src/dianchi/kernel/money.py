"""Money as integer fen: exact in, exact out, shares that sum, and the capital numerals of Chinese contracts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from dianchi.kernel.codes import half_width
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

UNIT_PRICE_PLACES = 6  # a call may cost fractions of a fen
_MAGNITUDE = 30  # powers of ten; beyond it an exponent is an attack on memory, not money

_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)

_NOT_AN_AMOUNT = Refusal(
    "money.not-an-amount",
    Text("金额格式不正确。", "This is not an amount of money."),
    remedy=Text("请填写以元为单位的数字，例如 12345.60。", "Enter a number of yuan, such as 12345.60."),
)
_TOO_FINE = Refusal(
    "money.too-fine",
    Text("金额最多保留两位小数。", "An amount has at most two decimal places."),
    remedy=Text("请四舍五入到分后再填写。", "Round it to the fen first."),
)
_PRICE_TOO_FINE = Refusal(
    "money.price-too-fine",
    Text("单价最多保留六位小数。", "A unit price has at most six decimal places."),
    default(),
    Text("请减少小数位数。", "Use fewer decimal places."),
)
_NEGATIVE_PRICE = Refusal(
    "money.negative-price",
    Text("单价不能为负数。", "A unit price cannot be negative."),
    remedy=Text("请填写零或正数。", "Enter zero or more."),
)
_BAD_WEIGHTS = Refusal(
    "money.weights-unusable",
    Text("分配比例须不为负，且合计大于零。", "Shares must not be negative and must sum to more than zero."),
    remedy=Text("请检查各方的分配比例。", "Check the share of each party."),
)
_TOO_LARGE = Refusal(
    "money.too-large-for-words",
    Text("金额过大，无法写成大写。", "The amount is too large to be written in words."),
)


def _decimal(value: Decimal | str | int) -> Decimal:
    """The number meant, thousands separators and full-width digits allowed; Invalid for anything else."""
    if isinstance(value, str):
        text = half_width(value).strip()
        if not _AMOUNT.fullmatch(text):
            raise Invalid(_NOT_AN_AMOUNT)
        return Decimal(text.replace(",", ""))
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _MAGNITUDE:
        raise Invalid(_NOT_AN_AMOUNT)
    return number


def _scaled(number: Decimal, places: int) -> Fraction:
    return Fraction(number) * Fraction(10) ** places


def fen(yuan: Decimal | str | int) -> int:
    """An amount in yuan as fen, exactly; Invalid where it is no amount or finer than a fen."""
    scaled = _scaled(_decimal(yuan), 2)
    if scaled.denominator != 1:
        raise Invalid(_TOO_FINE)
    return int(scaled)


def yuan(amount_fen: int) -> Text:
    """The amount for people: "¥ 12,345.00"."""
    whole, cents = divmod(abs(amount_fen), 100)
    text = f"{'-' if amount_fen < 0 else ''}¥ {whole:,}.{cents:02d}"
    return Text(text, text)


def plain_yuan(amount_fen: int) -> str:
    """The amount for machines, in yuan with two decimals and no separators: "12345.00"."""
    whole, cents = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{whole}.{cents:02d}"


def round_half_up(value: Decimal | Fraction, places: int = 0) -> Decimal:
    """The value to so many places, halves away from zero, whatever its size."""
    scaled = Fraction(value) * Fraction(10) ** places
    whole, rest = divmod(abs(scaled), 1)
    units = whole + (rest >= Fraction(1, 2))
    return _exact(units if scaled >= 0 else -units, places)


def _exact(units: int, places: int) -> Decimal:
    """units × 10^-places, beyond the precision of the usual context."""
    with localcontext() as context:
        context.prec = len(str(units)) + abs(places) + 1
        return Decimal(units).scaleb(-places).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def unit_price(value: Decimal | str | int) -> Decimal:
    """A price in yuan per unit, zero or more, at most six decimals, exactly; Invalid otherwise."""
    number = _decimal(value)
    if number < 0:
        raise Invalid(_NEGATIVE_PRICE)
    scaled = _scaled(number, UNIT_PRICE_PLACES)
    if scaled.denominator != 1:
        raise Invalid(_PRICE_TOO_FINE)
    return _exact(int(scaled), UNIT_PRICE_PLACES)


def unit_price_text(price: Decimal) -> Text:
    """The unit price for people, two to six decimals: "¥ 0.45", "¥ 0.000125"."""
    whole, _, cents = f"{unit_price(price):,f}".partition(".")
    text = f"¥ {whole}.{cents.rstrip('0'):0<2}"
    return Text(text, text)


def charge(price: Decimal, quantity: int | Decimal) -> int:
    """Price times quantity in fen, rounded half up once, at the end."""
    return int(round_half_up(Fraction(price) * Fraction(quantity) * 100))


def split(total_fen: int, weights: Sequence[int | Decimal]) -> list[int]:
    """Shares in proportion to the weights that sum exactly to the total (largest remainder; ties to the first)."""
    if (
        not weights
        or any(Decimal(w).is_nan() or w < 0 or Decimal(w).is_infinite() for w in weights)
        or not any(weights)
    ):
        raise Invalid(_BAD_WEIGHTS)
    shares = [Fraction(w) for w in weights]
    exact = [abs(total_fen) * share / sum(shares) for share in shares]
    whole = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_remainder[: abs(total_fen) - sum(whole)]:
        whole[i] += 1
    return whole if total_fen >= 0 else [-part for part in whole]


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")


def in_words(amount_fen: int) -> str:
    """The amount in Chinese capital numerals, as contracts and bills write it: 壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分.

    "整" closes an amount without fen; a zero between digits is written once; 角 that is zero before 分 is written 零.
    """
    whole, cents = divmod(abs(amount_fen), 100)
    if whole >= 10**16:
        raise Invalid(_TOO_LARGE)
    jiao, rest = divmod(cents, 10)
    text = f"{_numeral(whole)}元" if whole or not cents else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif rest and whole:
        text += "零"
    text += f"{_DIGITS[rest]}分" if rest else "整"
    return ("负" if amount_fen < 0 else "") + text


def _numeral(n: int) -> str:
    """A whole number below 10^16 in capital numerals; each step splits at 亿, then at 万."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if n >= unit:
            high, low = divmod(n, unit)
            gap = "零" if 0 < low < unit // 10 else ""
            return _numeral(high) + name + gap + (_numeral(low) if low else "")
    text = "".join(_DIGITS[int(d)] + (place if d != "0" else "") for d, place in zip(f"{n:04d}", _PLACES, strict=True))
    return re.sub("零+", "零", text).strip("零") or "零"
