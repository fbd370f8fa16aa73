"""Run statements once, in a walled process made for them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dianchi.engines.runner import refusals
from dianchi.engines.runner.inside import Spec
from dianchi.engines.runner.process import Walled, deadline
from dianchi.engines.runner.values import Limits, Ran, Source, Statement


def run(statements: Sequence[Statement], sources: Mapping[str, Source], limits: Limits | None = None) -> Ran:
    """Run the statements in their order over the sources in a walled process of their own, and return what they gave.

    Raises RuleBroken (`runner.out-of-memory`, `runner.timeout`, `runner.too-many-rows`, `runner.too-large`,
    `runner.temp-full`), TryLater (`runner.crashed`) or Invalid (`runner.failed`); the engine's own words are in the
    exception's `log.text`, for operators alone.
    """
    began, limits = time.monotonic(), limits or Limits()
    require_files(sources)
    walled = Walled(Spec(tuple(statements), dict(sources), limits))
    try:
        until = deadline(limits)
        answer = walled.answer(until)
    finally:
        peak = walled.end()
    return Ran(answer.tables, time.monotonic() - began, max(peak, answer.peak_bytes), walled.walls)


def require_files(sources: Mapping[str, Source]) -> None:
    """Refuse files that are not there, or whose names the engine would read as patterns."""
    for source in sources.values():
        for file in source.files:
            if set(str(file)) & set("*?[]{}"):
                raise refusals.error(refusals.FILE_MISSING, "a path with pattern characters")
            if not Path(file).is_file():
                raise refusals.error(refusals.FILE_MISSING)
