"""The facts about an assetization."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.authorization.agreements.queries import agreement_in_force
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.contracts.queries import contract_in_force
from dianchi.chapters.supervision.finance.lifecycle import Declaration, Facts, Registration, disposes
from dianchi.chapters.supervision.finance.models import Assetization
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.workdays import local_day


def gather(case: Assetization, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whose it is, what it rests on, and whether it was done before it was approved."""
    if isinstance(inputs, Declaration):
        return _declared(by, at, inputs)
    if not case.state:
        return Facts()
    done = inputs.executed_on if isinstance(inputs, Registration) else None
    return Facts(
        yours=case.opened_for == by.organisation,
        institution=by.plays(Role.BUREAU) or case.institution == by.organisation,
        in_force=agreement_in_force(case.agreement.code, at),
        executed=case.executed_on is not None,
        disposes=disposes(case.kind, case.object),
        executed_early=done is not None and case.approved_on is not None and done < case.approved_on,
        executed_ahead=done is not None and done > local_day(at),
    )


def _declared(by: Actor, at: datetime, inputs: Declaration) -> Facts:
    contract = Contract.objects.filter(code=inputs.contract, developer=by.organisation).first()
    operated = Agreement.objects.filter(code=inputs.agreement, operator=by.organisation).first()
    agreement = contract.agreement if contract else operated
    if agreement is None or bool(inputs.contract) == bool(inputs.agreement):
        return Facts(party=False)
    basis = contract or agreement
    return Facts(
        in_force=agreement_in_force(agreement.code, at) and (contract is None or contract_in_force(contract.code, at)),
        inside=set(inputs.resources) <= set(basis.resources),
        within_term=basis.starts_on <= inputs.starts_on <= inputs.ends_on <= basis.ends_on,
        executed_ahead=inputs.executed_on is not None and inputs.executed_on > local_day(at),
    )
