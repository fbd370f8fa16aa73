"""Made-up values: right formats and check digits, from ranges that nobody holds.

Citizens born 1850 to 1899 (numbers have been given since 1984), mobile segment 154 (not assigned), organisations of the
registration authority "Y" with a subject code in TW, card issuers in 99, plates of 云Z, mail at example.com (RFC 2606).
The n-th key of a space is the same for everybody with the same seed, so that twins of one grant join.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.twin import refusals
from dianchi.kernel.divisions import DIVISIONS
from dianchi.kernel.errors import Invalid

Numbers = npt.NDArray[np.int64]
Digits = npt.NDArray[np.uint8]

_USCC = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)
_WORTH = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "子文明华春秋云山海川雨晴安宁和平建新思远清秀玉兰竹梅松柏星月"
_PLACES = ("合成", "示例", "演示", "样例")
_TRADES = ("商贸", "农业", "物流", "文旅", "科技", "医药", "建材", "能源")
_COUNTIES = tuple(sorted(d.code for d in DIVISIONS.values() if d.level == "county"))
_BIRTHS = (np.datetime64("1850-01-01"), np.datetime64("1900-01-01"))


def values(made: str, numbers: Numbers, seed: bytes, space: str, kind: pa.DataType) -> pa.Array:
    """The values of a format for the given numbers (0 to 10^9) of a space, in the column's type."""
    mixed = _mixed(numbers, seed, space)
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        room = {8: 127, 16: 32_767, 32: 2_147_483_647}.get(getattr(kind, "bit_width", 64), 10**9)
        return pa.array(mixed % room if made != "number" or room < 10**9 else mixed + 9 * 10**9).cast(kind)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise Invalid(refusals.TYPE_UNKNOWN)
    return _MAKERS[made](mixed).cast(kind)


def _mixed(numbers: Numbers, seed: bytes, space: str) -> Numbers:
    """The numbers through a one-to-one map of 0 to 10^9 that the seed and the space choose (10^9 has factors 2, 5)."""
    digest = hashlib.sha256(seed + b"\0" + space.encode()).digest()
    factor = int.from_bytes(digest[:4], "big") % 10**8 * 10 + 3
    shift = int.from_bytes(digest[4:8], "big") % 10**9
    mixed: Numbers = (numbers.astype(np.int64) * factor + shift) % 10**9
    return mixed


def _digits(numbers: Numbers, width: int) -> Digits:
    """Decimal digits, most significant first, one row each."""
    left = numbers.astype(np.uint32)  # all are below 10^9, and short numbers divide faster
    digits = np.empty((len(left), width), np.uint8)
    for place in range(width - 1, -1, -1):
        above = left // 10
        digits[:, place] = left - above * 10
        left = above
    return digits


def _texts(characters: Digits) -> pa.Array:
    """Rows of ASCII codes as strings."""
    rows, width = characters.shape
    flat = np.ascontiguousarray(characters)
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32) if width else np.zeros(rows + 1, np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets[: rows + 1]), pa.py_buffer(flat))


def _fixed(text: str, rows: int) -> Digits:
    return np.broadcast_to(np.frombuffer(text.encode(), np.uint8), (rows, len(text)))


