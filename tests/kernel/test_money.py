"""Money: exact to the fen, shares that sum, rounding half up, capital numerals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dianchi.kernel import money as m
from dianchi.kernel.errors import Invalid

amounts = st.integers(-(10**17), 10**17)


def refused(code: str):
    return pytest.raises(Invalid, match=code)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("12,345.6", 1234560),
        ("-0.01", -1),
        (" １２．３０ ", 1230),
        (Decimal("1E+3"), 100000),
        (7, 700),
        ("1.500", 150),
    ],
)
def test_an_amount_in_yuan_is_exact_in_fen(text: str | Decimal | int, fen: int) -> None:
    assert m.fen(text) == fen


@pytest.mark.parametrize("text", ["", "1.2.3", "1e3", "12,34.00", "abc", "¥1", "１_０", "٣", "NaN", "1."])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with refused("money.not-an-amount"):
        m.fen(text)


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999"), Decimal("1E-999999")])
def test_a_decimal_that_is_no_money_is_refused(number: Decimal) -> None:
    with refused("money.not-an-amount"):
        m.fen(number)


def test_finer_than_a_fen_is_refused_and_never_rounded() -> None:
    with refused("money.too-fine"):
        m.fen("0.005")
    with refused("money.too-fine"):
        m.fen(Decimal("12345678901234567890.001"))


@given(amounts)
def test_shown_and_read_back(fen: int) -> None:
    assert m.fen(m.plain_yuan(fen)) == fen
    assert m.fen(str(m.yuan(fen)).replace("¥ ", "")) == fen


def test_amounts_as_people_see_them() -> None:
    assert m.yuan(1234500) == "¥ 12,345.00"
    assert m.yuan(1234500).en == "¥ 12,345.00"
    assert m.yuan(-5) == "-¥ 0.05"
    assert m.plain_yuan(-123456) == "-1234.56"
    assert m.unit_price_text(Decimal("0.45")) == "¥ 0.45"
    assert m.unit_price_text(Decimal("0.000125")) == "¥ 0.000125"
    assert m.unit_price_text(Decimal(12000)) == "¥ 12,000.00"


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.125", 2, "0.13"),
        ("2.4999", 0, "2"),
        ("1.005", 2, "1.01"),
        ("15", -1, "20"),
        ("99999999999999999999999999999.5", 0, "100000000000000000000000000000"),
    ],
)
def test_halves_go_away_from_zero(value: str, places: int, rounded: str) -> None:
    assert m.round_half_up(Decimal(value), places) == Decimal(rounded)
    assert m.round_half_up(Fraction(value), places) == Decimal(rounded)


def test_unit_prices_keep_six_places() -> None:
    assert str(m.unit_price("0.5")) == "0.500000"
    assert m.unit_price("0") == 0
    with refused("money.price-too-fine"):
        m.unit_price("0.0000001")
    with refused("money.negative-price"):
        m.unit_price("-0.5")


def test_a_charge_is_rounded_once_at_the_end() -> None:
    assert m.charge(m.unit_price("0.50"), 8_000_000) == 400_000_000  # the dossier's product A
    assert m.charge(m.unit_price("0.004"), 1) == 0
    assert m.charge(m.unit_price("0.005"), 1) == 1
    assert m.charge(m.unit_price("0.004"), 1000) == 400
    assert m.charge(m.unit_price("0.333333"), Decimal("1.5")) == 50


@given(amounts, st.lists(st.integers(0, 1000) | st.decimals(0, 1000, places=3), min_size=1, max_size=8))
def test_shares_sum_and_stay_within_a_fen_of_their_proportion(total: int, weights: list[int | Decimal]) -> None:
    if not any(weights):
        with refused("money.weights-unusable"):
            m.split(total, weights)
        return
    shares = m.split(total, weights)
    assert sum(shares) == total
    whole = sum(map(Fraction, weights))
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * Fraction(weight) / whole) < 1
        assert weight or not share


def test_remainders_go_to_the_largest_then_the_first() -> None:
    assert m.split(100, [1, 1, 1]) == [34, 33, 33]
    assert m.split(101, [1, 1, 1]) == [34, 34, 33]
    assert m.split(-100, [1, 1, 1]) == [-34, -33, -33]
    assert m.split(10, [Decimal("0.15"), Decimal("0.85")]) == [2, 8]
    assert m.split(10, [Decimal("0.14"), Decimal("0.86")]) == [1, 9]
    for weights in ([], [0, 0], [1, -1], [Decimal("NaN")], [Decimal("Infinity"), 1]):
        with refused("money.weights-unusable"):
            m.split(100, weights)


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "零元整"),
        ("10005", "壹万零伍元整"),
        ("100000000.50", "壹亿元伍角整"),
        ("1234567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
        ("10", "壹拾元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.05", "壹元零伍分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("100001000", "壹亿零壹仟元整"),
        ("100100000", "壹亿零壹拾万元整"),
        ("20000003", "贰仟万零叁元整"),
        ("1000000000000", "壹万亿元整"),
        ("8451600", "捌佰肆拾伍万壹仟陆佰元整"),
        ("-3", "负叁元整"),
    ],
)
def test_amounts_in_words(yuan: str, words: str) -> None:
    assert m.in_words(m.fen(yuan)) == words


VALUES = {ch: i for i, ch in enumerate("零壹贰叁肆伍陆柒捌玖")}


def read(words: str) -> int:
    """The fen that capital numerals mean: an independent reader."""
    total = section = digit = 0
    high = 0
    for ch in words:
        if ch in VALUES:
            digit = VALUES[ch]
        elif ch in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[ch]
            digit = 0
        elif ch == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif ch == "亿":
            high, total, section, digit = (total + section + digit) * 10**8, 0, 0, 0
        elif ch in "元角分":
            scale = {"元": 100, "角": 10, "分": 1}[ch]
            if ch == "元":
                high, total, section, digit = 0, (high + total + section + digit) * scale, 0, 0
            else:
                total, digit = total + digit * scale, 0
    return total


@given(st.integers(0, 10**18 - 1))
def test_words_say_the_amount_with_single_zeros(fen: int) -> None:
    words = m.in_words(fen)
    assert read(words) == fen
    assert "零零" not in words
    assert words.endswith(("整", "分"))


def test_words_have_an_end() -> None:
    with refused("money.too-large-for-words"):
        m.in_words(10**18)
