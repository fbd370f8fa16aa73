"""The facts about a catalogue item."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.resources.catalogue.lifecycle import USES, Facts
from dianchi.chapters.resources.catalogue.models import Item
from dianchi.kernel.actors import Actor


def gather(case: Item, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Grade, secrecy, consent and uses as they stand, or as they would with the inputs."""
    said = inputs if hasattr(inputs, "attribute") else case
    columns = getattr(inputs, "items", None) or ()
    return Facts(
        provider=not case.state or case.opened_for == by.organisation,
        own_submission=bool(case.submitted_by) and case.submitted_by == by.person,
        graded=bool(case.grade),
        core=case.grade == "CORE",
        secret=case.state_secret,
        grounded=said.attribute in ("", "ALLOWED") or bool(said.ground),
        unknown_uses=tuple(c.name for c in columns if not set(c.uses) <= set(USES)),
    )
