"""The facts about a closure."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.supervision.closures import reach
from dianchi.chapters.supervision.closures.lifecycle import EVERYTHING, Facts, Shutting
from dianchi.chapters.supervision.closures.models import Closure
from dianchi.kernel.actors import Actor, Role


def gather(case: Closure, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whether the target is named, exists, and is the actor's to shut."""
    if not isinstance(inputs, Shutting):
        return Facts()
    named = inputs.scope == EVERYTHING or bool(inputs.target)
    supervises = by.plays(Role.SECURITY_ADMIN, Role.BUREAU)
    return Facts(
        target_named=named,
        target_known=not named or reach.known(inputs.scope, inputs.target),
        yours=supervises or not named or reach.answers_for(by.organisation, inputs.scope, inputs.target),
    )
