"""Tries from a developer's editor: on the synthetic twin in full, on the real data with nothing told but sizes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from dianchi.chapters.operation.programs import queries as programs
from dianchi.chapters.operation.programs.compiling import bound_parameters
from dianchi.chapters.operation.requests.models import Request
from dianchi.chapters.operation.runs.arguments import bind
from dianchi.chapters.operation.runs.models import Trial
from dianchi.chapters.operation.runs.queries import SHORT
from dianchi.engines import guard
from dianchi.engines.guard.explain import told
from dianchi.engines.runner import Limits, Statement
from dianchi.engines.runner import run as run_walled
from dianchi.engines.twin.values import Trust
from dianchi.foundation import ledger
from dianchi.foundation.jobs.queue import Running, enqueue, work
from dianchi.gate import development, values, vault
from dianchi.gate.twins import twins
from dianchi.kernel import canonical
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import DomainError, Invalid, NotFound, Refusal
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

LIMITS = Limits(seconds=20, rows=100_000, output_bytes=32 << 20, threads=2)
SHOWN = 500  # rows of a try on the twin
KEPT = timedelta(hours=1)
LONGEST = 64 << 10
KINDS = ("twin", "dry")
NO_SUCH_KIND = Refusal("development.no-such-kind", Text("没有这种试算", "There is no such kind of try"))
PARAMETERS = Refusal(
    "development.parameters-not-sound",
    Text("参数重名、上下限颠倒或不合类型", "A parameter stands twice, or its bounds are reversed or of another type"),
    remedy=Text("请核对参数的名称、类型和上下限", "Check names, types and bounds"), field="parameters",
)  # fmt: skip


def explain(request: Request, sql: str, parameters: list[Mapping[str, Any]], holdings: list[str], lang: str,
            at: datetime) -> dict[str, Any]:  # fmt: skip
    """What the guard says of the text; no data are read and nothing is recorded."""
    try:
        live = programs.grant(request, holdings, at)
        found = guard.explain(sql[:LONGEST], live, lang, parameters=declared(parameters))
    except DomainError as refused:
        return refusal(refused, lang)
    return found.to_json()


def refusal(refused: DomainError, lang: str) -> dict[str, Any]:
    """Any refusal in the shape of an explanation."""
    said = [told(r, lang) for r in refused.refusals]
    return {"allowed": False, "refusals": said, "columns": [], "rewritten": None}


def declared(parameters: list[Mapping[str, Any]]) -> dict[str, guard.Parameter]:
    """The parameters as the guard binds them; Invalid if they are not sound."""
    try:
        return bound_parameters(parameters)
    except (ValueError, KeyError, TypeError):
        raise Invalid(PARAMETERS) from None


def ask(request: Request, kind: str, by: Actor, at: datetime, *, sql: str, parameters: list[Mapping[str, Any]],
        arguments: Mapping[str, str], holdings: list[str]) -> Trial:  # fmt: skip
    """Queue a try; older ones are forgotten. NotFound for a kind of try that there is not."""
    if kind not in KINDS:
        raise NotFound(NO_SUCH_KIND)
    forget(at - KEPT)
    trial = Trial.objects.create(
        key=secrets.token_hex(12), kind=kind, request=request, developer=request.developer, person=by.person,
        sql=sql[:LONGEST], parameters=parameters, arguments=dict(arguments), holdings=holdings, asked_at=at,
    )  # fmt: skip
    enqueue(f"{SHORT}{kind}", {"trial": trial.key}, key=f"trial:{trial.key}", at=at)
    return trial


def forget(before: datetime) -> None:
    """Tries are kept for a short while only, and their rows with them."""
    for trial in Trial.objects.filter(asked_at__lt=before):
        vault.destroy(f"trial-{trial.key}")
        trial.delete()


def outcome(trial: Trial, lang: str) -> dict[str, Any] | None:
    """What came of a try, its rows unsealed; None while nothing has."""
    if trial.outcome is None:
        return None
    told: dict[str, Any] = dict(trial.outcome[lang])
    if told.pop("sealed", False):
        told["rows"] = json.loads(vault.get(f"trial-{trial.key}"))
    return told


@work(f"{SHORT}twin")
def twin_job(running: Running) -> None:
    """A job: a try on the twin."""
    _tried(running, on_the_twin)


@work(f"{SHORT}dry")
def dry_job(running: Running) -> None:
    """A job: a try on the real data."""
    _tried(running, dry_run)


def _tried(running: Running, how: Any) -> None:
    trial = Trial.objects.filter(key=running.arguments["trial"]).select_related("request").first()
    if trial is None or trial.outcome is not None:
        return
    try:
        done = how(trial, running.clock())
        if "rows" in done:  # a developer's own data may be among them: nothing of it lies open
            vault.put(f"trial-{trial.key}", json.dumps(done.pop("rows"), ensure_ascii=False).encode())
            done["sealed"] = True
        trial.outcome = {"zh": done, "en": done}
    except DomainError as refused:
        trial.outcome = {lang: refusal(refused, lang) for lang in ("zh", "en")}
    except Exception:  # the queue would try again; a person at the editor is told at once
        trial.outcome = {lang: refusal(DomainError(development.WORKER_LOST), lang) for lang in ("zh", "en")}
        trial.save(update_fields=["outcome"])
        raise
    trial.save(update_fields=["outcome"])


def _prepared(trial: Trial, at: datetime) -> tuple[development.Ready, dict[str, Any]]:
    live = programs.grant(trial.request, trial.holdings, at)
    codes = programs.tables(trial.request, trial.holdings, at)
    parameters = declared(trial.parameters)
    what = development.prepared(trial.sql, parameters, live, codes, trial.request)
    return what, bind(what.plan.parameters, trial.arguments)


def on_the_twin(trial: Trial, at: datetime) -> dict[str, Any]:
    """The rows that the query gives on synthetic data, with how far to trust them."""
    what, bound = _prepared(trial, at)
    live = programs.grant(trial.request, trial.holdings, at)  # what is known of real subjects does not hold for a twin
    plan = guard.compile(trial.sql, live, declared(trial.parameters))
    data = twins(trial.request.code, what.data, what.needed)
    done = run_walled([Statement(plan.sql, bound)], data.sources, LIMITS)
    table, suppressed = development.outcome(done.tables[0], plan)
    least = max((live.tables[name].min_subjects for name in data.made), default=0)
    said = Trust(0, least, 0, 0.0, {}).statement
    return {
        "allowed": True, "kind": "twin", "names": table.column_names, "total": table.num_rows,
        "rows": shown(table.slice(0, SHOWN)), "suppressed": suppressed, "seconds": round(done.seconds, 2),
        "synthetic": list(data.made), "trust": {"zh": str(said), "en": said.en} if data.made else None,
    }  # fmt: skip


def dry_run(trial: Trial, at: datetime) -> dict[str, Any]:
    """Sizes and suppressed groups of the real answer; it counts as answered, and history is asked as for a run."""
    what, bound = _prepared(trial, at)
    found = development.computed(what, bound, LIMITS)
    with transaction.atomic():
        development.remember(what, found, at)
        index = ledger.record(
            "development.dry-run", case_type="requests", case_id=trial.request.code, by=trial.person,
            organisation=trial.developer, role="developer", at=at, article=spec27(15),
            payload={
                "plan": what.plan.digest, "snapshots": dict(what.data.snapshots), "rows": found.table.num_rows,
                "suppressed": found.suppressed, "query": canonical.sm3(trial.sql),
            },
        )  # fmt: skip
    return {
        "allowed": True, "kind": "dry", "names": found.table.column_names, "total": found.table.num_rows,
        "suppressed": found.suppressed, "seconds": round(found.seconds, 2), "ledger_index": index,
        "columns": [c.to_json() for c in what.plan.columns],
    }  # fmt: skip


def shown(table: Any) -> list[list[Any]]:
    """Rows as JSON can hold them: whole numbers as numbers, the rest as text."""
    rows = values.rows(table)
    return [[_cell(row[name]) for name in table.column_names] for row in rows]


def _cell(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
