"""The record and the meter of deliveries: one transaction for a group of calls; each call waits for its group.

In that transaction, with the ledger's head held, it is asked once more whether the delivery still stands: has any act
changed anything since the call was prepared, is there quota left, does history allow the answer. So a closure that
was done before is never missed, two processes cannot both take the last call, and two answers cannot slip past the
comparison with each other.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import OperationalError, close_old_connections, transaction

from dianchi.chapters.operation.orders.models import ApiKey, Usage
from dianchi.chapters.operation.orders.queries import LiveOrder
from dianchi.foundation import ledger
from dianchi.foundation.answers.store import Book, Compared
from dianchi.foundation.cases.epoch import epoch
from dianchi.foundation.cases.figures import value
from dianchi.gate.quota import Quotas
from dianchi.kernel.errors import DomainError, Invalid, Refusal, RuleBroken, TryLater
from dianchi.kernel.law.articles import yn
from dianchi.kernel.text import Text

_MOST = 256  # calls in one group
_WAIT = 30  # seconds after which a call that is not being written yet gives up, unrecorded and unbilled
BUSY = Refusal(
    "gate.busy", Text("系统繁忙，本次未交付也未计量", "The system is busy; nothing was delivered or metered"),
    remedy=Text("请稍后重试", "Try again in a moment"),
)  # fmt: skip
REUSED = Refusal(
    "gate.call-id-reused",
    Text("同一调用标识已用于另一请求", "This call id was used for another request"),
    remedy=Text("每次新的调用请使用新的标识，重试时才重复使用", "Use a new one for each new call; repeat it only to retry"),
    field="call_id",
)  # fmt: skip


class Stale(Exception):
    """Something was decided since the call was prepared; prepare it again."""


@dataclass(frozen=True)
class Delivery:
    """What is recorded of an answer before it leaves; never the answer itself."""

    order: LiveOrder
    at: datetime
    epoch: int
    rows: int
    bytes: int
    request_digest: str
    result_digest: str
    plan_digest: str
    snapshots: Mapping[str, str]
    suppressed: int
    billable: bool = True
    call_id: str = ""
    circle: frozenset[str] = frozenset()
    compared: tuple[Compared, ...] = ()
    recorded: Mapping[str, Any] = field(default_factory=dict)  # of the product's kind; no data values

    @property
    def price_fen(self) -> int:
        """What it costs."""
        return self.order.price_fen if self.billable else 0


@dataclass(frozen=True)
class Recorded:
    """Where the record of a delivery stands."""

    index: int
    at: datetime


Outcome = Recorded | Exception


class Committer:
    """Writes records and meter rows in groups: durable first, then the calls of the group go on."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple[Delivery, Future[Recorded]]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True, name="meter")
        self._thread.start()

    def commit(self, delivery: Delivery) -> Recorded:
        """Where the delivery is recorded, once its group is durable.

        RuleBroken when quota or history forbid it, Stale when an act came between, TryLater when nothing was written.
        """
        waiting: Future[Recorded] = Future()
        self._queue.put((delivery, waiting))
        try:
            return waiting.result(timeout=_WAIT)
        except Late:
            if waiting.cancel():
                raise TryLater(BUSY) from None
            return waiting.result()  # it is being written: what is billed is delivered

    def _run(self) -> None:
        while True:
            group = [self._queue.get()]
            while len(group) < _MOST and not self._queue.empty():
                group.append(self._queue.get())
            if not settle(group):
                close_old_connections()


def settle(group: list[tuple[Delivery, Future[Recorded]]]) -> bool:
    """Write what is still waited for, and tell each who waits; False if the database could not be written."""
    waited = [(d, waiting) for d, waiting in group if waiting.set_running_or_notify_cancel()]
    written = True
    try:
        outcomes: list[Outcome] = write([delivery for delivery, _ in waited])
    except Exception as error:  # every waiting call learns that nothing was recorded
        told = TryLater(BUSY) if isinstance(error, OperationalError) else error
        outcomes, written = [told] * len(waited), False
    for (_, waiting), outcome in zip(waited, outcomes, strict=True):
        if isinstance(outcome, Recorded):
            waiting.set_result(outcome)
        else:
            waiting.set_exception(outcome)
    return written


