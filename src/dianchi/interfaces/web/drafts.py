"""Forms are kept while they are filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.interfaces.web.models import Draft
from dianchi.interfaces.web.shapes import Shape, shapes
from dianchi.kernel.actors import Actor
from dianchi.kernel.lifecycle import Act

LARGEST = 200_000  # characters of a draft; more is not kept


def _where(actor: Actor, case_type: str, code: str, act: str) -> dict[str, str]:
    return {
        "person": actor.person,
        "organisation": actor.organisation,
        "case_type": case_type,
        "case_code": code,
        "act": act,
    }


def load(actor: Actor, case_type: str, code: str, act: str) -> Draft | None:
    """What the person left, if anything."""
    return Draft.objects.filter(**_where(actor, case_type, code, act)).first()


def save(actor: Actor, case_type: str, code: str, act: Act[Any], values: dict[str, Any], at: datetime) -> None:
    """Keep what is there so far, without passwords and personal fields."""
    kept = {s.name: values[s.name] for s in shapes(act.inputs) if s.name in values and not _private(s)}
    if len(str(kept)) > LARGEST:
        return
    where = _where(actor, case_type, code, act.name)
    Draft.objects.update_or_create(**where, defaults={"values": kept, "saved_at": at})


def drop(actor: Actor, case_type: str, code: str, act: str) -> None:
    """It was submitted or given up."""
    Draft.objects.filter(**_where(actor, case_type, code, act)).delete()


def _private(shape: Shape) -> bool:
    return shape.entry.personal or shape.entry.widget == "password" or any(_private(s) for s in shape.shapes)
