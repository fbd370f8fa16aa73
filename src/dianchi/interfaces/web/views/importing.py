"""Importing catalogue items from a workbook: every row is checked by the rules of the act before any is imported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.chapters.resources.catalogue.queries import titles_of
from dianchi.foundation.cases import queries
from dianchi.foundation.cases.perform import perform
from dianchi.interfaces.web import menu, workbook
from dianchi.interfaces.web.access import acting
from dianchi.interfaces.web.models import Draft
from dianchi.interfaces.web.workbook import Row
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import DomainError, Invalid, NotPermitted, Refusal
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

NOT_PROVIDER = Refusal(
    "catalogue.import-not-yours", Text("只有数据提供单位可以导入目录", "Only a data provider imports catalogue items"), spec27(9, 5),
    Text("请以数据提供单位的身份登录", "Sign in for the provider"),
)  # fmt: skip
TAKEN = Text("本单位已有同名资源", "Your department has a resource of that name already")
TWICE = Text("表中有同名资源", "The workbook names it twice")
NO_FILE = Refusal("catalogue.no-workbook", Text("没有选择表格", "No workbook was chosen"), spec27(9, 5),
                  Text("请选择填好的表格", "Choose the one you filled in"), field="file")  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of one row."""

    line: int
    title: str
    problems: list[tuple[str, Text]]
    code: str = ""  # of the case, once imported


@acting
def template(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The empty workbook."""
    response = HttpResponse(
        workbook.template(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = 'attachment; filename="catalogue-template.xlsx"'
    return response


@acting
def upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Check a workbook; then import the rows that are right, from what was kept of it."""
    if Role.PROVIDER not in actor.roles:
        raise NotPermitted(NOT_PROVIDER)
    at: datetime = request.at  # type: ignore[attr-defined]
    about: dict[str, Any] = {"outcomes": [], "refused": (), "imported": False}
    if request.method == "POST":
        try:
            about |= _import(actor, at) if "_import" in request.POST else _check(request, actor, at)
        except Invalid as refused:
            about["refused"] = refused.refusals
    about["right"] = sum(not o.problems for o in about["outcomes"])
    return render(request, "web/catalogue/import.html", about, status=422 if about["refused"] else 200)


def _check(request: HttpRequest, actor: Actor, at: datetime) -> dict[str, Any]:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Invalid(NO_FILE)
    rows = workbook.read(file.read(workbook.LARGEST + 1))
    _judge(rows, actor, at)
    right = [r.values for r in rows if not r.problems]
    Draft.objects.update_or_create(**_where(actor), defaults={"values": right, "saved_at": at})
    return {"outcomes": [Outcome(r.line, r.title, r.problems) for r in rows]}


def _judge(rows: list[Row], actor: Actor, at: datetime) -> None:
    """Ask the rules of the act about every row, changing nothing."""
    seen, taken = set(), titles_of(actor.organisation)
    for row in rows:
        if row.title in seen or row.title in taken:
            row.problems.append((f"{workbook.ITEMS} {row.line}", TWICE if row.title in seen else TAKEN))
        seen.add(row.title)
        try:
            reasons = queries.rehearse("catalogue", "draft", by=actor, at=at, inputs=row.values)
        except Invalid as refused:
            reasons = refused.refusals
        row.problems += [(workbook.place_of(row, r), r.message) for r in reasons]


def _import(actor: Actor, at: datetime) -> dict[str, Any]:
    kept = Draft.objects.filter(**_where(actor)).first()
    outcomes, taken = [], titles_of(actor.organisation)
    for i, values in enumerate(kept.values if kept else [], 1):
        title = str(values.get("title", ""))
        if title in taken:  # the same page sent twice
            continue
        try:
            done = perform("catalogue", "draft", by=actor, at=at, inputs=values)
            outcomes.append(Outcome(i, title, [], done.case.code))
        except DomainError as refused:
            outcomes.append(Outcome(i, title, [("", r.message) for r in refused.refusals]))
    Draft.objects.filter(**_where(actor)).delete()
    menu.acted()
    return {"outcomes": outcomes, "imported": True}


def _where(actor: Actor) -> dict[str, Any]:
    return {
        "person": actor.person,
        "organisation": actor.organisation,
        "case_type": "catalogue",
        "case_code": "",
        "act": "import",
    }
