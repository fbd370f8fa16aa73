"""A person's notices, how they are sent, and the calendar of deadlines."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dianchi.foundation.cases import queries
from dianchi.foundation.notices import calendars
from dianchi.foundation.notices import queries as told
from dianchi.foundation.notices.words import TITLES
from dianchi.interfaces.web import say
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import Invalid, Refusal

PAGE = 20


@acting
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the person was told, latest first; what is overdue or nearly so stands above."""
    return _page(request, actor)


def _page(request: HttpRequest, actor: Actor, *, secret: str = "", refused: tuple[Refusal, ...] = ()) -> HttpResponse:
    at: datetime = request.at  # type: ignore[attr-defined]
    mine = told.of(actor)
    chosen = request.GET.get("kind", "")
    shown = mine.filter(kind=chosen) if chosen in TITLES else mine
    about: dict[str, Any] = {
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")), "kinds": TITLES, "chosen": chosen,
        "unread": told.unread(actor), "address": told.address(actor), "refused": refused,
        "calendar": told.has_calendar(actor),
        "calendar_address": request.build_absolute_uri(f"/calendar/{secret}.ics") if secret else "",
        "soon": [w for w in queries.waiting_for(actor, at) if w.due_at and w.due_at <= at + timedelta(days=7)],
    }  # fmt: skip
    return render(request, "web/notices.html", about, status=422 if refused else 200)


@acting
@require_POST
def read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One notice has been read, or all."""
    wanted = request.POST.get("notice", "")
    told.read(actor, request.at, int(wanted) if wanted.isascii() and wanted.isdigit() else None)  # type: ignore[attr-defined]
    return redirect("/notices")


@acting
@require_POST
def settle(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where and how the person is written to."""
    posted = request.POST
    try:
        told.write_to(
            actor, posted.get("email", "").strip(), posted.get("mode", ""), posted.get("language", ""),
            request.at,  # type: ignore[attr-defined]
        )  # fmt: skip
    except Invalid as refused:
        return _page(request, actor, refused=refused.refusals)
    return redirect("/notices#settings")


@acting
@require_POST
@never_cache
def calendar(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new secret address, shown this once; or none any more."""
    at: datetime = request.at  # type: ignore[attr-defined]
    if request.POST.get("do") == "close":
        calendars.close_feed(actor, at)
        return redirect("/notices#settings")
    return _page(request, actor, secret=calendars.open_feed(actor, at))


@require_GET
@never_cache
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar itself: whoever knows the address reads it, so it holds names of cases and days only."""
    text = calendars.feed(secret, request.at, "en" if request.GET.get("lang") == "en" else say.language())  # type: ignore[attr-defined]
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="dianchi.ics"'
    response["Referrer-Policy"] = "no-referrer"
    return response
