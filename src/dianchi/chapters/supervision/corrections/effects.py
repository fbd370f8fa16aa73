"""What climbing the ladder changes."""

from __future__ import annotations

from dianchi.chapters.supervision.closures.queries import still_shut
from dianchi.chapters.supervision.corrections import facts
from dianchi.chapters.supervision.corrections.lifecycle import CORRECTION, SUSPENDABLE
from dianchi.chapters.supervision.corrections.models import Correction
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import CaseType, Doing


def submit(case: Correction, doing: Doing) -> None:
    """Who reported does not re-check."""
    case.submitted_by = doing.by.person


def fail(case: Correction, doing: Doing) -> None:
    """Once more, and one more on record."""
    case.failures += 1


def suspend(case: Correction, doing: Doing) -> None:
    """The gate is shut for the party, by the same hand; once only."""
    case.suspended_at = doing.at
    if still_shut(case.closure):
        return
    inputs = {
        "scope": SUSPENDABLE[case.party_role],
        "target": case.party,
        "reason": f"{doing.inputs.reason}（{case.code}）",
    }
    case.closure = perform("closures", "shut", by=doing.by, at=doing.at, inputs=inputs).case.code


def passed(case: Correction, doing: Doing) -> None:
    """What was shut for it opens again."""
    if still_shut(case.closure):
        inputs = {"reopening_reason": f"{doing.inputs.recheck[:900]}（{case.code}）"}
        perform("closures", "reopen", by=doing.by, at=doing.at, code=case.closure, inputs=inputs)


CASE = CaseType(
    CORRECTION, Correction, facts.gather, {"submit": submit, "fail": fail, "suspend": suspend, "pass": passed}, prefix="ZG"
)  # fmt: skip
