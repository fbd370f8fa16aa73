"""The facts about own data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dianchi.chapters.operation.contracts.queries import contract_in_force
from dianchi.chapters.operation.holdings.lifecycle import Draft, Facts, Receipt, State
from dianchi.chapters.operation.holdings.models import Holding
from dianchi.foundation.documents.queries import of_case
from dianchi.kernel.actors import Actor, Role


def gather(case: Holding, by: Actor, at: datetime, inputs: object) -> Facts:
    """The agreement, the proof on file, what the scan found."""
    facts = _of_case(case, by, at) if case.state else Facts()
    if isinstance(inputs, Draft):
        names = [column.name for column in inputs.columns]
        return replace(
            facts,
            contract_in_force=contract_in_force(inputs.contract, at),
            name_free=not _same_name(inputs.name, by, case),
            columns_distinct=len(set(names)) == len(names),
            consent_given=bool(inputs.consent) or not inputs.personal_information,
        )
    if isinstance(inputs, Receipt):
        facts = replace(facts, declared=case.personal_information or not inputs.personal_found)
    return facts


def _of_case(case: Holding, by: Actor, at: datetime) -> Facts:
    sides = {Role.OPERATOR: case.operator, Role.DEVELOPER: case.developer}
    return Facts(
        is_operator=case.operator == by.organisation,
        is_developer=case.developer == by.organisation,
        is_party=by.plays(Role.SYSTEM) or any(by.plays(r) and by.organisation == p for r, p in sides.items()),
        contract_in_force=contract_in_force(case.contract.code, at),
        consent_given=bool(case.consent) or not case.personal_information,
        proof_on_file=bool(of_case("holdings", case.code)),
        own_submission=case.submitted_by == by.person or case.developer == by.organisation,
    )


def _same_name(name: str, by: Actor, case: Holding) -> bool:
    gone = (State.REFUSED, State.DESTROYED)
    mine = Holding.objects.filter(name=name, developer=case.developer or by.organisation)
    return mine.exclude(state__in=gone).exclude(pk=case.pk).exists()
