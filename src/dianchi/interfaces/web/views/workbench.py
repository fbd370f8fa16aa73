"""The workbench: what waits for me, what I opened, what happened, and the calendar of what is due."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.foundation.cases import queries
from dianchi.foundation.cases.queries import Waiting
from dianchi.interfaces.web import menu, say
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import is_provisional, is_workday

GROUPS = (
    ("overdue", Text("已逾期", "Overdue"), "overdue"),
    ("today", Text("今日到期", "Due today"), "overdue"),
    ("week", Text("七日内到期", "Due within seven days"), "waiting"),
    ("later", Text("以后", "Later"), "draft"),
)


@dataclass(frozen=True)
class Day:
    """One field of the calendar."""

    on: date
    inside: bool  # of the month shown
    today: bool
    works: bool
    provisional: bool
    items: tuple[Waiting, ...]


@acting
def workbench(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The first page after signing in."""
    at: datetime = request.at  # type: ignore[attr-defined]
    waiting = queries.waiting_for(actor, at)
    menu.remember(actor, waiting)
    month = _month(request.GET.get("month"), at)
    mine = queries.opened_by(actor, 10)
    running = queries.running_of(case for _, case in mine)
    about = {
        "waiting": waiting,
        "groups": [(key, title, tone, [w for w in waiting if _group(w, at) == key]) for key, title, tone in GROUPS],
        "mine": [(kind, case, running.get((kind.name, case.code), [None])[0]) for kind, case in mine],
        "recent": queries.recent(actor, 8),
        "openings": [(k, a) for k in menu.ordered() for a in queries.openings(k, actor)],
        "weeks": _weeks(month, waiting, say.local(at).date()),
        "month": month,
        "previous": month - timedelta(days=1),
        "following": month + timedelta(days=32),
    }
    return render(request, "web/workbench.html", about)


def _group(waiting: Waiting, at: datetime) -> str:
    if waiting.due_at is None:
        return "later"
    if waiting.due_at <= at:
        return "overdue"
    left = (say.last_day(waiting.due_at) - say.local(at).date()).days
    return "today" if left == 0 else "week" if left <= 7 else "later"


def _month(wanted: str | None, at: datetime) -> date:
    try:
        return date.fromisoformat(f"{wanted}-01")
    except ValueError:
        return say.local(at).date().replace(day=1)


def _weeks(month: date, waiting: Iterable[Waiting], today: date) -> list[list[Day]]:
    by_day: dict[date, list[Waiting]] = {}
    for item in waiting:
        if item.due_at:
            by_day.setdefault(say.last_day(item.due_at), []).append(item)
    return [
        [
            Day(d, d.month == month.month, d == today, is_workday(d), is_provisional(d), tuple(by_day.get(d, ())))
            for d in week
        ]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]
