"""The facts about an affiliation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.foundation.affiliations.lifecycle import Facts
from dianchi.kernel.actors import Actor


def gather(case: Any, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Whether two different organisations are named."""
    return Facts(distinct=inputs is None or inputs.holder != inputs.held)
