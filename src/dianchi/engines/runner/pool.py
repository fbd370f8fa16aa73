"""Long-lived walled workers for the calls of reviewed products: the plan is open, only parameters and rows move."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType

from dianchi.engines.runner import refusals
from dianchi.engines.runner.inside import Spec
from dianchi.engines.runner.once import require_files
from dianchi.engines.runner.process import Walled, deadline
from dianchi.engines.runner.values import MIB, Limits, Ran, Source, Statement
from dianchi.kernel.errors import DomainError

KEEP_BYTES = 64 * MIB  # sources up to this size stay in the worker's memory
_OUTLIVED = ("runner.timeout", "runner.too-many-rows", "runner.too-large", "runner.failed", "runner.temp-full")


@dataclass(eq=False)
class _Worker:
    walled: Walled
    idle_since: float = 0.0
    fresh: bool = True


@dataclass(eq=False)
class _Plan:
    spec: Spec
    idle: deque[_Worker] = field(default_factory=deque)  # the latest used on the right
    live: int = 0
    forgotten: bool = False


class Pool:
    """At most `size` walled workers, each for one plan; a plan's first call starts its worker.

    Safe to call from many threads. A worker that crashes, hangs or runs out of memory is replaced; one that has
    been idle longest makes room for another plan's.
    """

    def __init__(self, size: int, limits: Limits | None = None, keep_bytes: int = KEEP_BYTES):
        self._size, self._limits, self._keep = size, limits or Limits(seconds=10.0, threads=1), keep_bytes
        self._plans: dict[str, _Plan] = {}
        self._live, self._closed = 0, False
        self._changed = threading.Condition(threading.Lock())

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def register(self, name: str, statements: Sequence[Statement], sources: Mapping[str, Source]) -> None:
        """Set the plan of a name, replacing an earlier one; the parameters given here are its defaults."""
        require_files(sources)
        spec = Spec(tuple(statements), dict(sources), self._limits, pooled=True, keep_bytes=self._keep)
        self.forget(name)
        with self._changed:
            if self._closed:
                raise refusals.error(refusals.CLOSED)
            self._plans[name] = _Plan(spec)

    def forget(self, name: str) -> None:
        """End a plan and its idle workers; calls under way may finish. Forgetting an unknown name does nothing."""
        with self._changed:
            plan = self._plans.pop(name, None)
            if plan is None:
                return
            plan.forgotten = True
            gone, plan.idle = list(plan.idle), deque()
        for worker in gone:
            self._end(plan, worker)

    def close(self) -> None:
        """End every plan; later calls are refused."""
        with self._changed:
            self._closed = True
            names = list(self._plans)
            self._changed.notify_all()
        for name in names:
            self.forget(name)

    def call(
        self, name: str, parameters: Mapping[str, object] | None = None, only: tuple[int, ...] | None = None
    ) -> Ran:
        """Run a plan's statements, or only those of these numbers, with these parameters; each takes those it names.

        Raises as `run` does, or `runner.busy` if no worker is free.
        """
        began = time.monotonic()
        until = deadline(self._limits)
        plan, worker = self._take(name, until)
        try:
            if worker.fresh:
                worker.walled.expect_ready(until)
                worker.fresh = False
            worker.walled.ask(dict(parameters or {}), only)
            answer = worker.walled.answer(until)
        except BaseException as caught:
            self._after(plan, worker, caught)
            raise
        self._give_back(plan, worker)
        return Ran(answer.tables, time.monotonic() - began, answer.peak_bytes, worker.walled.walls)

    def _take(self, name: str, until: float) -> tuple[_Plan, _Worker]:
        """An idle worker of the plan, or a new one, or in place of the one idle longest; else wait."""
        with self._changed:
            while True:
                plan = self._plans.get(name)
                if self._closed or plan is None:
                    raise refusals.error(refusals.CLOSED if self._closed else refusals.NOT_REGISTERED)
                if plan.idle:
                    return plan, plan.idle.pop()
                evicted = None if self._live < self._size else self._longest_idle()
                if self._live < self._size or evicted:
                    self._live, plan.live = self._live + 1, plan.live + 1
                    break
                if not self._changed.wait(max(0.0, until - time.monotonic())):
                    raise refusals.error(refusals.BUSY)
        if evicted:
            self._end(*evicted)
        try:
            return plan, _Worker(Walled(plan.spec))
        except BaseException:
            self._uncount(plan)
            raise

    def _longest_idle(self) -> tuple[_Plan, _Worker] | None:
        plans = [plan for plan in self._plans.values() if plan.idle]
        if not plans:
            return None
        plan = min(plans, key=lambda p: p.idle[0].idle_since)
        return plan, plan.idle.popleft()

    def _give_back(self, plan: _Plan, worker: _Worker) -> None:
        worker.idle_since = time.monotonic()
        with self._changed:
            if not plan.forgotten:
                plan.idle.append(worker)
                self._changed.notify()
                return
        self._end(plan, worker)

    def _after(self, plan: _Plan, worker: _Worker, caught: BaseException) -> None:
        """Keep a worker that told its refusal itself and is sound; replace any other."""
        told = isinstance(caught, DomainError) and getattr(caught, "told", False)
        if told and caught.refusals[0].code in _OUTLIVED:  # type: ignore[attr-defined]
            self._give_back(plan, worker)
        else:
            self._end(plan, worker)

    def _end(self, plan: _Plan, worker: _Worker) -> None:
        worker.walled.end()
        self._uncount(plan)

    def _uncount(self, plan: _Plan) -> None:
        with self._changed:
            self._live, plan.live = self._live - 1, plan.live - 1
            self._changed.notify()
