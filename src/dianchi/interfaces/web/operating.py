"""What the pages of authorization and operation show beyond the derived ones: scores, ownership, signatures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.authorization.selection import queries as selections
from dianchi.chapters.operation.developers import ranking
from dianchi.foundation.affiliations.queries import around, named, path_between
from dianchi.foundation.documents.signatures import holds
from dianchi.interfaces.web import ownership, parties
from dianchi.kernel.actors import Actor, Role

WATCHERS = frozenset({Role.BUREAU, Role.AUDITOR})


def candidates(scenario: Any, actor: Actor) -> dict[str, Any]:
    """The candidates of a scenario with their scores: all to its operator and to supervision, one's own to each."""
    rows = ranking.ranked(scenario)
    everything = bool(actor.roles & WATCHERS) or (
        Role.OPERATOR in actor.roles and scenario.operator == actor.organisation
    )
    mine = rows if everything else [r for r in rows if r[0].developer == actor.organisation]
    names = parties.names({a.developer for a, _ in mine})
    return {
        "scenario": scenario,
        "rows": [(a, names[a.developer], s, a.lifecycle.state(a.state), ranking.reviews(a)) for a, s in mine],
        "others": len(rows) - len(mine),
    }


def ties(one: str, other: str, at: datetime, region: str) -> dict[str, Any]:
    """How two organisations stand to each other, drawn."""
    path = path_between(one, other, at, region)
    links = list(dict.fromkeys([*(path.links if path else ()), *around(one, at, 20), *around(other, at, 20)]))
    names = named({one, other, *(end for k in links for end in (k.holder, k.held))})
    drawing = ownership.draw(links, names, marked={one, other}, path=path.links if path else ()) if links else ""
    return {"path": path, "said": path.said(names) if path and path.links else None, "drawing": drawing}


def signatures(case: Any) -> dict[str, Any]:
    """Each signature of an agreement and whether it holds over the terms as they are."""
    names = parties.names({s["organisation"] for s in case.signatures})
    return {
        "rows": [
            (s, names[s["organisation"]], datetime.fromisoformat(s["at"]), holds(case.terms(), s))
            for s in case.signatures
        ]
    }


def scoring(case: Any, actor: Actor) -> dict[str, Any]:
    """The experts' points without their names, for those who may know them now."""
    rows = [[(n, p) for p in points] for n, points in enumerate(selections.scores(case, actor), 1)]
    return {"rows": [r for points in rows for r in points], "names": parties.names({b["uscc"] for b in case.bids})}
