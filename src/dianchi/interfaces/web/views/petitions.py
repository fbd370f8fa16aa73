"""Complaints of the public: brought forward without signing in, followed by the receipt, answered by the clock."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.chapters.supervision.complaints.queries import by_receipt
from dianchi.foundation.cases import queries
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import case_type
from dianchi.interfaces.web import public
from dianchi.interfaces.web.fields import Form, raw
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.errors import DomainError, Refusal, TryLater
from dianchi.kernel.law.articles import cite
from dianchi.kernel.text import Text

NAME = "complaints"
HOUR = 3600
WRONG_RECEIPT = Refusal(
    "complaints.receipt-unknown", Text("受理编号或者查询码不对", "The number or the secret of the receipt is wrong"), cite("NDR", 20),
    Text("请按回执逐位核对", "Compare them with the receipt character by character"),
)  # fmt: skip
TOO_MANY = Refusal(
    "complaints.too-many",
    Text("提交过于频繁", "Too many were sent from your address"),
    cite("NDR", 20),
    Text("请一小时后再试", "Try again in an hour"),
)
FOLLOW_UPS = {"waiting": "supply", "answered": "review"}  # what the one who complained may do, by state


def complaints(request: HttpRequest) -> HttpResponse:
    """The form; once it is sent, the receipt."""
    model = case_type(NAME).lifecycle.opening.inputs
    values = (
        raw(model, request.POST)
        if request.method == "POST"
        else {k: request.GET[k] for k in ("kind", "against") if k in request.GET}
    )
    form = Form(model, PLATFORM, values)
    if request.method == "POST":
        try:
            _once_more(request)
            done = perform(NAME, "lodge", by=PLATFORM, at=request.at, inputs=values, key=_key(request))  # type: ignore[attr-defined]
        except DomainError as refused:
            form.refuse(refused.refusals)
            return _page(request, form, status=refused.status)
        return _receipt(request, done.case, done.reveal.get("receipt", ""))
    return _page(request, form)


def _page(request: HttpRequest, form: Form, status: int = 200) -> HttpResponse:
    days = {name: value(key) for name, key in (
        ("acknowledge", "complaint.acknowledge-days"), ("answer", "complaint.answer-days"), ("information", "disclosure.request-days"),
    )}  # fmt: skip
    about = {
        "form": form, "days": days, "publicity": public.in_publicity(request.at)[:5],  # type: ignore[attr-defined]
        "key": request.POST.get("_key") or secrets.token_urlsafe(18),
    }  # fmt: skip
    return render(request, "web/site/complaints.html", about, status=status)


def _key(request: HttpRequest) -> str | None:
    """A form that is sent twice is one complaint."""
    return request.POST.get("_key", "")[:80] or None


def _once_more(request: HttpRequest) -> None:
    """Count what one address sends; TryLater beyond what an hour admits."""
    name = f"dianchi.complaints.{request.META.get('REMOTE_ADDR', '')}"
    cache.add(name, 0, HOUR)
    if cache.incr(name) > int(value("complaint.per-hour")):
        raise TryLater(TOO_MANY)


def _receipt(request: HttpRequest, case: Any, secret: str) -> HttpResponse:
    running = queries.running_of([case]).get((NAME, case.code), [])
    response = render(request, "web/site/complaint_receipt.html", {"case": case, "secret": secret, "running": running})
    response["Cache-Control"] = "no-store"
    return response


def status(request: HttpRequest) -> HttpResponse:
    """How a complaint stands, for whoever holds its receipt; supplement it, or ask for review."""
    code, secret = request.POST.get("code", "").strip()[:40], request.POST.get("secret", "").strip()[:60]
    about: dict[str, Any] = {"code": code, "secret": secret, "refused": (), "case": None}
    if request.method == "POST":
        try:
            _once_more(request)
        except TryLater as refused:
            return _status(request, about | {"refused": refused.refusals}, 503)
        case = by_receipt(code, secret) if "\0" not in code else None
        if case is None:
            return _status(request, about | {"refused": (WRONG_RECEIPT,)}, 404)
        return _followed(request, case, about)
    return _status(request, about)


def _followed(request: HttpRequest, case: Any, about: dict[str, Any]) -> HttpResponse:
    act, form, refused = _offered(case), None, ()
    if act is not None:
        values = raw(act.inputs, request.POST) if "_act" in request.POST else {}
        form = Form(act.inputs, PLATFORM, values)
        if request.POST.get("_act") == act.name:
            try:
                case = perform(NAME, act.name, by=PLATFORM, at=request.at, code=case.code, inputs=values).case  # type: ignore[attr-defined]
            except DomainError as error:
                form.refuse(error.refusals)
            else:
                act, form = None, None
    running = queries.running_of([case]).get((NAME, case.code), [])
    return _status(request, about | {"case": case, "running": running, "act": act, "form": form, "refused": refused})


def _offered(case: Any) -> Any:
    name = FOLLOW_UPS.get(case.state)
    return case.lifecycle.act(name) if name else None


def _status(request: HttpRequest, about: dict[str, Any], code: int = 200) -> HttpResponse:
    response = render(request, "web/site/complaint_status.html", about, status=code)
    response["Cache-Control"] = "no-store"
    return response
