"""The facts about an objection to the catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.objections.lifecycle import Facts, Raising
from dianchi.chapters.resources.objections.models import Objection
from dianchi.kernel.actors import Actor


def gather(case: Objection, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Who objected to whose entry, and what became of it."""
    if isinstance(inputs, Raising):
        found = item(inputs.item)
        published = found is not None and found.state == "published"
        return Facts(published=published, another_body=found is None or found.opened_for != by.organisation)
    if not case.state:
        return Facts()
    return Facts(
        provider=case.provider == by.organisation,
        raiser=case.opened_for == by.organisation,
        in_territory=case.region.startswith(by.territory),
        new_edition=case.item.edition > case.edition,
    )
