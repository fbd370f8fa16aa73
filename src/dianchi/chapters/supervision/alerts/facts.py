"""The facts about an alert."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.supervision.alerts.lifecycle import Facts
from dianchi.chapters.supervision.alerts.models import Alert
from dianchi.kernel.actors import Actor, Role


def gather(case: Alert, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whose it is."""
    if not case.state:
        return Facts()
    watches = by.plays(Role.BUREAU, Role.SECURITY_ADMIN)
    return Facts(
        yours=watches or (by.plays(Role.OPERATOR) and by.organisation == case.operator),
        is_consumer=by.organisation == case.consumer,
    )
