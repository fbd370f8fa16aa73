"""The whole verification of a ledger: its tables, its signed checkpoints, and its published files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from dianchi.engines.merkle.audit import CheckpointRow, Differs, Mark, Reading, Report, TileCheck
from dianchi.engines.merkle.checkpoint import SignedCheckpoint, open_checkpoint, signed_at
from dianchi.engines.merkle.folder import TileFolder
from dianchi.engines.merkle.note import NoteVerifier
from dianchi.engines.merkle.stores import Store
from dianchi.kernel.errors import Invalid


def verify(store: Store, directory: Path, verifiers: Sequence[NoteVerifier], pinned: Iterable[str] = ()) -> Report:
    """Read the whole ledger once and report the first thing that is not as it was recorded and sealed.

    `directory` holds the published tiles and checkpoint; `pinned` are checkpoints that somebody kept outside, which the
    ledger must still lead to. What is published is looked at before the snapshot of the tables is taken, so that a
    server may go on recording and sealing meanwhile.
    """
    folder = TileFolder(directory)
    tiles, published = TileCheck(folder.listing()), _published(directory)
    with store:
        rows = store.checkpoints()
        marks, faults = _marks(rows, [*published, *pinned], verifiers)
        reading = Reading(marks, tiles)
        try:
            _read(reading, store)
            reading.finish(store.heads())
            _raise_first(faults)
            _publication(folder, rows, published)
        except Differs as found:
            return Report(reading.size, reading.root(), False, found.index, found.problem, reading.proven)
    return Report(reading.size, reading.root(), True, sealed=reading.proven)


def _read(reading: Reading, store: Store) -> None:
    try:
        reading.read(store.entries())
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise Differs("entry-unreadable", reading.size) from error


def _published(directory: Path) -> list[str]:
    path = directory / "checkpoint"
    return [path.read_bytes().decode("utf-8", "replace")] if path.exists() else []


def _marks(
    rows: Sequence[CheckpointRow], notes: Iterable[str], verifiers: Sequence[NoteVerifier]
) -> tuple[list[Mark], list[Differs]]:
    """The roots that valid checkpoints vouch for, and what is wrong with the others."""
    marks, faults = [], []
    if not verifiers and (rows or notes):
        return [], [Differs("key-missing")]
    for size, root, note, at in rows:
        signed = _opened(note, verifiers)
        if signed is None or (signed.checkpoint.size, signed.checkpoint.root.hex()) != (size, root):
            faults.append(Differs(f"checkpoint-invalid:{size}"))
            continue
        marks.append(Mark(size, signed.checkpoint.root))
        bound = signed_at(signed.signatures, verifiers)
        if (bound is not None and at != _canonical(bound)) or len(signed.signatures) != note.count("\u2014 "):
            faults.append(Differs(f"checkpoint-invalid:{size}"))
    for note in notes:
        signed = _opened(note, verifiers)
        if signed is None:
            faults.append(Differs("checkpoint-invalid:published"))
        else:
            marks.append(Mark(signed.checkpoint.size, signed.checkpoint.root))
    return _agreeing(marks, faults), faults


def _agreeing(marks: list[Mark], faults: list[Differs]) -> list[Mark]:
    """One mark for each size; two signed roots of one size are a fork, whatever the entries say."""
    roots: dict[int, bytes] = {}
    for mark in marks:
        if roots.setdefault(mark.size, mark.root) != mark.root:
            faults.append(Differs(f"checkpoint-differs:{mark.size}"))
    return [Mark(size, root) for size, root in sorted(roots.items())]


def _opened(note: object, verifiers: Sequence[NoteVerifier]) -> SignedCheckpoint | None:
    try:
        signed = open_checkpoint(str(note), verifiers)
    except (Invalid, UnicodeEncodeError):
        return None
    return signed if signed.checkpoint.origin in {v.name for v in verifiers} else None


def _canonical(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def _raise_first(faults: Sequence[Differs]) -> None:
    if faults:
        raise faults[0]


def _publication(folder: TileFolder, rows: Sequence[CheckpointRow], published: Sequence[str]) -> None:
    """What was published must be there: the checkpoint is one of the table's, and all its tiles exist."""
    if not rows:
        if published:
            raise Differs("checkpoint-differs:published")
        return
    published = published or _published(folder.path)  # sealed for the first time just now
    if not published:
        raise Differs("checkpoint-unpublished")
    note = next((row for row in rows if row[2] == published[0]), None)
    if note is None:
        raise Differs("checkpoint-invalid:published")
    if missing := folder.missing(note[0]):
        tile = missing[0]
        raise Differs(f"tile-missing:{tile.path}")
