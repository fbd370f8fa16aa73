"""Out of isolation: the automatic checks, what reviewers may look at, and the delivery, recorded before its bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import transaction

from dianchi.chapters.operation.egress import queries as egress
from dianchi.chapters.operation.egress.lifecycle import State
from dianchi.chapters.operation.egress.models import Egress
from dianchi.chapters.operation.runs import queries as runs
from dianchi.chapters.supervision.closures.queries import SHUT, is_shut
from dianchi.foundation import ledger
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.jobs.queue import Running, work
from dianchi.gate import checks, development, receipts, values
from dianchi.kernel import canonical
from dianchi.kernel.actors import PLATFORM, Actor, Role
from dianchi.kernel.errors import DomainError, NotPermitted, Refusal, RuleBroken
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

NOT_APPROVED = Refusal(
    "egress.not-approved",
    Text("尚未准予出域，不能交付", "It may not leave yet"),
    spec27(21),
    Text("请等待出域审查完成", "Wait for the egress review"),
    ("R45",),
)
DIGEST_DIFFERS = Refusal(
    "egress.bytes-changed",
    Text(
        "保存的结果与审查时的摘要不一致，不予交付",
        "The stored result is not the one that was reviewed; it is not delivered",
    ),
    spec27(21),
    Text("请重新运行并重新送审", "Run it anew and have it reviewed again"),
    ("R45",),
)
NOT_YOURS = Refusal(
    "egress.result-not-yours",
    Text(
        "隔离结果只供开发主体和本件的审查人查看", "Only the developer and its reviewers may look at an isolated result"
    ),
    spec27(21),
    Text("请由审查人办理", "Let a reviewer do it"),
    ("R51",),
)
JUDGED = (State.UNDER_REVIEW, State.CONFLICT, State.APPROVED, State.DELIVERED)


@work(f"{runs.LONG}check")
def check_job(running: Running) -> None:
    """A job: the twelve checks of one submission."""
    check(str(running.arguments["egress"]), running.clock())


def check(code: str, at: datetime) -> None:
    """Check the result of a request and record every point; one that fails blocks it."""
    case = get_case("egress", code, PLATFORM)
    if case.state != State.REQUESTED:
        return
    try:
        what = development.ready(runs.bound(case.run, at), case.run.snapshots)
        points = checks.check(case, _sound(case), what, at)
    except DomainError as refused:
        points = _unproven(refused.refusals[0])
    act = "block" if any(p["verdict"] == checks.FAIL for p in points) else "check"
    perform("egress", act, by=PLATFORM, at=at, code=code, inputs={"points": points})


def _unproven(why: Refusal) -> list[dict[str, Any]]:
    """What cannot be checked has failed."""
    return [
        {"number": n, "verdict": checks.FAIL, "zh": str(why.message), "en": why.message.en, "counts": {}}
        for n in range(1, 13)
    ]


def _sound(case: Egress) -> pa.Table:
    """The sealed result if it still is the one the request names; RuleBroken if a value differs."""
    table = development.result(case.run)
    if values.digest(values.rows(table)) != case.result_digest:
        raise RuleBroken(DIGEST_DIFFERS)
    return table


def preview(case: Egress, by: Actor, at: datetime) -> pa.Table:
    """The result as its reviewers see it; who looked is on record, but the owner's own looks are not."""
    if by.plays(Role.DEVELOPER) and case.developer == by.organisation:
        return _sound(case)
    judges = {Role.OPERATOR: case.operator, Role.IMPLEMENTER: case.implementer}
    judging = any(by.plays(role) and by.organisation == body for role, body in judges.items())
    deciding = by.plays(Role.BUREAU) and case.state == State.CONFLICT
    if case.state not in JUDGED or not (judging or deciding):
        raise NotPermitted(NOT_YOURS)
    table = _sound(case)
    _viewed(case, by, at)
    return table


def earlier_preview(case: Egress, other: Egress, by: Actor, at: datetime) -> pa.Table:
    """An earlier output of the same party or an affiliate, beside one that the actor may look at."""
    preview(case, by, at)
    if other not in egress.earlier(case, at):
        raise NotPermitted(NOT_YOURS)
    if by.organisation != other.developer:
        _viewed(other, by, at)
    return _sound(other)


def _viewed(case: Egress, by: Actor, at: datetime) -> None:
    """Record that a reviewer looked at an isolated result."""
    with transaction.atomic():
        ledger.record(
            "egress.viewed", case_type="egress", case_id=case.code, by=by.person, organisation=by.organisation,
            role=",".join(sorted(by.roles)), at=at, article=spec27(21), payload={"result": case.result_digest},
        )  # fmt: skip


def deliver(code: str, by: Actor, at: datetime) -> tuple[bytes, str]:
    """The file for the developer and its name; the record is durable before this returns.

    RuleBroken while it may not leave, when the gate is shut, and when a byte differs from what was reviewed.
    """
    case = get_case("egress", code, by)
    if not (by.plays(Role.DEVELOPER) and case.developer == by.organisation):
        raise NotPermitted(NOT_YOURS)
    if not case.may_leave:
        raise RuleBroken(NOT_APPROVED)
    if is_shut("", "", case.developer, case.operator, case.resources):
        raise RuleBroken(SHUT)
    number = case.number + 1
    body = _file(case, _sound(case), by, number, at)
    record = {
        "number": number, "sha256": hashlib.sha256(body).hexdigest(), "sm3": canonical.sm3_bytes(body), "bytes": len(body),
    }  # fmt: skip
    perform("egress", "deliver", by=PLATFORM, at=at, code=code, inputs=record, version=case.version)
    return body, f"{case.code}-{number}.zip"


def _file(case: Egress, table: pa.Table, by: Actor, number: int, at: datetime) -> bytes:
    """The rows as CSV beside a signed lineage that names recipient and copy."""
    run = case.run
    lineage = receipts.sign(
        {
            "egress": case.code, "copy": number, "recipient": case.developer, "run": run.code, "program": run.program.code,
            "version": run.edition, "program_digest": run.program_digest, "plan": run.plan_digest,
            "snapshots": dict(run.snapshots), "result": case.result_digest, "rows": table.num_rows,
            "purpose": case.purpose, "form": case.form, "at": at,
        }
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        for name, text in (
            ("result.csv", _csv(table)),
            ("lineage.json", json.dumps(canonical.plain(lineage), ensure_ascii=False, indent=2)),
        ):
            files.writestr(
                zipfile.ZipInfo(name, at.timetuple()[:6]), text.encode("utf-8-sig" if name.endswith("csv") else "utf-8")
            )
    return out.getvalue()


def _csv(table: pa.Table) -> str:
    """Rows as people open them in a sheet; what a sheet would take for a formula is made a text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.column_names)
    for row in values.rows(table):
        writer.writerow([_cell(row[name]) for name in table.column_names])
    return out.getvalue()


def _cell(value: Any) -> object:
    if isinstance(value, str) and value[:1] in "=+-@\t\r":
        return f"'{value}"
    return "" if value is None else value


def sweep(at: datetime) -> int:
    """Say of requests whose opinions differ that they are in conflict; how many."""
    found = egress.divided()
    for case in found:
        perform("egress", "record-conflict", by=PLATFORM, at=at, code=case.code)
    return len(found)
