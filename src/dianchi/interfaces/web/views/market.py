"""The market of scenarios, the report on fair treatment, pictures of ownership, and versions side by side."""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.chapters.operation.developers.inputs import GROUNDS
from dianchi.chapters.operation.fairness.report import report
from dianchi.foundation.affiliations.queries import around, named
from dianchi.foundation.cases import queries
from dianchi.foundation.cases.registry import case_type, get_case
from dianchi.foundation.documents.history import case_at, editions
from dianchi.foundation.organisations.queries import all_active
from dianchi.interfaces.web import operating, ownership, parties, sections
from dianchi.interfaces.web.access import acting
from dianchi.interfaces.web.official import words
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import NotFound, NotPermitted, Refusal
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day

NOT_YOURS = Refusal(
    "fairness.not-yours", Text("报告只对运营机构自身和监督机构开放", "The report is for the operator itself and for supervision"), spec27(6)
)  # fmt: skip
NO_VERSIONS = Refusal("cases.no-such-version", Text("没有这个版本", "There is no such version"))


@acting
def market(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Published scenarios with their criteria and, where one may know them, the candidates and how they were scored."""
    today = local_day(request.at)  # type: ignore[attr-defined]
    published = queries.visible("scenarios", actor).filter(state="published").order_by("responses_until", "id")[:100]
    rows = [
        (operating.candidates(s, actor), s.responses_until is None or s.responses_until >= today) for s in published
    ]
    about = {
        "rows": rows,
        "operators": parties.names({s.operator for s in published}),
        "may_apply": Role.DEVELOPER in actor.roles,
    }
    return render(request, "web/market.html", about)


@acting
def fairness(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How an operator treats the like."""
    at: datetime = request.at  # type: ignore[attr-defined]
    watches = bool(actor.roles & operating.WATCHERS)
    operators = sorted({s.operator for s in queries.visible("scenarios", actor)}) if watches else [actor.organisation]
    chosen = request.GET.get("operator", "") or (operators[0] if operators else "")
    if not watches and (Role.OPERATOR not in actor.roles or chosen != actor.organisation):
        raise NotPermitted(NOT_YOURS)
    about = {
        "report": report(chosen, at) if chosen else None, "chosen": chosen, "operators": parties.names(operators).items(),
        "grounds": dict(GROUNDS), "watches": watches, "article": spec27(6),
    }  # fmt: skip
    return render(request, "web/fairness.html", about)


@acting
def ties(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The ownership and control around one organisation; firms look at themselves, supervision and selectors at all."""
    at: datetime = request.at  # type: ignore[attr-defined]
    everybody = bool(actor.roles & {*operating.WATCHERS, Role.IMPLEMENTER, Role.OPERATOR})
    chosen = request.GET.get("organisation", "") if everybody else actor.organisation
    links = around(chosen, at) if chosen else []
    names = named({chosen, *(end for k in links for end in (k.holder, k.held))})
    about = {
        "chosen": chosen, "name": names.get(chosen, chosen), "links": [(k, names.get(k.holder, k.holder), names.get(k.held, k.held)) for k in links],
        "drawing": ownership.draw(links, names, marked={chosen}) if links else "",
        "organisations": all_active() if everybody else [(actor.organisation, actor.organisation_name)],
    }  # fmt: skip
    return render(request, "web/ties.html", about)


@acting
def versions(request: HttpRequest, actor: Actor, name: str, code: str) -> HttpResponse:
    """Two versions of a case side by side, as the ledger tells them; what differs is marked."""
    kind, case = case_type(name), get_case(name, code, actor)
    found = editions(name, code)
    if not found:
        raise NotFound(NO_VERSIONS)
    numbers = dict(found)
    first = _number(request.GET.get("a"), numbers, found[0][0])
    second = _number(request.GET.get("b"), numbers, found[-1][0])
    sides = [_told(kind, case_at(name, code, numbers[n]), actor) for n in (first, second)]
    about = {
        "kind": kind, "case": case, "found": found, "first": first, "second": second,
        "rows": [(label, *_marked(sides[0].get(label, ""), sides[1].get(label, ""))) for label in dict.fromkeys([*sides[0], *sides[1]])],
    }  # fmt: skip
    return render(request, "web/versions.html", about)


def _number(asked: str | None, numbers: dict[int, int], otherwise: int) -> int:
    return int(asked) if asked and asked.isascii() and asked.isdigit() and int(asked) in numbers else otherwise


def _told(kind: Any, case: Any, actor: Actor) -> dict[Text, str]:
    """Every stated fact in words, by its label; those nested in a record each by their own."""
    told: dict[Text, str] = {}
    for section in sections.sections(kind, case, actor):
        for fact in section.facts:
            for inner in fact.value if fact.kind == "pairs" else [fact]:
                told[inner.label] = _words(inner)
    return told


def _words(fact: Any) -> str:
    if fact.kind == "table":
        return "\n".join("；".join(words(f) for f in row) for row in fact.value["rows"])
    return words(fact)


def _marked(old: str, new: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]], bool]:
    """Both texts in pieces, each with whether it differs from the other side."""
    if old == new:
        return [(old, False)], [(new, False)], False
    left, right = [], []
    for how, a1, a2, b1, b2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a2 > a1:
            left.append((old[a1:a2], how != "equal"))
        if b2 > b1:
            right.append((new[b1:b2], how != "equal"))
    return left, right, True
