"""Questions about programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dianchi.chapters.operation.holdings.queries import own_tables
from dianchi.chapters.operation.programs.compiling import bound_parameters, plan_digest
from dianchi.chapters.operation.programs.lifecycle import State, digest_is_unchanged
from dianchi.chapters.operation.programs.models import Program, Version
from dianchi.chapters.operation.requests.models import Request
from dianchi.chapters.operation.requests.queries import grant as granted
from dianchi.engines.guard import Grant, Parameter
from dianchi.foundation.cases.figures import value
from dianchi.kernel import canonical
from dianchi.kernel.errors import Invalid, Refusal, RuleBroken
from dianchi.kernel.law.articles import default, spec27
from dianchi.kernel.text import Text

NOT_APPROVED = Refusal(
    "programs.not-approved",
    Text("本版程序尚未核准，不能在真实数据上正式运行", "This version is not approved to run on the real data"),
    spec27(15),
    Text("请先固定并送核，由运营机构核准", "Freeze it and let the operator approve it"),
    ("R45",),
)
SAME_NAME = Refusal(
    "programs.table-name-taken",
    Text("自有数据与所申请的数据表重名", "Own data and a table of the request share a name"),
    default(),
    Text("请为自有数据另取表名", "Give your own data another name"),
    field="holdings",
)


@dataclass(frozen=True)
class Runnable:
    """A version of a program under its grant as it is now."""

    program: Program
    sql: str
    parameters: dict[str, Parameter]
    grant: Grant
    tables: dict[str, str]  # table name to the code under which the lake keeps it
    digest: str  # of query, parameters and policy


def digest_of(sql: str, parameters: Iterable[Mapping[str, Any]], request: str, holdings: list[str]) -> str:
    """SM3 of what makes a version: its text, its parameters and the data it may name."""
    return canonical.sm3({"sql": sql, "parameters": list(parameters), "request": request, "holdings": holdings})


def grant(request: Request, holdings: Iterable[str], at: datetime) -> Grant:
    """What the request grants now, with the developer's own tables; raises the kernel's errors."""
    found = granted(request, at)
    own = own_tables(list(holdings), request.developer, at)
    if own.keys() & found.tables.keys():
        raise Invalid(SAME_NAME)
    return replace(found, tables={**found.tables, **{name: table for name, (table, _) in own.items()}})


def tables(request: Request, holdings: Iterable[str], at: datetime) -> dict[str, str]:
    """For each table name of the grant the code under which the lake keeps it."""
    own = own_tables(list(holdings), request.developer, at)
    return {t["name"]: t["resource"] for t in request.tables} | {name: code for name, (_, code) in own.items()}


def runnable(program: Program, at: datetime) -> Runnable:
    """The version that counts, ready to run on the real data.

    RuleBroken while it is not approved (where the region asks for that), when anything that it rests on no longer
    stands, and when the policy of its data is no longer the one under which it was frozen.
    """
    if program.state != State.APPROVED and value("program.approval-before-real-run", program.region):
        raise RuleBroken(NOT_APPROVED)
    live = grant(program.request, program.holdings, at)
    digest = plan_digest(program.sql, program.parameters, live)
    if program.policy_digest not in ("", digest):
        raise RuleBroken(digest_is_unchanged.refusal)
    named = tables(program.request, program.holdings, at)
    return Runnable(program, program.sql, bound_parameters(program.parameters), live, named, digest)


def versions(program: Program) -> list[Version]:
    """Every version, latest first."""
    return list(Version.objects.filter(program_code=program.code).order_by("-number"))
