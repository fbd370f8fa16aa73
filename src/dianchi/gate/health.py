"""Whether the gate can deliver: the database answers, the wall stands, a worker can be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError

from dianchi.engines.runner import walls
from dianchi.kernel.errors import DomainError


def state(epoch: Callable[[], int], pool: Callable[[], object]) -> dict[str, Any]:
    """Each part with whether it is well; told without names of hosts or files."""
    found: dict[str, Any] = {}
    try:
        epoch()
        found["database"] = True
    except DatabaseError:
        found["database"] = False
    try:
        held = walls()
        pool()
        found["wall"], found["walls"], found["missing"] = True, list(held.held), sorted(held.missing)
    except (DomainError, OSError):
        found["wall"] = False
    return {"ready": found["database"] and found["wall"], **found}
