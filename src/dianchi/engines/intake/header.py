"""Where the header is: below titles, over several rows with merged cells, or nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dianchi.engines.intake.chunks import unique

Cells = Sequence[str | None]
VALUE = re.compile(r"[+-]?[\d０-９][\d０-９.,，．/:年月日 %-]*|\d{17}[0-9Xx]|1[3-9]\d{9}|[0-9A-HJ-NPQRTUWXY]{18}")
_YEAR = re.compile(r"(19|20)\d\d年?")
_LOOK = 50  # rows of the beginning that are looked at
_DEEP = 4  # a header has at most so many rows


@dataclass(frozen=True)
class Header:
    """How many records come before the data, and the names of the columns."""

    rows: int
    names: tuple[str, ...]


def find(rows: Sequence[Cells], wanted: Sequence[str] = ()) -> Header | None:
    """The header of a table that begins like this; `wanted` are the names that a contract expects.

    None if there is no row at all.
    """
    rows = rows[:_LOOK]
    if not rows:
        return None
    if wanted:
        for place, row in enumerate(rows):
            if {(" ".join((c or "").split())) for c in _trimmed(row)} == set(wanted):
                return Header(place + 1, unique(_trimmed(row)))
    width = _width(rows)
    start = _start(rows, width)
    body = rows[start + 1 :]
    if _is_data(rows[start], body):
        return Header(start, unique([None] * width))
    deep = _depth(rows, start, width)
    return Header(start + deep, unique(_joined(rows[start : start + deep], width)))


def _trimmed(row: Cells) -> list[str | None]:
    cells = list(row)
    while cells and not (cells[-1] or "").strip():
        cells.pop()
    return cells


def _width(rows: Sequence[Cells]) -> int:
    """The most frequent number of cells, of several the greatest."""
    counts = Counter(len(r) for r in rows)
    most = max(counts.values())
    return max(n for n, count in counts.items() if count == most)


def _filled(row: Cells) -> int:
    return sum(1 for c in row if (c or "").strip())


def _start(rows: Sequence[Cells], width: int) -> int:
    """The first row that is not a title: titles fill few cells of a wide table."""
    for place, row in enumerate(rows):
        title = width > 1 and _filled(row) <= max(1, width // 3) and (len(row) < width or _filled(row) < 2)
        if title and width == 2:  # in so narrow a table, only if a whole header follows
            title = (
                place + 1 < len(rows)
                and _filled(rows[place + 1]) == 2
                and not _is_data(rows[place + 1], rows[place + 2 :])
            )
        if not title and (len(row) == width or place + 1 == len(rows)):
            return place
    return 0


def _is_data(row: Cells, body: Sequence[Cells]) -> bool:
    """Whether the supposed header looks in every column like what is below it, and not all of it is text."""
    cells = [(c or "").strip() for c in row]
    if not body or all(_YEAR.fullmatch(c) for c in cells if VALUE.fullmatch(c)):
        return False
    for place, cell in enumerate(cells):
        below = [bool(VALUE.fullmatch((r[place] or "").strip())) for r in body if len(r) > place and r[place]]
        if below and bool(VALUE.fullmatch(cell)) != (sum(below) * 2 >= len(below)):
            return False
    return True


def _depth(rows: Sequence[Cells], start: int, width: int) -> int:
    """Rows of the header: it goes on while a row leaves cells blank that the next, all text, fills."""
    deep = 1
    while deep < _DEEP and start + deep + 1 < len(rows):
        above, below = rows[start + deep - 1], rows[start + deep]
        blank = [i for i in range(min(width, len(above))) if not (above[i] or "").strip()]
        gaps = [i for i in blank if i < len(below) and (below[i] or "").strip()]
        texts = [(c or "").strip() for c in below if (c or "").strip()]
        bare = [t for t in texts if VALUE.fullmatch(t) and not _YEAR.fullmatch(t)]
        if bare or not _heads_values(below, rows[start + deep + 1 :], gaps):
            break
        deep += 1
    return deep


def _heads_values(row: Cells, body: Sequence[Cells], places: Sequence[int]) -> bool:
    """Whether the row is text in one of these places where what is below it is numbers or dates."""
    for place in places:
        below = [bool(VALUE.fullmatch((r[place] or "").strip())) for r in body if len(r) > place and r[place]]
        if below and sum(below) * 2 > len(below) and not VALUE.fullmatch((row[place] or "").strip()):
            return True
    return False


def _joined(rows: Sequence[Cells], width: int) -> list[str]:
    """The header's rows as one: a blank in an upper row stands for the cell to its left, as merged cells do."""
    levels: list[list[str]] = []
    for number, row in enumerate(rows):
        cells = [(row[i] or "").strip() if i < len(row) else "" for i in range(width)]
        if number < len(rows) - 1:
            for i in range(1, width):
                under = any((r[i] or "").strip() for r in rows[number + 1 :] if i < len(r))
                cells[i] = cells[i] or (cells[i - 1] if under else "")
        levels.append(cells)
    return ["_".join(dict.fromkeys(level[i] for level in levels if level[i])) for i in range(width)]
