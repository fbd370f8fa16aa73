"""The facts about an authorization."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from dianchi.chapters.authorization.authorizations.lifecycle import CarveOut, Clearance, Facts, Flag, Mended, Proposal
from dianchi.chapters.authorization.authorizations.models import Authorization
from dianchi.chapters.resources.catalogue.queries import items
from dianchi.foundation.cases.figures import value
from dianchi.kernel.actors import Actor, territory


def gather(case: Authorization, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Mode, level, term and the obstacles of each resource in scope."""
    said = inputs if isinstance(inputs, Proposal) else case
    if not isinstance(inputs, Proposal) and not case.state:
        return Facts()
    facts = Facts(
        mode=said.mode,
        scenario_mode_on=bool(value("authorization.scenario-mode", said.region)),
        necessity=bool(said.necessity and said.sector),
        endorsed=bool(case.sector_document),
        county=not said.region.endswith("00"),
        coordinated=bool(said.prefecture_coordination),
        term_in_order=said.ends_on > said.starts_on,
        in_territory=said.region.startswith(by.territory),
        own_organisation=bool(case.state) and case.opened_for == by.organisation,
        own_proposal=bool(case.state) and case.opened_by == by.person,
        proposer=not case.state or case.opened_for == by.organisation,
        overlapping=tuple(t for t, _ in overlaps(case, said)),
        overlap_explained=bool(said.overlap_reason),
        legacy=said.legacy,
        rectification=bool(said.rectification),
        separate_platform=bool(said.separate_platform),
        **obstacles(said.resources),
    )
    harmful = {h["resource"] for h in case.harms}
    facts = replace(facts, harmful=tuple(i.title for i in items(list(said.resources)) if i.code in harmful))
    return _of_inputs(facts, case, inputs)


def _of_inputs(facts: Facts, case: Authorization, inputs: Any) -> Facts:
    if isinstance(inputs, Flag):
        return replace(facts, in_scope=inputs.resource in case.resources)
    if isinstance(inputs, Clearance):
        return replace(facts, flagged=any(h["resource"] == inputs.resource for h in case.harms))
    if isinstance(inputs, CarveOut):
        into = Authorization.objects.filter(code=inputs.into).exclude(state="terminated").exclude(pk=case.pk).first()
        return replace(
            facts,
            in_scope=set(inputs.carved) <= set(case.resources),
            receiver_holds=into is not None and set(inputs.carved) <= set(into.resources),
        )
    if isinstance(inputs, Mended):
        return replace(
            facts, step_open=any(s["what"] == inputs.what and not s.get("done_on") for s in case.rectification)
        )
    return facts


def overlaps(case: Authorization, said: Any) -> list[tuple[str, Authorization]]:
    """The titles of resources that another authorization of the same place and time holds too, with that one."""
    others = Authorization.objects.filter(
        state__in=("approved", "suspended"), starts_on__lte=said.ends_on, ends_on__gte=said.starts_on
    ).exclude(pk=case.pk)  # fmt: skip
    mine = territory(said.region)
    near = [o for o in others if territory(o.region).startswith(mine) or mine.startswith(territory(o.region))]
    titles = {i.code: i.title for i in items(list(said.resources))}
    return [
        (titles.get(code, code), other)
        for other in near
        for code in said.resources
        if code in other.resources and code not in carved(other) and code not in carved(case)
    ]


def carved(case: Authorization) -> set[str]:
    """The resources that were taken out of it."""
    return {c["resource"] for c in case.carve_outs}


FAILING: dict[str, Callable[[Any], bool]] = {
    "ungraded": lambda i: not i.grade,
    "core": lambda i: i.grade == "CORE",
    "secret": lambda i: i.state_secret,
    "forbidden": lambda i: i.attribute == "FORBIDDEN",
    "unconsented": lambda i: i.shared_in and not i.sharer_consent,
    "unassessed": lambda i: i.grade == "IMPORTANT" and not i.risk_assessment,
}


def obstacles(codes: list[str]) -> dict[str, tuple[str, ...]]:
    """The resources that may not be in a scope, by reason (operation norm, art. 5)."""
    found = items(codes)
    known = {i.code for i in found if i.state == "published"}
    titles = {name: tuple(i.title for i in found if failing(i)) for name, failing in FAILING.items()}
    return {"unknown": tuple(code for code in codes if code not in known), **titles}
