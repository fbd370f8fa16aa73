"""Making a twin: sample once, learn what the threshold allows, draw the rest with the seed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.twin import made, refusals
from dianchi.engines.twin.learn import Combinations, Shape, combinations, is_group, shape
from dianchi.engines.twin.made import Numbers
from dianchi.engines.twin.sample import Source, sample
from dianchi.engines.twin.values import Part, Trust, Twin, TwinColumn
from dianchi.kernel.errors import Invalid

LEAST_THRESHOLD = 3
_ROWS_OF_A_SUBJECT = 5  # at most so many, whatever the source's average


def make_twin(
    source: Source,
    columns: Sequence[TwinColumn],
    *,
    threshold: int,
    seed: bytes,
    rows: int = 10_000,
    key: bytes | None = None,
) -> Twin:
    """A synthetic table of the same columns and types: formats valid, frequent groups as they are, nobody's row.

    `source` is a table or Parquet files (with `key`, their footer key), read once. The seed is secret and the same
    for all resources of one grant, so that columns of the same space join. Raises Invalid.
    """
    if threshold < LEAST_THRESHOLD:
        raise Invalid(refusals.THRESHOLD_TOO_LOW.saying(least=LEAST_THRESHOLD))
    chance = np.random.default_rng(np.frombuffer(hashlib.sha256(seed).digest(), np.uint32))
    seen = sample(source, [column.name for column in columns], chance, key)
    subject = next((seen[column.name] for column in columns if column.subject), None)
    parts = {column.name: _part(column, seen[column.name]) for column in columns}
    groups = [name for name, part in parts.items() if part is Part.GROUP]
    learned = combinations(seen, groups, subject, threshold)
    done = dict(zip(learned.names, _drawn(learned, seen, rows, chance), strict=True))
    for column in columns:
        name, kind = column.name, seen[column.name].type
        if parts[name] is Part.SHAPE:
            found = shape(seen[name], subject, threshold)
            parts[name] = Part.SHAPE if found else Part.BLANK
            done[name] = _bent(found, kind, rows, chance) if found else pa.nulls(rows, kind)
        elif parts[name] in (Part.KEY, Part.FORMAT):
            done[name] = _made(column, seen[name], rows, seed, chance)
        elif parts[name] is Part.BLANK:
            done[name] = pa.nulls(rows, kind)
    table = pa.table({column.name: done[column.name] for column in columns}, schema=_schema(seen, columns))
    return Twin(table, Trust(rows, threshold, seen.num_rows // 100 * 100, round(learned.blanked_share, 2), parts))


def _part(column: TwinColumn, values: pa.ChunkedArray) -> Part:
    if column.made:
        return Part.KEY if column.space else Part.FORMAT
    kind = values.type
    if column.quasi or is_group(values):
        return Part.GROUP
    if any(
        check(kind) for check in (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_temporal)
    ):
        return Part.BLANK if pa.types.is_time(kind) or pa.types.is_duration(kind) else Part.SHAPE
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return Part.FORMAT
    return Part.BLANK


def _schema(seen: pa.Table, columns: Sequence[TwinColumn]) -> pa.Schema:
    return pa.schema([pa.field(column.name, seen.schema.field(column.name).type) for column in columns])


def _drawn(learned: Combinations, seen: pa.Table, rows: int, chance: np.random.Generator) -> list[pa.Array]:
    """Columns of the groups: whole combinations, drawn by their frequency."""
    chosen = pa.array(chance.choice(len(learned.rows), size=rows, p=learned.weights))
    columns = zip(*learned.rows, strict=True) if learned.names else ()
    kinds = [seen.schema.field(name).type for name in learned.names]
    return [pa.array(values, kind).take(chosen) for values, kind in zip(columns, kinds, strict=True)]


def _bent(found: Shape, kind: pa.DataType, rows: int, chance: np.random.Generator) -> pa.Array:
    """Values that follow the smoothed quantiles, in the column's type."""
    place = chance.random(rows) * (len(found.edges) - 1)
    numbers = np.interp(place, np.arange(len(found.edges)), found.edges)
    empty = chance.random(rows) < found.nulls
    if pa.types.is_floating(kind):
        return pa.array(np.round(numbers, 4), mask=empty).cast(kind)
    if pa.types.is_decimal(kind):
        return _decimals(np.round(numbers * 10.0**kind.scale).astype(np.int64), empty, kind)
    whole = pa.array(np.floor(numbers).astype(np.int64), mask=empty)
    return whole.cast(pa.int32()).cast(kind) if pa.types.is_date32(kind) else whole.cast(kind)


def _decimals(scaled: Numbers, empty: npt.NDArray[np.bool_], kind: pa.DataType) -> pa.Array:
    """Whole numbers of the last place as decimals: two little-endian words each, the second the sign."""
    words = np.stack([scaled, scaled >> 63], axis=1).astype("<i8")
    valid = np.packbits(~empty, bitorder="little")
    widest = pa.decimal128(38, kind.scale)
    return pa.Array.from_buffers(widest, len(scaled), [pa.py_buffer(valid), pa.py_buffer(words)]).cast(kind)


def _made(column: TwinColumn, values: pa.ChunkedArray, rows: int, seed: bytes, chance: np.random.Generator) -> pa.Array:
    """Made-up values; a subject's appear as often on average as in the source, rounded, and at most a few times."""
    wanted, space, kind = column.made or "text", column.space or column.name, values.type
    if column.unique:
        done = made.values(wanted, np.arange(rows, dtype=np.int64), seed, space, kind)
    elif column.space:
        distinct = pc.count_distinct(values).as_py()
        average = min(_ROWS_OF_A_SUBJECT, max(1, round(len(values) / max(1, distinct))))
        keys = max(1, rows // average)
        known = made.values(wanted, np.arange(keys, dtype=np.int64), seed, space, kind)
        done = known.take(pa.array(chance.integers(0, keys, rows)))
    else:
        done = made.values(wanted, chance.integers(0, 10**9, rows), seed, space, kind)
    empty = round(values.null_count / max(1, len(values)), 2)
    if not column.unique and empty:
        done = pc.if_else(pa.array(chance.random(rows) < empty), pa.scalar(None, values.type), done)
    return done
