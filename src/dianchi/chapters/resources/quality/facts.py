"""The facts about a ticket."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.resources.quality.lifecycle import Facts
from dianchi.chapters.resources.quality.models import Ticket
from dianchi.kernel.actors import Actor


def gather(case: Ticket, by: Actor, at: datetime, inputs: object) -> Facts:
    """Who must mend it and who did."""
    return Facts(provider=case.provider == by.organisation, own_fix=bool(case.fixed_by) and case.fixed_by == by.person)
