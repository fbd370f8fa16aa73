"""What acts on development agreements change beside the state."""

from __future__ import annotations

from dianchi.chapters.operation.contracts import facts
from dianchi.chapters.operation.contracts.lifecycle import CONTRACT
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.documents.signatures import signed


def name_the_parties(case: Contract, doing: Doing) -> None:
    """The parties follow from the admission and the authorization agreement."""
    case.operator, case.developer = case.admission.operator, case.admission.developer
    case.implementer = case.agreement.opened_for


def sign(case: Contract, doing: Doing) -> None:
    """The signature is bound to the text as it is."""
    case.signed_digest = ""
    case.signed_digest = case.digest()
    case.signatures = [signed(case.terms(), "乙方（开发主体）", doing.by.organisation, doing.at)]


def countersign(case: Contract, doing: Doing) -> None:
    """The operator's signature, over the same terms."""
    case.signatures = [*case.signatures, signed(case.terms(), "甲方（运营机构）", doing.by.organisation, doing.at)]


def withdraw(case: Contract, doing: Doing) -> None:
    """A signature ends with the text that it was put under."""
    case.signed_digest, case.signatures = "", []


CASE = CaseType(
    CONTRACT,
    Contract,
    facts.gather,
    {
        "draft": name_the_parties,
        "revise": name_the_parties,
        "sign": sign,
        "countersign": countersign,
        "withdraw": withdraw,
    },
    prefix="KX",
)
