"""The facts about a closure."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.supervision.closures.lifecycle import EVERYTHING, Facts, Shutting
from dianchi.chapters.supervision.closures.models import Closure
from dianchi.kernel.actors import Actor


def gather(case: Closure, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whether the target is named where there must be one."""
    if isinstance(inputs, Shutting):
        return Facts(target_named=inputs.scope == EVERYTHING or bool(inputs.target))
    return Facts()
