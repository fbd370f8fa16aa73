"""The durable history of one party and its affiliates.

Each organisation's answers are kept under its own code and looked up for all that are affiliated now: a new
affiliation joins the histories, it does not begin a new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from dianchi.engines.crypto.files import secret_file
from dianchi.engines.guard.history import BUCKETS, Cells, Sketch, conflict
from dianchi.foundation.answers.models import Answered, Remembered
from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

DIFFERENCE = Refusal(
    "history.difference",
    Text(
        "与此前的答复相比只相差少数主体，两次结果相减会暴露个别主体，不予交付",
        "Together with an earlier answer this would tell of a few subjects by subtraction; it is not delivered",
    ),
    default(),
    Text(
        "请使用与此前相同的条件，或改变条件使两次结果相差不少于最小主体数",
        "Ask with the conditions of the earlier answer, or with ones that differ by at least the least number of subjects",
    ),
    ("R46",),
)
FULL = Refusal(
    "history.full",
    Text(
        "对这批数据的不同提问已达上限，不能再确认相减后不暴露个别主体",
        "So many different questions were put to these data that a further one cannot be cleared of subtraction",
    ),
    default(),
    Text("请重复此前的提问，或待数据更新后再提问", "Repeat an earlier question, or ask once the data are renewed"),
    ("R46",),
)
_MOST_KEPT = 64  # tables of parties whose sketches stay in memory


@dataclass(frozen=True)
class Compared:
    """What an answer tells history: the question, and the cells over each table with the least number of subjects."""

    question: str
    levels: tuple[tuple[Cells, int], ...]


def secret() -> int:
    """The number that keys the hashes of this store's sketches."""
    return int.from_bytes(secret_file(Path(settings.DIANCHI_VAR) / "keys" / "history-salt")[:8], "big") >> 2


def answered(circle: Iterable[str], question: str) -> bool:
    """Whether this very question was answered to one of them."""
    return Answered.objects.filter(party__in=list(circle), question=question).exists()


class Book:
    """History as one transaction sees and extends it; the caller holds the ledger's head, so there is one at a time."""

    def __init__(self) -> None:
        self._new: dict[tuple[str, str], list[Sketch]] = {}
        self._questions: dict[tuple[str, str], None] = {}

    def refusal(self, party: str, circle: Iterable[str], what: Compared, most_cells: int) -> Refusal | None:
        """Why this may not be answered after all that was; else it is held to be written with `save`."""
        parties = sorted({party, *circle})
        if any((p, what.question) in self._questions for p in parties) or answered(parties, what.question):
            return None
        for cells, least in what.levels:
            old = [s for p in parties for s in self._sketches(p, cells.table)]
            if sum(len(s) for s in old) + len(cells.sketches) > most_cells:
                return FULL
            if conflict(cells, np.concatenate(old), least):  # all at once: a tracker may be spread over affiliates
                return DIFFERENCE
        self._questions[party, what.question] = None
        for cells, _ in what.levels:
            if len(cells.sketches):
                self._new.setdefault((party, cells.table), []).append(cells.sketches)
        return None

    def save(self, at: datetime | None) -> None:
        """Write down what was held; `at` is None when there is nothing."""
        Answered.objects.bulk_create(Answered(party=p, question=q, at=at) for p, q in self._questions)
        Remembered.objects.bulk_create(
            Remembered(party=party, table=table, sketches=s.astype("<u8").tobytes(), cells=len(s))
            for (party, table), parts in self._new.items()
            for s in parts
        )

    def _sketches(self, party: str, table: str) -> list[Sketch]:
        kept = _kept(str(settings.DIANCHI_VAR), party, table)
        if (party, table) not in self._new:  # only what is committed is kept beyond this transaction
            kept.read(party, table)
            self._new[party, table] = []
        return [kept.sketches, *self._new[party, table]]


class _Kept:
    """The committed sketches of a party over a table, read once and then only what came after."""

    def __init__(self) -> None:
        self.last, self.sketches = 0, np.zeros((0, BUCKETS), np.uint64)

    def read(self, party: str, table: str) -> None:
        rows = Remembered.objects.filter(party=party, table=table, pk__gt=self.last).order_by("pk")
        for pk, raw in rows.values_list("pk", "sketches"):
            part = np.frombuffer(bytes(raw), "<u8").reshape(-1, BUCKETS).astype(np.uint64)
            self.last, self.sketches = pk, np.concatenate([self.sketches, part])


@lru_cache(maxsize=_MOST_KEPT)
def _kept(var: str, party: str, table: str) -> _Kept:
    return _Kept()


def forget() -> None:
    """Let go of what is kept in memory; it is read again."""
    _kept.cache_clear()
