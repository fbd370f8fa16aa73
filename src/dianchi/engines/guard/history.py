"""Section 4: what was answered before. Two answers that differ by a few subjects would tell of those few.

For every cell that was released, a sketch is kept: the rows behind it are hashed (with a secret of the store) into
`BUCKETS` sums by subject. Sketches add and subtract like the sets they stand for, so two cells that differ in the
rows of d subjects differ in at most d buckets, and in that many unless hashes collide. A new answer is refused if one
of its cells, or the sum of its cells over some of their keys, differs from a remembered one in 1 to k − 1 buckets.
No subject can be read from a sketch, and the work is one comparison of a vector for each pair of cells.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from dianchi.engines.guard.plan import Place
from dianchi.engines.guard.refusals import GuardRefusal, Says
from dianchi.engines.guard.sketches import BUCKETS, Cells, Sketch, cells_of, levels_of
from dianchi.engines.guard.spans import tracked, tracked_within
from dianchi.kernel.text import Text

DIFFERENCE = Says(
    "history.difference",
    Text(
        "与此前的回答相比，只相差不足 {least} 个主体，可由两次结果相减得出个别主体，已拒绝。",
        "Together with an earlier answer this would tell of fewer than {least} subjects by subtraction; refused.",
    ),
    Text(
        "请使用与此前相同的条件和分组，或改变条件使两次结果相差不少于 {least} 个主体。",
        "Ask with the conditions and groups of the earlier answer, or with ones that differ by at least {least} subjects.",
    ),
)


class Store(Protocol):
    """Where history is kept; one party's affiliates share one key."""

    def secret(self) -> int:
        """The number that keys the hashes of this store."""

    def answer(self, party: str, digest: str) -> dict[str, Any] | None:
        """The recorded answer to this very question, if there is one."""

    def cells(self, party: str, table: str) -> Sketch:
        """All remembered sketches over a table (with its snapshot), one a row."""

    def remember(self, party: str, digest: str, answer: dict[str, Any], cells: Iterable[Cells]) -> None:
        """Record durably, before the answer leaves."""


class FileStore:
    """A store in a directory: one file of answers and one of sketches for each party and table, one of what was spent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._cells: dict[tuple[str, str], list[Sketch]] = {}
        self._answers: dict[str, dict[str, Any]] = {}
        self._loaded: set[str] = set()

    def secret(self) -> int:
        path = self.folder / "secret"
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as f:
                f.write(str(secrets.randbits(62)))
        return int(path.read_text())

    def answer(self, party: str, digest: str) -> dict[str, Any] | None:
        self._load(party)
        return self._answers.get(f"{party}/{digest}")

    def cells(self, party: str, table: str) -> Sketch:
        self._load(party)
        parts = self._cells.get((party, table), [])
        if len(parts) > 1:
            parts[:] = [np.concatenate(parts)]
        return parts[0] if parts else np.zeros((0, BUCKETS), np.uint64)

    def remember(self, party: str, digest: str, answer: dict[str, Any], cells: Iterable[Cells]) -> None:
        self._load(party)
        for c in cells:
            _append(self._path(party, f"{_short(c.table)}.cells"), c.sketches.astype("<u8").tobytes())
            self._cells.setdefault((party, c.table), []).append(c.sketches)
            tables = self._path(party, "tables")
            if not tables.exists() or c.table not in tables.read_text("utf-8").splitlines():
                _append(tables, f"{c.table}\n".encode())
        self._answers[f"{party}/{digest}"] = answer
        _append(self._path(party, "answers.jsonl"), (json.dumps([digest, answer], ensure_ascii=False) + "\n").encode())

    def spent(self, party: str) -> Decimal:
        """What answers with noise have taken from the party's budget."""
        path = self._path(party, "spent")
        return sum((Decimal(x) for x in path.read_text("utf-8").split()), Decimal(0)) if path.exists() else Decimal(0)

    def spend(self, party: str, amount: Decimal) -> None:
        """Write down, durably, what an answer takes; before it is given."""
        _append(self._path(party, "spent"), f"{amount}\n".encode())

    def _path(self, party: str, name: str) -> Path:
        return self.folder / _short(party) / name

    def _load(self, party: str) -> None:
        if party in self._loaded:
            return
        self._loaded.add(party)
        tables = self._path(party, "tables")
        for table in tables.read_text("utf-8").splitlines() if tables.exists() else ():
            raw = self._path(party, f"{_short(table)}.cells").read_bytes()
            whole = len(raw) // (8 * BUCKETS)
            loaded = np.frombuffer(raw[: whole * 8 * BUCKETS], "<u8").reshape(whole, BUCKETS).astype(np.uint64)
            self._cells[party, table] = [loaded]
        answers = self._path(party, "answers.jsonl")
        for line in answers.read_text("utf-8").splitlines() if answers.exists() else ():
            digest, answer = json.loads(line)
            self._answers[f"{party}/{digest}"] = answer


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def group_key(party: str, affiliates: Iterable[str]) -> str:
    """One key for a party and its affiliates, whoever of them asks."""
    return "+".join(sorted({party, *affiliates}))


