"""Developers' queries on the real data: compiled under a live grant, run walled off, compared with history, isolated.

The only place that opens snapshots of the lake for a developer. A run's result is sealed before its record is
written, and seen only after; what may leave is another matter (egress).
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import OperationalError, connection, transaction

from dianchi.chapters.operation.programs.queries import Runnable
from dianchi.chapters.operation.runs import queries as runs
from dianchi.chapters.operation.runs.arguments import bind
from dianchi.chapters.operation.runs.models import Run
from dianchi.chapters.supervision.closures.queries import SHUT, is_shut
from dianchi.engines import guard
from dianchi.engines.guard.history import Cells, levels_of, within
from dianchi.engines.runner import Limits, Source, Statement
from dianchi.engines.runner import run as run_walled
from dianchi.foundation import ledger
from dianchi.foundation.affiliations.queries import circle
from dianchi.foundation.answers import store as answers
from dianchi.foundation.answers.store import Book, Compared
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.jobs.queue import Running, work
from dianchi.gate import sources, values, vault
from dianchi.kernel import canonical
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.errors import DomainError, NotFound, Refusal, RuleBroken
from dianchi.kernel.text import Text

STEPS = (
    Text("核对授权", "Checking the grant"), Text("编译查询", "Compiling the query"),
    Text("墙内计算", "Computing behind the wall"), Text("与此前答复比对", "Comparing with earlier answers"),
    Text("加密存放结果", "Sealing the result"),
)  # fmt: skip
WORKER_LOST = Refusal(
    "development.worker-lost",
    Text("执行作业的程序多次中断，未返回任何数据", "The worker that ran the job was lost more than once; nothing was returned"),
    remedy=Text("请重新运行；若再次发生，请凭运行编号联系平台", "Run it again; if it happens again, name the run to the platform"),
)  # fmt: skip
METHOD = "销毁密钥并删除密文"
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Ready:
    """A query that may be asked now, with all that its answer depends on."""

    plan: guard.Plan
    data: sources.Resolved
    developer: str
    region: str

    @property
    def needed(self) -> dict[str, Source]:
        """The tables that the plan scans."""
        return {name: self.data.sources[name] for name in self.plan.reads}

    def question(self, bound: Mapping[str, Any]) -> str:
        """What makes two questions the same one."""
        texts = {name: str(given) for name, given in bound.items()}
        return canonical.sm3([self.plan.digest, self.plan.grant, texts, dict(self.data.snapshots)])


@dataclass(frozen=True)
class Found:
    """An answer inside the wall: its table, how much was suppressed, and what history must be asked."""

    table: pa.Table
    suppressed: int
    compared: Compared
    seconds: float


def ready(what: Runnable, wanted: Mapping[str, str] | None = None) -> Ready:
    """Compile it over the snapshots in service, or those wanted; raises the kernel's errors."""
    request = what.program.request
    return prepared(what.sql, what.parameters, what.grant, what.tables, request, wanted)


def prepared(sql: str, parameters: Mapping[str, guard.Parameter], grant: guard.Grant, codes: Mapping[str, str],
             request: Any, wanted: Mapping[str, str] | None = None) -> Ready:  # fmt: skip
    """Compile any text under the grant of a request, unless the gate is shut for it."""
    if is_shut("", "", request.developer, request.operator, set(codes.values())):
        raise RuleBroken(SHUT)
    data = sources.resolved(grant, codes, wanted)
    return Ready(guard.compile(sql, data.grant, parameters), data, request.developer, request.region)


