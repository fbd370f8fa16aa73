"""The cockpit: figures of the three goals first, then how they move, then where, then the cases and entries behind."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.chapters.supervision.figures import queries as figures
from dianchi.chapters.supervision.figures.metrics import BY_KEY, METRICS, Form, Goal, Metric
from dianchi.foundation.cases import queries as cases
from dianchi.foundation.cases.registry import case_type, case_types
from dianchi.interfaces.web import cartogram, duties, parties, problems, say
from dianchi.interfaces.web.access import acting
from dianchi.interfaces.web.templatetags.dianchi import oversees
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.divisions import DIVISIONS, PREFECTURES, YUNNAN
from dianchi.kernel.law.articles import of_key
from dianchi.kernel.text import Text

MONTHS = 12
SHOWN = 30  # cases and entries listed behind a figure
TOP = 8  # provisions in the chart of refusals


@acting
def cockpit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every figure of a division, the map of one of them, trends, and what is due."""
    if not oversees(actor):
        return problems.page(request, 403)
    at: datetime = request.at  # type: ignore[attr-defined]
    region, key = _region(request, actor), request.GET.get("figure", "")
    metric = BY_KEY.get(key, METRICS[0])
    taken = figures.latest(at, time.perf_counter)
    values = figures.values(taken, region)
    blocks = cartogram.blocks(lambda code: figures.value_of(taken, metric.key, code))
    months = _months(say.local(at).date())
    about = {
        "goals": [(goal, [values[m.key] for m in METRICS if m.goal is goal]) for goal in Goal],
        "region": region, "trail": _trail(region, actor), "metric": metric, "metrics": METRICS, "blocks": blocks,
        "taken": taken, "month_charts": _month_charts(taken.months.get(region, {}), months),
        "steps": _steps(taken.steps), "refused": _refused(taken.articles), "whole": region == YUNNAN,
        "places": _places(taken, metric), "shades": range(cartogram.STEPS + 1),
    }  # fmt: skip
    return render(request, "web/cockpit.html", about)


