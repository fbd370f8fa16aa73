"""The facts about an affiliation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.foundation.affiliations.lifecycle import Fact, Facts
from dianchi.kernel import codes
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.workdays import local_day


def gather(case: Any, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Whether two different organisations are named, the actor's own among them, over a term that runs forward."""
    if not isinstance(inputs, Fact):
        return Facts()
    person = inputs.holder_name and codes.is_citizen_id(inputs.holder_id, local_day(at))
    return Facts(
        holder_known=bool(inputs.holder) != bool(person) and (not inputs.holder_id or bool(person)),
        distinct=inputs.holder != inputs.held,
        concerned=by.plays(Role.BUREAU, Role.SYSTEM) or by.organisation in (inputs.holder, inputs.held),
        runs_forward=inputs.valid_to is None or inputs.valid_to >= inputs.valid_from,
    )
