"""What the acts of an objection to the catalogue change besides its state."""

from __future__ import annotations

from dianchi.chapters.resources.objections import facts
from dianchi.chapters.resources.objections.lifecycle import OBJECTIONS
from dianchi.chapters.resources.objections.models import Objection
from dianchi.foundation.cases.registry import CaseType, Doing


def raise_(case: Objection, doing: Doing) -> None:
    """It is against what the catalogue says now, and lies where the resource does."""
    case.provider, case.region, case.edition = case.item.opened_for, case.item.region, case.item.edition


def dispute(case: Objection, doing: Doing) -> None:
    """If it is upheld, what stands now must change."""
    case.edition = case.item.edition


CASE = CaseType(OBJECTIONS, Objection, facts.gather, {"raise": raise_, "dispute": dispute}, prefix="MY")
