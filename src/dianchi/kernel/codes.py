"""Codes of the field and their checks: organisations, citizens, divisions, telephones, cards, plates, postcodes.

For each code `is_x(text)` answers and `x(text)` returns the normal form or raises Invalid; refusals never repeat the
value. Normalising trims, turns full-width characters into half-width ones and raises the case.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.law.articles import Article, cite
from dianchi.kernel.text import Text

_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """Full-width ASCII and the ideographic space as their half-width twins; all else untouched."""
    return text.translate(_FULL_WIDTH)


def normal(text: str) -> str:
    """Trimmed, half-width, upper case."""
    return half_width(text).strip().upper()


def _refuse(code: str, zh: str, en: str, article: Article | None = None) -> Invalid:
    remedy = Text("请对照原件核对后重新填写。", "Compare it with the original and enter it again.")
    return Invalid(Refusal(code, Text(zh, en), article, remedy))


# Organisations: GB 32100-2015, with the subject code of GB 11714 inside

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_SHAPE = re.compile("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_SUBJECT_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def uscc_check(first17: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[-total % 31]


def subject_check(first8: str) -> str:
    """The ninth character of an organisation's subject code (letters count from A = 10)."""
    total = sum(int(c, 36) * w for c, w in zip(first8, _SUBJECT_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def is_uscc(text: str) -> bool:
    """Whether it is a unified social credit code: shape, subject code check, overall check."""
    code = normal(text)
    return (
        _USCC_SHAPE.fullmatch(code) is not None
        and subject_check(code[8:16]) == code[16]
        and uscc_check(code[:17]) == code[17]
    )


def uscc(text: str) -> str:
    """The unified social credit code in normal form."""
    if not is_uscc(text):
        raise _refuse(
            "uscc.not-valid",
            "统一社会信用代码不正确。",
            "The unified social credit code is not valid.",
            cite("GB32100"),
        )
    return normal(text)


# Citizens: GB 11643-1999

_ID_SHAPE = re.compile(r"[1-9]\d{16}[0-9X]", re.ASCII)
_ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_PROVINCES = frozenset(  # 83 stands on residence permits of people from Taiwan
    f"{zone}{place}"
    for zone, places in enumerate(("12345", "123", "1234567", "123456", "01234", "12345", "1", "123"), 1)
    for place in places
)


def citizen_check(first17: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(int(c) * w for c, w in zip(first17, _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def citizen_birth(text: str) -> date | None:
    """The birth date that an 18-character number holds, or None where it holds no date."""
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None


def is_citizen_id(text: str, as_of: date) -> bool:
    """Whether it is a citizen's (or, from 9, a foreign permanent resident's) number of one born by the day given."""
    number = normal(text)
    if _ID_SHAPE.fullmatch(number) is None or not (number[0] == "9" or number[:2] in _PROVINCES):
        return False
    birth = citizen_birth(number)
    return birth is not None and birth.year >= 1850 and birth <= as_of and citizen_check(number[:17]) == number[17]


def citizen_id(text: str, as_of: date) -> str:
    """The citizen's number in normal form."""
    if not is_citizen_id(text, as_of):
        raise _refuse(
            "citizen-id.not-valid", "公民身份号码不正确。", "The citizen ID number is not valid.", cite("GB11643")
        )
    return normal(text)


def mask_citizen_id(text: str) -> str:
    """The number fit to show: the first three and the last two characters."""
    number = normal(text)
    return f"{number[:3]}{'*' * max(len(number) - 5, 0)}{number[-2:]}"


# Divisions: GB/T 2260 (six digits) and the statistical codes below it (nine, twelve)


class Level(StrEnum):
    """Administrative levels, from the top."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


NATION = "000000"
_DIVISION_SHAPE = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}", re.ASCII)
_CUTS = {2: Level.PROVINCE, 4: Level.PREFECTURE, 6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}
_EMPTY = ("00", "000")


def _significant(code: str) -> str:
    """The code without the trailing places that are all zero: "530100" is "5301"."""
    for longer, shorter in ((12, 9), (9, 6), (6, 4), (4, 2)):
        if len(code) == longer:
            if code[shorter:] not in _EMPTY:
                break
            code = code[:shorter]
    return code


def is_division(text: str) -> bool:
    """Whether it has the form of a division code, of 2, 4, 6, 9 or 12 digits, in one of the provinces."""
    code = normal(text)
    if _DIVISION_SHAPE.fullmatch(code) is None:
        return False
    short = _significant(code)
    whole = len(short) == 2 or short[2:4] != "00"  # a town may stand without a county, nothing without a prefecture
    return code == NATION or (short[:2] in _PROVINCES and whole)


def division(text: str) -> str:
    """The code in normal form: six digits with trailing zeros down to the county, then nine, then twelve."""
    if not is_division(text):
        raise _refuse("division.not-valid", "行政区划代码不正确。", "The division code is not valid.", cite("GBT2260"))
    short = _significant(normal(text))
    return short.ljust(6, "0")


def division_level(text: str) -> Level:
    """The level that the code stands for, whatever its trailing zeros."""
    code = division(text)
    return Level.NATION if code == NATION else _CUTS[len(_significant(code))]


def division_six(text: str) -> str:
    """The six digits of the county or higher division that the code is or lies in."""
    return division(text)[:6]


def division_parent(text: str) -> str | None:
    """The division directly above in normal form; the nation has none."""
    code = division(text)
    if code == NATION:
        return None
    short = _significant(code)
    cuts = [0, *_CUTS]
    return _significant(short[: cuts[cuts.index(len(short)) - 1]]).ljust(6, "0")


# Telephones, cards, plates, postcodes

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))-?([2-8]\d{6,7})", re.ASCII)
_CARD = re.compile(r"[34569]\d{14,18}", re.ASCII)
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
    "(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领]|[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF])"
)
_POSTCODE = re.compile(r"(?:0[1-7]|1[0-356]|2[0-7]|3[0-6]|4[0-7]|5[1-7]|6[1-7]|7[1-5]|8[1-6])\d{4}", re.ASCII)


def _phone(text: str) -> str | None:
    number = re.sub(r"[\s()]", "", normal(text))
    number = re.sub(r"^(\+|00)86-?", "", number)
    if _MOBILE.fullmatch(number.replace("-", "")):
        return number.replace("-", "")
    landline = _LANDLINE.fullmatch(number)
    return f"{landline[1]}-{landline[2]}" if landline else None


def is_mobile(text: str) -> bool:
    """Whether it is a mobile number of the mainland."""
    return _MOBILE.fullmatch(_phone(text) or "") is not None


def is_phone(text: str) -> bool:
    """Whether it is a mobile number, or a landline with its area code, of the mainland."""
    return _phone(text) is not None


def phone(text: str) -> str:
    """The number as "13812345678" or "0871-63190000"."""
    number = _phone(text)
    if number is None:
        raise _refuse("phone.not-valid", "电话号码不正确。", "The telephone number is not valid.")
    return number


def luhn(digits: str) -> bool:
    """Whether the digits pass the Luhn check of ISO/IEC 7812."""
    doubled = "0246813579"
    return sum(int(doubled[int(d)] if i % 2 else d) for i, d in enumerate(reversed(digits))) % 10 == 0


def _joined(text: str) -> str:
    return re.sub(r"[\s\-·•.]", "", normal(text))


def is_bank_card(text: str) -> bool:
    """Whether it is the number of a payment card: 15 to 19 digits, an issuer's first digit, the Luhn check."""
    digits = _joined(text)
    return _CARD.fullmatch(digits) is not None and luhn(digits)


def bank_card(text: str) -> str:
    """The card number as digits alone."""
    if not is_bank_card(text):
        raise _refuse("bank-card.not-valid", "银行卡号不正确。", "The bank card number is not valid.")
    return _joined(text)


def is_plate(text: str) -> bool:
    """Whether it is the plate of a civil vehicle of the mainland, new-energy plates included."""
    return _PLATE.fullmatch(_joined(text)) is not None


def plate(text: str) -> str:
    """The plate without separators."""
    if not is_plate(text):
        raise _refuse("plate.not-valid", "车牌号不正确。", "The number plate is not valid.")
    return _joined(text)


def is_postcode(text: str) -> bool:
    """Whether it is a postcode of the mainland, by its zone."""
    return _POSTCODE.fullmatch(normal(text)) is not None


def postcode(text: str) -> str:
    """The six digits."""
    if not is_postcode(text):
        raise _refuse("postcode.not-valid", "邮政编码不正确。", "The postcode is not valid.")
    return normal(text)
