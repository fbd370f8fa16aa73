"""Questions about data requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.operation.requests import data
from dianchi.chapters.operation.requests.facts import standing
from dianchi.chapters.operation.requests.lifecycle import REQUEST, Facts, State
from dianchi.chapters.operation.requests.models import Request
from dianchi.engines.guard.grant import Column, Grant, Subject, Table
from dianchi.foundation.cases.figures import value
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import end_of

_NOT_PROVISIONED = Refusal(
    "requests.not-provisioned",
    Text("数据尚未提供或已撤销，不能使用", "The data are not provisioned, or were revoked"),
    spec27(21),
    Text("请先办理数据申请", "Have the data request approved and provisioned first"),
    ("R26",),
)


def grant(request: Request, at: datetime) -> Grant:
    """What the developer may do with which columns now; RuleBroken with every fact that no longer holds.

    Files stay empty: the gate resolves each table to the snapshot in force.
    """
    if request.state != State.PROVISIONED:
        raise RuleBroken(_NOT_PROVISIONED)
    facts = standing(Facts(), request.contract, request.purpose, request.tables, request.ends_on, at)
    reasons = [reason for guard in REQUEST.act("provision").provided for reason in guard.reasons(facts)]
    if reasons:
        raise RuleBroken(*reasons)
    found = data.items(request.resources)
    return Grant(
        party=request.developer,
        tables={table["name"]: _table(table, found[table["resource"]], request.region) for table in request.tables},
        purpose=request.purpose,
        expires_at=end_of(request.ends_on),
    )


def _table(asked: dict[str, Any], entry: Any, region: str) -> Table:
    """The resource narrowed to the fields asked for; the rest of its columns may not be named at all."""
    wanted = set(asked["fields"])
    columns = {name: _column(column, name in wanted) for name, column in data.columns(entry).items()}
    floor = int(value("guard.min-subjects", region))
    return Table(
        name=asked["name"],
        columns=columns,
        subject=Subject(entry.subject_column, entry.subject_type) if entry.subject_column else None,
        min_subjects=max(floor, entry.min_subjects or 0, asked["min_subjects"]),
        row_filter=asked["row_filter"],
    )


def _column(column: dict[str, Any], wanted: bool) -> Column:
    uses = frozenset(column["uses"]) if wanted else frozenset()
    return Column(
        column["name"],
        column["type"],
        uses,
        frozenset(column.get("aggregates") or ()) if "aggregate" in uses else frozenset(),
        column.get("mask") or "" if "mask" in uses else "",
    )