def computed(what: Ready, bound: Mapping[str, Any], limits: Limits, stopped: Callable[[], bool] | None = None) -> Found:
    """Run it walled off; RuleBroken if its own cells tell too much of few."""
    plan, data = what.plan, what.data
    secret = {**bound, "secret": answers.secret()}
    statements = [Statement(plan.sql, bound), *(Statement(f.sql, secret) for f in plan.footprints)]
    done = run_walled(statements, what.needed, limits, stopped)
    levels = _levels(what, done.tables[1:])
    leasts = [data.grant.tables[f.table].min_subjects for f in plan.footprints for _ in range(2)]
    joined = [f.joined for f in plan.footprints for _ in range(2)]
    named = {cells.table: least for cells, least in zip(levels, leasts, strict=True)}
    if within(levels, joined, named) is not None:
        raise RuleBroken(answers.DIFFERENCE)
    table, suppressed = outcome(done.tables[0], plan)
    compared = Compared(what.question(bound), tuple(zip(levels, leasts, strict=True)))
    return Found(table, suppressed, compared, done.seconds)


def remember(what: Ready, found: Found, at: datetime) -> None:
    """Hold the answer against all earlier ones of the developer and its affiliates, in the caller's transaction."""
    ledger.hold()
    book = Book()
    around = circle(what.developer, at, what.region)
    most = int(value("guard.history-cells"))
    if refusal := book.refusal(what.developer, around, found.compared, most):
        raise RuleBroken(refusal)
    book.save(at)


def _levels(what: Ready, tables: Iterable[pa.Table]) -> list[Cells]:
    found: list[Cells] = []
    for footprint, table in zip(what.plan.footprints, tables, strict=True):
        code = what.data.codes[footprint.table]
        found += levels_of(f"{code}@{what.data.snapshots[code]}", table, footprint.keys)
    return found


def outcome(table: pa.Table, plan: guard.Plan) -> tuple[pa.Table, int]:
    """The rows without the guard's own columns, and how many groups were suppressed."""
    if not plan.counts_suppressed:
        return table, 0
    suppressed = int(table.column("_suppressed")[0].as_py() or 0) if table.num_rows else 0
    return table.filter(table.column("_row").is_valid()).drop_columns(["_suppressed", "_row"]), suppressed


@work(f"{runs.LONG}run")
def run_job(running: Running) -> None:
    """A job: one run, to its result or to the reason why there is none."""
    code = str(running.arguments["run"])
    try:
        execute(code, running.clock, lambda step: running.progress(step, len(STEPS)))
    except DomainError as refused:
        fail(code, refused.refusals, running.clock())


def execute(code: str, clock: Callable[[], datetime], progress: Progress = lambda step: None) -> None:
    """Run it, unless its owner cancelled it; raises the kernel's errors when it cannot be answered."""
    if runs.cancelled(code):
        return
    run, began = get_case("runs", code, PLATFORM), time.monotonic()
    progress(0)
    what = ready(runs.bound(run, clock()))
    progress(1)
    begun = {"plan_digest": canonical.sm3([what.plan.digest, what.plan.grant]), "snapshots": dict(what.data.snapshots)}
    perform("runs", "begin", by=PLATFORM, at=clock(), code=code, inputs=begun)
    if earlier := runs.answered_by(run.developer, begun["plan_digest"], begun["snapshots"], run.arguments):
        _copy(run, earlier, clock())
        return
    progress(2)
    found = computed(what, bound_values(run, what), _limits(run), lambda: _unwanted(code))
    progress(3)
    _keep(run, what, found, clock, progress, round((time.monotonic() - began) * 1000))


def _unwanted(code: str) -> bool:
    """Whether the owner has cancelled; asked from the thread that watches the walled process."""
    try:
        return runs.cancelled(code)
    except OperationalError:  # the database is busy: it is asked again in a moment
        return False
    finally:
        connection.close()


def bound_values(run: Run, what: Ready) -> dict[str, Any]:
    """The run's values as the guard takes them."""
    return bind(what.plan.parameters, {a["name"]: a["value"] for a in run.arguments})


def _limits(run: Run) -> Limits:
    return Limits(
        seconds=int(value("run.most-seconds", run.region)), rows=int(value("run.most-rows", run.region)), threads=2
    )


