"""Case codes people can read aloud: "HT-2026-7K3M9-QX2AC", sortable by time, with a check character.

After prefix and year come ten characters of Crockford's base 32 (no I, L, O, U): four for the half minute of the year,
five at random, one check. The check is linear over GF(32) with a different weight at each place, so that every single
wrong character and every swap of two characters is found.
"""

from __future__ import annotations

import re
from datetime import datetime
from random import Random
from secrets import SystemRandom

from dianchi.kernel.codes import half_width
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import SHANGHAI

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SHAPE = re.compile(rf"([A-Z]{{1,6}})-(\d{{4}})-([{ALPHABET}]{{5}})-([{ALPHABET}]{{5}})", re.ASCII)
_HALF_MINUTE = 31  # seconds, so that a leap year fits into 32^4 steps
_SYSTEM = SystemRandom()

_NOT_A_CODE = Refusal(
    "code.not-a-case-code",
    Text("编号不正确，可能抄错了字符。", "This is not a case code; a character may have been miscopied."),
    remedy=Text("请对照原件逐位核对编号。", "Compare it with the original character by character."),
)


def new_code(prefix: str, at: datetime, random: Random = _SYSTEM) -> str:
    """A new code for a case begun at this moment; prefix is one to six capital letters.

    Two codes of one half minute differ by 25 random bits: the store still keeps them unique.
    """
    if not re.fullmatch("[A-Z]{1,6}", prefix):
        raise ValueError("a prefix is one to six capital letters")
    if at.tzinfo is None:
        raise TypeError("a time without a zone has no legal year")
    local = at.astimezone(SHANGHAI)
    begin = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    step = int((local - begin).total_seconds()) // _HALF_MINUTE
    body = _base32(step, 4) + _base32(random.getrandbits(25), 5)
    head = f"{prefix}-{local.year:04d}-"
    whole = body + _check(prefix + f"{local.year:04d}" + body)
    return f"{head}{whole[:5]}-{whole[5:]}"


def is_code(text: str) -> bool:
    """Whether the text is a code as new_code writes it, with the right check character."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return False
    prefix, year, first, second = shape.groups()
    return _check(prefix + year + first + second[:-1]) == second[-1]


def code(text: str) -> str:
    """The code meant by what a person typed (case, full width, spaces, O for 0, I or L for 1); Invalid if none."""
    prefix, _, rest = half_width(text).replace(" ", "").upper().partition("-")
    tidy = f"{prefix}-{rest.translate(_LOOK_ALIKE)}"
    if not is_code(tidy):
        raise Invalid(_NOT_A_CODE)
    return tidy


_LOOK_ALIKE = str.maketrans("OIL", "011")


def _base32(number: int, width: int) -> str:
    return "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(width)))


def _check(text: str) -> str:
    """Horner's rule at the generator of GF(32): the sum of value × generator^place."""
    total = 0
    for character in text:
        total = _double(total) ^ _value(character)
    return ALPHABET[_double(total)]


def _double(element: int) -> int:
    """Times the generator x modulo x^5 + x^2 + 1."""
    element <<= 1
    return element ^ 0b100101 if element & 32 else element


def _value(character: str) -> int:
    place = ALPHABET.find(character)
    return place if place >= 0 else "ILOU".index(character)  # only prefixes hold these
