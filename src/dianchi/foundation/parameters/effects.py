"""Setting a parameter replaces the setting before it."""

from __future__ import annotations

from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.parameters import facts
from dianchi.foundation.parameters.lifecycle import PARAMETER, State
from dianchi.foundation.parameters.models import Setting
from dianchi.kernel.parameters import PARAMETERS


def replace(case: Setting, doing: Doing) -> None:
    """The earlier setting of the same parameter and region ends."""
    case.title = str(PARAMETERS[case.key].title)
    Setting.objects.filter(key=case.key, region=case.region, state=State.IN_FORCE).update(state=State.WITHDRAWN)


CASE = CaseType(PARAMETER, Setting, facts.gather, {"set": replace}, prefix="CS")
