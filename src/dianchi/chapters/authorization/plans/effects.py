"""What the acts of a plan change besides its state."""

from __future__ import annotations

from dianchi.chapters.authorization.plans import facts
from dianchi.chapters.authorization.plans.lifecycle import PLAN
from dianchi.chapters.authorization.plans.models import Plan
from dianchi.foundation.cases.registry import CaseType, Doing


def draft(case: Plan, doing: Doing) -> None:
    """A plan lies where its authorization lies."""
    case.region = case.authorization.region


def submit(case: Plan, doing: Doing) -> None:
    """Who submitted may not approve."""
    case.submitted_by = doing.by.person


CASE = CaseType(PLAN, Plan, facts.gather, {"draft": draft, "submit": submit}, prefix="FA")
