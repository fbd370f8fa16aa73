"""The cockpit: figures first, then how they move, then where, then the list behind."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.foundation.cases import queries
from dianchi.foundation.cases.registry import CaseType
from dianchi.interfaces.web import menu, parties, problems, say
from dianchi.interfaces.web.access import acting
from dianchi.interfaces.web.templatetags.dianchi import oversees
from dianchi.kernel.actors import Actor
from dianchi.kernel.divisions import PREFECTURES, YUNNAN
from dianchi.kernel.lifecycle import Tone
from dianchi.kernel.text import Text

MONTHS = 12


@acting
def cockpit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """For those who supervise; of the cases that they may see."""
    if not oversees(actor):
        return problems.page(request, 403)
    at: datetime = request.at  # type: ignore[attr-defined]
    rows = [_row(kind, actor, at) for kind in menu.ordered() if menu.group_of(kind) != "system"]
    rows = [row for row in rows if row["total"]]
    months = _months(say.local(at).date())
    opened = _opened(actor, months)
    chart = {
        "categories": [f"{m:%Y-%m}" for m in months],
        "series": [
            {"name": str(say.say(title)), "data": [n[m] for m in months], "stack": "all"} for title, n in opened
        ],
    }
    about = {
        "rows": rows, "months": months, "chart": chart,
        "opened": [(title, [n[m] for m in months]) for title, n in opened],
        "total": sum(r["total"] for r in rows), "late": sum(r["late"] for r in rows),
        "in_force": sum(r["in_force"] for r in rows), "waiting": sum(r["waiting"] for r in rows),
        "places": _places(actor),
    }  # fmt: skip
    return render(request, "web/cockpit.html", about)


def _row(kind: CaseType, actor: Actor, at: datetime) -> dict[str, Any]:
    cases = queries.visible(kind.name, actor)
    counts = queries.state_counts(cases)
    by_tone: Counter[Tone] = Counter()
    for state, n in counts.items():
        by_tone[kind.lifecycle.state(state).tone] += n
    return {
        "kind": kind, "total": sum(counts.values()), "in_force": by_tone[Tone.FORCE],
        "waiting": by_tone[Tone.WAITING] + by_tone[Tone.PUBLICITY], "stopped": by_tone[Tone.STOPPED],
        "late": cases.filter(code__in=queries.overdue_codes(kind.name, at)).count(),
    }  # fmt: skip


def _months(today: date) -> list[date]:
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found


def _opened(actor: Actor, months: list[date]) -> list[tuple[Text, Counter[date]]]:
    """How many cases were opened in each month, by chapter."""
    counted: dict[str, Counter[date]] = {}
    for kind in menu.ordered():
        moments = queries.visible(kind.name, actor).order_by().values_list("opened_at", flat=True)
        counted.setdefault(menu.group_of(kind), Counter()).update(say.local(m).date().replace(day=1) for m in moments)
    return [(title, counted[key]) for key, title in menu.GROUPS if key != "system" and key in counted]


def _places(actor: Actor) -> list[tuple[str, Text, int]]:
    """How many cases belong to each place: the province, then the sixteen prefectures in code order."""
    found: Counter[str] = Counter()
    for kind in menu.ordered():
        if menu.group_of(kind) != "system":
            for region in queries.visible(kind.name, actor).order_by().values_list("region", flat=True):
                found[region if region == YUNNAN else f"{region[:4]}00"] += 1
    return [(code, parties.region(code), found[code]) for code in (YUNNAN, *(p.code for p in PREFECTURES))]
