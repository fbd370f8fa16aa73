"""The facts about an organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.foundation.organisations.lifecycle import Enrolment, Facts
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor


def gather(case: Any, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Whether the code is already on record."""
    return Facts(enrolled=isinstance(inputs, Enrolment) and organisation(inputs.uscc) is not None)
