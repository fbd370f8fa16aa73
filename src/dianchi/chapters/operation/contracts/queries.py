"""Questions about development agreements."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.authorization.agreements.queries import agreement_in_force
from dianchi.chapters.operation.contracts.lifecycle import State
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.developers.queries import qualified
from dianchi.kernel.workdays import local_day


def contract_in_force(code: str, at: datetime) -> bool:
    """Whether it is filed, inside its term, and everything that it rests on still stands."""
    contract = Contract.objects.select_related("agreement").filter(code=code, state=State.FILED).first()
    return (
        contract is not None
        and contract.starts_on <= local_day(at) <= contract.ends_on
        and agreement_in_force(contract.agreement.code, at)
        and qualified(contract.developer, contract.operator, at) is not None
    )