@acting
def figure(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """The cases and ledger entries that one figure counts."""
    metric = BY_KEY.get(key)
    if not oversees(actor) or metric is None:
        return problems.page(request, 404 if metric is None else 403)
    at: datetime = request.at  # type: ignore[attr-defined]
    region = _region(request, actor)
    taken = figures.latest(at, time.perf_counter)
    behind = []
    for name, rows in figures.cases_behind(metric, region, at):
        found = list(rows.filter(pk__in=cases.visible(name, actor).values("pk"))[:SHOWN])
        if found:
            behind.append((case_type(name), found))
    entries = list(figures.entries_behind(metric, region, at)[:SHOWN]) if metric.entries else []
    if not actor.plays(Role.AUDITOR):
        entries = [e for e in entries if _sees(actor, e)]
    about = {
        "value": figures.values(taken, region)[key], "metric": metric, "region": region, "taken": taken,
        "trail": _trail(region, actor), "behind": behind, "entries": entries, "shown": SHOWN,
        "names": parties.names({e.organisation for e in entries} | {c.opened_for for _, found in behind for c in found}),
        "list_query": _list_query(metric, region),
    }  # fmt: skip
    return render(request, "web/cockpit_figure.html", about)


@acting
def due(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the law makes due in the next thirty days, by body."""
    if not oversees(actor):
        return problems.page(request, 403)
    at: datetime = request.at  # type: ignore[attr-defined]
    found = duties.bodies(actor, at)
    about = {"bodies": found, "total": sum(len(b.duties) for b in found), "late": sum(b.late for b in found)}
    return render(request, "web/cockpit_duties.html", about)


def _sees(actor: Actor, entry: Any) -> bool:
    return entry.case_type in case_types() and cases.visible(entry.case_type, actor).filter(code=entry.case_id).exists()


def _region(request: HttpRequest, actor: Actor) -> str:
    """The division asked for within the actor's territory, else the actor's own."""
    asked = request.GET.get("region", "")
    inside = asked in DIVISIONS and asked.startswith(actor.territory)
    return asked if inside else actor.region if actor.region in DIVISIONS else YUNNAN


def _trail(region: str, actor: Actor) -> list[tuple[str, Text]]:
    """From the widest division that the actor oversees down to this one."""
    codes = dict.fromkeys((YUNNAN, f"{region[:4]}00", region))
    return [(code, parties.region(code)) for code in codes if code.startswith(actor.territory) and code in DIVISIONS]


def _list_query(metric: Metric, region: str) -> str:
    """The list of all of them, as far as one state names them."""
    asked = {"region": region, "within": "1"} if region != YUNNAN else {}
    if len(metric.states) == 1:
        asked["state"] = metric.states[0]
    return f"?{urlencode(asked)}" if asked else ""


def _months(today: date) -> list[str]:
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return [f"{day:%Y-%m}" for day in found]


SERIES = (
    ("work", Text("目录、申请与产品", "Items, requests and products"), Text("按建立月份统计", "By the month they were opened"),
     (("catalogued", Text("资源目录", "Items"), "bar", 1), ("requests", Text("数据申请", "Requests"), "bar", 1),
      ("products", Text("数据产品", "Products"), "bar", 1))),
    ("flow", Text("交付与收入", "Answers and revenue"), Text("交付按交付月份，收入按出账月份、不含税", "Answers by month of delivery, revenue by month of the bill, net of tax"),
     (("calls", Text("交付次数", "Answers"), "bar", 1), ("revenue", Text("收入（元）", "Revenue (yuan)"), "line", 100))),
    ("control", Text("依规拒绝", "Refusals"), Text("按发生月份统计", "By the month in which they happened"),
     (("refusals", Text("依规拒绝", "Refusals"), "bar", 1),)),
)  # fmt: skip


def _month_charts(series: Mapping[str, Mapping[str, float]], months: list[str]) -> list[dict[str, Any]]:
    """One chart for each group of series, with the same numbers as its table."""
    charts = []
    for key, title, definition, wanted in SERIES:
        rows = [
            (name, kind, [_whole(series.get(k, {}).get(m, 0) / by) for m in months]) for k, name, kind, by in wanted
        ]
        data = {
            "categories": months,
            "series": [
                {"name": str(say.say(name)), "data": values, "type": kind, "axis": int(kind == "line")}
                for name, kind, values in rows
            ],
        }
        charts.append(
            {"key": key, "title": title, "definition": definition, "data": data, "rows": rows, "months": months}
        )
    return charts


def _whole(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)


def _steps(steps: Mapping[str, list[float]]) -> dict[str, Any]:
    """Mean days of each step of a data request, as the work runs."""
    rows = [
        (act.title, round(steps[act.name][0] / steps[act.name][1], 2), int(steps[act.name][1]))
        for act in case_type("requests").lifecycle.acts
        if steps.get(act.name, [0, 0])[1]
    ]
    return {"rows": rows, "data": _bars([(str(say.say(t)), n) for t, n, _ in rows], say.t("平均天数", "Mean days"))}


def _refused(articles: Mapping[str, int]) -> dict[str, Any]:
    """The provisions that refused most."""
    rows = [(of_key(key), n) for key, n in sorted(articles.items(), key=lambda pair: -pair[1])[:TOP]]
    named = [(str(say.say(article.citation)) if article else say.t("其他", "Other"), n) for article, n in rows]
    return {"rows": rows, "data": _bars(named, say.t("拒绝次数", "Refusals"))}


def _places(taken: Any, metric: Metric) -> dict[str, Any]:
    """The sixteen prefectures in code order."""
    rows = [(p, figures.value_of(taken, metric.key, p.code)) for p in PREFECTURES]
    scale = 100 if metric.form is Form.MONEY else 1
    data = {
        "categories": [str(say.say(cartogram.short(p))) for p, _ in rows],
        "series": [
            {"name": str(say.say(metric.title)), "data": [_whole((n or 0) / scale) for _, n in rows], "type": "bar"}
        ],
    }
    return {"rows": rows, "data": data, "any": any(n for _, n in rows)}


def _bars(rows: list[tuple[str, float]], name: str) -> dict[str, Any]:
    """Lying bars, the first on top."""
    return {
        "lying": True, "categories": [label for label, _ in reversed(rows)],
        "series": [{"name": name, "data": [n for _, n in reversed(rows)], "type": "bar"}],
    }  # fmt: skip
