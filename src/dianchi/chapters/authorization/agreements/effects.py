"""What the acts of an agreement change besides its state."""

from __future__ import annotations

from datetime import date

from dianchi.chapters.authorization.agreements import facts
from dianchi.chapters.authorization.agreements.lifecycle import AGREEMENT
from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.documents.signatures import signed


def draft(case: Agreement, doing: Doing) -> None:
    """The other party is the operator that was determined."""
    case.operator, case.region = case.selection.operator, case.selection.region


def sign(case: Agreement, doing: Doing) -> None:
    """The institution's signature, over the terms."""
    case.signed_at, case.signatures = doing.at, [signed(case.terms(), "甲方", doing.by.organisation, doing.at)]


def countersign(case: Agreement, doing: Doing) -> None:
    """The operator's signature, over the same terms."""
    case.countersigned_at = doing.at
    case.signatures = [*case.signatures, signed(case.terms(), "乙方", doing.by.organisation, doing.at)]


def file(case: Agreement, doing: Doing) -> None:
    """The filing; from now on its milestones are tracked."""
    case.filed_at = doing.at
    _track(case)


def reach(case: Agreement, doing: Doing) -> None:
    """Reported, to be checked."""
    said = doing.inputs.model_dump(mode="json")
    case.milestones = [
        {k: m[k] for k in ("name", "due_on", "measure")} | said if m["name"] == said["name"] else m
        for m in case.milestones
    ]
    case.reported_at = case.reported_at or doing.at
    _track(case)


def check(case: Agreement, doing: Doing) -> None:
    """Found met, or open again."""
    said = doing.inputs.model_dump(mode="json")
    case.milestones = [m | said if m["name"] == said["name"] else m for m in case.milestones]
    if not any(m.get("reached_on") and "met" not in m for m in case.milestones):
        case.reported_at = None
    _track(case)


def _track(case: Agreement) -> None:
    """The next milestone that is neither reported nor met."""
    still = [m for m in case.milestones if not m.get("reached_on") or m.get("met") is False]
    case.milestone_on = min((date.fromisoformat(m["due_on"]) for m in still), default=None)


CASE = CaseType(
    AGREEMENT, Agreement, facts.gather,
    {"draft": draft, "revise": draft, "sign": sign, "countersign": countersign, "file": file, "reach": reach, "check": check},
    prefix="XY",
)  # fmt: skip
