"""The facts about an authorization."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.authorization.authorizations.lifecycle import Facts, Proposal
from dianchi.chapters.authorization.authorizations.models import Authorization
from dianchi.chapters.resources.catalogue.queries import items
from dianchi.foundation.cases.figures import value
from dianchi.kernel.actors import Actor


def gather(case: Authorization, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Mode, level, term and the obstacles of each resource in scope."""
    said = inputs if isinstance(inputs, Proposal) else case
    if not isinstance(inputs, Proposal) and not case.state:
        return Facts()
    return Facts(
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
        **obstacles(said.resources),
    )


def obstacles(codes: list[str]) -> dict[str, tuple[str, ...]]:
    """The resources that may not be in a scope, by reason (operation norm, art. 5)."""
    found = items(codes)
    known = {i.code for i in found if i.state == "published"}

    def titles(failing: Any) -> tuple[str, ...]:
        return tuple(i.title for i in found if failing(i))

    return {
        "unknown": tuple(code for code in codes if code not in known),
        "ungraded": titles(lambda i: not i.grade),
        "core": titles(lambda i: i.grade == "CORE"),
        "secret": titles(lambda i: i.state_secret),
        "forbidden": titles(lambda i: i.attribute == "FORBIDDEN"),
        "unconsented": titles(lambda i: i.shared_in and not i.sharer_consent),
        "unassessed": titles(lambda i: i.grade == "IMPORTANT" and not i.risk_assessment),
    }
