"""Supervision of the tests, built through the one door."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.foundation.cases.perform import perform
from dianchi.kernel.actors import Actor, Role
from tests.factories.people import NOON, actor


def do(name: str, act: str, by: Role | Actor, code: str | None = None, /, at: datetime = NOON, **inputs: Any) -> Any:
    """One act; the case afterwards."""
    who = by if isinstance(by, Actor) else actor(by)
    return perform(name, act, by=who, at=at, code=code, inputs=inputs or None).case
