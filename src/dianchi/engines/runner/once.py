"""Run statements once, in a walled process made for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dianchi.engines.runner import refusals
from dianchi.engines.runner.inside import Spec
from dianchi.engines.runner.process import Walled, deadline
from dianchi.engines.runner.values import Limits, Ran, Source, Statement
from dianchi.kernel.errors import DomainError

_ASKED_EVERY = 0.2  # seconds


def run(
    statements: Sequence[Statement],
    sources: Mapping[str, Source],
    limits: Limits | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Ran:
    """Run the statements in their order over the sources in a walled process of their own, and return what they gave.

    `stopped` is asked now and then, in a thread of its own; once it says so, the process is killed.
    Raises RuleBroken (`runner.out-of-memory`, `runner.timeout`, `runner.too-many-rows`, `runner.too-large`,
    `runner.temp-full`, `runner.stopped`), TryLater (`runner.crashed`) or Invalid (`runner.failed`); the engine's own words are in the
    exception's `log.text`, for operators alone.
    """
    began, limits = time.monotonic(), limits or Limits()
    require_files(sources)
    walled = Walled(Spec(tuple(statements), dict(sources), limits))
    try:
        until = deadline(limits)
        with _watched(walled, stopped):
            answer = walled.answer(until)
    finally:
        peak = walled.end()
    return Ran(answer.tables, time.monotonic() - began, max(peak, answer.peak_bytes), walled.walls)


@contextmanager
def _watched(walled: Walled, stopped: Callable[[], bool] | None) -> Iterator[None]:
    """Kill the process once its owner no longer wants it, and say so instead of a crash."""
    if stopped is None:
        yield
        return
    answered, killed = threading.Event(), threading.Event()

    def watch() -> None:
        while not answered.wait(_ASKED_EVERY):
            if stopped():
                killed.set()
                walled.kill()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except DomainError:
        if killed.is_set():
            raise refusals.error(refusals.STOPPED) from None
        raise
    finally:
        answered.set()
        watcher.join()


def require_files(sources: Mapping[str, Source]) -> None:
    """Refuse files that are not there, or whose names the engine would read as patterns."""
    for source in sources.values():
        for file in source.files:
            if set(str(file)) & set("*?[]{}"):
                raise refusals.error(refusals.FILE_MISSING, "a path with pattern characters")
            if not Path(file).is_file():
                raise refusals.error(refusals.FILE_MISSING)
