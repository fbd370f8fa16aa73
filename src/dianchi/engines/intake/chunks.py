"""What reading a file yields: rows of text with their numbers, and rows that could not be cut into columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from dianchi.engines.quality import QUARANTINE, ROW

ROWS_PER_CHUNK = 1 << 16
CHARS_PER_CHUNK = 1 << 25
RAW_LIMIT = 1 << 16  # characters of a faulty row that are kept; what is cut is told
COLUMNS_LIMIT = 4096

COLUMNS, ENCODING, NUL, TOO_LONG, QUOTE = "row:columns", "row:encoding", "row:nul", "row:too-long", "row:quote"


@dataclass(frozen=True)
class Chunk:
    """Rows as text columns beside ROW, their numbers (1 is the first row of data), and faulty rows as QUARANTINE."""

    rows: pa.Table
    faulty: pa.Table

    @property
    def received(self) -> int:
        """All rows of the chunk."""
        return int(self.rows.num_rows + self.faulty.num_rows)


class Builder:
    """Gathers rows into chunks."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.number = 0  # of the row added last
        self._schema = pa.schema([*((n, pa.string()) for n in self.names), (ROW, pa.int64())])
        self._clear()

    def _clear(self) -> None:
        self._rows: list[Sequence[str | None]] = []
        self._numbers: list[int] = []
        self._faulty: list[dict[str, object]] = []
        self._chars = 0

    def add(self, cells: Sequence[str | None], raw: str | None = None) -> None:
        """One row; it is faulty if it has not as many cells as there are columns."""
        if len(cells) != len(self.names):
            self.fault(COLUMNS, raw if raw is not None else ",".join(c or "" for c in cells))
            return
        if any(c is not None and "\x00" in c for c in cells):
            self.fault(NUL, raw if raw is not None else ",".join(c or "" for c in cells))
            return
        self.number += 1
        self._rows.append(cells)
        self._numbers.append(self.number)
        self._chars += sum(len(c) for c in cells if c is not None)

    def fault(self, rule: str, raw: str) -> None:
        """One row that cannot be cut into columns, with its text."""
        self.number += 1
        self._faulty.append({"row": self.number, "rules": [rule], "raw": shown(raw)})
        self._chars += min(len(raw), RAW_LIMIT)

    @property
    def full(self) -> bool:
        """Whether it is time to take a chunk."""
        return len(self._rows) + len(self._faulty) >= ROWS_PER_CHUNK or self._chars >= CHARS_PER_CHUNK

    def take(self) -> Chunk:
        """The rows gathered so far."""
        columns = zip(*self._rows, strict=True) if self._rows else ([] for _ in self.names)
        arrays = [pa.array([c or None for c in column], pa.string()) for column in columns]
        rows = pa.table([*arrays, pa.array(self._numbers, pa.int64())], schema=self._schema)
        faulty = pa.Table.from_pylist(self._faulty, schema=QUARANTINE)
        self._clear()
        return Chunk(rows, faulty)


def shown(raw: str) -> str:
    """The text as it can be stored: bytes that were no text as \\xNN, cut where it is endless, and saying so."""
    cut = raw[:RAW_LIMIT]
    text = "".join(f"\\x{ord(c) & 0xFF:02x}" if "\udc00" <= c <= "\udcff" or c == "\x00" else c for c in cut)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(raw) <= RAW_LIMIT else f"{text}…(+{len(raw) - RAW_LIMIT})"


def unique(headers: Sequence[str | None]) -> tuple[str, ...]:
    """Usable, distinct column names from header cells: blanks are numbered, repetitions too."""
    names: list[str] = []
    for position, header in enumerate(islice(headers, COLUMNS_LIMIT), 1):
        base = " ".join((header or "").split())[:120] or f"column_{position}"
        base = f"{base}_" if base == ROW else base
        name, again = base, 2
        while name in names:
            name, again = f"{base}_{again}", again + 1
        names.append(name)
    return tuple(names)
