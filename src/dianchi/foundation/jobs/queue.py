"""Queue, claim, heartbeat, finish. Every write of a worker is fenced by its own name."""

from __future__ import annotations

import logging
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, models, transaction

from dianchi.foundation.jobs.models import Job

LEASE = timedelta(seconds=20)
_HEARTBEAT_SECONDS = 5.0
log = logging.getLogger("dianchi.jobs")

Work = Callable[["Running"], None]
Clock = Callable[[], datetime]
WORKS: dict[str, Work] = {}
# Jobs whose names begin so run in lanes of their own: what takes long must not keep the law's own time waiting.
LANES = ("trial.", "development.")


def work(name: str) -> Callable[[Work], Work]:
    """Name a function as what a job of that name does."""

    def declare(function: Work) -> Work:
        WORKS[name] = function
        return function

    return declare


def enqueue(name: str, arguments: dict[str, Any], *, key: str, at: datetime, run_at: datetime | None = None) -> Job:
    """Queue a job once: the same key is the same job."""
    job, _ = Job.objects.get_or_create(
        key=key, defaults={"name": name, "arguments": arguments, "run_at": run_at or at, "queued_at": at}
    )
    return job


class Running:
    """A job that this worker holds."""

    def __init__(self, job: Job, clock: Clock):
        self.job, self.clock = job, clock

    @property
    def arguments(self) -> dict[str, Any]:
        """What was asked."""
        return dict(self.job.arguments)

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Say how far it is; raises LostLease if another worker has taken over."""
        self._write(done=done, total=total, note=note[:200], lease_until=self.clock() + LEASE)

    def renew(self) -> None:
        """Hold the lease a while longer."""
        self._write(lease_until=self.clock() + LEASE)

    def end(self, problem: str = "") -> None:
        """Finish it, or put it back until its attempts are used up."""
        at = self.clock()
        if not problem:
            self._write(state="done", ended_at=at, lease_until=None, problem="")
        elif self.job.attempts >= self.job.most_attempts:
            self._write(state="failed", ended_at=at, lease_until=None, problem=problem[:500])
        else:
            later = at + timedelta(seconds=2**self.job.attempts)
            self._write(state="queued", run_at=later, lease_until=None, problem=problem[:500])

    def _write(self, **values: Any) -> None:
        job = self.job
        mine = Job.objects.filter(pk=job.pk, worker=job.worker, attempts=job.attempts, state="running")
        if not mine.update(**values):
            raise LostLease(self.job.key)


class LostLease(Exception):
    """Another worker holds the job now."""


def claim(worker: str, at: datetime, lane: str = "") -> Job | None:
    """Take the next job of the lane that is due, or one whose worker went silent."""
    own = models.Q(name__startswith=lane)
    for other in LANES if not lane else ():
        own &= ~models.Q(name__startswith=other)
    silent = own & models.Q(state="running", lease_until__lt=at)
    due = own & models.Q(state="queued", run_at__lte=at) | silent
    with transaction.atomic():
        # One that kills every worker must not be handed on for ever.
        Job.objects.filter(silent, attempts__gte=models.F("most_attempts")).update(
            state="failed", ended_at=at, lease_until=None, problem="worker lost"
        )
        skip = connection.features.has_select_for_update_skip_locked
        job = Job.objects.select_for_update(skip_locked=skip).filter(due).order_by("run_at", "id").first()
        if job is None:
            return None
        job.state, job.worker, job.lease_until, job.attempts = "running", worker, at + LEASE, job.attempts + 1
        job.save(update_fields=["state", "worker", "lease_until", "attempts"])
    return job


def run_next(clock: Clock, worker: str = "", lane: str = "") -> bool:
    """Run one due job of the lane to its end; False if there was none."""
    job = claim(worker or uuid.uuid4().hex, clock(), lane)
    if job is None:
        return False
    running = Running(job, clock)
    try:
        running.end(problem=_problem(running))
    except LostLease:
        log.warning("job %s was taken over", job.key)
    return True


def _problem(running: Running) -> str:
    """Do the work; what went wrong, by the name of the error. A job's failure must not end the worker."""
    try:
        with _heartbeat(running):
            WORKS[running.job.name](running)
    except LostLease:
        raise
    except Exception as error:
        log.error("job %s failed: %s", running.job.key, traceback.format_exc())
        return type(error).__name__
    return ""


def _renew(running: Running) -> None:
    try:
        running.renew()
    except OperationalError:  # the database is busy: the lease outlives several beats
        log.warning("the lease of job %s could not be renewed now", running.job.key)


@contextmanager
def _heartbeat(running: Running) -> Iterator[None]:
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(_HEARTBEAT_SECONDS):
                _renew(running)
        except LostLease:
            pass
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
