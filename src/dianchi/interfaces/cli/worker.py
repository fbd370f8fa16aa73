"""One round of the worker: due jobs, acts that the law lets time perform, notices, sealing."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.models import F, Q

from dianchi.chapters.operation.developers import nightly
from dianchi.chapters.operation.reviews.queries import to_call as reviews_to_call
from dianchi.chapters.supervision.disclosure.queries import to_call as disclosures_to_call
from dianchi.chapters.supervision.figures import queries as figures
from dianchi.foundation import clock
from dianchi.foundation.cases.deadlines import declared
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.perform import perform, refusals
from dianchi.foundation.cases.registry import case_types, get_case
from dianchi.foundation.jobs.queue import run_next
from dianchi.foundation.ledger import ledger_key, seal
from dianchi.foundation.notices.post import round_of_post
from dianchi.foundation.notices.tell import round_of_telling
from dianchi.gate import anomalies, destruction, development, egress, holdings, spool, tending, trials
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.errors import DomainError

log = logging.getLogger("dianchi.work")
_MOST = 200
_LANE_TICK = 0.2  # seconds that a lane without jobs waits
LANES = (trials.SHORT, development.runs.LONG)
RETRY = timedelta(minutes=10)  # after a guard forbade an act of time


def round_of_work() -> int:
    """Do what is due; how many things were done."""
    done = acts_by_time(clock.now())
    nightly.tonight(clock.now())
    while run_next(clock.now):
        done += 1
    _call(clock.now())
    _take(clock.now())
    _sweep(clock.now())
    _tell(clock.now())
    seal(clock.now(), ledger_key(), Path(settings.DIANCHI_VAR) / "ledger")
    return done


def run_lane(name: str, stop: threading.Event) -> None:
    """Do the jobs of one lane until told to stop; a bug in one must not end the lane."""
    while not stop.is_set():
        try:
            busy = run_next(clock.now, lane=name)
        except Exception:
            log.exception("a job of the lane %s", name)
            busy = False
        if not busy:
            stop.wait(_LANE_TICK)
    connections.close_all()


def _call(at: datetime) -> None:
    """What comes every New Year: disclosures and yearly price reports of the year that is over begin by themselves."""
    for kind, wanted in (("disclosure", disclosures_to_call(at)), ("reviews", reviews_to_call(at))):
        for inputs in wanted:
            try:
                perform(kind, "call", by=PLATFORM, at=at, inputs=inputs)
            except DomainError as refused:
                log.warning("%s were not called: %s", kind, refused)


def _take(at: datetime) -> None:
    """The figures of the cockpit, so that its pages count nothing themselves."""
    if figures.stale(at):
        figures.refresh(at, time.perf_counter)


def _sweep(at: datetime) -> None:
    """What developers, and parties that leave, may not keep any longer; a fault in it must not keep the ledger from being sealed."""
    try:
        development.sweep(at)
        egress.sweep(at)
        holdings.sweep(at)
        trials.forget(at - trials.KEPT)
        destruction.sweep(at)
        tending.tend(at)
        spool.sweep(at)
        anomalies.tick(at)
    except Exception:
        log.exception("developers' results, data and the keys of exits were not swept")


def _tell(at: datetime) -> None:
    """Notices and letters; a fault in them must not keep the ledger from being sealed."""
    try:
        round_of_telling(at)
        round_of_post(at)
    except Exception:
        log.exception("telling failed")


def acts_by_time(at: datetime) -> int:
    """Perform the acts whose time has come, and note the reminders that are due; how many acts were performed."""
    waiting = Q(tried_at=None) | Q(tried_at__lte=at - RETRY)
    dues = Due.objects.filter(waiting, done_at=None, reminded_at=None, paused_at=None, due_at__lte=at)
    return sum(_come(due, at) for due in dues.order_by(F("tried_at").asc(nulls_first=True), "due_at")[:_MOST])


def _come(due: Due, at: datetime) -> bool:
    """A deadline has come. An act that a guard forbids is tried again later: what stands in its way may go."""
    kind = case_types().get(due.case_type)
    deadline = declared(kind, due) if kind else None
    if deadline is None or deadline.then == "remind":
        Due.objects.filter(pk=due.pk).update(reminded_at=at)
        return False
    first, reasons = due.tried_at is None, "a bug"
    try:
        case = get_case(due.case_type, due.case_code, PLATFORM)
        # Asked first, so that an act that waits for weeks does not fill the ledger with refused attempts.
        unmet = refusals(due.case_type, deadline.then, by=PLATFORM, at=at, case=case)
        if not unmet:
            perform(due.case_type, deadline.then, by=PLATFORM, at=at, code=due.case_code)
            return True
        reasons = ", ".join(r.code for r in unmet)
    except DomainError as refused:
        reasons = ", ".join(r.code for r in refused.refusals)
    except Exception:  # one case must not keep all others from their time
        log.exception("%s of %s by time", deadline.then, due.case_code)
    Due.objects.filter(pk=due.pk).update(tried_at=at)
    if first:
        log.warning("%s of %s by time: %s", deadline.then, due.case_code, reasons)
    return False
