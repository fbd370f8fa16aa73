"""The facts about a demand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.resources.catalogue.queries import item, published
from dianchi.chapters.resources.demands.lifecycle import Assignment, Facts, Meeting
from dianchi.chapters.resources.demands.lifecycle import Demand as Said
from dianchi.chapters.resources.demands.models import Demand
from dianchi.foundation.organisations.queries import is_active
from dianchi.kernel.actors import Actor


def gather(case: Demand, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Who asked, who answers, and what the catalogue has."""
    found = item(inputs.item) if isinstance(inputs, Meeting) else None
    supporters = {one["organisation"] for one in case.supporters}
    return Facts(
        asker=case.opened_for == by.organisation,
        another=case.opened_for != by.organisation and by.organisation not in supporters,
        assigned=case.provider == by.organisation,
        in_territory=case.region.startswith(by.territory),
        holder_known=not isinstance(inputs, Assignment) or is_active(inputs.provider),
        item_published=not isinstance(inputs, Meeting) or (found is not None and found.state == "published"),
        own_item=found is None or found.opened_for == by.organisation,
        already_there=isinstance(inputs, Said) and published().filter(title=inputs.title).exists(),
    )
