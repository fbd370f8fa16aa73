"""What acts on own data change beside the state."""

from __future__ import annotations

from dianchi.chapters.operation.holdings import facts
from dianchi.chapters.operation.holdings.lifecycle import HOLDING
from dianchi.chapters.operation.holdings.models import Holding
from dianchi.foundation.cases.registry import CaseType, Doing


def name_the_parties(case: Holding, doing: Doing) -> None:
    """The parties are those of the development agreement."""
    case.operator, case.developer = case.contract.operator, case.contract.developer


def submit(case: Holding, doing: Doing) -> None:
    """Who submitted may not approve."""
    case.submitted_by = doing.by.person


def receive(case: Holding, doing: Doing) -> None:
    """It is here."""
    case.received_at = doing.at


def destroy(case: Holding, doing: Doing) -> None:
    """It is no more."""
    case.destroyed_at = doing.at


CASE = CaseType(
    HOLDING,
    Holding,
    facts.gather,
    {"draft": name_the_parties, "revise": name_the_parties, "submit": submit, "receive": receive, "destroy": destroy},
    prefix="ZY",
)
