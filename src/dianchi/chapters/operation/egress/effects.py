"""What acts on egress requests change beside the state."""

from __future__ import annotations

from dianchi.chapters.operation.egress import facts
from dianchi.chapters.operation.egress.lifecycle import EGRESS
from dianchi.chapters.operation.egress.models import Egress
from dianchi.chapters.operation.runs.queries import LONG
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.jobs.queue import enqueue


def submit(case: Egress, doing: Doing) -> None:
    """Bound to one result by its digest; whatever was found or said before counts no more."""
    run = case.run
    case.operator, case.developer, case.implementer = run.operator, run.developer, run.implementer
    case.purpose, case.resources = run.program.purpose, sorted(run.snapshots)
    case.program_digest, case.policy_digest = run.program_digest, run.policy_digest
    case.result_digest = run.result_digest
    case.points, case.approved_digest, case.submitted_by = [], "", doing.by.person
    case.attempt += 1
    enqueue(f"{LONG}check", {"egress": case.code}, key=f"check:{case.code}:{case.attempt}", at=doing.at)


def approve(case: Egress, doing: Doing) -> None:
    """What may leave is what was reviewed."""
    case.approved_digest = case.result_digest


def deliver(case: Egress, doing: Doing) -> None:
    """Handed over."""
    case.delivered_at = doing.at


CASE = CaseType(
    EGRESS,
    Egress,
    facts.gather,
    {"request": submit, "revise": submit, "approve": approve, "uphold": approve, "deliver": deliver},
    prefix="CY",
)
