"""What the acts of a ticket change besides its state."""

from __future__ import annotations

from dianchi.chapters.resources.quality import facts
from dianchi.chapters.resources.quality.lifecycle import QUALITY
from dianchi.chapters.resources.quality.models import Ticket
from dianchi.foundation.cases.registry import CaseType, Doing


def raise_issue(case: Ticket, doing: Doing) -> None:
    """The ticket goes to the department that holds the resource."""
    case.provider, case.region = case.item.opened_for, case.item.region


def fix(case: Ticket, doing: Doing) -> None:
    """Who mended may not check."""
    case.fixed_by = doing.by.person


CASE = CaseType(QUALITY, Ticket, facts.gather, {"raise": raise_issue, "find": raise_issue, "fix": fix}, prefix="ZL")
