"""Questions about corrections."""

from __future__ import annotations

from dianchi.chapters.supervision.corrections.lifecycle import State
from dianchi.chapters.supervision.corrections.models import Correction


def of_origin(code: str) -> list[Correction]:
    """The corrections that a case gave rise to."""
    return list(Correction.objects.filter(origin=code).order_by("id")) if code else []


def all_corrected(code: str) -> bool:
    """Whether a case gave rise to corrections and none of them is open."""
    found = of_origin(code)
    return bool(found) and all(c.state in (State.CLOSED, State.EXITING) for c in found)
