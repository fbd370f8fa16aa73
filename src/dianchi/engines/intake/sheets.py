"""Excel workbooks by python-calamine: what a person sees in a cell becomes its text."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import python_calamine as calamine

from dianchi.engines.intake.chunks import Builder, Chunk
from dianchi.engines.intake.refusals import NO_SHEET, PROTECTED, TOO_LARGE, UNREADABLE
from dianchi.kernel.errors import Invalid

UNPACKED_LIMIT = 1 << 30  # bytes of a workbook once unpacked
RATIO_LIMIT = 300  # and how many times its size, beyond the first 64 MiB
_FREE = 1 << 26
_BLOCK = 1 << 20
Row = list[str | None]


def require_bounded(path: Path, limit: int = UNPACKED_LIMIT, ratio: int = RATIO_LIMIT) -> None:
    """Unpack every part without keeping it, believing no size that the file claims; Invalid if it is a bomb."""
    allowed = min(limit, max(_FREE, path.stat().st_size * ratio))
    total = 0
    try:
        with zipfile.ZipFile(path) as packed, path.open("rb") as raw:
            for part in packed.infolist():
                total += _unpacked(raw, part, allowed - total)
                if total > allowed:
                    raise Invalid(TOO_LARGE)
    except Invalid:  # which is a ValueError too
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        raise Invalid(UNREADABLE) from None


def _unpacked(raw: object, part: zipfile.ZipInfo, allowed: int) -> int:
    """The bytes of one part, counted only as far as they are allowed."""
    file: object = raw
    file.seek(part.header_offset)  # type: ignore[attr-defined]
    head = file.read(30)  # type: ignore[attr-defined]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)  # type: ignore[attr-defined]
    if part.compress_type == zipfile.ZIP_STORED:
        return part.compress_size
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile
    engine, count, left = zlib.decompressobj(-15), 0, part.compress_size
    while left > 0 and not engine.eof and count <= allowed:
        data = file.read(min(_BLOCK, left))  # type: ignore[attr-defined]
        if not data:
            break
        left -= len(data)
        while data and count <= allowed and not engine.eof:
            count += len(engine.decompress(data, _BLOCK))
            data = engine.unconsumed_tail
    return count


class Workbook:
    """An opened workbook."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            packed = file.read(4) == b"PK\x03\x04"
        if packed:
            require_bounded(path)
        try:
            self._book = calamine.CalamineWorkbook.from_path(str(path))
        except calamine.PasswordError:
            raise Invalid(PROTECTED) from None
        except (calamine.CalamineError, OSError, ValueError):
            raise Invalid(UNREADABLE) from None

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets."""
        return tuple(self._book.sheet_names)

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet that are not blank, as text."""
        if sheet not in self.sheets:
            raise Invalid(NO_SHEET)
        try:
            opened = self._book.get_sheet_by_name(sheet)
            for row in opened.iter_rows():
                cells = [text(value) for value in row]
                if any(cells):
                    yield cells
        except (calamine.CalamineError, ValueError):
            raise Invalid(UNREADABLE) from None


def read(book: Workbook, tables: Sequence[tuple[str, int]], names: Sequence[str]) -> Iterator[Chunk]:
    """The rows of data in chunks, sheet after sheet, each below its header rows."""
    builder = Builder(names)
    for sheet, header_rows in tables:
        for cells in islice(book.rows(sheet), header_rows, None):
            builder.add(fitted(cells, len(names)))
            if builder.full:
                yield builder.take()
    yield builder.take()


def fitted(cells: Row, width: int) -> Row:
    """The row in the table's width: blank cells beyond it are no data, filled ones spoil the row."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return cells + [None] * (width - len(cells))


def text(value: object) -> str | None:
    """A cell as text: whole numbers without a point, dates as in ISO 8601."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        whole = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if whole else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
