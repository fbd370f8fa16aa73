"""The only road out: identify, ask for a live grant, compile, run walled off, record and meter, only then deliver."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa

from dianchi.chapters.operation.orders.queries import LiveOrder, live_order
from dianchi.chapters.operation.products.queries import Program, live, program
from dianchi.chapters.resources.supply.queries import current
from dianchi.chapters.supervision.closures.queries import SHUT, is_shut
from dianchi.engines import guard
from dianchi.engines.guard.history import Cells, levels_of, within
from dianchi.engines.runner import Limits, Pool, Source, Statement
from dianchi.foundation import ledger
from dianchi.foundation.affiliations import queries as affiliations
from dianchi.foundation.answers import store as answers
from dianchi.foundation.answers.store import Compared
from dianchi.foundation.cases.epoch import epoch
from dianchi.gate import kinds, receipts, values
from dianchi.gate.meter import BUSY, Delivery, Recorded, Stale, committer, record_refused
from dianchi.gate.store import lake
from dianchi.kernel import canonical
from dianchi.kernel.errors import Invalid, Refusal, RuleBroken, TryLater
from dianchi.kernel.law.articles import default, yn
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day

NO_DATA = Refusal(
    "gate.no-data-in-service", Text("产品所用的数据尚未投入使用", "The data of the product are not in service"), yn(3),
    Text("请联系运营机构", "Ask the operator"),
)  # fmt: skip
NO_NOISE = Refusal(
    "gate.noise-not-offered",
    Text("数据要求加噪输出，不能按次调用", "The data demand noise, which single calls do not offer"), default(),
    Text("请由开发主体改用不要求加噪的数据", "Let the developer use data without that demand"), ("R46",),
)  # fmt: skip
BAD_CALL_ID = Refusal(
    "gate.call-id-malformed", Text("调用标识格式不对", "The call id is malformed"),
    remedy=Text("请用不超过 64 个字母、数字或连字符", "Use at most 64 letters, digits or hyphens"), field="call_id",
)  # fmt: skip
LIMITS = Limits(seconds=20, rows=1_000_000, output_bytes=64 << 20, threads=1)
_CALL_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KEPT_BYTES = 64 << 20
_TRIES = 8  # a call that acts keep overtaking is told to come again
_MOST_PREPARED = 512


@dataclass(frozen=True)
class Prepared:
    """What a key may call now, ready to run; good for one epoch and one day."""

    order: LiveOrder
    plan: guard.Plan
    kind: str
    settings: Mapping[str, Any]
    parameters: Mapping[str, guard.Parameter]
    name: str  # of the plan among the walled workers
    sources: Mapping[str, Source]
    snapshots: Mapping[str, str]
    resources: tuple[str, ...]
    protected: Mapping[str, tuple[str, int]]  # table to its resource and least subjects, where history matters
    circle: frozenset[str]  # the consumer and its affiliates, where history matters


class Result:
    """What an evaluation came to; what is made of it is made once, however often it is delivered."""

    def __init__(self, outcome: kinds.Outcome) -> None:
        self.outcome = outcome

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values, the same at every door."""
        return values.rows(self.outcome.table)

    @cached_property
    def json(self) -> bytes:
        """The rows as the gate tells them in JSON."""
        return values.to_json(self.rows)

    @cached_property
    def digest(self) -> str:
        """What the record and the receipt know of the rows."""
        return self.outcome.digest or values.digest(self.rows)


