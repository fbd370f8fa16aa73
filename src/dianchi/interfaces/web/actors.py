"""In which capacity the signed-in person acts: the organisation they chose, with the roles held there now."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from dianchi.foundation.identity.queries import actors
from dianchi.kernel.actors import Actor

CHOSEN = "organisation"  # in the session: the organisation the person acts for


def capacities(request: HttpRequest, at: datetime) -> list[Actor]:
    """Every capacity of the signed-in person; empty for a stranger and for one who holds no role."""
    person = request.user
    return actors(person, at) if person.is_authenticated else []


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor of this request: the capacity chosen, else the first."""
    held: list[Actor] = request.capacities  # type: ignore[attr-defined]
    chosen = request.session.get(CHOSEN)
    return next((a for a in held if a.organisation == chosen), held[0] if held else None)
