"""A case: its facts, what may be done, its documents, opinions and timeline, and where it stands in its lifecycle."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.foundation.cases import queries
from dianchi.foundation.cases.opinions import visible_opinions
from dianchi.foundation.cases.registry import CaseType, case_type, get_case
from dianchi.foundation.identity.queries import people
from dianchi.interfaces.web import diagram, extras, menu, parties, related, sections, timeline
from dianchi.interfaces.web.access import acting
from dianchi.interfaces.web.views import papers
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import Refusal
from dianchi.kernel.text import Text

TABS = (
    ("facts", Text("概况", "Overview"), "case"),
    ("documents", Text("材料", "Documents"), "document"),
    ("opinions", Text("意见", "Opinions"), "opinion"),
    ("timeline", Text("时间线", "Timeline"), "timeline"),
    ("diagram", Text("流程图", "Diagram"), "diagram"),
)


@acting
def case(request: HttpRequest, actor: Actor, name: str, code: str) -> HttpResponse:
    """The page of a case; `?tab=` chooses what is in the middle."""
    return page(request, actor, name, code, tab=request.GET.get("tab", "facts"))


def page(
    request: HttpRequest, actor: Actor, name: str, code: str, *, tab: str, refused: tuple[Refusal, ...] = ()
) -> HttpResponse:
    """The same with a tab chosen, and with what was refused there."""
    kind, found = case_type(name), get_case(name, code, actor)
    at: datetime = request.at  # type: ignore[attr-defined]
    tab = tab if any(tab == key for key, _, _ in TABS) else "facts"
    running = queries.running_of([found]).get((name, code), [])
    done = next((a for a in kind.lifecycle.acts if a.name == request.GET.get("done")), None)
    about = {
        "kind": kind, "case": found, "tab": tab, "tabs": TABS, "running": running, "done": done,
        "offered": queries.offered(found, actor, at), "next": queries.next_actors(found, running),
        "finished": queries.finished_dues(found), "group": dict(menu.GROUPS).get(menu.group_of(kind)),
        "organisation": parties.names({found.opened_for}).get(found.opened_for, ""),
        "region": parties.region(found.region), "opener": people([found.opened_by]).get(found.opened_by, ""),
        **_tab(tab, kind, found, actor), "refused": refused,
    }  # fmt: skip
    return render(request, "web/case.html", about, status=400 if refused else 200)


def _tab(tab: str, kind: CaseType, case: Any, actor: Actor) -> dict[str, Any]:
    if tab == "documents":
        return papers.of(kind, case, actor)
    if tab == "opinions":
        return _opinions(case, actor)
    if tab == "timeline":
        return {"moments": timeline.of_case(case), "refused_word": Text("被拒绝", "Refused")}
    if tab == "diagram":
        return {"diagram": diagram.draw(kind.lifecycle, case.state)}
    return {
        "sections": sections.sections(kind, case, actor),
        "related": related.of(kind, case, actor),
        "extras": extras.of(kind, case, actor),
    }


def _opinions(case: Any, actor: Actor) -> dict[str, Any]:
    given = visible_opinions(case, actor)
    current = case.digest()
    rules = [(a, a.opinions) for a in case.lifecycle.acts if a.opinions]
    return {
        "opinions": [(o, case.lifecycle.act(o.act), o.digest == current) for o in given],
        "rules": rules,
        "good_word": Text("同意", "In favour"),
        "bad_word": Text("不同意", "Against"),
        "names": people([o.person for o in given]),
        "organisations": parties.names({o.organisation for o in given}),
    }
