"""Parquet: typed already, but judged like everything else, as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dianchi.engines.intake.chunks import COLUMNS_LIMIT, ROWS_PER_CHUNK, Chunk
from dianchi.engines.intake.refusals import NO_HEADER, UNREADABLE
from dianchi.engines.quality import QUARANTINE, ROW
from dianchi.kernel.errors import Invalid


def names(path: Path) -> tuple[str, ...]:
    """The columns of the file."""
    try:
        found = tuple(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        raise Invalid(UNREADABLE) from None
    if not found or len(found) > COLUMNS_LIMIT or len(set(found)) < len(found) or ROW in found:
        raise Invalid(NO_HEADER)
    return found


def read(path: Path) -> Iterator[Chunk]:
    """The rows as text in chunks."""
    number = 1
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(ROWS_PER_CHUNK):
                columns = [_text(batch.column(i)) for i in range(batch.num_columns)]
                numbers = pa.array(range(number, number + batch.num_rows), pa.int64())
                number += batch.num_rows
                rows = pa.table([*columns, numbers], names=[*batch.schema.names, ROW])
                yield Chunk(rows, QUARANTINE.empty_table())
    except (pa.ArrowException, OSError):
        raise Invalid(UNREADABLE) from None


def _text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        try:
            whole = column.cast(pa.timestamp("s", kind.tz))
        except pa.ArrowInvalid:  # fractions of a second are kept
            return column.cast(pa.timestamp("us", kind.tz)).cast(pa.string())
        return pc.strftime(whole, format="%Y-%m-%d %H:%M:%S").cast(pa.string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        return pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
    return column.cast(pa.string())
