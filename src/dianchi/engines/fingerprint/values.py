"""What may be marked and by how much; keyed bits and orders that are the same on every machine for ever."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

Bits: TypeAlias = npt.NDArray[np.int8]
Whole: TypeAlias = npt.NDArray[np.int64]

TOLERANCE = Refusal(
    "fingerprint.tolerance-malformed",
    Text("容差须为正数，且列须为整数或小数", "A tolerance is positive and for a column of whole numbers or decimals"),
    remedy=Text("请核对声明了容差的列", "Check the columns that declare a tolerance"),
)  # fmt: skip
TOO_LARGE = Refusal(
    "fingerprint.values-too-large", Text("数值过大，无法作标记", "The values are too large to be marked"),
    remedy=Text("请改用较大的计量单位", "Give them in a larger unit"),
)  # fmt: skip
NO_COLUMN = Refusal(
    "fingerprint.column-missing", Text("没有所声明的列", "A column that was declared is not there"),
    remedy=Text("请核对声明", "Check the declaration"),
)  # fmt: skip


@dataclass(frozen=True)
class Marking:
    """Where marks may go.

    `tolerances`: by how much a cell of a column may be off, as the product declares. `totals`: the columns over whose
    groups sums are released elsewhere: marks cancel within each of their groups, so every such sum stays. `sorted_by`:
    the columns of the released order, "-" before those that fall; rows change places only where these tie. `canaries`: rows of zeros that may be
    added, about half of them for each recipient.
    """

    tolerances: Mapping[str, Decimal] = field(default_factory=dict)
    totals: tuple[str, ...] = ()
    sorted_by: tuple[str, ...] = ()
    canaries: pa.Table | None = None


def check(marking: Marking, table: pa.Table) -> None:
    """Raises Invalid where the declaration does not fit the table."""
    sorted_by = {name.removeprefix("-") for name in marking.sorted_by}
    if {*marking.tolerances, *marking.totals, *sorted_by} - set(table.column_names):
        raise Invalid(NO_COLUMN)
    for name, tolerance in marking.tolerances.items():
        if tolerance <= 0 or scale_of(table.schema.field(name).type) is None:
            raise Invalid(TOLERANCE)


def recipient_key(secret: bytes, delivery: str, recipient: str) -> bytes:
    """The key of one recipient's marks in one result; without the secret nobody can tell or forge a mark."""
    text = f"{len(delivery)}:{delivery}{recipient}"
    return hmac.digest(secret, text.encode(), "sha256")


def shared_key(secret: bytes, delivery: str) -> bytes:
    """The key of what all recipients' marks of one result have in common: who is paired with whom."""
    return hmac.digest(secret, f"pairs:{delivery}".encode(), "sha256")


def signs(key: bytes, channel: str, count: int) -> Bits:
    """So many signs, each + or - with one half, independent of each other and of every other key's."""
    raw = hashlib.shake_256(key + channel.encode()).digest(-(-count // 8) or 1)
    bits = np.unpackbits(np.frombuffer(raw, np.uint8))[:count]
    return (bits.astype(np.int8) * 2 - 1).astype(np.int8)


def shuffled(key: bytes, channel: str, count: int) -> npt.NDArray[np.uint64]:
    """A number for each row, to order them by."""
    return np.frombuffer(hashlib.shake_256(key + channel.encode()).digest(8 * count), "<u8").astype(np.uint64)


def scale_of(kind: pa.DataType) -> int | None:
    """The decimals of a type that can be marked exactly; None if it cannot."""
    if pa.types.is_integer(kind):
        return 0
    if pa.types.is_decimal128(kind):
        return int(kind.scale)
    return None


def units(tolerance: Decimal, scale: int) -> int:
    """The tolerance in the last decimal of its column."""
    return int(tolerance.scaleb(scale))


def whole(column: pa.ChunkedArray) -> Whole:
    """The values in units of their last decimal; nulls are nought."""
    kind = column.type
    if pa.types.is_integer(kind):
        filled: Whole = column.cast(pa.int64()).fill_null(0).to_numpy()
        return filled
    wide = column.cast(pa.decimal128(38, kind.scale)).combine_chunks()
    array = wide.chunk(0) if isinstance(wide, pa.ChunkedArray) else wide
    words = np.frombuffer(array.buffers()[1], "<i8").reshape(-1, 2)
    low: Whole = words[array.offset : array.offset + len(array), 0].copy()
    high: Whole = words[array.offset : array.offset + len(array), 1].copy()
    missing = array.is_null().to_numpy(zero_copy_only=False)
    low[missing] = high[missing] = 0
    if not np.array_equal(high, low >> 63):
        raise Invalid(TOO_LARGE)
    return low


def column_of(numbers: Whole, like: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column with these values where the other has one."""
    missing = like.combine_chunks().is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_integer(like.type):
        return pa.chunked_array([pa.array(numbers, mask=missing).cast(like.type)])
    words = np.stack([numbers, numbers >> 63], axis=1).astype("<i8")
    validity = pa.py_buffer(np.packbits(~missing, bitorder="little").tobytes()) if missing.any() else None
    kind = pa.decimal128(38, like.type.scale)
    array = pa.Array.from_buffers(kind, len(numbers), [validity, pa.py_buffer(words.tobytes())])
    return pa.chunked_array([array.cast(like.type)])
