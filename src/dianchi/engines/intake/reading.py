"""The door of intake: look at a file and propose how to read it, then read it in chunks of bounded size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyarrow as pa

from dianchi.engines.classify import classify
from dianchi.engines.intake import columnar, delimited, documents, encoding, header, sheets
from dianchi.engines.intake.chunks import COLUMNS_LIMIT, Chunk
from dianchi.engines.intake.delimited import Dialect
from dianchi.engines.intake.profile import profile
from dianchi.engines.intake.proposal import ColumnProposal, Proposal
from dianchi.engines.intake.refusals import EMPTY, NO_HEADER, NO_SHEET, UNREADABLE
from dianchi.engines.quality import Contract
from dianchi.kernel.errors import Invalid

DELIMITERS = (",", "\t", ";", "|", "，", "\x01")
SAMPLE_ROWS = 5_000
_HEAD = 100  # records by which delimiter and header are found


def sniff(path: Path, contract: Contract | None = None, *, sheet: str = "") -> Proposal:
    """Encoding, dialect, header and columns of a file; a contract helps to find the header. Invalid if none fits.

    `sheet` asks for one sheet of a workbook; otherwise all sheets with the same columns are one table.
    """
    path = Path(path)
    if not path.exists() or not path.stat().st_size:
        raise Invalid(EMPTY)
    shape = _shape(path, tuple(c.header for c in contract.columns) if contract else (), sheet)
    if not shape.columns or len(shape.columns) > COLUMNS_LIMIT:
        raise Invalid(NO_HEADER)
    return _with_columns(shape, sample(path, shape))


def read(path: Path, proposal: Proposal) -> Iterator[Chunk]:
    """The file's rows in chunks: text by column with row numbers, and the rows that cannot be cut into columns."""
    path, names = Path(path), proposal.names
    if proposal.kind == "parquet":
        return columnar.read(path)
    if proposal.kind == "xlsx":
        return sheets.read(sheets.Workbook(path), proposal.tables, names)
    if proposal.kind in {"json", "jsonl"}:
        lines = proposal.kind == "jsonl"
        return documents.read(path, proposal.encoding, names, lines=lines, skip=proposal.header_rows)
    assert proposal.dialect is not None
    return delimited.read(path, encoding.examine(path), proposal.dialect, proposal.header_rows, names)


def _shape(path: Path, wanted: tuple[str, ...], sheet: str) -> Proposal:
    """Everything but the types of the columns."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PAR1"):
        return _named("parquet", columnar.names(path))
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return _workbook(path, wanted, sheet)
    facts = encoding.examine(path)
    if (kind := documents.kind(path, facts.encoding)) and (found := _documents(path, facts.encoding, kind)):
        return found
    return _delimited(path, facts, wanted)


def _named(kind: str, names: tuple[str, ...], text_encoding: str = "", header_rows: int = 0) -> Proposal:
    return Proposal(kind, text_encoding, None, header_rows, tuple(ColumnProposal(n, "string") for n in names))


@dataclass(frozen=True)
class _Sheet:
    """One sheet that holds a table."""

    name: str
    header: header.Header
    rows: int


def _workbook(path: Path, wanted: tuple[str, ...], asked: str) -> Proposal:
    """The sheet asked for, else the one that the contract knows, else the longest; with all that have its columns."""
    book = sheets.Workbook(path)
    if asked and asked not in book.sheets:
        raise Invalid(NO_SHEET)
    found = [sheet for name in book.sheets if (sheet := _sheet(book, name, wanted))]
    chosen = max(
        (s for s in found if asked in ("", s.name)),
        key=lambda s: (set(s.header.names) == set(wanted), s.rows),
        default=None,
    )
    if chosen is None:
        raise Invalid(EMPTY)
    alike = [s for s in found if s is chosen or (not asked and s.header.names == chosen.header.names)]
    columns = tuple(ColumnProposal(n, "string") for n in chosen.header.names)
    tables = tuple((s.name, s.header.rows) for s in alike)
    return Proposal("xlsx", "", None, chosen.header.rows, columns, chosen.name, book.sheets, tables)


def _sheet(book: sheets.Workbook, name: str, wanted: tuple[str, ...]) -> _Sheet | None:
    every = book.rows(name)
    rows = list(islice(every, _HEAD))
    width = max((max((i for i, c in enumerate(r) if c), default=-1) + 1 for r in rows), default=0)
    found = header.find([r[:width] + [None] * (width - len(r)) for r in rows], wanted) if width else None
    return _Sheet(name, found, len(rows) + sum(1 for _ in every)) if found else None


def _documents(path: Path, text_encoding: str, kind: str) -> Proposal | None:
    try:
        first = list(islice(documents.items(path, text_encoding, lines=kind == "jsonl"), SAMPLE_ROWS))
        names = documents.names(first)
    except Invalid:
        return None
    return _named(kind, names, text_encoding, documents.header_rows(first[0])) if names else None


def _delimited(path: Path, facts: encoding.Facts, wanted: tuple[str, ...]) -> Proposal:
    dialect = _dialect(path, facts)
    first = islice(delimited.records(path, facts.encoding, dialect), _HEAD)
    rows = [r.cells for r in first if not r.fault] or [[]]
    found = header.find(rows, wanted)
    if found is None or not found.names or not rows[0]:
        raise Invalid(UNREADABLE)
    columns = tuple(ColumnProposal(n, "string") for n in found.names)
    return Proposal("csv", facts.encoding, dialect, found.rows, columns)


def _dialect(path: Path, facts: encoding.Facts) -> Dialect:
    """The delimiter and quote that cut the beginning into the most regular table."""
    best, score = Dialect(), 0.0
    for delimiter in DELIMITERS:
        for quote in ('"', "'"):
            found = list(islice(delimited.records(path, facts.encoding, Dialect(delimiter, quote)), _HEAD))
            widths = Counter(len(r.cells) for r in found if not r.fault)
            if not widths:
                continue
            width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
            opened = sum(c.startswith(quote) for r in found for c in r.raw.split(delimiter))
            regular = count / len(found) * (1 - 1 / width) + (0.01 if quote == '"' or opened else -0.01)
            if width > 1 and regular > score + 1e-9 and (quote == '"' or opened > len(found) / 2):
                best, score = Dialect(delimiter, quote), regular
    return best


def sample(path: Path, shape: Proposal) -> pa.Table:
    """The first rows of the file as text; Invalid if there is none."""
    parts, rows = [], 0
    for chunk in read(path, shape):
        parts.append(chunk.rows)
        rows += chunk.rows.num_rows
        if rows >= SAMPLE_ROWS:
            break
    if not parts:
        raise Invalid(EMPTY)
    return pa.concat_tables(parts).slice(0, SAMPLE_ROWS)


def _with_columns(shape: Proposal, sample: pa.Table) -> Proposal:
    profiles = {p.name: p for p in profile(sample)}
    findings = classify(sample)
    columns = []
    for column in shape.columns:
        seen, found = profiles[column.name], findings.get(column.name)
        columns.append(
            ColumnProposal(
                name=column.name,
                type=seen.type,
                format=seen.format,
                clean=seen.clean,
                category=found.category if found else "",
                confidence=found.confidence if found else 0.0,
                nulls=seen.nulls,
            )
        )
    return replace(shape, columns=tuple(columns))
