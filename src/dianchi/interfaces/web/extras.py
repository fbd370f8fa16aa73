"""What a person needs beyond the derived page: parts of the case page and links of the list, by kind of case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dianchi.chapters.resources.catalogue import queries as catalogue
from dianchi.chapters.resources.registration import queries as registrations
from dianchi.foundation import clock
from dianchi.foundation.cases.registry import CaseType
from dianchi.interfaces.web import editions, operating, parties, sections, supervising
from dianchi.interfaces.web.facts import Fact
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Extra:
    """A part of the case page: its template and what that is given."""

    template: str
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    """A page beside a list, for those who play one of the roles; empty: for all."""

    address: str
    title: Text
    icon: str
    roles: frozenset[Role] = frozenset()


_WATCH = (Link("/emergency", Text("应急值守", "Emergency watch"), "overdue"),)
_MARKET = Link("/market", Text("场景市场", "Market of scenarios"), "operation")
_FAIR = Link(
    "/fairness", Text("公平对待报告", "Fair treatment"), "scale", frozenset({Role.OPERATOR, Role.BUREAU, Role.AUDITOR})
)
_TIES = Link("/ties", Text("股权和控制关系", "Ownership and control"), "diagram")
LINKS: dict[str, tuple[Link, ...]] = {
    "scenarios": (_MARKET, _FAIR),
    "developers": (_MARKET, _FAIR, _TIES),
    "affiliations": (_TIES,),
    "incidents": _WATCH,
    "contingencies": _WATCH,
    "catalogue": (
        Link("/find", Text("检索目录", "Search"), "search"),
        Link("/catalogue-import", Text("从表格导入", "Import from Excel"), "export", frozenset({Role.PROVIDER})),
    ),
    "registration": (
        Link("/registration-desk", Text("登记工作台", "Registration desk"), "workbench",
             frozenset({Role.REGISTRAR, Role.PROVIDER, Role.IMPLEMENTER, Role.BUREAU})),
    ),
}  # fmt: skip


def links(kind: CaseType, actor: Actor) -> list[Link]:
    """The pages beside the list of a kind that the actor may use."""
    return [link for link in LINKS.get(kind.name, ()) if not link.roles or actor.roles & link.roles]


def of(kind: CaseType, case: Any, actor: Actor) -> list[Extra]:
    """The parts of the page of a case."""
    return list(_PARTS[kind.name](kind, case, actor)) if kind.name in _PARTS else []


def _of_item(kind: CaseType, case: Any, actor: Actor) -> list[Extra]:
    own = case.opened_for == actor.organisation and Role.PROVIDER in actor.roles
    drafts = bool(case.proposal) and editions.may_see_draft(case, actor)
    told = catalogue.told(case)[:20] if editions.may_see_draft(case, actor) else []
    return [Extra("web/catalogue/beside.html", {
        "case": case, "drafts": drafts, "own": own, "told": told, "names": parties.names({n.organisation for n in told}),
        "acts": {a.name: a.title for a in case.lifecycle.acts},
        "open": catalogue.open_item(case.code) is not None,
    })]  # fmt: skip


def _of_registration(kind: CaseType, case: Any, actor: Actor) -> list[Extra]:
    in_charge = Role.REGISTRAR in actor.roles and case.region.startswith(actor.territory)
    objections = registrations.objections(case, actor)
    return [Extra("web/registration/beside.html", {
        "case": case, "objections": objections, "in_charge": in_charge, "changes": _changes(kind, case, actor),
        "reports": list(case.reports.order_by("id")) if in_charge else [],
        "organisations": parties.names({o.organisation for o, name in objections if name}),
    })]  # fmt: skip


def _changes(kind: CaseType, case: Any, actor: Actor) -> list[tuple[Text, Fact, Fact]]:
    """What a change or correction under review would put on record: what stands and what is to stand."""
    shapes = {s.name: s for s in sections.filled_by(kind)["proposal"][1].shapes}
    stands = {name: getattr(case, name) for name in case.proposal}
    return [
        (shapes[n].entry.label, sections.made(shapes[n], stands[n], actor), sections.made(shapes[n], v, actor))
        for n, v in case.proposal.items()
        if v is not None and n in shapes and str(stands[n]) != str(v)
    ]


def _of_admission(kind: CaseType, case: Any, actor: Actor) -> list[Extra]:
    ties = operating.ties(case.operator, case.developer, clock.now(), case.region)
    return [Extra("web/operating/ties.html", ties)]


def _of_scenario(kind: CaseType, case: Any, actor: Actor) -> list[Extra]:
    public = case.state in ("published", "closed")
    return [Extra("web/operating/candidates.html", operating.candidates(case, actor))] if public else []


def _of_affiliation(kind: CaseType, case: Any, actor: Actor) -> list[Extra]:
    return [Extra("web/operating/ties.html", operating.ties(case.holder, case.held, clock.now(), case.region))]


def _of_agreement(kind: CaseType, case: Any, actor: Actor) -> list[Extra]:
    return [
        Extra("web/operating/signatures.html", {"kind": kind.name, "code": case.code, **operating.signatures(case)})
    ]


def _versions(kind: CaseType, case: Any, actor: Actor) -> list[Extra]:
    return [Extra("web/operating/versions.html", {"kind": kind.name, "code": case.code})]


_PARTS: dict[str, Callable[[CaseType, Any, Actor], list[Extra]]] = {
    "developers": _of_admission,
    "scenarios": _of_scenario,
    "affiliations": _of_affiliation,
    "agreements": _of_agreement,
    "contracts": _of_agreement,
    "plans": _versions,
    "selection": lambda kind, case, actor: [Extra("web/operating/scoring.html", operating.scoring(case, actor))],
    "catalogue": _of_item,
    "registration": _of_registration,
    "exits": lambda kind, case, actor: [Extra("web/supervision/exit.html", supervising.exit_steps(case, clock.now()))],
    "incidents": lambda kind, case, actor: [
        Extra("web/supervision/clocks.html", supervising.incident_clocks(case, clock.now()))
    ],
}