def conflict(new: Cells, old: Sketch, least: int) -> bool:
    """Whether a new cell and remembered ones, added and subtracted, tell of 1 to least − 1 subjects."""
    return _pair(new, old, least) or tracked(new.sketches, old, least)


def _pair(new: Cells, old: Sketch, least: int) -> bool:
    if not len(old) or not len(new.sketches):
        return False
    first = min(BUCKETS, max(16, 4 * least))
    head = old[:, :first]
    for sketch in new.sketches:
        near = np.flatnonzero((head != sketch[:first]).sum(axis=1) < least)
        if len(near):
            apart = (old[near] != sketch).sum(axis=1)
            if bool(((apart > 0) & (apart < least)).any()):
                return True
    return False


def within(
    levels: list[Cells], joined: list[bool], leasts: Mapping[str, int], places: Sequence[Place] = ()
) -> GuardRefusal | None:
    """The refusal of an answer whose own cells tell of too few by subtraction, or None; `places` are the levels'."""
    for i, cells in enumerate(levels):
        least = leasts[cells.table]
        if joined[i] and cells.alone is not None and _overlap(cells.keys, cells.alone, least):
            return _difference(least, places, i)
        for other in levels[:i]:
            if other.table == cells.table and _pair(cells, other.sketches, least):
                return _difference(least, places, i)
    for table in dict.fromkeys(c.table for c in levels):
        mine = [i for i, c in enumerate(levels) if c.table == table]
        if (len(mine) > 1 or any(joined)) and tracked_within(
            np.concatenate([levels[i].sketches for i in mine]), leasts[table]
        ):
            return _difference(leasts[table], places, mine[-1])
    return None


def _difference(least: int, places: Sequence[Place], i: int) -> GuardRefusal:
    clause, line, col = places[i] if i < len(places) else ("", 0, 0)
    return DIFFERENCE.at(clause, line, col, least=least)


MAX_CELLS = 20_000


def _overlap(keys: tuple[tuple[Any, ...], ...], sketches: Sketch, least: int) -> bool:
    if len(keys) > MAX_CELLS:
        return True
    first = min(BUCKETS, max(16, 4 * least))
    for i in range(len(keys)):
        near = np.flatnonzero((sketches[:i, :first] != sketches[i, :first]).sum(axis=1) < least)
        for n in near:
            apart = int((sketches[n] != sketches[i]).sum())
            if keys[n] != keys[i] and 0 < apart < least:
                return True
    return False


def check(
    store: Store, party: str, levels: Iterable[Cells], leasts: Mapping[str, int], places: Sequence[Place] = ()
) -> GuardRefusal | None:
    """The refusal of an answer that differs too little from earlier ones, or None; `places` are the levels'."""
    for i, cells in enumerate(levels):
        least = leasts[cells.table]
        if conflict(cells, store.cells(party, cells.table), least):
            return _difference(least, places, i)
    return None


__all__ = [
    "BUCKETS",
    "DIFFERENCE",
    "Cells",
    "FileStore",
    "Sketch",
    "Store",
    "cells_of",
    "check",
    "conflict",
    "group_key",
    "levels_of",
    "within",
]
