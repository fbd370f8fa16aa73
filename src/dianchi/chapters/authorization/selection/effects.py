"""What the acts of a selection change besides its state."""

from __future__ import annotations

from dianchi.chapters.authorization.selection import facts
from dianchi.chapters.authorization.selection.lifecycle import SELECTION
from dianchi.chapters.authorization.selection.models import Selection
from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.lifecycle import days


def announce(case: Selection, doing: Doing) -> None:
    """A selection lies where its plan lies."""
    case.region = case.plan.region


def publicize(case: Selection, doing: Doing) -> None:
    """The publicity of the candidate runs from now."""
    case.publicity_until = end_of(days("selection.publicity-days"), doing.at, case.region)


CASE = CaseType(SELECTION, Selection, facts.gather, {"announce": announce, "publicize": publicize}, prefix="XZ")
