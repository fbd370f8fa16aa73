"""The facts about a development agreement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.authorization.agreements.queries import agreement_in_force
from dianchi.chapters.operation.contracts.lifecycle import Draft, Facts
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.developers.models import Admission
from dianchi.chapters.operation.developers.queries import qualified
from dianchi.chapters.operation.scenarios.lifecycle import State as ScenarioState
from dianchi.chapters.operation.scenarios.models import Scenario
from dianchi.foundation.affiliations.queries import related
from dianchi.foundation.documents.signatures import holds
from dianchi.kernel.actors import Actor, Role


def gather(case: Contract, by: Actor, at: datetime, inputs: object) -> Facts:
    """The parties, the scope and the term as they stand now."""
    facts = Facts()
    if case.state:
        facts = replace(
            facts,
            yours=_yours(case, by),
            is_operator=case.operator == by.organisation,
            is_developer=case.developer == by.organisation,
            missing=case.missing,
            signature_holds=all(holds(case.terms(), s) for s in case.signatures),
        )
    if isinstance(inputs, Draft):
        return _of_draft(facts, by, at, inputs)
    if not case.state:
        return facts
    return _standing(
        facts, at, case.admission, case.scenario, case.agreement, case.resources, case.starts_on, case.ends_on
    )


def _of_draft(facts: Facts, by: Actor, at: datetime, inputs: Draft) -> Facts:
    admission = Admission.objects.visible_to(by).filter(code=inputs.admission).first()
    scenario = Scenario.objects.visible_to(by).filter(code=inputs.scenario).first()
    agreement = Agreement.objects.visible_to(by).filter(code=inputs.agreement).first()
    if admission is None or scenario is None or agreement is None:
        return facts  # the door refuses references that the actor may not see
    owners = {admission.operator, scenario.operator, agreement.operator, by.organisation}
    facts = replace(
        facts, same_operator=len(owners) == 1, untied=not inputs.tied_to,
        fairly_exclusive=not inputs.exclusive or bool(inputs.exclusive_reason),
    )  # fmt: skip
    return _standing(facts, at, admission, scenario, agreement, inputs.resources, inputs.starts_on, inputs.ends_on)


def _standing(facts: Facts, at: datetime, admission: Admission, scenario: Scenario, agreement: Any,
              resources: Iterable[str], starts_on: date, ends_on: date) -> Facts:  # fmt: skip
    scope = set(agreement.resources) & set(scenario.resources)
    return replace(
        facts,
        developer_qualified=qualified(admission.developer, admission.operator, at) == admission,
        path=related(admission.operator, admission.developer, at, admission.region),
        scenario_published=scenario.state == ScenarioState.PUBLISHED,
        agreement_in_force=agreement_in_force(agreement.code, at),
        outside=tuple(sorted(set(resources) - scope)),
        term_inside=agreement.starts_on <= starts_on <= ends_on <= agreement.ends_on,
    )


def _yours(case: Contract, by: Actor) -> bool:
    sides = {Role.OPERATOR: case.operator, Role.DEVELOPER: case.developer}
    return by.plays(Role.BUREAU) or any(by.plays(role) and by.organisation == party for role, party in sides.items())
