"""What the acts of an agreement change besides its state."""

from __future__ import annotations

from dianchi.chapters.authorization.agreements import facts
from dianchi.chapters.authorization.agreements.lifecycle import AGREEMENT
from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.foundation.cases.registry import CaseType, Doing


def draft(case: Agreement, doing: Doing) -> None:
    """The other party is the operator that was determined."""
    case.operator, case.region = case.selection.operator, case.selection.region


def sign(case: Agreement, doing: Doing) -> None:
    """The institution's signature."""
    case.signed_at = doing.at


def countersign(case: Agreement, doing: Doing) -> None:
    """The operator's signature."""
    case.countersigned_at = doing.at


def file(case: Agreement, doing: Doing) -> None:
    """The filing."""
    case.filed_at = doing.at


CASE = CaseType(
    AGREEMENT, Agreement, facts.gather,
    {"draft": draft, "revise": draft, "sign": sign, "countersign": countersign, "file": file}, prefix="XY",
)  # fmt: skip
