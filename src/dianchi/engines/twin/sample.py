"""A sample of the source, taken in one pass with constant memory; what holds k subjects in it holds k in the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from dianchi.engines.twin import refusals
from dianchi.kernel.errors import Invalid

SAMPLE_ROWS = 50_000
_BATCH = 65_536

Source: TypeAlias = pa.Table | Sequence[Path]


def sample(source: Source, names: list[str], chance: np.random.Generator, key: bytes | None = None) -> pa.Table:
    """At most SAMPLE_ROWS rows, each row of the source equally likely: each gets a random number, the least stay."""
    kept: pa.Table | None = None
    marks = np.empty(0)
    for batch in _batches(source, names, key):
        new = chance.random(batch.num_rows)
        if len(marks) >= SAMPLE_ROWS:  # only what beats the worst of the kept is looked at
            chosen = np.flatnonzero(new < marks.max())
            batch, new = batch.take(pa.array(chosen)), new[chosen]
        kept = batch if kept is None else pa.concat_tables([kept, batch])
        marks = np.concatenate([marks, new])
        if len(marks) > SAMPLE_ROWS:
            least = np.sort(np.argpartition(marks, SAMPLE_ROWS)[:SAMPLE_ROWS])
            kept, marks = kept.take(pa.array(least)).combine_chunks(), marks[least]
    if kept is None:
        raise Invalid(refusals.COLUMN_MISSING)
    return kept


def _batches(source: Source, names: list[str], key: bytes | None) -> Iterator[pa.Table]:
    if isinstance(source, pa.Table):
        if set(names) - set(source.column_names):
            raise Invalid(refusals.COLUMN_MISSING)
        table = source.select(names)
        yield from (table.slice(start, _BATCH) for start in range(0, max(1, table.num_rows), _BATCH))
        return
    for path in source:
        opening = pe.create_decryption_properties(footer_key=key) if key else None
        with pq.ParquetFile(path, decryption_properties=opening) as file:
            if set(names) - set(file.schema_arrow.names):
                raise Invalid(refusals.COLUMN_MISSING)
            schema = pa.schema([file.schema_arrow.field(name).remove_metadata() for name in names])
            yield schema.empty_table()
            for batch in file.iter_batches(_BATCH, columns=names):
                yield pa.Table.from_batches([batch]).select(names).cast(schema)
