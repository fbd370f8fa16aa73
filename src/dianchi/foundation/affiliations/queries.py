"""Questions about affiliation."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from dianchi.foundation.affiliations import graph
from dianchi.foundation.affiliations.models import Affiliation
from dianchi.foundation.cases.figures import value
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day


def related(a: str, b: str, at: datetime, region: str = "530000") -> Text | None:
    """The path, in words, by which two organisations are related on that day; None if they are not."""
    path = path_between(a, b, at, region)
    if path is None:
        return None
    if not path.links:
        return Text("同一机构", "The same organisation")
    return path.said(named({code for link in path.links for code in (link.holder, link.held)}))


def path_between(a: str, b: str, at: datetime, region: str = "530000") -> graph.Path | None:
    """The path itself, with the effective share where it is one."""
    return graph.related(
        a, b, links(at),
        share=Decimal(value("developer.related-ownership-threshold.related", region)),
        control=Decimal(value("developer.related-ownership-threshold.control", region)),
    )  # fmt: skip


def named(nodes: set[str]) -> dict[str, str]:
    """Names of organisations, and the masked names of natural persons."""
    persons = Affiliation.objects.filter(holder__in=[n for n in nodes if graph.is_person(n)])
    return {**names(nodes), **dict(persons.values_list("holder", "holder_name"))}


def around(code: str, at: datetime, most: int = 60) -> list[graph.Link]:
    """The facts in force within reach of an organisation, nearest first: what its ownership picture shows."""
    facts, near, found = links(at), {code}, []
    while len(found) < most:
        more = [k for k in facts if k not in found and near & {k.holder, k.held}]
        if not more:
            break
        found += more
        near |= {end for k in more for end in (k.holder, k.held)}
    return found[:most]


def circle(code: str, at: datetime, region: str = "530000") -> frozenset[str]:
    """Every organisation related to this one on that day, itself included."""
    facts, near = links(at), {code}
    while more := {end for k in facts if near & {k.holder, k.held} for end in (k.holder, k.held)} - near:
        near |= more
    share = Decimal(value("developer.related-ownership-threshold.related", region))
    control = Decimal(value("developer.related-ownership-threshold.control", region))
    return frozenset(o for o in near if graph.related(code, o, facts, share=share, control=control) is not None)


def links(at: datetime) -> list[graph.Link]:
    """Every fact in force on that day."""
    day = local_day(at)
    facts = Affiliation.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), state="in-force", valid_from__lte=day)
    return [graph.Link(f.holder, f.held, graph.Tie._value2member_map_[f.tie], f.share) for f in facts.order_by("id")]