@dataclass(frozen=True)
class Answer:
    """What is delivered, with where its record stands and the signed receipt."""

    product: str
    edition: int
    kind: str
    result: Result
    snapshots: Mapping[str, str]
    ledger_index: int
    at: datetime
    receipt: Mapping[str, Any]

    @property
    def table(self) -> pa.Table:
        """The rows as Arrow."""
        return self.result.outcome.table

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values, the same at every door."""
        return self.result.rows

    @property
    def suppressed_groups(self) -> int:
        """How many groups rest on too few."""
        return self.result.outcome.suppressed

    @property
    def result_digest(self) -> str:
        """SM3 of the canonical rows."""
        return self.result.digest

    def to_json(self) -> bytes:
        """The body of the answer."""
        about = {
            "product": self.product, "edition": self.edition, "suppressed_groups": self.suppressed_groups,
            "snapshots": dict(self.snapshots), "result_digest": self.result_digest,
            "ledger_index": self.ledger_index, "at": canonical.plain(self.at), "receipt": self.receipt,
        }  # fmt: skip
        return b'{"rows":' + self.result.json + b"," + values.to_json(about)[1:]


_prepared: dict[tuple[str, str], tuple[int, date, Prepared]] = {}
_known: set[str] = set()
_guard = Lock()


def deliver(
    secret: str, slug: str, given: Mapping[str, str], at: datetime, *, own: pa.Table | None = None,
    door: str = "http", source: str = "", call_id: str = "",
) -> Answer:  # fmt: skip
    """One product call. Raises the kernel's errors; nothing leaves before its record and its meter are durable.

    `own`: the caller's rows of a fusion call. `source`: the caller's network address, kept as a hash. `call_id`: the
    caller's own name of the call; asked again with it, the same answer is given and not metered a second time.
    """
    try:
        if call_id and not _CALL_ID.fullmatch(call_id):
            raise Invalid(BAD_CALL_ID)
        for _ in range(_TRIES):
            now, ready = prepare(secret, slug, at)
            try:
                return _deliver(now, ready, given, at, own, door, source, call_id)
            except Stale:
                continue
        raise TryLater(BUSY)
    except RuleBroken as refused:
        record_refused(secret, slug, refused, at)
        raise


def _deliver(
    now: int, ready: Prepared, given: Mapping[str, str], at: datetime, own: pa.Table | None, door: str, source: str,
    call_id: str,
) -> Answer:  # fmt: skip
    order, history = ready.order, History(ready)
    call = kinds.Call(
        order=order, slug=order.slug, kind=ready.kind, settings=ready.settings, parameters=ready.parameters,
        given=given, own=own, at=at, door=door, source=source, snapshots=ready.snapshots,
    )  # fmt: skip
    runs = kinds.Runs(plan=ready.plan, name=ready.name, pool=pool, sources=ready.sources, history=history)
    result = _evaluated(call, runs)
    outcome, rows = result.outcome, result.outcome.table.num_rows
    asked = canonical.sm3([order.slug, dict(given), values.digest(values.rows(own)) if own is not None else None])
    delivery = Delivery(
        order=order, at=at, epoch=now, rows=rows, bytes=outcome.table.nbytes, request_digest=asked,
        result_digest=result.digest, plan_digest=ready.plan.digest, snapshots=ready.snapshots,
        suppressed=outcome.suppressed, billable=_billable(order, outcome), call_id=call_id, circle=ready.circle,
        compared=tuple(history.compared),
        recorded={**outcome.recorded, "door": door, **({"source": ledger.person_hash(source)} if source else {})},
    )  # fmt: skip
    recorded = committer().commit(delivery)
    return Answer(
        order.slug, order.edition, ready.kind, result, ready.snapshots, recorded.index, recorded.at,
        _receipt(delivery, recorded),
    )  # fmt: skip


def _evaluated(call: kinds.Call, runs: kinds.Runs) -> Result:
    """What the call comes to. Snapshots never change, so the same plan with the same parameters is not run again."""
    if call.kind not in kinds.REPEATABLE:
        return Result(kinds.evaluate(call, runs))
    bound = call.bound()
    key = (runs.name, canonical.sm3({name: [type(v).__name__, str(v)] for name, v in bound.items()}))
    kept = results.get(key)
    if kept is None:
        kept = results.keep(key, Result(kinds.evaluate(call, runs)))
    elif runs.history is not None:
        runs.history(bound)
    return kept


class Results:
    """The latest results in this process's memory, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held, self._lock = most_bytes, 0, Lock()
        self._kept: OrderedDict[tuple[str, str], Result] = OrderedDict()

    def get(self, key: tuple[str, str]) -> Result | None:
        """The result of that plan and those parameters, if it is still here."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: tuple[str, str], result: Result) -> Result:
        """Hold a result; the one longest unused makes room."""
        size = _size(result)
        if size > self._most // 8:
            return result
        with self._lock:
            if key not in self._kept:
                self._kept[key] = result
                self._held += size
            while self._held > self._most:
                self._held -= _size(self._kept.popitem(last=False)[1])
        return result

    def clear(self) -> None:
        """Let go of all."""
        with self._lock:
            self._kept.clear()
            self._held = 0


def _size(result: Result) -> int:
    return 4096 + 8 * int(result.outcome.table.nbytes)  # as Arrow, as values and as JSON


results = Results(_KEPT_BYTES)


def _receipt(d: Delivery, recorded: Recorded) -> dict[str, Any]:
    return receipts.sign(
        {
            "order": d.order.code, "consumer": d.order.consumer, "product": d.order.slug, "edition": d.order.edition,
            "plan": d.plan_digest, "snapshots": dict(d.snapshots), "request": d.request_digest,
            "result": d.result_digest, "rows": d.rows, "suppressed": d.suppressed, "price_fen": d.price_fen,
            "at": recorded.at, "ledger_index": recorded.index,
        }
    )  # fmt: skip


def _billable(order: LiveOrder, outcome: kinds.Outcome) -> bool:
    """Whether the answer is charged: on success, or only on a hit, as the tariff says."""
    return not (getattr(order, "charge_on", "success") == "hit" and outcome.hit is False)


def prepare(secret: str, slug: str, at: datetime) -> tuple[int, Prepared]:
    """The live answer to who may call what, with the epoch it is of; kept until any act changes anything."""
    now, day, key = epoch(), local_day(at), (canonical.sm3(secret), slug)
    kept = _prepared.get(key)
    if kept and kept[0] == now and kept[1] == day:
        return now, kept[2]
    ready = _prepare(secret, slug, at)
    with _guard:
        if len(_prepared) >= _MOST_PREPARED:
            _prepared.clear()
        _prepared[key] = (now, day, ready)
    return now, ready


def _prepare(secret: str, slug: str, at: datetime) -> Prepared:
    order = live_order(secret, slug, at)
    product = live(slug)
    what: Program = program(product, at)
    resources = tuple(sorted(what.tables.values()))
    if is_shut(slug, order.code, order.developer, order.operator, resources):
        raise RuleBroken(SHUT)
    grant, snapshots = _with_snapshots(what)
    plan = guard.compile(what.sql, grant, what.parameters)
    if any(plan.noisy):  # paid from a budget that product calls do not have; never without the noise
        raise RuleBroken(NO_NOISE)
    sources = {n: _source(grant.tables[n], what.tables[n]) for n in plan.reads if not grant.tables[n].own}
    protected = {f.table: (what.tables[f.table], grant.tables[f.table].min_subjects) for f in plan.footprints}
    circle = affiliations.circle(order.consumer, at) if protected else frozenset({order.consumer})
    return Prepared(
        order, plan, product.kind, product.settings, what.parameters, _registered(plan, sources, snapshots), sources,
        snapshots, resources, protected, circle,
    )  # fmt: skip


class History:
    """What stands behind the answers of one call, compared within itself now and with what was answered at the end."""

    def __init__(self, ready: Prepared) -> None:
        self._ready = ready
        self.compared: list[Compared] = []

    def __call__(self, bound: Mapping[str, Any], ran: Sequence[pa.Table] | None = None, brought: str = "") -> None:
        """Collect the sketches behind the answer to these parameters; RuleBroken if its own cells tell too much.

        `ran`: what the footprints gave, where the kind has run them itself; `brought`: digest of the caller's rows.
        """
        plan, ready = self._ready.plan, self._ready
        if not plan.footprints:
            return
        asked = [plan.digest, plan.grant, _texts(bound), dict(ready.snapshots), *([brought] if brought else [])]
        question = canonical.sm3(asked)
        if answers.answered(ready.circle, question):
            return
        levels = self._levels(self._ran(bound) if ran is None else ran)
        joined = [f.joined for f in plan.footprints for _ in range(2)]
        by_resource = dict(ready.protected.values())
        leasts = {cells.table: by_resource[cells.table.split("@")[0]] for cells in levels}
        if within(levels, joined, leasts) is not None:
            raise RuleBroken(answers.DIFFERENCE)
        self.compared.append(Compared(question, tuple((cells, leasts[cells.table]) for cells in levels)))

    def _ran(self, bound: Mapping[str, Any]) -> Sequence[pa.Table]:
        only = tuple(range(1, len(self._ready.plan.footprints) + 1))
        return pool().call(self._ready.name, {**bound, "secret": answers.secret()}, only).tables

    def _levels(self, tables: Sequence[pa.Table]) -> list[Cells]:
        plan = self._ready.plan
        found: list[Cells] = []
        for footprint, table in zip(plan.footprints, tables, strict=True):
            resource, _ = self._ready.protected[footprint.table]
            found += levels_of(f"{resource}@{self._ready.snapshots[resource]}", table, footprint.keys)
        return found


def _texts(bound: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in bound.items()}


@cache
def pool() -> Pool:
    """The walled workers of this process, one plan each."""
    return Pool(int(os.environ.get("DIANCHI_GATE_WORKERS", "2")), LIMITS)


def _registered(plan: guard.Plan, sources: Mapping[str, Source], snapshots: Mapping[str, str]) -> str:
    """The name under which the workers know this text over these snapshots; other acts leave it as it is."""
    name = canonical.sm3([plan.sql, dict(snapshots)])
    with _guard:
        if (
            name not in _known and sources.keys() == plan.reads.keys()
        ):  # else a fusion call, run once with the caller's rows
            statements = [Statement(plan.sql), *(Statement(f.sql) for f in plan.footprints)]
            pool().register(name, statements, sources)
            _known.add(name)
    return name


def _with_snapshots(what: Program) -> tuple[guard.Grant, dict[str, str]]:
    """The grant with the files in service and what the lake knows of their subjects."""
    tables, snapshots = {}, {}
    for name, table in what.grant.tables.items():
        if table.own:  # the caller brings its rows with the call
            tables[name] = table
            continue
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
