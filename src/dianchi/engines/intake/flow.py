"""Stages that overlap: while one chunk is judged the next is read, and the one before is written."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

import pyarrow as pa

from dianchi.engines.intake.chunks import Chunk

T = TypeVar("T")
ROWS = 1 << 18  # rows that are judged together: enough for the engine to use all cores
_WAIT = 0.1


def gathered(chunks: Iterable[Chunk], rows: int = ROWS) -> Iterator[Chunk]:
    """Small chunks put together."""
    held: list[Chunk] = []
    for chunk in chunks:
        held.append(chunk)
        if sum(c.received for c in held) >= rows:
            yield _joined(held)
            held = []
    if held:
        yield _joined(held)


def _joined(chunks: list[Chunk]) -> Chunk:
    rows = pa.concat_tables([c.rows for c in chunks])
    return Chunk(rows, pa.concat_tables([c.faulty for c in chunks]))


def ahead(items: Iterable[T], depth: int = 1) -> Iterator[T]:
    """The items, made in a thread of their own, at most `depth` before they are asked for; errors come through."""
    ready: queue.Queue[tuple[bool, T | BaseException | None]] = queue.Queue(depth)
    stopped = threading.Event()

    def hand(last: bool, item: T | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                ready.put((last, item), timeout=_WAIT)
            except queue.Full:
                continue
            return

    def work() -> None:
        try:
            for item in items:
                hand(False, item)
                if stopped.is_set():
                    return
        except BaseException as error:
            hand(True, error)
        else:
            hand(True, None)

    threading.Thread(target=work, daemon=True).start()
    try:
        while True:
            last, item = ready.get()
            if isinstance(item, BaseException):
                raise item
            if last:
                return
            yield item  # type: ignore[misc]
    finally:
        stopped.set()
