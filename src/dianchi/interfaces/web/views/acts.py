"""The form of an act: filled in, checked, confirmed where it is final, done through the one door."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dianchi.foundation.cases import queries
from dianchi.foundation.cases.perform import Done, perform, refusals
from dianchi.foundation.cases.registry import CaseType, case_type, get_case
from dianchi.interfaces.web import drafts, menu, previews
from dianchi.interfaces.web.access import acting
from dianchi.interfaces.web.fields import Form, raw
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import DomainError, NotFound, Refusal
from dianchi.kernel.lifecycle import Act
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Desk:
    """One form on the desk of one actor."""

    request: HttpRequest
    actor: Actor
    kind: CaseType
    act: Act[Any]
    case: Any  # None while it is to be opened

    @property
    def code(self) -> str:
        """Of the case; empty while there is none."""
        return self.case.code if self.case else ""

    @property
    def at(self) -> datetime:
        """The moment of the request."""
        return self.request.at  # type: ignore[attr-defined, no-any-return]


@acting
def opening(request: HttpRequest, actor: Actor, name: str, act: str = "") -> HttpResponse:
    """Open a case."""
    kind = case_type(name)
    mine = queries.openings(kind, actor)
    row = queries.act_of(kind, act) if act else (mine or [kind.lifecycle.opening])[0]
    if not row.opens:
        raise NotFound(Refusal("cases.no-such-act", Text("没有这个事项动作", "There is no such act")))
    return _desk(Desk(request, actor, kind, row, None))


@acting
def act(request: HttpRequest, actor: Actor, name: str, code: str, act: str) -> HttpResponse:
    """An act on a case."""
    kind = case_type(name)
    case = get_case(name, code, actor)
    row = queries.act_of(kind, act)
    if row.opens:
        raise NotFound(Refusal("cases.no-such-act", Text("没有这个事项动作", "There is no such act")))
    return _desk(Desk(request, actor, kind, row, case))


def _desk(desk: Desk) -> HttpResponse:
    if desk.request.method == "POST":
        return _posted(desk)
    reasons = refusals(desk.kind.name, desk.act.name, by=desk.actor, at=desk.at, case=desk.case)
    kept = drafts.load(desk.actor, desk.kind.name, desk.code, desk.act.name)
    form = Form(desk.act.inputs, desk.actor, kept.values if kept else _known(desk))
    return _page(desk, form, blocked=reasons, kept=kept)


def _known(desk: Desk) -> dict[str, Any]:
    """What the case already says in the fields that the act asks for, and what the address suggests."""
    names = getattr(desk.act.inputs, "model_fields", {})
    given = {n: desk.request.GET[n] for n in names if n in desk.request.GET}
    suggest = desk.kind.suggest
    suggested = suggest(desk.act.name, desk.case, desk.actor, given) if suggest is not None else {}
    if desk.case is None:
        return {**suggested, **given}
    known = {}
    for field in desk.case._meta.concrete_fields:
        if field.name in names and field.name not in getattr(desk.case, "personal_fields", ()):
            value = getattr(desk.case, field.name)
            known[field.name] = value.code if field.is_relation and value is not None else value
    return {} if desk.act.opinions else {n: v for n, v in known.items() if v not in (None, "")} | suggested | given


def _posted(desk: Desk) -> HttpResponse:
    post = desk.request.POST
    values = raw(desk.act.inputs, post)
    if "_discard" in post:
        drafts.drop(desk.actor, desk.kind.name, desk.code, desk.act.name)
        return redirect(desk.request.path)
    if "_save" in post or "_keep" in post:
        drafts.save(desk.actor, desk.kind.name, desk.code, desk.act, values, desk.at)
        return HttpResponse(status=204) if "_keep" in post else redirect(_back(desk))
    if "_add" in post:
        return _page(desk, Form(desk.act.inputs, desk.actor, values, extra=post["_add"]))
    if "_change" in post:
        return _page(desk, Form(desk.act.inputs, desk.actor, values))
    return _submitted(desk, values)


def _submitted(desk: Desk, values: dict[str, Any]) -> HttpResponse:
    form = Form(desk.act.inputs, desk.actor, values)
    given = values if desk.act.inputs is not None else None
    try:
        asks = desk.act.final or previews.shown(desk.kind.name, desk.act.name)
        if asks and "_confirmed" not in desk.request.POST:
            reasons = queries.rehearse(
                desk.kind.name, desk.act.name, by=desk.actor, at=desk.at, code=desk.code or None, inputs=given
            )
            if not reasons:
                return _confirm(desk, form, values)
            form.refuse(reasons)
            return _page(desk, form, status=409)
        done = _perform(desk, given)
    except NotFound:
        raise
    except DomainError as refused:
        form.refuse(refused.refusals)
        return _page(desk, form, status=refused.status)
    return _done(desk, done)


def _perform(desk: Desk, given: dict[str, Any] | None) -> Done:
    post = desk.request.POST
    version = post.get("_version", "")
    return perform(
        desk.kind.name, desk.act.name, by=desk.actor, at=desk.at, code=desk.code or None, inputs=given,
        version=int(version) if version.isdigit() else None, key=post.get("_key", "")[:80] or None,
    )  # fmt: skip


def _done(desk: Desk, done: Done) -> HttpResponse:
    drafts.drop(desk.actor, desk.kind.name, desk.code, desk.act.name)
    menu.acted()
    where = f"/cases/{desk.kind.name}/{done.case.code}"
    if done.reveal:
        # Shown here and never again, so it cannot be a redirect.
        about = {"kind": desk.kind, "act": desk.act, "case": done.case, "index": done.index, "reveal": done.reveal}
        response = render(desk.request, "web/revealed.html", about)
        response["Cache-Control"] = "no-store"
        return response
    if not desk.kind.model.objects.visible_to(desk.actor).filter(pk=done.case.pk).exists():
        return redirect(f"/cases/{desk.kind.name}?done={desk.act.name}")
    return redirect(f"{where}?done={desk.act.name}")


def _confirm(desk: Desk, form: Form, values: dict[str, Any]) -> HttpResponse:
    post = [(k, v) for k in desk.request.POST for v in desk.request.POST.getlist(k) if k != "csrfmiddlewaretoken"]
    about = {"kind": desk.kind, "act": desk.act, "case": desk.case, "form": form, "posted": post, "back": _back(desk),
             "stops": previews.stops(desk.kind.name, desk.act.name, desk.case, values)}  # fmt: skip
    return render(desk.request, "web/confirm.html", about)


def _back(desk: Desk) -> str:
    return f"/cases/{desk.kind.name}" + (f"/{desk.code}" if desk.code else "")


def _page(
    desk: Desk, form: Form, *, status: int = 200, blocked: tuple[Refusal, ...] = (), kept: Any = None
) -> HttpResponse:
    post = desk.request.POST
    about = {
        "kind": desk.kind, "act": desk.act, "case": desk.case, "form": form, "blocked": blocked, "kept": kept,
        # What was posted is kept: a person whose view is out of date must look again, not press again.
        "key": post.get("_key") or secrets.token_urlsafe(18),
        "version": post.get("_version") or (desk.case.version if desk.case else ""),
        "back": _back(desk), "group": dict(menu.GROUPS).get(menu.group_of(desk.kind)),
        "openings": queries.openings(desk.kind, desk.actor) if desk.case is None else (),
        "running": queries.running_of([desk.case]).get((desk.kind.name, desk.code), []) if desk.case else [],
    }  # fmt: skip
    return render(desk.request, "web/act.html", about, status=status)
