"""Trackers: whether some sum and difference of remembered cells and a new one stands for a few subjects alone.

A new cell x tells of t subjects if x − Σ cᵢ·oldᵢ is empty but for them, for whatever numbers cᵢ: then x lies within t
buckets of the span of the old sketches (Denning and Schlörer, A Fast Procedure for Finding a Tracker, 1980; Chin and
Özsoyoğlu, Auditing and Inference Control, 1982). The span is kept as bases reduced on different, randomly chosen
buckets (Prange, The Use of Information Sets in Decoding Cyclic Codes, 1962): where none of the t buckets is among
those chosen, what a basis leaves of x is the difference itself. With r independent old cells one basis misses it with
probability 1 − (1 − r/256)^t, all of them with that to the power of their number. Arithmetic is modulo a prime so
small that products of matrices are exact in floating point.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from dianchi.engines.guard.sketches import BUCKETS, Sketch

PRIME = 4_194_301  # 256 · PRIME² < 2^53
MOST_RANK = 96  # independent cells of one span; further ones begin another
MOST_SPANS = 8  # the newest of a history
BASES = 12
NEWEST = 1_000  # remembered cells that are looked at, the newest
Floats = NDArray[np.float64]


class Span:
    """The span of some sketches, reduced on `BASES` choices of buckets."""

    def __init__(self, seed: int) -> None:
        chance = np.random.default_rng(seed)  # which buckets are looked at first; it protects nothing
        self._orders = [chance.permutation(BUCKETS) for _ in range(BASES)]
        self._rows = [np.zeros((0, BUCKETS)) for _ in range(BASES)]
        self._pivots: list[list[int]] = [[] for _ in range(BASES)]

    @property
    def rank(self) -> int:
        """How many independent sketches it holds."""
        return len(self._pivots[0])

    def add(self, row: Floats) -> None:
        """Take one sketch in; one that it spans already changes nothing."""
        for b in range(BASES):
            left = self._left(b, row[None, :])[0]
            if not left.any():
                return
            order = self._orders[b]
            pivot = int(order[np.flatnonzero(left[order])[0]])
            left = _reduced(left * pow(int(left[pivot]), -1, PRIME))
            rows = self._rows[b]
            rows = _reduced(rows - np.outer(rows[:, pivot], left))
            self._rows[b] = np.vstack([rows, left])
            self._pivots[b].append(pivot)

    def near(self, rows: Floats, least: int) -> bool:
        """Whether one of some sketches is 1 to least − 1 buckets away from the span."""
        for b in range(BASES if self.rank else 1):
            left = self._left(b, rows)
            apart = np.count_nonzero(left, axis=1)
            few = np.flatnonzero((apart > 0) & (apart < least))
            if any(not np.array_equal(left[i], rows[i]) for i in few):  # a small cell alone is no difference
                return True
        return False

    def _left(self, b: int, rows: Floats) -> Floats:
        if not self._pivots[b]:
            return rows
        return _reduced(rows - rows[:, self._pivots[b]] @ self._rows[b])


def _reduced(values: Floats) -> Floats:
    """Modulo the prime; exact for whole numbers below 2^53."""
    values -= np.floor(values / PRIME) * PRIME
    values[values < 0] += PRIME
    values[values >= PRIME] -= PRIME
    return values


class Spans:
    """The spans of a history that only grows, the newest last."""

    def __init__(self) -> None:
        self._spans = [Span(0)]
        self.taken = 0

    def take(self, old: Sketch) -> None:
        """Take in what came since; `old` is the whole history."""
        for row in reduced(old[max(self.taken, len(old) - NEWEST) :]):
            if self._spans[-1].rank >= MOST_RANK:
                self._spans = [*self._spans[1 - MOST_SPANS :], Span(len(self._spans) + self.taken)]
            self._spans[-1].add(row)
        self.taken = len(old)

    def near(self, new: Sketch, least: int) -> bool:
        """Whether a new cell and some old ones tell of fewer than so many subjects."""
        rows = reduced(new)
        return any(span.near(rows, least) for span in self._spans)


def reduced(sketches: Sketch) -> Floats:
    """Sketches modulo the prime, as exact floating point."""
    return (sketches % np.uint64(PRIME)).astype(np.float64)


_LOCK = threading.Lock()
_KNOWN: OrderedDict[bytes, tuple[Spans, bytes]] = OrderedDict()
_MOST_KNOWN = 64


def tracked(new: Sketch, old: Sketch, least: int) -> bool:
    """Whether new cells together with remembered ones tell of 1 to least − 1 subjects; spans are kept between calls."""
    if not len(old) or not len(new):
        return False
    first = old[: min(4, len(old))].tobytes()[: 8 * BUCKETS]
    with _LOCK:
        spans, last = _KNOWN.pop(first, (Spans(), b""))
        if spans.taken > len(old) or (spans.taken and old[spans.taken - 1].tobytes() != last):
            spans = Spans()
        spans.take(old)
        _KNOWN[first] = spans, old[-1].tobytes()
        while len(_KNOWN) > _MOST_KNOWN:
            _KNOWN.popitem(last=False)
        return spans.near(new, least)


def tracked_within(cells: Sketch, least: int) -> bool:
    """Whether some sum and difference of the cells of one answer tells of 1 to least − 1 subjects."""
    span = Span(0)
    for row in reduced(cells[:MOST_RANK]):
        if span.rank and span.near(row[None, :], least):
            return True
        span.add(row)
    return False
