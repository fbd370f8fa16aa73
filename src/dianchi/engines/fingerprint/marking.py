"""Putting marks in: cells in pairs that cancel, neighbours that change places, rows of zeros."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.fingerprint.values import (
    Marking,
    Whole,
    check,
    column_of,
    recipient_key,
    scale_of,
    shared_key,
    shuffled,
    signs,
    units,
    whole,
)  # fmt: skip

ORDER, CANARIES = "order", "canaries"


@dataclass(frozen=True)
class Marked:
    """A marked copy, and how many places carry a mark in each channel."""

    table: pa.Table
    places: dict[str, int]


@dataclass(frozen=True)
class Pairs:
    """Row numbers of the first and second of each pair, in the canonical order."""

    first: Whole
    second: Whole

    def __len__(self) -> int:
        return len(self.first)


def mark(table: pa.Table, marking: Marking, secret: bytes, delivery: str, recipient: str) -> Marked:
    """A copy of a result for one recipient; `delivery` names product edition, snapshot and parameters.

    Every sum over the groups of `marking.totals`, and every sum over all rows, is exactly what it was.
    """
    check(marking, table)
    base = canonical(table, marking)
    key, shared = recipient_key(secret, delivery, recipient), shared_key(secret, delivery)
    made, places = base, {}
    for name in marking.tolerances:
        pairs = cell_pairs(base, name, marking, shared)
        change = _change(base, name, marking, pairs, signs(key, name, len(pairs)))
        column = column_of(whole(base[name]) + change, base[name])
        made = made.set_column(made.column_names.index(name), base.schema.field(name), column)
        places[name] = len(pairs)
    swapped = order_pairs(base, marking)
    made = made.take(pa.array(_places(base.num_rows, swapped, signs(key, ORDER, len(swapped)))))
    places[ORDER] = len(swapped)
    if marking.canaries is not None:
        canaries: pa.Table = marking.canaries
        chosen = signs(key, CANARIES, canaries.num_rows) > 0
        made = _among(made, canaries.filter(pa.array(chosen)).cast(made.schema), marking)
        places[CANARIES] = canaries.num_rows
    return Marked(made, places)


def canonical(table: pa.Table, marking: Marking) -> pa.Table:
    """The rows in the released order, ties by every column: the same whatever order an engine gave them in."""
    falling = {n.removeprefix("-"): n.startswith("-") for n in marking.sorted_by}
    order = [
        *(f'"{n}" {"DESC" if down else "ASC"}' for n, down in falling.items()),
        *map(str, range(1, table.num_columns + 1)),
    ]
    with duckdb.connect() as connection:
        connection.register("released", table)
        found: pa.Table = connection.sql(f"SELECT * FROM released ORDER BY {', '.join(order)}").to_arrow_table()  # noqa: S608
    return found.cast(table.schema)


def cell_pairs(base: pa.Table, name: str, marking: Marking, shared: bytes) -> Pairs:
    """Pairs of rows of one group whose cells of a column may be moved against each other."""
    step = units(marking.tolerances[name], scale_of(base.schema.field(name).type) or 0)
    values, there = whole(base[name]), base[name].is_valid().combine_chunks().to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(there & ((values >= step) | (values < -step))).astype(np.int64)  # no sign changes
    if not step:
        return Pairs(rows[:0], rows[:0])
    groups = _groups(base, marking)[rows]
    order = np.lexsort((shuffled(shared, name, base.num_rows)[rows], groups))
    rows, groups = rows[order], groups[order]
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]]) if len(rows) else rows
    place = np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(rows)]))
    first = np.flatnonzero(place % 2 == 0)
    first = first[(first + 1 < len(rows))]
    first = first[groups[first] == groups[first + 1]]
    return Pairs(rows[first], rows[first + 1])


def order_pairs(base: pa.Table, marking: Marking) -> Pairs:
    """Neighbours that may change places: any, or those that tie in the released order."""
    first = np.arange(0, base.num_rows - 1, 2, dtype=np.int64)
    if marking.sorted_by and len(first):
        ties = np.ones(len(first), bool)
        for name in marking.sorted_by:
            codes = _codes(base[name.removeprefix("-")])
            ties &= codes[first] == codes[first + 1]
        first = first[ties]
    return Pairs(first, first + 1)


def _change(base: pa.Table, name: str, marking: Marking, pairs: Pairs, chosen: object) -> Whole:
    step = units(marking.tolerances[name], scale_of(base.schema.field(name).type) or 0)
    change = np.zeros(base.num_rows, np.int64)
    moved = np.asarray(chosen, np.int64) * step
    change[pairs.first], change[pairs.second] = moved, -moved
    return change


def _places(rows: int, pairs: Pairs, chosen: object) -> Whole:
    places = np.arange(rows, dtype=np.int64)
    swap = np.asarray(chosen) > 0
    places[pairs.first[swap]], places[pairs.second[swap]] = pairs.second[swap], pairs.first[swap]
    return places


def _groups(base: pa.Table, marking: Marking) -> Whole:
    """A number for the group of the totals that each row is in."""
    number = np.zeros(base.num_rows, np.int64)
    for name in marking.totals:
        codes = _codes(base[name])
        _, number = np.unique(number * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)
    return number.astype(np.int64)


def _codes(column: pa.ChunkedArray) -> Whole:
    encoded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    codes: Whole = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _among(table: pa.Table, canaries: pa.Table, marking: Marking) -> pa.Table:
    """The canaries where they belong in the released order, else spread among the rows."""
    together = pa.concat_tables([table, canaries])
    if marking.sorted_by:
        order = [(n.removeprefix("-"), "descending" if n.startswith("-") else "ascending") for n in marking.sorted_by]
        return together.take(pc.sort_indices(together, order))
    every = max(1, table.num_rows // (canaries.num_rows + 1))
    places = np.arange(together.num_rows, dtype=np.float64)
    places[table.num_rows :] = np.arange(1, canaries.num_rows + 1) * every - 0.5
    return together.take(pa.array(np.argsort(places, kind="stable")))
