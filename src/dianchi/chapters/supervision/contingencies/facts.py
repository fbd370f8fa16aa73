"""The facts about an emergency plan."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.supervision.contingencies.lifecycle import Drill, Facts, Plan
from dianchi.chapters.supervision.contingencies.models import Contingency
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import local_day


def gather(case: Contingency, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whose it is and when it was drilled."""
    if not case.state:
        return Facts(plays=not isinstance(inputs, Plan) or inputs.role in {r.value for r in by.roles})
    last = max((d["held_on"] for d in case.drills), default="")
    return Facts(
        yours=case.opened_for == by.organisation,
        held=not isinstance(inputs, Drill) or inputs.held_on <= local_day(at),
        in_order=not isinstance(inputs, Drill) or inputs.held_on.isoformat() >= last,
    )
