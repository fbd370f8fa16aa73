"""What acts on data requests change beside the state."""

from __future__ import annotations

from dianchi.chapters.operation.requests import facts
from dianchi.chapters.operation.requests.data import items
from dianchi.chapters.operation.requests.lifecycle import REQUEST
from dianchi.chapters.operation.requests.models import Request
from dianchi.foundation.cases.registry import CaseType, Doing


def name_the_parties(case: Request, doing: Doing) -> None:
    """The parties are those of the development agreement."""
    contract = case.contract
    case.operator, case.developer, case.implementer = contract.operator, contract.developer, contract.implementer
    case.providers = sorted({entry.provider for entry in items(case.resources).values()})
    case.wants_sector = contract.agreement.selection.plan.authorization.mode == "SECTOR"


def submit(case: Request, doing: Doing) -> None:
    """Who submitted may not review; an earlier first review no longer counts."""
    case.submitted_by, case.first_reviewed_by, case.submitted_at = doing.by.person, "", doing.at


def first_review(case: Request, doing: Doing) -> None:
    """Who reviewed first may not review second."""
    case.first_reviewed_by = doing.by.person


def provision(case: Request, doing: Doing) -> None:
    """From now on the data may be used: the clock of first registration runs."""
    case.provisioned_at = doing.at


CASE = CaseType(
    REQUEST,
    Request,
    facts.gather,
    {
        "draft": name_the_parties, "revise": name_the_parties, "submit": submit, "first-review": first_review,
        "provision": provision,
    },
    prefix="SJ",
)  # fmt: skip
