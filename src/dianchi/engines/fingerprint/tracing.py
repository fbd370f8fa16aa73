"""Naming the recipient of a copy: evidence that knows no code, and then whose code it agrees with.

What the copy says of each pair is found without looking at any recipient's key. For somebody who had nothing to do with
the copy, the signs of their key are then fair coins that are independent of it, whatever was done to it; so the chance
that they agree with it this well is at most exp(-s*s / 2w) (Hoeffding 1963), with s the agreement and w the sum of the
squared weights. The stated error is that, times the number of channels and recipients looked at.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dianchi.engines.fingerprint.marking import CANARIES, ORDER, Pairs, canonical, cell_pairs, order_pairs
from dianchi.engines.fingerprint.matching import Matched, matched
from dianchi.engines.fingerprint.values import (
    Marking,
    check,
    recipient_key,
    scale_of,
    shared_key,
    signs,
    units,
    whole,
)  # fmt: skip

Weights = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Suspect:
    """A recipient whose marks the copy carries, and how likely somebody else's copy would look so by chance."""

    recipient: str
    error: float
    channels: dict[str, float]  # agreement per channel, from -1 to 1


@dataclass(frozen=True)
class Finding:
    """Who is named, most certain first; how much of the copy could be compared."""

    suspects: tuple[Suspect, ...]
    rows: int
    matched: int
    places: dict[str, int]


def trace(
    copy: pa.Table, original: pa.Table, marking: Marking, secret: bytes, delivery: str, recipients: Iterable[str],
    most_error: float = 1e-6,
) -> Finding:  # fmt: skip
    """The recipients whose marks the copy carries, with an error of at most `most_error` for all of them together."""
    check(marking, original)
    base = canonical(original, marking)
    found = matched(copy, base, marking)
    evidence = _evidence(base, found, marking, shared_key(secret, delivery))
    if marking.canaries is not None:
        evidence[CANARIES] = _canaries(copy, marking.canaries, found, base.num_rows)
    known = list(dict.fromkeys(recipients))
    told = {channel: weights for channel, weights in evidence.items() if weights.any()}
    looked_at = max(1, len(known) * len(told))
    suspects = [_suspect(r, recipient_key(secret, delivery, r), told, looked_at) for r in known]
    named = sorted((s for s in suspects if s.error <= most_error), key=lambda s: s.error)
    places = {channel: int(np.count_nonzero(weights)) for channel, weights in told.items()}
    return Finding(tuple(named), copy.num_rows, len(found), places)


def _suspect(recipient: str, key: bytes, evidence: dict[str, Weights], looked_at: int) -> Suspect:
    error, agreement = float(looked_at), {}
    for channel, weights in evidence.items():
        score = int(weights @ signs(key, channel, len(weights)).astype(np.int64))
        total = int(np.abs(weights).sum())
        agreement[channel] = round(score / total, 4)
        if score > 0:
            error = min(error, looked_at * math.exp(-score * score / (2 * int(weights @ weights))))
    return Suspect(recipient, error, agreement)


def _evidence(base: pa.Table, found: Matched, marking: Marking, shared: bytes) -> dict[str, Weights]:
    evidence = {}
    for name, tolerance in marking.tolerances.items():
        pairs = cell_pairs(base, name, marking, shared)
        step = units(tolerance, scale_of(base.schema.field(name).type) or 0)
        moved = _moved(base, found, name, step)
        evidence[name] = (moved[pairs.first] - moved[pairs.second]).astype(np.int64)
    evidence[ORDER] = _swapped(found, order_pairs(base, marking), base.num_rows)
    return evidence


def _moved(base: pa.Table, found: Matched, name: str, step: int) -> Weights:
    """For each row of the original whether the copy's cell lies nearer to one step up (1), down (-1), or neither."""
    moved = np.zeros(base.num_rows, np.int64)
    if name not in found.values or not step:
        return moved
    values = found.values[name]
    off = values - whole(base[name])[found.original] / 10.0 ** (scale_of(base.schema.field(name).type) or 0)
    off[~np.isfinite(off)] = 0
    near = step / 10.0 ** (scale_of(base.schema.field(name).type) or 0)
    off[np.abs(off) < near / 1e3] = 0
    moved[found.original] = np.sign(off).astype(np.int64)
    return moved


def _swapped(found: Matched, pairs: Pairs, rows: int) -> Weights:
    """For each pair of neighbours whether the copy has them the other way round (1) or not (-1)."""
    places = np.full(rows, -1, np.int64)
    places[found.original] = found.copy
    first, second = places[pairs.first], places[pairs.second]
    both = (first >= 0) & (second >= 0)
    return np.where(both, np.where(first > second, 1, -1), 0).astype(np.int64)


def _canaries(copy: pa.Table, canaries: pa.Table, found: Matched, rows: int) -> Weights:
    """For each canary whether the copy holds it; that it does not is told only by a copy that holds most rows."""
    names = [n for n in canaries.column_names if n in copy.column_names and not pa.types.is_floating(canaries[n].type)]
    same = " AND ".join(f'c."{n}"::VARCHAR IS NOT DISTINCT FROM k."{n}"::VARCHAR' for n in names) or "false"
    with duckdb.connect() as connection:
        connection.register("copied", copy)
        connection.register("known", canaries.append_column("_k", pa.array(range(canaries.num_rows))))
        query = f"SELECT DISTINCT k._k FROM known k JOIN copied c ON {same}"  # noqa: S608 - names are our own
        there = [row[0] for row in connection.execute(query).fetchall()]
    weights = np.full(canaries.num_rows, -1 if len(found) * 2 >= rows else 0, np.int64)
    weights[there] = 1
    return weights
