"""The quick way for what is clean: a column whose every text is plainly a value of its type is cast as a whole.

A column that has one doubtful text goes the patient way, by SQL, and both ways say the same: the quick one takes only
texts that the patient one takes, and reads them alike. Bytes are looked at as one array, never text by text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.quality.contract import ColumnContract
from dianchi.engines.quality.formats import PROVINCES

Bytes = npt.NDArray[np.uint8]
_LONGEST_INTEGER = 18  # characters: shorter than any that could overflow


@cache
def _set(signs: str) -> npt.NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[[ord(s) for s in signs]] = True
    return table


_PROVINCES = np.isin(np.arange(100), [int(p) for p in PROVINCES.split("|")])


def typed(text: pa.ChunkedArray, column: ColumnContract) -> pa.Array | None:
    """The values of a column in its type, or None if the patient way must look at it."""
    if text.type != pa.string() or column.type == "boolean":
        return None
    array = text.combine_chunks() if text.num_chunks != 1 else text.chunk(0)
    found = _Texts(array)
    if found.shortest == 0:  # empty text is a missing value
        return None
    if column.type == "string":
        return None if column.clean else array
    return _cast(array, found, column)


def fits(text: pa.ChunkedArray, form: str) -> bool:
    """Whether every text plainly has the format; False says nothing."""
    matcher = _MATCHERS.get(form)
    if matcher is None or text.type != pa.string():
        return False
    found = _Texts(text.combine_chunks() if text.num_chunks != 1 else text.chunk(0))
    return found.shortest == found.longest == matcher[0] and bool(matcher[1](found.data.reshape(-1, matcher[0])))


class _Texts:
    """The bytes of an array's texts, one after the other, and how long the shortest and longest are."""

    def __init__(self, array: pa.Array) -> None:
        _, offsets, data = array.buffers()
        ends = (
            np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
            if offsets
            else np.zeros(1, np.int32)
        )
        whole = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
        self.data: Bytes = whole[ends[0] : ends[-1]]
        lengths = np.diff(ends)
        if array.null_count:
            lengths = lengths[array.is_valid().to_numpy(zero_copy_only=False)]
        self.shortest, self.longest = (int(lengths.min()), int(lengths.max())) if len(lengths) else (1, 1)

    def only(self, signs: str) -> bool:
        """Whether there are no other bytes than these."""
        return bool(_set(signs)[self.data].all())


def _cast(array: pa.Array, found: _Texts, column: ColumnContract) -> pa.Array | None:
    kind = "decimal" if column.type.startswith("decimal") else column.type
    if not _PLAIN[kind](found, column):
        return None
    try:
        return array.cast(column.arrow)
    except pa.ArrowInvalid:
        return None


def _integers(found: _Texts, column: ColumnContract) -> bool:
    return found.longest <= _LONGEST_INTEGER and found.only("0123456789-")


def _fractions(found: _Texts, column: ColumnContract) -> bool:
    return found.only("0123456789.-")


def _days(found: _Texts, column: ColumnContract) -> bool:
    if column.formats[:1] not in ((), ("iso",)) or not found.shortest == found.longest == 10:
        return False
    return _dashed(found.data.reshape(-1, 10))


def _moments(found: _Texts, column: ColumnContract) -> bool:
    if column.formats[:1] not in ((), ("datetime",)) or not found.shortest == found.longest == 19:
        return False
    rows = found.data.reshape(-1, 19)
    clock = (rows[:, 13] == 58) & (rows[:, 16] == 58) & ((rows[:, 10] == 32) | (rows[:, 10] == 84))
    return _dashed(rows) and bool(clock.all())


def _dashed(rows: Bytes) -> bool:
    """Dashes where a day has them, and no year below 1000."""
    return bool(((rows[:, 4] == 45) & (rows[:, 7] == 45) & (rows[:, 0] >= 49) & (rows[:, 0] <= 57)).all())


_PLAIN: dict[str, Callable[[_Texts, ColumnContract], bool]] = {
    "integer": _integers,
    "double": _fractions,
    "decimal": _fractions,
    "date": _days,
    "timestamp": _moments,
}


def _digits(rows: Bytes) -> bool:
    return bool(((rows >= 48) & (rows <= 57)).all())


def _phones(rows: Bytes) -> bool:
    return _digits(rows) and bool(((rows[:, 0] == 49) & (rows[:, 1] >= 51)).all())


def _divisions(rows: Bytes) -> bool:
    return _digits(rows) and bool(_PROVINCES[(rows[:, 0] - 48).astype(np.int16) * 10 + (rows[:, 1] - 48)].all())


# By format: the length that all texts must have, and what must hold of their bytes.
_MATCHERS: dict[str, tuple[int, Callable[[Bytes], bool]]] = {
    "phone": (11, _phones),
    "division6": (6, _divisions),
    "division.county": (6, _divisions),
    "division.prefecture": (4, _divisions),
}


def same_rows(place: pa.ChunkedArray, row: pa.ChunkedArray) -> bool:
    """Whether the engine kept the rows in their order."""
    return bool(pc.all(pc.equal(place, row)).as_py()) if len(place) else True
