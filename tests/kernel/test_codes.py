"""Codes of the field: the dossier's vectors, every wrong character found, normal forms, refusals without values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dianchi.kernel import codes as c
from dianchi.kernel.errors import Invalid

AS_OF = date(2026, 11, 23)
USCC = (
    "9144030071526726XG",
    "914403001922038216",
    "91330100799655058B",
    "91110000802100433B",
    "11530000MB1A000012",
    "12530000MB0000000U",
    "91530000MA6K000148",
    "91530100MA6N123416",
    "91530400MA6P00078R",
)
IDS = ("11010519491231002X", "530102199001011231", "530402200002290019")


@pytest.mark.parametrize("code", USCC)
def test_a_credit_code_of_the_dossier_is_valid_and_no_other_last_letter_is(code: str) -> None:
    assert c.uscc(code) == code
    for other in "0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ":
        assert c.is_uscc(code[:-1] + other) == (other == code[-1])


@given(st.sampled_from(USCC), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_credit_code_is_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert c.is_uscc(wrong) == (wrong == code)


def test_the_inner_check_is_made_too() -> None:
    first17 = "91530100MA6N12342"  # the subject code ends in 1, not 2
    assert not c.is_uscc(first17 + c.uscc_check(first17))


def test_a_credit_code_is_normalised() -> None:
    assert c.uscc(" ９１５３０１００ma6n123416　") == "91530100MA6N123416"
    assert not c.is_uscc("91530100MA6N12341")
    assert not c.is_uscc("91530100-MA6N12341")
    assert not c.is_uscc("9153010٠MA6N123416")  # an Arabic-Indic zero is no digit here


@pytest.mark.parametrize("number", IDS)
def test_a_citizen_id_of_the_dossier_is_valid_and_no_other_last_character_is(number: str) -> None:
    assert c.citizen_id(number.lower(), AS_OF) == number
    for other in "0123456789X":
        assert c.is_citizen_id(number[:-1] + other, AS_OF) == (other == number[-1])


def _numbered(first17: str) -> str:
    return first17 + c.citizen_check(first17)


@pytest.mark.parametrize(
    ("first17", "valid"),
    [
        ("53010219900101123", True),
        ("53010219900230123", False),  # 30 February
        ("53010219000229123", False),  # 1900 was no leap year
        ("53010220000229123", True),
        ("53010220261123123", True),  # born that day
        ("53010220261124123", False),  # not born yet
        ("53010210660101123", False),
        ("93103619900101123", True),  # a foreign permanent resident
        ("83000019900101123", True),
        ("55010219900101123", False),  # no such province
        ("03010219900101123", False),
    ],
)
def test_a_citizen_id_needs_a_province_and_a_birth_that_has_happened(first17: str, valid: bool) -> None:
    assert c.is_citizen_id(_numbered(first17), AS_OF) is valid


def test_birth_and_mask_of_a_citizen_id() -> None:
    assert c.citizen_birth(IDS[2]) == date(2000, 2, 29)
    assert c.citizen_birth("53040220000230001X") is None
    assert c.mask_citizen_id(IDS[0]) == "110*************2X"


@pytest.mark.parametrize(
    ("text", "normal", "level", "parent"),
    [
        ("000000", "000000", c.Level.NATION, None),
        ("53", "530000", c.Level.PROVINCE, "000000"),
        ("530000000000", "530000", c.Level.PROVINCE, "000000"),
        ("5301", "530100", c.Level.PREFECTURE, "530000"),
        ("530100", "530100", c.Level.PREFECTURE, "530000"),
        ("530102", "530102", c.Level.COUNTY, "530100"),
        ("530102000", "530102", c.Level.COUNTY, "530100"),
        ("530102001", "530102001", c.Level.TOWNSHIP, "530102"),
        ("530102001000", "530102001", c.Level.TOWNSHIP, "530102"),
        ("５３０１０２００１００１", "530102001001", c.Level.VILLAGE, "530102001"),
        ("441900003", "441900003", c.Level.TOWNSHIP, "441900"),  # a town directly under its prefecture
    ],
)
def test_divisions_of_every_length(text: str, normal: str, level: c.Level, parent: str | None) -> None:
    assert c.division(text) == normal
    assert c.division_level(text) is level
    assert c.division_parent(text) == parent
    assert c.division_six(text) == normal[:6]


@pytest.mark.parametrize(
    "text", ["", "5", "530", "53010", "5300y0", "990000", "530002", "530002001", "00", "5301020010"]
)
def test_what_is_no_division_is_refused(text: str) -> None:
    assert not c.is_division(text)
    with pytest.raises(Invalid):
        c.division(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086-138-1234-5678", "13812345678"),
        ("087163190000", "0871-63190000"),
        ("(0871) 63190000", "0871-63190000"),
        ("０８７１－６３１９００００", "0871-63190000"),
        ("010-66666666", "010-66666666"),
    ],
)
def test_telephones(text: str, normal: str) -> None:
    assert c.phone(text) == normal
    assert c.is_mobile(text) == normal.startswith("1")


@pytest.mark.parametrize("text", ["12812345678", "1381234567", "138123456789", "63190000", "0871-1319000", ""])
def test_no_telephones(text: str) -> None:
    assert not c.is_phone(text)


@given(st.text("0123456789", min_size=14, max_size=17))
def test_exactly_one_last_digit_completes_a_card(digits: str) -> None:
    number = "6" + digits
    assert sum(c.is_bank_card(number + str(d)) for d in range(10)) == 1


def test_cards_plates_and_postcodes() -> None:
    assert c.bank_card("6222 0212-3456 7890 128") == "6222021234567890128"
    assert not c.is_bank_card("6222021234567890129")
    assert not c.is_bank_card("0000000000000000")
    for plate in ("云A12345", "云A·D12345", "云AF12345", "云A12345D", "粤ZAB12港", "云A1234警", "云a12b45"):
        assert c.is_plate(plate), plate
    for no in ("云I12345", "云A1234", "云A123456", "A12345", "云AO2345", "滇A12345"):
        assert not c.is_plate(no), no
    assert c.plate(" 云a·12345 ") == "云A12345"
    assert c.postcode("650000") == "650000"
    assert c.is_postcode("674100")
    assert not c.is_postcode("990000")
    assert not c.is_postcode("65000")


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (c.uscc, "uscc.not-valid"),
        (lambda text: c.citizen_id(text, AS_OF), "citizen-id.not-valid"),
        (c.division, "division.not-valid"),
        (c.phone, "phone.not-valid"),
        (c.bank_card, "bank-card.not-valid"),
        (c.plate, "plate.not-valid"),
        (c.postcode, "postcode.not-valid"),
    ],
)
def test_a_refusal_never_repeats_the_value(check: Callable[[str], str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check("1101051949123100QQ")
    (refusal,) = refused.value.refusals
    assert refusal.code == code
    assert refusal.remedy
    assert not any(ch.isdigit() for ch in refusal.message + refusal.message.en)


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    for is_x in (c.is_uscc, c.is_division, c.is_phone, c.is_bank_card, c.is_plate, c.is_postcode):
        assert is_x(text) in (True, False)
    assert c.is_citizen_id(text, AS_OF) in (True, False)
