"""The registration desk: what is due today, what runs, what ought to be registered, what is to be reported."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.chapters.resources.registration import queries as registrations
from dianchi.foundation.cases import queries
from dianchi.foundation.cases.queries import Waiting
from dianchi.interfaces.web import parties, say
from dianchi.interfaces.web.access import acting
from dianchi.kernel import canonical
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import NotPermitted, Refusal
from dianchi.kernel.law.articles import reg26
from dianchi.kernel.text import Text

NOT_REGISTRAR = Refusal(
    "registration.not-the-registrar", Text("只有登记机构可以报送登记记录", "Only a registration institution reports its records"),
    reg26(14), Text("请由登记机构办理", "Let the registration institution do it"),
)  # fmt: skip
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Figure:
    """One number of the desk."""

    word: Text
    value: int
    late: bool = False
    address: str = ""


@acting
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What of registration is the actor's, the most urgent first."""
    at: datetime = request.at  # type: ignore[attr-defined]
    waiting = [w for w in queries.waiting_for(actor, at) if w.kind.name == "registration"]
    unregistered = registrations.to_register(actor, at)
    registrar = Role.REGISTRAR in actor.roles
    about: dict[str, Any] = {
        "registrar": registrar, "unregistered": unregistered, "late": [w for w in waiting if _late(w, at)],
        "today": [w for w in waiting if _today(w, at)],
        "later": [w for w in waiting if not _late(w, at) and not _today(w, at)],
        "names": parties.names({u.resource.opened_for for u in unregistered}),
    }  # fmt: skip
    if registrar:
        about |= _of_registrar(actor, at)
    about["figures"] = _figures(about, at)
    return render(request, "web/registration/desk.html", about)


def _of_registrar(actor: Actor, at: datetime) -> dict[str, Any]:
    publicity = [r for r in registrations.in_publicity(at) if r.region.startswith(actor.territory)]
    outbox = list(registrations.outbox(actor.territory)[:200])
    return {
        "publicity": publicity, "outbox": outbox,
        "expiring": list(registrations.expiring(actor.territory, say.local(at + AHEAD).date())[:100]),
    }  # fmt: skip


def _figures(about: dict[str, Any], at: datetime) -> list[Figure]:
    overdue = [u for u in about["unregistered"] if u.due_at <= at]
    found = [
        Figure(Text("已逾期", "Overdue"), len(about["late"]), bool(about["late"]), "#late"),
        Figure(Text("今日到期", "Due today"), len(about["today"]), False, "#today"),
        Figure(Text("其他待办", "Other"), len(about["later"]), False, "#later"),
        Figure(Text("应登记未登记", "To be registered"), len(about["unregistered"]), bool(overdue), "#unregistered"),
    ]
    if about["registrar"]:
        found += [
            Figure(Text("正在公示", "In publicity"), len(about["publicity"]), False, "#publicity"),
            Figure(Text("六十日内到期", "Expiring in sixty days"), len(about["expiring"]), False, "#expiring"),
            Figure(Text("待报送和待回执", "To be reported"), len(about["outbox"]), False, "#outbox"),
        ]
    return found


def _late(waiting: Waiting, at: datetime) -> bool:
    return waiting.due_at is not None and waiting.due_at <= at


def _today(waiting: Waiting, at: datetime) -> bool:
    due = waiting.due_at
    return due is not None and due > at and say.last_day(due) == say.local(at).date()


@acting
def outbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every record that waits for a receipt, one file each, in one archive; `?platform=` takes one platform."""
    if Role.REGISTRAR not in actor.roles:
        raise NotPermitted(NOT_REGISTRAR)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for report in registrations.outbox(actor.territory, request.GET.get("platform", "")[:12]):
            archive.writestr(f"{report.platform}/{report.serial}.json", canonical.dumps(report.body))
    response = HttpResponse(made.getvalue(), content_type="application/zip")
    day = say.day(request.at)  # type: ignore[attr-defined]
    response["Content-Disposition"] = f'attachment; filename="registration-outbox-{day}.zip"'
    return response
