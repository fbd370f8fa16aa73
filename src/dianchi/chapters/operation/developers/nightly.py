"""The nightly check: who has come to be tied to the operator since the admission is suspended, with the path found."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.operation.developers.queries import to_check
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.jobs.queue import Running, enqueue, work
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.workdays import local_day

NAME = "developers.ties"


def tonight(at: datetime) -> None:
    """Queue the check of this day; asked again on the same day, it is the same job."""
    enqueue(NAME, {}, key=f"{NAME}:{local_day(at).isoformat()}", at=at)


@work(NAME)
def check(running: Running) -> None:
    """Suspend every admission in force whose parties are now related."""
    at = running.clock()
    for n, (code, _) in enumerate(found := to_check(at), 1):
        perform("developers", "part", by=PLATFORM, at=at, code=code)
        running.progress(n, len(found))
