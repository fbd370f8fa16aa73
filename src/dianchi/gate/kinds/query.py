"""Queries and report files: the reviewed query with bounded parameters."""

from __future__ import annotations

from dianchi.gate.kinds.values import Call, Outcome, Runs, cleaned


def answer(call: Call, runs: Runs) -> Outcome:
    """The rows of the reviewed query."""
    return cleaned(runs.run(call.bound()), runs.plan)
