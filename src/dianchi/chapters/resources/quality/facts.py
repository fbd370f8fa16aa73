"""The facts about a ticket."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.resources.quality.lifecycle import Facts, Scan
from dianchi.chapters.resources.quality.models import Ticket
from dianchi.kernel.actors import Actor


def gather(case: Ticket, by: Actor, at: datetime, inputs: object) -> Facts:
    """Who must mend it and who did."""
    repeated = False
    if isinstance(inputs, Scan) and inputs.load:
        scanned = Ticket.objects.filter(item__code=inputs.item).exclude(load=None)
        repeated = scanned.exclude(state__in=("closed", "rejected")).exists()
    return Facts(
        provider=case.provider == by.organisation,
        own_fix=bool(case.fixed_by) and case.fixed_by == by.person,
        repeated=repeated,
        still_failing=any(case.rechecked.values()),
    )
