"""The one screen of an egress review, the file that leaves, and own data that come in."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from dianchi.chapters.operation.egress import queries as egress
from dianchi.chapters.operation.egress.lifecycle import POINTS
from dianchi.chapters.operation.programs import queries as programs
from dianchi.foundation.cases import queries
from dianchi.foundation.cases.opinions import visible_opinions
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.documents.store import LARGEST
from dianchi.gate import egress as gate
from dianchi.gate import holdings
from dianchi.interfaces.web import menu, parties, results
from dianchi.interfaces.web.access import acting
from dianchi.interfaces.web.views.develop import developing, spelled
from dianchi.interfaces.web.views.papers import NO_FILE, TOO_LARGE
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import DomainError, Invalid, NotFound, NotPermitted
from dianchi.kernel.text import Text

VERDICTS = {
    "pass": ("force", Text("通过", "Passed")),
    "human": ("waiting", Text("需人工判断", "For a person")),
    "fail": ("stopped", Text("不通过", "Failed")),
}
COUNTS = {
    "rows": Text("行或单元格", "rows or cells"), "small_rows": Text("不足门槛", "below the threshold"),
    "shared_columns": Text("相同字段", "shared columns"), "copies": Text("与来源相同", "copies"),
    "near_copies": Text("近似", "near copies"), "linked": Text("可追溯", "linked"),
    "resources": Text("资源", "resources"), "core": Text("核心", "core"), "important": Text("重要", "important"),
    "identifiers": Text("号码", "identifiers"), "columns": Text("字段", "columns"), "earlier": Text("此前输出", "earlier outputs"),
    "sharing_columns": Text("字段相同", "sharing columns"), "links": Text("来源链环节", "links"),
    "licence": Text("资质", "licence"), "reasons": Text("原因", "reasons"), "masked_columns": Text("掩码字段", "masked columns"),
    "cells": Text("单元格", "cells"), "suppressed": Text("隐去", "suppressed"), "derivable": Text("可推出", "derivable"),
}  # fmt: skip


@acting
@require_GET
def review(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Evidence, the result, earlier outputs and what differs, on one screen; `?with=` names the earlier one."""
    at: datetime = request.at  # type: ignore[attr-defined]
    case = get_case("egress", code, actor)
    before = egress.earlier(case, at)
    other = next((e for e in before if e.code == request.GET.get("with", before[0].code if before else "")), None)
    table = _seen(case, actor, at)
    said = visible_opinions(case, actor)
    current = case.digest()
    products = queries.visible("products", actor).filter(developer=case.developer, state__in=("approved", "listed"))
    about = {
        "case": case, "points": _points(case), "shown": results.of(table) if table is not None else None,
        "earlier": before, "other": other if table is not None else None, "products": list(products[:20]),
        **_compared(case, other, table, actor, at), **_code(case, other),
        "opinions": [(o, o.digest == current) for o in said], "offered": queries.offered(case, actor, at),
        "good": Text("同意", "In favour"), "bad": Text("不同意", "Against"),
        "organisations": parties.names({case.developer, *(e.developer for e in before), *(o.organisation for o in said)}),
        "deliverable": case.may_leave and actor.plays(Role.DEVELOPER) and case.developer == actor.organisation,
        **{name: sum(p["verdict"] == v for p in case.points) for name, v in (("passed", "pass"), ("human", "human"), ("failed", "fail"))},
    }  # fmt: skip
    return render(request, "web/develop_egress.html", about)


def _seen(case: Any, actor: Actor, at: datetime) -> pa.Table | None:
    """The result, for whom it is to see now."""
    try:
        return gate.preview(case, actor, at)
    except (NotPermitted, NotFound):
        return None


def _points(case: Any) -> list[dict[str, Any]]:
    titles = {number: (title, article) for number, title, article, _ in POINTS}
    return [
        {
            **point, "title": titles[point["number"]][0], "article": titles[point["number"]][1],
            "tone": VERDICTS[point["verdict"]][0], "word": VERDICTS[point["verdict"]][1],
            "says": Text(point["zh"], point["en"]),
            "counts": [(COUNTS[name], n) for name, n in point["counts"].items() if name in COUNTS],
        }
        for point in case.points
    ]  # fmt: skip


def _compared(case: Any, other: Any, table: pa.Table | None, actor: Actor, at: datetime) -> dict[str, Any]:
    if other is None or table is None:
        return {}
    try:
        before = gate.earlier_preview(case, other, actor, at)
    except (NotPermitted, NotFound):
        return {}
    return {"compared": results.compare(before, table), "earlier_shown": results.of(before)}


def _code(case: Any, other: Any) -> dict[str, Any]:
    """The version that ran, against the one behind the earlier output or the version before it."""
    mine = {v.number: v for v in programs.versions(case.run.program)}
    newer = mine[case.run.edition]
    if other is not None:
        theirs = {v.number: v for v in programs.versions(other.run.program)}
        older, against = theirs[other.run.edition], other.title
    else:
        older = mine.get(case.run.edition - 1)
        against = older.title if older else ""
    return {"diff": results.diff(spelled(older) if older else [], spelled(newer)), "against": against}


@developing
@require_POST
def file(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The file that leaves; its record stands before its first byte."""
    body, name = gate.deliver(code, actor, request.at)  # type: ignore[attr-defined]
    menu.acted()
    response = HttpResponse(body, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@developing
def receive(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Bring in own data under an approved case."""
    case = get_case("holdings", code, actor)
    refused: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            _receive(request, actor, code)
            return redirect(f"/cases/holdings/{code}?done=receive")
        except NotFound:
            raise
        except DomainError as why:
            refused = why.refusals
    return render(
        request, "web/develop_holding.html", {"case": case, "refused": refused}, status=422 if refused else 200
    )


def _receive(request: HttpRequest, actor: Actor, code: str) -> None:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise Invalid(NO_FILE)
    if sent.size > LARGEST:
        raise Invalid(TOO_LARGE)
    name = "".join(c for c in sent.name or "" if c.isprintable()) or "file"
    with tempfile.TemporaryDirectory(prefix="dianchi-own-") as folder:
        path = Path(folder) / f"own{Path(name).suffix[:8]}"
        with path.open("wb") as out:
            out.writelines(sent.chunks())
        holdings.receive(code, path, by=actor, at=request.at, file_name=name)  # type: ignore[attr-defined]
    menu.acted()
