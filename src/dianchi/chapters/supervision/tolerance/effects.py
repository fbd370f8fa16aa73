"""What deciding on tolerance changes."""

from __future__ import annotations

from dianchi.chapters.supervision.tolerance import facts
from dianchi.chapters.supervision.tolerance.lifecycle import TOLERANCE, State
from dianchi.chapters.supervision.tolerance.models import Tolerance
from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.cases.registry import CaseType, Doing


def check(case: Tolerance, doing: Doing) -> None:
    """Who checks does not decide."""
    case.checked_by = doing.by.person


def decide(case: Tolerance, doing: Doing) -> None:
    """Who decided, and until when it may be appealed."""
    case.decided_by = doing.by.person
    (deadline,) = (d for d in TOLERANCE.deadlines if d.state is State.DECIDED)
    case.appeal_until = end_of(deadline.period, doing.at, case.region)


def transfer(case: Tolerance, doing: Doing) -> None:
    """When it was handed over."""
    case.transferred_at = doing.at


CASE = CaseType(
    TOLERANCE, Tolerance, facts.gather, {"check": check, "decide": decide, "transfer": transfer}, prefix="RC"
)  # fmt: skip
