"""The facts about a correction."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.supervision.closures.queries import still_shut
from dianchi.chapters.supervision.corrections.lifecycle import (
    SUSPENDABLE,
    Facts,
    Failed,
    Noticing,
    Order,
    Suspension,
    Talk,
)
from dianchi.chapters.supervision.corrections.models import Correction
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.workdays import local_day


def gather(case: Correction, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whose it is and how far up the ladder it stands."""
    if not case.state:
        if not isinstance(inputs, Noticing):
            return Facts()
        return Facts(known=organisation(inputs.party) is not None, not_oneself=inputs.party != by.organisation)
    day, overdue = local_day(at), case.due_on is not None and case.due_on < local_day(at)
    failed = case.failures > 0
    return Facts(
        yours=case.party == by.organisation,
        ahead=not isinstance(inputs, Order | Failed) or inputs.due_on > day,
        held=not isinstance(inputs, Talk) or inputs.talked_on <= day,
        can_be_suspended=case.party_role in SUSPENDABLE,
        ripe=overdue or failed or (isinstance(inputs, Suspension) and inputs.serious),
        ladder_climbed=case.suspended_at is not None or failed,
        own_submission=case.submitted_by == by.person,
        may_restore=by.plays(Role.BUREAU) or not still_shut(case.closure),
    )
