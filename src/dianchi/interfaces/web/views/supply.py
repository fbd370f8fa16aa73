"""A load's data: sending the file in pieces, its signed receipt, snapshots, and the rows set aside."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from dianchi.foundation.cases import present
from dianchi.foundation.cases.registry import get_case
from dianchi.gate import supplied, uploads
from dianchi.interfaces.web import parties, say
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import DomainError, Invalid, Refusal
from dianchi.kernel.text import Text

NOT_READABLE = Refusal("uploads.not-readable", Text("请求的内容无法读取", "What was sent cannot be read"))


@acting
def data(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The load's data: the file to send, or the receipt and the snapshots of its resource."""
    return _page(request, actor, code)


def _page(request: HttpRequest, actor: Actor, code: str, refused: tuple[Refusal, ...] = ()) -> HttpResponse:
    load = get_case("supply", code, actor)
    own = load.opened_for == actor.organisation
    history = supplied.history(load)
    rows: Any = None
    if own and load.snapshot and request.GET.get("rows") == "1":
        rows = supplied.rows_as_of(code, by=actor)
    about = {
        "load": load, "own": own, "history": history, "piece": uploads.PIECE, "refused": refused,
        "organisation": parties.names({load.opened_for}).get(load.opened_for, ""),
        "heads": rows.column_names if rows is not None else [],
        "rows": [list(r.values()) for r in rows.to_pylist()] if rows is not None else None,
        "upload_words": {key: str(say.say(text)) for key, text in WORDS.items()},
    }  # fmt: skip
    return render(request, "web/supply_data.html", about, status=409 if refused else 200)


WORDS = {
    "sending": Text("正在上传", "Sending"), "receiving": Text("正在校验入库", "Checking and loading"),
    "rows": Text("行已处理", "rows done"), "received": Text("已接收，正在打开回执", "Received; opening the receipt"),
    "refused": Text("未能接收", "Not received"), "again": Text("连接中断，稍后自动继续", "The connection broke; it goes on by itself"),
    "resumed": Text("从上次中断处继续", "Going on from where it broke off"), "stopped": Text("已暂停", "Paused"),
}  # fmt: skip


def _told(upload: Any) -> JsonResponse:
    return JsonResponse({"key": upload.key, "offset": upload.offset, "size": upload.size})


def _refused(refused: DomainError) -> JsonResponse:
    reasons = [present.refusal(r, say.language()) for r in refused.refusals]
    return JsonResponse({"refusals": reasons}, status=refused.status)


@acting
@require_POST
def begin(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Begin an upload, or find the one that broke off."""
    at: datetime = request.at  # type: ignore[attr-defined]
    try:
        asked = json.loads(request.body)
        name, size, mark = str(asked["name"]), int(asked["size"]), str(asked["mark"])
        return _told(uploads.begin(code, name, size, mark, by=actor, at=at))
    except DomainError as refused:
        return _refused(refused)
    except (ValueError, KeyError, TypeError):
        return _refused(Invalid(NOT_READABLE))


@acting
@require_POST
def add(request: HttpRequest, actor: Actor, code: str, key: str) -> HttpResponse:
    """One piece of the file."""
    try:
        offset, digest = int(request.headers.get("X-Offset", "")), request.headers.get("X-SHA-256", "")
        return _told(uploads.add(code, key, offset, request.body, digest, by=actor))
    except DomainError as refused:
        return _refused(refused)
    except ValueError:
        return _refused(Invalid(NOT_READABLE))


@acting
@require_POST
def finish(request: HttpRequest, actor: Actor, code: str, key: str) -> HttpResponse:
    """The last piece was sent."""
    try:
        return _told(uploads.finish(code, key, by=actor, at=request.at))  # type: ignore[attr-defined]
    except DomainError as refused:
        return _refused(refused)


@acting
@require_GET
def standing(request: HttpRequest, actor: Actor, code: str, key: str) -> HttpResponse:
    """How far it is."""
    found = uploads.standing(code, key, by=actor)
    problem = [{**p, "message": str(say.say(p["message"]))} for p in found["problem"]]
    return JsonResponse({**found, "problem": problem})


@acting
@require_GET
def receipt(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The signed receipt as a file."""
    made = json.dumps(supplied.receipt(code, by=actor), ensure_ascii=False, indent=2)
    return _file(made.encode(), "application/json", f"{code}-receipt.json")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response


@acting
def quarantine(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The rows set aside, for their provider: to read, to mend here and send again, or to take out as a file."""
    load = get_case("supply", code, actor)
    refused: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            opened = supplied.resubmit(code, _mended(request), by=actor, at=request.at)  # type: ignore[attr-defined]
            return redirect(f"/cases/supply/{opened.code}/data")
        except DomainError as error:
            refused = error.refusals
    found = supplied.set_aside(code, by=actor)
    about = {"load": load, "found": found, "refused": refused, "shown": len(found["rows"])}
    return render(request, "web/supply_quarantine.html", about, status=409 if refused else 200)


def _mended(request: HttpRequest) -> list[list[str]]:
    """The rows that were chosen, with the cells as they are in the form."""
    return [request.POST.getlist(f"cell-{row}") for row in request.POST.getlist("row")]


@acting
@require_GET
def quarantine_file(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """All rows set aside as a file."""
    return _file(supplied.as_csv(code, by=actor), "text/csv; charset=utf-8", f"{code}-quarantine.csv")
