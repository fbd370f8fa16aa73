"""The sidebar: grouped as the law is, derived from the kinds of case and from what the actor's roles do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from dianchi.foundation.cases import queries
from dianchi.foundation.cases.registry import CaseType, case_types
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text

GROUPS = (
    ("authorization", Text("授权管理", "Authorization")),
    ("resources", Text("数据管理", "Data")),
    ("operation", Text("运营实施", "Operation")),
    ("supervision", Text("监督管理", "Supervision")),
    ("system", Text("系统管理", "System")),
)
# As the work runs; a kind that is not named here comes after, in the order of its name.
ORDER = (
    "authorizations", "plans", "selection", "bids", "agreements",
    "catalogue", "demands", "objections", "supply", "sources", "quality", "registration",
    "scenarios", "developers", "contracts", "requests", "holdings", "programs", "runs", "egress", "products", "pricing", "tariffs", "orders", "settlement",
    "accounts", "distribution", "reviews", "evaluation", "inspections", "corrections", "alerts", "incidents", "closures", "contingencies", "assessments", "complaints", "finance",
    "tolerance", "exits", "disclosure",
    "organisations", "affiliations", "memberships", "parameters",
)  # fmt: skip
FRESH = 10  # seconds that a count may be old


@dataclass(frozen=True)
class Item:
    """One kind of case in the sidebar."""

    name: str
    title: Text
    count: int


@dataclass(frozen=True)
class Group:
    """One heading of the sidebar."""

    key: str
    title: Text
    items: tuple[Item, ...]


def group_of(kind: CaseType) -> str:
    """The heading under which a kind of case stands."""
    return kind.chapter if any(kind.chapter == key for key, _ in GROUPS) else "system"


def ordered() -> list[CaseType]:
    """All kinds of case, as the work runs."""
    place = {name: i for i, name in enumerate(ORDER)}
    return sorted(case_types().values(), key=lambda k: (place.get(k.name, len(place)), k.name))


def uses(kind: CaseType, actor: Actor) -> bool:
    """Whether the actor's roles do anything with this kind of case, or there is one to see."""
    if any(act.by & actor.roles for act in kind.lifecycle.acts) or Role.AUDITOR in actor.roles:
        return True
    return bool(kind.model.objects.visible_to(actor).exists())


def sidebar(actor: Actor, at: datetime) -> tuple[Group, ...]:
    """The groups that the actor can use, with how many things wait in each."""
    counts = waiting_counts(actor, at)
    groups: dict[str, list[Item]] = {}
    for kind in ordered():
        if uses(kind, actor):
            groups.setdefault(group_of(kind), []).append(
                Item(kind.name, kind.lifecycle.title, counts.get(kind.name, 0))
            )
    return tuple(Group(key, title, tuple(groups[key])) for key, title in GROUPS if key in groups)


def waiting_counts(actor: Actor, at: datetime) -> dict[str, int]:
    """How much waits for the actor by kind of case; at most ten seconds old."""
    counts: dict[str, int] | None = cache.get(_key(actor))
    return counts if counts is not None else remember(actor, queries.waiting_for(actor, at))


def remember(actor: Actor, waiting: Iterable[queries.Waiting]) -> dict[str, int]:
    """Keep how much waits, for whoever has just found out: it is not asked twice for one page."""
    counts: dict[str, int] = {}
    for one in waiting:
        counts[one.kind.name] = counts.get(one.kind.name, 0) + 1
    cache.set(_key(actor), counts, FRESH)
    return counts


def acted() -> None:
    """Something was done: what waits must be counted anew."""
    try:
        cache.incr("dianchi.acts")
    except ValueError:
        cache.set("dianchi.acts", 1, None)


def _key(actor: Actor) -> str:
    return f"dianchi.waiting.{cache.get('dianchi.acts', 0)}.{actor.person}.{actor.organisation}"
