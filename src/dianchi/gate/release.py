"""The only road out: identify, ask for a live grant, compile, run walled off, record and meter, only then deliver."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from dianchi.chapters.operation.orders.queries import LiveOrder, live_order
from dianchi.chapters.operation.products.queries import Program, live, program
from dianchi.chapters.resources.supply.queries import current
from dianchi.chapters.supervision.closures.queries import SHUT, is_shut
from dianchi.engines import guard
from dianchi.engines.runner import Limits, Pool, Source, Statement
from dianchi.foundation.cases.epoch import epoch
from dianchi.gate import values
from dianchi.gate.meter import Delivery, committer, record_refused
from dianchi.gate.store import lake
from dianchi.kernel import canonical
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.law.articles import yn
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day

NO_DATA = Refusal(
    "gate.no-data-in-service", Text("产品所用的数据尚未投入使用", "The data of the product are not in service"), yn(3),
    Text("请联系运营机构", "Ask the operator"),
)  # fmt: skip
LIMITS = Limits(seconds=20, rows=100_000, output_bytes=64 << 20, threads=1)
_MOST_PREPARED = 512


@dataclass(frozen=True)
class Prepared:
    """What a key may call now, ready to run; good for one epoch and one day."""

    order: LiveOrder
    plan: guard.Plan
    parameters: Mapping[str, guard.Parameter]
    name: str  # of the plan among the walled workers
    snapshots: Mapping[str, str]
    resources: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What is delivered, with where its record stands."""

    product: str
    edition: int
    rows: list[dict[str, Any]]
    suppressed_groups: int
    snapshots: Mapping[str, str]
    result_digest: str
    ledger_index: int
    at: datetime

    def to_json(self) -> bytes:
        """The body of the answer."""
        return values.to_json(
            {
                "product": self.product,
                "edition": self.edition,
                "rows": self.rows,
                "suppressed_groups": self.suppressed_groups,
                "snapshots": dict(self.snapshots),
                "result_digest": self.result_digest,
                "ledger_index": self.ledger_index,
                "at": canonical.plain(self.at),
            }
        )


_prepared: dict[tuple[str, str], tuple[int, date, Prepared]] = {}
_known: set[str] = set()
_guard = Lock()


def deliver(secret: str, slug: str, given: Mapping[str, str], at: datetime) -> Answer:
    """One product call. Raises the kernel's errors; nothing leaves before its record and its meter are durable."""
    try:
        ready = prepare(secret, slug, at)
        bound = values.bind(ready.parameters, given)
    except RuleBroken as refused:
        record_refused(secret, slug, refused, at)
        raise
    table = pool().call(ready.name, bound).tables[0]
    rows, suppressed = _outcome(table, ready.plan)
    order = ready.order
    result = values.digest(rows)
    index = committer().commit(
        Delivery(
            order=order, at=at, rows=len(rows), bytes=table.nbytes, request_digest=canonical.sm3([slug, dict(given)]),
            result_digest=result, plan_digest=ready.plan.digest, snapshots=ready.snapshots, suppressed=suppressed,
        )
    )  # fmt: skip
    return Answer(slug, order.edition, rows, suppressed, ready.snapshots, result, index, at)


def prepare(secret: str, slug: str, at: datetime) -> Prepared:
    """The live answer to who may call what, kept until any act changes anything."""
    now, day, key = epoch(), local_day(at), (canonical.sm3(secret), slug)
    kept = _prepared.get(key)
    if kept and kept[0] == now and kept[1] == day:
        return kept[2]
    ready = _prepare(secret, slug, at)
    with _guard:
        if len(_prepared) >= _MOST_PREPARED:
            _prepared.clear()
        _prepared[key] = (now, day, ready)
    return ready


def _prepare(secret: str, slug: str, at: datetime) -> Prepared:
    order = live_order(secret, slug, at)
    product = live(slug)
    what: Program = program(product, at)
    resources = tuple(sorted(what.tables.values()))
    if is_shut(slug, order.code, order.developer, order.operator, resources):
        raise RuleBroken(SHUT)
    grant, snapshots = _with_snapshots(what)
    plan = guard.compile(what.sql, grant, what.parameters)
    sources = {name: _source(grant.tables[name], what.tables[name]) for name in plan.reads}
    return Prepared(order, plan, what.parameters, _registered(plan, sources, snapshots), snapshots, resources)


@cache
def pool() -> Pool:
    """The walled workers of this process, one plan each."""
    return Pool(int(os.environ.get("DIANCHI_GATE_WORKERS", "2")), LIMITS)


def _registered(plan: guard.Plan, sources: Mapping[str, Source], snapshots: Mapping[str, str]) -> str:
    """The name under which the workers know this text over these snapshots; other acts leave it as it is."""
    name = canonical.sm3([plan.sql, dict(snapshots)])
    with _guard:
        if name not in _known:
            pool().register(name, [Statement(plan.sql)], sources)
            _known.add(name)
    return name


def _with_snapshots(what: Program) -> tuple[guard.Grant, dict[str, str]]:
    """The grant with the files in service and what the lake knows of their subjects."""
    tables, snapshots = {}, {}
    for name, table in what.grant.tables.items():
        load = current(what.tables[name])
        if load is None:
            raise RuleBroken(NO_DATA)
        files = lake().files(what.tables[name], int(load.snapshot))
        subject = table.subject and replace(table.subject, max_rows=load.max_rows)
        tables[name] = replace(table, files=tuple(f.path for f in files), subject=subject)
        snapshots[what.tables[name]] = load.snapshot
    return replace(what.grant, tables=tables), snapshots


def _source(table: guard.Table, resource: str) -> Source:
    """The table's files with its columns: the guard's own text needs the subject's and the filter's too."""
    types = {name: column.type for name, column in table.columns.items()}
    return Source(tuple(Path(f) for f in table.files), types, lake().key(resource))


def _outcome(table: Any, plan: guard.Plan) -> tuple[list[dict[str, Any]], int]:
    """The rows without the guard's own columns, and how many groups were suppressed."""
    if not plan.counts_suppressed:
        return values.rows(table), 0
    suppressed = int(table.column("_suppressed")[0].as_py() or 0) if table.num_rows else 0
    kept = table.filter(table.column("_row").is_valid())
    return values.rows(kept.drop_columns(["_suppressed", "_row"])), suppressed
