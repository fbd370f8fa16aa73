"""What acts on alerts change beside the state."""

from __future__ import annotations

from dianchi.chapters.supervision.alerts import facts
from dianchi.chapters.supervision.alerts.lifecycle import ALERT, RULES
from dianchi.chapters.supervision.alerts.models import Alert
from dianchi.foundation.cases.registry import CaseType, Doing


def raised(case: Alert, doing: Doing) -> None:
    """It is called by its rule and its order."""
    case.title = f"{dict(RULES)[case.rule]} {case.order}"


CASE = CaseType(ALERT, Alert, facts.gather, {"raise": raised}, prefix="YJ")
