"""Sketches of what stands behind released cells: `BUCKETS` sums of keyed hashes of rows, by subject.

They add and subtract like the multisets of rows they stand for: two cells that differ in the rows of d subjects differ
in at most d buckets, and in that many unless hashes collide. No subject can be read from one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

BUCKETS = 256
MAX_SUBSET_KEYS = 4
Sketch = NDArray[np.uint64]
_Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """Sketches of one level over one table: rows of `sketches` are cells, sums of cells included."""

    table: str
    sketches: Sketch  # cells and the sums of cells
    keys: tuple[tuple[Any, ...], ...] = ()  # of the cells alone, beside `alone`
    alone: Sketch | None = None


def levels_of(table: str, rows: pa.Table | Sequence[tuple[Any, ...]], keys: int) -> list[Cells]:
    """A footprint as two levels that are compared apart: cells as multisets of rows, and as sets of rows.

    Where no row can stand twice the footprint gives them once, and the two are the same.
    """
    columns = _columns(rows, keys)
    parts = columns[0]
    sets = [p is not None and int(p) % 1000 == 1 for p in parts]
    wholes = [not s for s in sets]
    first = _level(table, _only(columns, wholes), keys)
    if any(sets):
        return [first, _level(f"{table}#set", _only(columns, sets), keys)]
    plain = _only(columns, [p is not None and int(p) % 1000 == 0 for p in parts])
    return [first, _level(f"{table}#set", plain, keys)]


def cells_of(table: str, rows: Iterable[tuple[Any, ...]], keys: int) -> Cells:
    """The sketches of a level from the rows of its footprint, with the sums over every subset of its keys.

    A row is (part, key…, bucket, weight), or holds a list of buckets and one of weights.
    """
    return _level(table, _columns(list(rows), keys), keys)


def _columns(rows: pa.Table | Sequence[tuple[Any, ...]], keys: int) -> list[list[Any]]:
    if isinstance(rows, pa.Table):
        return [c.to_pylist() if i <= keys else list(c.to_numpy()) for i, c in enumerate(rows.columns)]
    return [list(c) for c in zip(*rows, strict=True)] if rows else [[] for _ in range(keys + 3)]


def _only(columns: list[list[Any]], chosen: list[bool]) -> list[list[Any]]:
    return [list(itertools.compress(c, chosen)) for c in columns]


def _level(table: str, columns: list[list[Any]], keys: int) -> Cells:
    """One level: its cells, and the sums of cells that share some of their keys."""
    names = list(zip(*columns[: keys + 1], strict=True))
    found = {name: i for i, name in enumerate(dict.fromkeys(names))}
    cells = np.zeros((len(found), BUCKETS), np.uint64)
    for name, buckets, weights in zip(names, columns[keys + 1], columns[keys + 2], strict=True):
        if isinstance(buckets, int | np.integer):
            cells[found[name], int(buckets)] += np.uint64(int(weights) & 0xFFFF_FFFF_FFFF_FFFF)
        else:
            np.add.at(cells[found[name]], np.asarray(buckets, np.int64), np.asarray(weights, np.uint64))
    matrix = np.concatenate([cells, *_sums(cells, list(found), keys)]) if len(found) else cells
    several = len({int(k[0]) // 1000 for k in found}) > 1  # grouping sets: their sums are comparable too
    count = len(matrix) if several else len(found)
    keyed = [(int(k[0]) // 1000, *k[1:]) for k in found] + [("sum", i) for i in range(count - len(found))]
    return Cells(table, np.unique(matrix, axis=0) if len(matrix) else matrix, tuple(keyed), matrix[:count])


def _sums(cells: Sketch, names: list[tuple[Any, ...]], keys: int) -> Iterator[Sketch]:
    """For every subset of the keys, the cells that agree in part and in these, added up."""
    codes = [_coded([n[i] for n in names]) for i in range(keys + 1)]
    for kept in _subsets(keys):
        chosen = np.stack([codes[0], *(codes[i + 1] for i in kept)], axis=1)
        _, which = np.unique(chosen, axis=0, return_inverse=True)
        which = which.reshape(-1)
        sums = np.zeros((int(which.max()) + 1, BUCKETS), np.uint64)
        np.add.at(sums, which, cells)
        yield sums


def _coded(values: list[Any]) -> _Codes:
    known: dict[Any, int] = {}
    return np.array([known.setdefault(v, len(known)) for v in values], np.int64)


def _subsets(keys: int) -> Iterator[tuple[int, ...]]:
    for size in range(min(keys, MAX_SUBSET_KEYS)):
        yield from itertools.combinations(range(keys), size)
