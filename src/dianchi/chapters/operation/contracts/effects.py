"""What acts on development agreements change beside the state."""

from __future__ import annotations

from dianchi.chapters.operation.contracts import facts
from dianchi.chapters.operation.contracts.lifecycle import CONTRACT
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.foundation.cases.registry import CaseType, Doing


def name_the_parties(case: Contract, doing: Doing) -> None:
    """The parties follow from the admission and the authorization agreement."""
    case.operator, case.developer = case.admission.operator, case.admission.developer
    case.implementer = case.agreement.opened_for


def sign(case: Contract, doing: Doing) -> None:
    """The signature is bound to the text as it is."""
    case.signed_digest = ""
    case.signed_digest = case.digest()


def withdraw(case: Contract, doing: Doing) -> None:
    """A signature ends with the text that it was put under."""
    case.signed_digest = ""


CASE = CaseType(
    CONTRACT,
    Contract,
    facts.gather,
    {"draft": name_the_parties, "revise": name_the_parties, "sign": sign, "withdraw": withdraw},
    prefix="KX",
)
