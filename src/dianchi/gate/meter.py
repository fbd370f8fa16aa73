"""The record and the meter of deliveries: one transaction for a group of calls; each call waits for its group."""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import close_old_connections, transaction

from dianchi.chapters.operation.orders.models import ApiKey, Usage
from dianchi.chapters.operation.orders.queries import QUOTA, LiveOrder
from dianchi.foundation import ledger
from dianchi.kernel.errors import DomainError, RuleBroken
from dianchi.kernel.law.articles import yn

_MOST = 256  # calls in one group


@dataclass(frozen=True)
class Delivery:
    """What is recorded of an answer before it leaves; never the answer itself."""

    order: LiveOrder
    at: datetime
    rows: int
    bytes: int
    request_digest: str
    result_digest: str
    plan_digest: str
    snapshots: Mapping[str, str]
    suppressed: int


class Committer:
    """Writes records and meter rows in groups: durable first, then the calls of the group go on."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple[Delivery, Future[int]]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True, name="meter")
        self._thread.start()

    def commit(self, delivery: Delivery) -> int:
        """The ledger index of the delivery, once its group is durable; raises RuleBroken if the quota is used up."""
        waiting: Future[int] = Future()
        self._queue.put((delivery, waiting))
        return waiting.result(timeout=30)

    def _run(self) -> None:
        while True:
            group = [self._queue.get()]
            while len(group) < _MOST and not self._queue.empty():
                group.append(self._queue.get())
            try:
                outcomes = write([delivery for delivery, _ in group])
            except Exception as error:  # every waiting call learns that nothing was recorded
                for _, waiting in group:
                    waiting.set_exception(error)
                close_old_connections()
                continue
            for (_, waiting), outcome in zip(group, outcomes, strict=True):
                if outcome is None:
                    waiting.set_exception(RuleBroken(QUOTA))
                else:
                    waiting.set_result(outcome)


def write(deliveries: list[Delivery]) -> list[int | None]:
    """Record and meter the deliveries in one transaction; None for those beyond their order's quota."""
    with transaction.atomic():
        used = Counter({d.order.id: Usage.objects.filter(order_id=d.order.id).count() for d in _each_order(deliveries)})
        within = []
        for delivery in deliveries:
            within.append(used[delivery.order.id] < delivery.order.quota_calls)
            used[delivery.order.id] += within[-1]
        kept = [d for d, inside in zip(deliveries, within, strict=True) if inside]
        indexes = iter(ledger.record_many(_draft(d) for d in kept)) if kept else iter(())
        numbered = [(d, next(indexes)) for d in kept]
        Usage.objects.bulk_create([_usage(d, index) for d, index in numbered])
    found = iter(index for _, index in numbered)
    return [next(found) if inside else None for inside in within]


def _each_order(deliveries: list[Delivery]) -> list[Delivery]:
    return list({d.order.id: d for d in deliveries}.values())


def _draft(d: Delivery) -> ledger.Draft:
    return ledger.Draft(
        kind="gate.delivered", case_type="orders", case_id=d.order.code, by="", organisation=d.order.consumer,
        role="consumer", at=d.at, article=yn(4),
        payload={
            "product": d.order.slug, "edition": d.order.edition, "purpose": d.order.purpose, "plan": d.plan_digest,
            "request": d.request_digest, "result": d.result_digest, "rows": d.rows, "suppressed": d.suppressed,
            "snapshots": dict(d.snapshots), "price_fen": d.order.price_fen,
        },
    )  # fmt: skip


def _usage(d: Delivery, index: int) -> Usage:
    return Usage(
        order_id=d.order.id, product=d.order.slug, edition=d.order.edition, at=d.at, rows=d.rows, bytes=d.bytes,
        billable=True, price_fen=d.order.price_fen, ledger_index=index, request_digest=d.request_digest,
        result_digest=d.result_digest,
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