def write(deliveries: list[Delivery]) -> list[Outcome]:
    """Record and meter the deliveries in one transaction; for each where it stands, or why it may not leave."""
    with transaction.atomic():
        ledger.hold()
        now, quotas, book = epoch(), Quotas(d.order for d in deliveries), Book()
        known = _known(deliveries)
        outcomes: list[Outcome | None] = [_before(d, now, quotas, book, known) for d in deliveries]
        kept = [d for d, outcome in zip(deliveries, outcomes, strict=True) if outcome is None]
        book.save(max((d.at for d in kept), default=None))
        quotas.save()
        indexes = ledger.record_many(_draft(d) for d in kept) if kept else range(0)
        Usage.objects.bulk_create(_usage(d, index) for d, index in zip(kept, indexes, strict=True))
    written = iter(Recorded(index, d.at) for d, index in zip(kept, indexes, strict=True))
    return [outcome or next(written) for outcome in outcomes]


def _known(deliveries: list[Delivery]) -> dict[tuple[int, str], tuple[str, Outcome]]:
    """What was delivered before under the callers' own names of these calls."""
    named = {d.call_id for d in deliveries if d.call_id}
    found = Usage.objects.filter(order__in={d.order.id for d in deliveries}, call_id__in=named) if named else ()
    return {(u.order_id, u.call_id or ""): (u.request_digest, Recorded(u.ledger_index, u.at)) for u in found}


def _before(
    d: Delivery, now: int, quotas: Quotas, book: Book, known: dict[tuple[int, str], tuple[str, Outcome]]
) -> Outcome | None:
    """The outcome that needs no new record, if there is one."""
    if d.epoch != now:
        return Stale()
    if d.call_id and (earlier := known.get((d.order.id, d.call_id))):
        return earlier[1] if earlier[0] == d.request_digest else Invalid(REUSED)
    if refusal := quotas.refusal(d.order, d.rows, d.bytes):
        return RuleBroken(refusal)
    for compared in d.compared:
        most = int(value("guard.history-cells"))
        if refusal := book.refusal(d.order.consumer, d.circle, compared, most):
            return RuleBroken(refusal)
    quotas.count(d.order, d.rows, d.bytes)
    if d.call_id:  # twice in one group: the second is told to come again, and finds the first
        known[d.order.id, d.call_id] = (d.request_digest, TryLater(BUSY))
    return None


def _draft(d: Delivery) -> ledger.Draft:
    return ledger.Draft(
        kind="gate.delivered", case_type="orders", case_id=d.order.code, by="", organisation=d.order.consumer,
        role="consumer", at=d.at, article=yn(4),
        payload={
            "product": d.order.slug, "edition": d.order.edition, "purpose": d.order.purpose, "plan": d.plan_digest,
            "request": d.request_digest, "result": d.result_digest, "rows": d.rows, "bytes": d.bytes,
            "suppressed": d.suppressed, "snapshots": dict(d.snapshots), "billable": d.billable,
            "price_fen": d.price_fen, **d.recorded,
        },
    )  # fmt: skip


def _usage(d: Delivery, index: int) -> Usage:
    return Usage(
        order_id=d.order.id, product=d.order.slug, edition=d.order.edition, at=d.at, rows=d.rows, bytes=d.bytes,
        billable=d.billable, price_fen=d.price_fen, ledger_index=index, request_digest=d.request_digest,
        result_digest=d.result_digest, call_id=d.call_id or None,
    )  # fmt: skip


def record_refused(secret: str, slug: str, refused: DomainError, at: datetime) -> None:
    """A refused call under a key that is known: over quota, after term, another product, a shut gate (R26)."""
    key = ApiKey.objects.select_related("order").filter(prefix=secret.removeprefix("dk_").partition(".")[0]).first()
    if key is None:
        return
    with transaction.atomic():
        ledger.record(
            "gate.refused", case_type="orders", case_id=key.order.code, by="", organisation=key.order.consumer,
            role="consumer", at=at, article=yn(4), outcome="refused",
            payload={"product": slug[:60], "refusals": [r.code for r in refused.refusals]},
        )  # fmt: skip


@cache
def committer() -> Committer:
    """The one committer of this process."""
    return Committer()
