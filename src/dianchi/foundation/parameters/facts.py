"""The facts about a setting."""

from __future__ import annotations

from datetime import datetime

from dianchi.foundation.cases.figures import read
from dianchi.foundation.parameters.lifecycle import Facts, Setting
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import Invalid
from dianchi.kernel.parameters import PARAMETERS


def gather(case: object, by: Actor, at: datetime, inputs: Setting | None) -> Facts:
    """Whether the parameter exists and the value is one it may take."""
    if inputs is None:
        return Facts()
    parameter = PARAMETERS.get(inputs.key)
    if parameter is None:
        return Facts(known=False)
    try:
        read(inputs.key, inputs.value)
    except Invalid:
        return Facts(within=False, lowest=parameter.minimum, highest=parameter.maximum)
    return Facts()
