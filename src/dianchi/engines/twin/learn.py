"""What a twin may know of its source: frequent combinations of groups, smoothed quantiles, rounded shares of nulls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_MOST_BINS, _FEW_NUMBERS, _FEW_TEXTS = 20, 200, 50
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Combinations:
    """Combinations of group values that at least the threshold of subjects share, with rounded-down frequencies.

    `rows[i]` is a combination (None: empty because too few share it), `weights[i]` its share.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    weights: Floats
    blanked_share: float


@dataclass(frozen=True)
class Shape:
    """Edges of bins that are equally likely; each is a mean over at least the threshold of subjects' values."""

    edges: Floats
    nulls: float


def is_group(column: pa.ChunkedArray) -> bool:
    """Whether a column's values are few enough to be groups: texts that repeat, flags, small ranges of numbers."""
    kind = column.type
    if pa.types.is_boolean(kind):
        return True
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_timestamp(kind):
        return False
    distinct = pc.count_distinct(column, mode="only_valid").as_py()
    return bool(distinct <= max(_FEW_TEXTS if pa.types.is_string(kind) else _FEW_NUMBERS, len(column) // 20))


def combinations(table: pa.Table, names: list[str], subject: pa.ChunkedArray | None, threshold: int) -> Combinations:
    """Learn the joint frequencies of the columns, emptying the most varied column of what is too rare, again and again.

    Every combination of values that a row of the result holds, of any of its columns, is shared by at least the
    threshold of distinct subjects; an empty value stands for "too rare to tell".
    """
    order = sorted(names, key=lambda name: pc.count_distinct(table[name]).as_py())
    left = table.select(order)
    rows: list[tuple[Any, ...]] = []
    weights: list[int] = []
    blanked = 0
    subjects = subject if subject is not None else pa.chunked_array([pa.array(np.arange(table.num_rows))])
    for width in range(len(order), 0, -1):
        if not left.num_rows:
            break
        used = order[:width]
        frequent, rare = _frequent(left, used, subjects, threshold)
        empty = (None,) * (len(order) - width)
        rows += [(*(values), *empty) for values, _ in frequent]
        weights += [count // threshold * threshold for _, count in frequent]
        blanked += (len(order) - width) * sum(count for _, count in frequent)
        left, subjects = left.filter(rare), subjects.filter(rare)
    blanked += len(order) * left.num_rows
    total = max(1, table.num_rows * len(order))
    share = np.array(weights or [1], np.float64)
    return Combinations(tuple(order), tuple(rows) or ((None,) * len(order),), share / share.sum(), blanked / total)


def _frequent(
    table: pa.Table, used: list[str], subjects: pa.ChunkedArray, threshold: int
) -> tuple[list[tuple[tuple[Any, ...], int]], pa.ChunkedArray]:
    """Combinations with enough distinct subjects and their rows; and which rows of the table have none of them."""
    numbered = table.select(used).append_column("#", subjects)
    grouped = numbered.group_by(used, use_threads=False).aggregate([("#", "count_distinct"), ([], "count_all")])
    enough = grouped.filter(pc.greater_equal(grouped["#_count_distinct"], threshold))
    columns = [enough[name].to_pylist() for name in used]
    found = list(zip(zip(*columns, strict=True), enough["count_all"].to_pylist(), strict=True))
    keep = {values for values, _ in found}
    everything = zip(*(table[name].to_pylist() for name in used), strict=True)
    return found, pa.chunked_array([pa.array([values not in keep for values in everything], pa.bool_())])


def shape(column: pa.ChunkedArray, subject: pa.ChunkedArray | None, threshold: int) -> Shape | None:
    """The smoothed quantiles of a column, one value for each subject; None where there are too few subjects."""
    nulls = round(column.null_count / max(1, len(column)), 2)
    numbers = _numbers(column)
    if subject is not None:
        coded = subject.combine_chunks().dictionary_encode().indices.fill_null(-1)
        _, first = np.unique(coded.to_numpy(), return_index=True)
        numbers = numbers[first]
    numbers = np.sort(numbers[np.isfinite(numbers)])
    bins = min(_MOST_BINS, len(numbers) // (4 * threshold))
    if not bins:
        return None
    half = -(-threshold // 2)
    inner = [round(i * len(numbers) / bins) for i in range(1, bins)]
    # the ends leave the outermost out altogether: a mean over them would still tell how far out the farthest lies
    low, high = numbers[threshold : 2 * threshold].mean(), numbers[-2 * threshold : -threshold].mean()
    edges = [low, *(numbers[i - half : i + half].mean() for i in inner), high]
    return Shape(np.array(edges), nulls)


def _numbers(column: pa.ChunkedArray) -> Floats:
    """A column of numbers, dates or times as floats, nulls as NaN."""
    kind = column.type
    if pa.types.is_date32(kind):
        column = column.cast(pa.int32())
    elif pa.types.is_timestamp(kind) or pa.types.is_date64(kind):
        column = column.cast(pa.int64())
    numbers: Floats = column.cast(pa.float64()).to_numpy()
    return numbers