def _keep(run: Run, what: Ready, found: Found, clock: Callable[[], datetime], progress: Progress, took: int) -> None:
    """Seal the result, then record it together with history; if either forbids it, nothing is kept."""
    progress(4)
    rows = values.rows(found.table)
    vault.put(run.code, _ipc(found.table))
    result = {
        "rows": len(rows), "columns": found.table.column_names, "suppressed": found.suppressed,
        "bytes": found.table.nbytes, "result_digest": values.digest(rows), "milliseconds": took,
    }  # fmt: skip
    try:
        with transaction.atomic():
            remember(what, found, clock())
            _require_standing(run.code, set(what.data.codes.values()), clock())
            perform("runs", "finish", by=PLATFORM, at=clock(), code=run.code, inputs=result)
    except BaseException:
        vault.destroy(run.code)
        raise


def _require_standing(code: str, resources: set[str], at: datetime) -> None:
    """Nothing that the run rests on fell while it ran."""
    run = get_case("runs", code, PLATFORM)
    runs.bound(run, at)
    if is_shut("", "", run.developer, run.operator, resources):
        raise RuleBroken(SHUT)


def _copy(run: Run, earlier: Run, at: datetime) -> None:
    """The same question has the same answer."""
    vault.put(run.code, vault.get(earlier.code))
    result = {
        "rows": earlier.rows, "columns": earlier.columns, "suppressed": earlier.suppressed, "bytes": earlier.bytes,
        "result_digest": earlier.result_digest, "milliseconds": 0, "copied_from": earlier.code,
    }  # fmt: skip
    perform("runs", "finish", by=PLATFORM, at=at, code=run.code, inputs=result)


def fail(code: str, reasons: Iterable[Refusal], at: datetime) -> None:
    """Tell the owner why there is no result; nothing is left of it."""
    vault.destroy(code)
    if runs.cancelled(code):
        return
    problems = [{"code": r.code, "zh": _said(r, "zh"), "en": _said(r, "en")} for r in reasons]
    perform("runs", "fail", by=PLATFORM, at=at, code=code, inputs={"problems": problems})


def _said(refusal: Refusal, lang: str) -> str:
    parts = [refusal.message, refusal.remedy] if refusal.remedy else [refusal.message]
    said = [(part.en if lang == "en" else str(part)).rstrip("。.") for part in parts]
    return ("; ".join(said) + "." if lang == "en" else "；".join(said) + "。")[:500]


@work(f"{runs.LONG}replay")
def replay_job(running: Running) -> None:
    """A job: the same run again; what it gives is compared and thrown away."""
    replay(str(running.arguments["run"]), running.clock())


def replay(code: str, at: datetime) -> None:
    """Run the same version over the same snapshots with the same values, and record the digest."""
    run = get_case("runs", code, PLATFORM)
    if run.state != "isolated":
        return
    what = ready(runs.bound(run, at), run.snapshots)
    found = computed(what, bound_values(run, what), _limits(run))
    digest = values.digest(values.rows(found.table))
    perform("runs", "replayed", by=PLATFORM, at=at, code=code, inputs={"replay_digest": digest})


def result(run: Run) -> pa.Table:
    """The isolated result of a run; NotFound if it is gone, and for a run that has none."""
    if run.state != "isolated":
        raise NotFound(vault.GONE)
    table: pa.Table = pa.ipc.open_stream(vault.get(run.code)).read_all()
    return table


def _ipc(table: pa.Table) -> bytes:
    out = io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def sweep(at: datetime) -> int:
    """End what may not be kept any longer and destroy what has ended; how many things were done."""
    done = 0
    for run in runs.orphaned():
        fail(run.code, (WORKER_LOST,), at)
        done += 1
    for run in runs.lapsed(at):
        perform("runs", "end", by=PLATFORM, at=at, code=run.code)
    for run in runs.to_destroy():
        _, size = vault.destroy(run.code)
        perform(
            "runs", "destroy", by=PLATFORM, at=at, code=run.code, inputs={"destroyed_bytes": size, "method": METHOD}
        )
        done += 1
    return done
