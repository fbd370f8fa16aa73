"""One round of the worker: due jobs, acts that the law lets time perform, reminders, sealing."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings

from dianchi.foundation import clock
from dianchi.foundation.cases.deadlines import declared
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import case_types
from dianchi.foundation.jobs.queue import run_next
from dianchi.foundation.ledger import ledger_key, seal
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.errors import DomainError

log = logging.getLogger("dianchi.work")
_MOST = 200


def round_of_work() -> int:
    """Do what is due; how many things were done."""
    done = acts_by_time()
    while run_next(clock.now):
        done += 1
    seal(clock.now(), ledger_key(), Path(settings.DIANCHI_VAR) / "ledger")
    return done


def acts_by_time() -> int:
    """Perform the acts whose time has come, and note the reminders that are due."""
    at, done = clock.now(), 0
    for due in Due.objects.filter(done_at=None, reminded_at=None, due_at__lte=at).order_by("due_at")[:_MOST]:
        kind = case_types().get(due.case_type)
        deadline = declared(kind, due) if kind else None
        Due.objects.filter(pk=due.pk).update(reminded_at=at)
        if deadline is None or deadline.then == "remind":
            continue
        try:
            perform(due.case_type, deadline.then, by=PLATFORM, at=at, code=due.case_code)
            done += 1
        except DomainError as refused:
            log.warning(
                "%s of %s by time: %s", deadline.then, due.case_code, ", ".join(r.code for r in refused.refusals)
            )
    return done
