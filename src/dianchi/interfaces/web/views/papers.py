"""The papers of a case: what its acts issued, as sheets to print, and files that people attach to it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote

import segno
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dianchi.foundation.cases.registry import CaseType, case_type, get_case
from dianchi.foundation.documents import queries as documents
from dianchi.foundation.documents.issue import issue, issued
from dianchi.foundation.documents.store import LARGEST, attach, read
from dianchi.foundation.identity.queries import people
from dianchi.interfaces.web import parties, sections, timeline
from dianchi.interfaces.web.access import acting
from dianchi.interfaces.web.official import form_of
from dianchi.kernel.actors import ADMINISTRATORS, Actor
from dianchi.kernel.errors import Invalid, NotFound, NotPermitted, Refusal
from dianchi.kernel.text import Text

OFFICIAL = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MOST = 100  # files of one case
SHEET = Text("事项办理单", "Sheet of the case")
NO_FILE = Refusal("documents.no-file", Text("没有选择文件", "No file was chosen"), remedy=Text("请选择文件后再添加", "Choose one"), field="file")  # fmt: skip
TOO_LARGE = Refusal(
    "documents.too-large", Text("文件超过 50 兆字节", "The file is larger than 50 MB"), field="file",
    remedy=Text("请压缩或拆分后再添加", "Compress or split it"),
)  # fmt: skip
TOO_MANY = Refusal(
    "documents.too-many", Text("该事项的附件已达上限", "The case has as many attachments as it may"), field="file"
)
NOT_YOURS = Refusal(
    "documents.not-yours", Text("只有参与办理该事项的角色可以添加附件", "Only roles that act on the case may attach to it"),
    remedy=Text("请由办理机构添加", "Let a body that acts on it attach it"),
)  # fmt: skip
NO_DOCUMENT = Refusal("documents.not-found", Text("没有找到该材料", "There is no such document"))


def may_attach(kind: CaseType, actor: Actor) -> bool:
    """Roles that do something in the lifecycle; administrators keep accounts and add no evidence."""
    return bool((actor.roles - ADMINISTRATORS) & {role for act in kind.lifecycle.acts for role in act.by})


def of(kind: CaseType, case: Any, actor: Actor) -> dict[str, Any]:
    """What the tab shows."""
    files = [d for d in documents.of_case(kind.name, case.code) if d.entry is None]  # official documents stand above
    return {
        "documents": files, "names": people([f.added_by for f in files]), "may_attach": may_attach(kind, actor),
        "issued": [m for m in timeline.of_case(case) if _issues(m)],
    }  # fmt: skip


def _issues(moment: timeline.Moment) -> bool:
    return moment.act is not None and bool(moment.act.document) and not moment.refused


@acting
@require_POST
def add(request: HttpRequest, actor: Actor, name: str, code: str) -> HttpResponse:
    """Attach a file to a case that the actor may see."""
    from dianchi.interfaces.web.views.cases import page

    kind, case = case_type(name), get_case(name, code, actor)
    if not may_attach(kind, actor):
        raise NotPermitted(NOT_YOURS)
    try:
        _keep(request, actor, kind, case)
    except Invalid as refused:
        return page(request, actor, name, code, tab="documents", refused=refused.refusals)
    return redirect(f"/cases/{name}/{code}?tab=documents")


def _keep(request: HttpRequest, actor: Actor, kind: CaseType, case: Any) -> None:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        raise Invalid(NO_FILE)
    if file.size > LARGEST:
        raise Invalid(TOO_LARGE)
    if len(documents.of_case(kind.name, case.code)) >= MOST:
        raise Invalid(TOO_MANY)
    at: datetime = request.at  # type: ignore[attr-defined]
    file_name = "".join(c for c in file.name or "" if c.isprintable()) or "file"
    title = request.POST.get("title", "").strip()[:200] or file_name[:200]
    attach(
        file.read(), file_name, case_type=kind.name, case_code=case.code, act="", title=title, by=actor.person, at=at
    )


@acting
def document(request: HttpRequest, actor: Actor, name: str, code: str, pk: int) -> HttpResponse:
    """A document of a case, re-hashed before it is handed out, and never shown by the browser itself."""
    get_case(name, code, actor)
    found = next((d for d in documents.of_case(name, code) if d.pk == pk), None)
    if found is None:
        raise NotFound(NO_DOCUMENT)
    return _handed(found, found.media_type)


def _handed(found: Any, media_type: str) -> HttpResponse:
    response = HttpResponse(read(found), content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@acting
def official(request: HttpRequest, actor: Actor, name: str, code: str, index: int, ending: str) -> HttpResponse:
    """The official document of an act as PDF or Word: set once, frozen, the same bytes to everybody ever after."""
    kind, case = case_type(name), get_case(name, code, actor)
    entry = timeline.entry(index)
    act = next((a for a in kind.lifecycle.acts if f"{name}.{a.name}" == entry.kind and a.document), None)
    if act is None or entry.case_id != case.code or entry.outcome != "done" or ending not in OFFICIAL:
        raise NotFound(NO_DOCUMENT)
    files = issued(name, code, index)
    if not files:
        form = form_of(kind, act, entry, request.build_absolute_uri(f"/ledger/{index}"))
        files = issue(form, entry, request.at)  # type: ignore[attr-defined]
    return _handed(files[ending], OFFICIAL[ending])


@acting
def paper(request: HttpRequest, actor: Actor, name: str, code: str) -> HttpResponse:
    """The case as a sheet to print: as the document of an act (`?entry=`), or as it is now."""
    kind, case = case_type(name), get_case(name, code, actor)
    moments = timeline.of_case(case)
    asked = request.GET.get("entry", "")
    entry = next((m for m in moments if str(m.index) == asked and _issues(m)), None)
    if asked and entry is None:
        raise NotFound(NO_DOCUMENT)
    done = [m for m in moments if not m.refused]
    about = {
        "kind": kind, "case": case, "entry": entry, "heading": entry.act.document if entry and entry.act else SHEET,
        "state": kind.lifecycle.state(case.state), "sections": sections.sections(kind, case, actor),
        "organisation": parties.names({case.opened_for}).get(case.opened_for, ""), "region": parties.region(case.region),
        "digest": case.digest(), "moved": bool(entry and done and done[0].index != entry.index),
        "qr": _qr(request.build_absolute_uri(f"/ledger/{entry.index}")) if entry else "",
    }  # fmt: skip
    return render(request, "web/paper.html", about)


def _qr(address: str) -> str:
    """A picture of the address as a data URI."""
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=3, border=1)
    return "data:image/svg+xml," + quote(picture.getvalue())
