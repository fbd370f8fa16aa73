"""What declaring and approving change."""

from __future__ import annotations

from dianchi.chapters.supervision.finance import facts
from dianchi.chapters.supervision.finance.lifecycle import FINANCE
from dianchi.chapters.supervision.finance.models import Assetization
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.workdays import local_day


def declare(case: Assetization, doing: Doing) -> None:
    """Who must approve it."""
    if case.contract is not None:
        case.agreement = case.contract.agreement
    case.institution = case.agreement.opened_for


def approve(case: Assetization, doing: Doing) -> None:
    """Since when it may be done."""
    case.approved_on = local_day(doing.at)


CASE = CaseType(FINANCE, Assetization, facts.gather, {"declare": declare, "approve": approve}, prefix="ZC")
