"""What filing a plan and drilling it change."""

from __future__ import annotations

from dianchi.chapters.supervision.contingencies import facts
from dianchi.chapters.supervision.contingencies.lifecycle import CONTINGENCY, State
from dianchi.chapters.supervision.contingencies.models import Contingency
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.workdays import local_day


def file(case: Contingency, doing: Doing) -> None:
    """The plan before it ends; its drills stay with it, and the year goes on from the last of them."""
    case.drilled_on = local_day(doing.at)
    before = Contingency.objects.filter(opened_for=case.opened_for, role=case.role, state=State.FILED).first()
    if before is not None:
        case.drilled_on = before.drilled_on
        perform("contingencies", "replace", by=PLATFORM, at=doing.at, code=before.code)


def drill(case: Contingency, doing: Doing) -> None:
    """One more drill; the next is due a year on."""
    case.drills = [*case.drills, doing.inputs.model_dump(mode="json")]
    case.drilled_on = doing.inputs.held_on


CASE = CaseType(CONTINGENCY, Contingency, facts.gather, {"file": file, "drill": drill}, prefix="YA")