def _citizen_id(n: Numbers) -> pa.Array:
    n, sequence = n // 1000, n % 1000
    days = int((_BIRTHS[1] - _BIRTHS[0]).astype(int))
    births = (_BIRTHS[0] + (n % days)).astype("datetime64[D]")
    counties = np.array([[ord(c) - 48 for c in code] for code in _COUNTIES], np.uint8)[n // days % len(_COUNTIES)]
    year = births.astype("datetime64[Y]").astype(np.int64) + 1970
    month = births.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (births - births.astype("datetime64[M]")).astype(np.int64) + 1
    birth = _digits(year * 10_000 + month * 100 + day, 8)
    body = np.concatenate([counties, birth, _digits(sequence, 3)], axis=1)
    weights = np.array([pow(2, 17 - i, 11) for i in range(17)])
    check = np.frombuffer(b"10X98765432", np.uint8)[(body * weights).sum(axis=1) % 11]
    return _texts(np.concatenate([body + np.uint8(48), check[:, None]], axis=1))


def _uscc(n: Numbers) -> pa.Array:
    subject = np.concatenate([_fixed("TW", len(n)), _digits(n % 10**6, 6) + np.uint8(48)], axis=1)
    weights = np.array((3, 7, 9, 10, 5, 8, 4, 2))
    worth = np.array([_WORTH.get(chr(c), 0) for c in range(128)])
    first = np.frombuffer(b"0123456789X", np.uint8)[-(worth[subject] * weights).sum(axis=1) % 11]
    kind, division = _digits(n // 10**6 % 10, 1) + np.uint8(48), _digits(n // 10**7, 4) + np.uint8(48)
    head = np.concatenate([_fixed("Y", len(n)), kind, _fixed("53", len(n)), division], axis=1)
    body = np.concatenate([head, subject, first[:, None]], axis=1)
    place = np.array([int(np.flatnonzero(c == _USCC)[0]) if c in _USCC else 0 for c in range(128)])
    total = (place[body] * np.array([pow(3, i, 31) for i in range(17)])).sum(axis=1)
    return _texts(np.concatenate([body, _USCC[-total % 31][:, None]], axis=1))


def _phone(n: Numbers) -> pa.Array:
    return _texts(np.concatenate([_fixed("154", len(n)), _digits(n % 10**8, 8) + np.uint8(48)], axis=1))


def _bank_card(n: Numbers) -> pa.Array:
    body = np.concatenate([_fixed("99000000", len(n)) - np.uint8(48), _digits(n, 10)], axis=1).astype(np.int64)
    doubled = body * np.where(np.arange(18) % 2 == 1, 2, 1)
    check = -(doubled // 10 + doubled % 10).sum(axis=1) % 10
    return _texts((np.concatenate([body, check[:, None]], axis=1) + 48).astype(np.uint8))


def _plate(n: Numbers) -> pa.Array:
    return pc.binary_join_element_wise("云ZT", _texts(_digits(n % 10**4, 4) + np.uint8(48)), "")


def _email(n: Numbers) -> pa.Array:
    return pc.binary_join_element_wise("u", _texts(_digits(n, 9) + np.uint8(48)), "@example.com", "")


def _text(n: Numbers) -> pa.Array:
    return pc.binary_join_element_wise("TW", _texts(_digits(n, 9) + np.uint8(48)), "")


def _name(n: Numbers) -> pa.Array:
    first, second = n // 20 % len(_GIVEN), n // 600 % (len(_GIVEN) + 1)
    given = pa.array([*_GIVEN, ""])
    surname = pa.array(list(_SURNAMES)).take(pa.array(n % len(_SURNAMES)))
    return pc.binary_join_element_wise(surname, given.take(pa.array(first)), given.take(pa.array(second)), "")


def _organisation(n: Numbers) -> pa.Array:
    place, trade = pa.array(_PLACES).take(pa.array(n % 4)), pa.array(_TRADES).take(pa.array(n // 4 % 8))
    number = pa.array(n // 32 % 10**5).cast(pa.string())
    return pc.binary_join_element_wise(place, trade, number, "号有限公司", "")


def _address(n: Numbers) -> pa.Array:
    return pc.binary_join_element_wise("示例路", pa.array(n % 10**6 + 1).cast(pa.string()), "号", "")


_MAKERS: dict[str, Callable[[Numbers], Any]] = {
    "citizen_id": _citizen_id,
    "uscc": _uscc,
    "phone": _phone,
    "bank_card": _bank_card,
    "plate": _plate,
    "email": _email,
    "name": _name,
    "organisation": _organisation,
    "address": _address,
    "text": _text,
    "number": _text,
}
