"""Delimited text. A fast reader for what is well formed, a patient one for the rest; both tell the same rows.

Quotes are special at the start of a cell only; a doubled quote inside is one quote. A quote that is not closed
within a bounded stretch spoils its own line and nothing after it.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from dianchi.engines.intake.chunks import COLUMNS, ENCODING, NUL, QUOTE, TOO_LONG, Builder, Chunk, shown
from dianchi.engines.intake.encoding import BLOCK, KEEP, Facts
from dianchi.engines.quality import QUARANTINE, ROW

LINE_LIMIT = BLOCK  # characters
RECORD_LINES = 1000  # lines that one quoted cell may span


@dataclass(frozen=True)
class Dialect:
    """How cells are separated."""

    delimiter: str = ","
    quote: str = '"'


@dataclass(frozen=True)
class Record:
    """One record: its cells, or the rule that it breaks."""

    cells: list[str]
    raw: str
    fault: str = ""
    lines: int = 1  # physical lines that it takes


def records(path: Path, encoding: str, dialect: Dialect) -> Iterator[Record]:
    """All records of the file that are not blank, in order, whatever its bytes are."""
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding, KEEP, newline="") as file:
        yield from _records(_lines(file), dialect)


def _lines(file: io.TextIOWrapper) -> Iterator[tuple[str, bool]]:
    """Physical lines without their ends; of an endless one only the beginning, marked so."""
    while True:
        try:
            line = file.readline(LINE_LIMIT)
        except UnicodeError:  # UTF-16 that ends in the middle of a character
            return
        if not line:
            return
        whole = line.endswith(("\n", "\r")) or len(line) < LINE_LIMIT
        rest = line
        while rest and not rest.endswith(("\n", "\r")) and len(rest) == LINE_LIMIT:
            rest = file.readline(LINE_LIMIT)
        yield line.rstrip("\r\n"), whole


def _records(lines: Iterator[tuple[str, bool]], dialect: Dialect) -> Iterator[Record]:
    waiting: deque[tuple[str, bool]] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        text, whole = line
        if fault := _fault(text, whole):
            yield Record([], text, fault)
        elif not text:
            continue
        elif dialect.quote not in text:
            yield Record(text.split(dialect.delimiter), text)
        else:
            yield _quoted(text, lines, waiting, dialect)


def _fault(text: str, whole: bool) -> str:
    if not whole:
        return TOO_LONG
    if "\x00" in text:
        return NUL
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        return ENCODING
    return ""


def _quoted(text: str, lines: Iterator[tuple[str, bool]], waiting: deque[tuple[str, bool]], dialect: Dialect) -> Record:
    """A record that has quotes and may go on over several lines; lines that it does not take go back to `waiting`."""
    taken: list[tuple[str, bool]] = []
    parts, length = [text], len(text)
    cells = cut(text, dialect)
    while cells is None and len(parts) < RECORD_LINES and length < LINE_LIMIT:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            break
        taken.append(line)
        if _fault(*line):
            break
        parts.append(line[0])
        length += len(line[0]) + 1
        if dialect.quote in line[0]:
            cells = cut("\n".join(parts), dialect)
    if cells is None:
        waiting.extendleft(reversed(taken))
        return Record([], text, QUOTE)
    return Record(cells, "\n".join(parts), lines=len(parts))


def cut(text: str, dialect: Dialect) -> list[str] | None:
    """The cells of a record, or None if a quote is still open at its end."""
    delimiter, quote = dialect.delimiter, dialect.quote
    cells: list[str] = []
    place = 0
    while True:
        cell = ""
        if text.startswith(quote, place):
            start = place + 1
            while True:
                end = text.find(quote, start)
                if end < 0:
                    return None
                cell += text[start:end]
                if not text.startswith(quote, end + 1):
                    place = end + 1
                    break
                cell, start = cell + quote, end + 2
        end = text.find(delimiter, place)
        cells.append(cell + (text[place:] if end < 0 else text[place:end]))
        if end < 0:
            return cells
        place = end + len(delimiter)


def read(path: Path, facts: Facts, dialect: Dialect, header_rows: int, names: Sequence[str]) -> Iterator[Chunk]:
    """The rows of data in chunks; the first header_rows records are left out."""
    done = 0
    if facts.plain and dialect.quote == '"':
        try:
            for chunk, last in _fast(path, facts, dialect, header_rows, names):
                yield chunk
                done = last
        except pa.ArrowInvalid:
            pass  # the patient reader takes over where the fast one gave up
        else:
            return
    builder = Builder(names)
    for position, record in enumerate(records(path, facts.encoding, dialect)):
        if position < header_rows:
            continue
        if builder.number < done:
            builder.number += 1
        elif record.fault:
            builder.fault(record.fault, record.raw)
        else:
            builder.add(record.cells, record.raw)
        if builder.full:
            yield builder.take()
    yield builder.take()


def _fast(
    path: Path, facts: Facts, dialect: Dialect, header_rows: int, names: Sequence[str]
) -> Iterator[tuple[Chunk, int]]:
    """PyArrow's streaming reader, each chunk with the number of the last row it covers."""
    skip = 0
    for position, record in enumerate(records(path, facts.encoding, dialect)):
        if position >= header_rows:
            break
        skip += record.lines
    faults: list[tuple[int, str]] = []

    def set_aside(row: pyarrow.csv.InvalidRow) -> str:
        if row.number is None:
            return "error"
        faults.append((row.number, row.text))
        return "skip"

    with path.open("rb") as file:
        _skip_lines(file, skip, blank_too=header_rows)
        reader = pyarrow.csv.open_csv(
            file,
            pyarrow.csv.ReadOptions(
                column_names=list(names),
                block_size=4 * BLOCK,
                use_threads=False,
                encoding="utf-8" if facts.encoding.startswith("utf-8") else facts.encoding,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote if facts.quotes else False,
                newlines_in_values=facts.quotes > 0,
                invalid_row_handler=set_aside,
            ),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
                check_utf8=False,
            ),
        )
        last = 0
        for batch in reader:
            numbers, last = _numbered(batch.num_rows, last, [n for n, _ in faults])
            rows = pa.Table.from_batches([batch]).append_column(ROW, numbers)
            ready = [f for f in faults if f[0] <= last]
            faults = [f for f in faults if f[0] > last]
            yield Chunk(rows, _faulty(ready)), last
        if faults or not last:
            empty = pa.schema([*((n, pa.string()) for n in names), (ROW, pa.int64())]).empty_table()
            yield Chunk(empty, _faulty(faults)), faults[-1][0] if faults else 0


def _skip_lines(file: io.BufferedReader, lines: int, *, blank_too: int) -> None:
    """Go past the mark at the beginning and the header's lines, with blank ones before them."""
    start = file.read(3)
    file.seek(3 if start == b"\xef\xbb\xbf" else 0)
    while lines:
        place = file.tell()
        line = file.readline()
        if not line:
            file.seek(place)
            return
        lines -= 1 if line.strip(b"\r\n") else 0


def _numbered(rows: int, last: int, faults: list[int]) -> tuple[pa.Array, int]:
    """Numbers for so many good rows after `last`, leaving out those of faulty rows; and the last row covered."""
    grid = np.arange(last + 1, last + 1 + rows + len(faults), dtype=np.int64)
    numbers = grid[~np.isin(grid, np.array(faults, np.int64))][:rows]
    return pa.array(numbers), int(numbers[-1]) if rows else last


def _faulty(faults: list[tuple[int, str]]) -> pa.Table:
    rows = [{"row": n, "rules": [COLUMNS], "raw": shown(text)} for n, text in faults]
    return pa.Table.from_pylist(rows, schema=QUARANTINE)
