"""The facts about a data request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dianchi.chapters.authorization.agreements.queries import agreement_in_force, in_force
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.contracts.queries import contract_in_force
from dianchi.chapters.operation.requests import data
from dianchi.chapters.operation.requests.inputs import GROUNDS, Draft, Rejection
from dianchi.chapters.operation.requests.lifecycle import Facts
from dianchi.chapters.operation.requests.models import Request
from dianchi.foundation.affiliations.queries import related
from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.opinions import valid_opinions
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.lifecycle import workdays
from dianchi.kernel.workdays import local_day


def gather(case: Request, by: Actor, at: datetime, inputs: object) -> Facts:
    """The scope, the term and the data as they stand now."""
    facts = Facts()
    if case.state:
        facts = replace(
            facts,
            yours=_yours(case, by),
            is_operator=case.operator == by.organisation,
            is_developer=case.developer == by.organisation,
            is_implementer=case.implementer == by.organisation,
            own_submission=case.submitted_by == by.person,
            first_reviewer=case.first_reviewed_by == by.person,
            unreasoned=data.unreasoned(case.tables),
            **_answers(case, by, at),
        )
    if isinstance(inputs, Rejection):
        facts = replace(facts, ground_known=inputs.ground in dict(GROUNDS))
    if isinstance(inputs, Draft):
        contract = Contract.objects.visible_to(by).filter(code=inputs.contract).first()
        if contract is None:
            return facts  # the door refuses references that the actor may not see
        tables = [table.model_dump() for table in inputs.tables]
        return standing(facts, contract, str(inputs.purpose), tables, inputs.ends_on, at)
    if not case.state:
        return facts
    return standing(facts, case.contract, case.purpose, case.tables, case.ends_on, at)


def standing(facts: Facts, contract: Contract, purpose: str, tables: list[dict[str, Any]], ends_on: date,
             at: datetime) -> Facts:  # fmt: skip
    """Whether the law lets these data be used for this purpose under this agreement now."""
    resources = sorted({table["resource"] for table in tables})
    items = data.items(resources)
    outside = [r for r in resources if r not in contract.resources or not in_force(r, contract.operator, at)]
    found = list(items.values())
    return replace(
        facts,
        path=related(contract.operator, contract.developer, at, contract.region),
        contract_in_force=contract_in_force(contract.code, at),
        agreement_in_force=agreement_in_force(contract.agreement.code, at),
        purpose_fits=purpose == contract.scenario.purpose,
        term_inside=local_day(at) <= ends_on <= contract.ends_on,
        outside=tuple(r for r in outside if r in items),
        foreign=tuple(r for r in resources if r not in items),
        tables_distinct=len({table["name"] for table in tables}) == len(tables),
        **data.fields(tables, items),
        **data.conditions(found),
        unregistered=data.unregistered(found, at),
    )


def _answers(case: Request, by: Actor, at: datetime) -> dict[str, Any]:
    """Who is asked and has not answered, and who has not agreed."""
    answers = valid_opinions(case)
    said = {o.organisation: o.favourable for o in answers.filter(act="provider-answer")}
    sector = list(answers.filter(act="sector-answer").values_list("favourable", flat=True))
    deemed = _deemed(case, at)
    wanted = case.providers if value("request.provider-consultation", case.region) else []
    unagreed = [p for p in wanted if not said.get(p, deemed)]
    known = names(set(unagreed))
    as_provider = Role.PROVIDER in by.roles and by.organisation in case.providers and by.organisation not in said
    as_sector = Role.SECTOR in by.roles and case.wants_sector and not sector
    return {
        "asked": as_provider or as_sector,
        "unagreed": tuple(known.get(p, p) for p in unagreed),
        "sector_open": case.wants_sector and not (sector and all(sector)),
    }


def _deemed(case: Request, at: datetime) -> bool:
    """Whether silence counts as consent by now: only where the parameter says so and the time to answer is over."""
    if not value("request.deemed-consent", case.region) or case.submitted_at is None:
        return False
    return at >= end_of(workdays("request.consultation-days"), case.submitted_at, case.region)


def _yours(case: Request, by: Actor) -> bool:
    sides = {Role.OPERATOR: case.operator, Role.DEVELOPER: case.developer, Role.IMPLEMENTER: case.implementer}
    return by.plays(Role.BUREAU) or any(by.plays(role) and by.organisation == party for role, party in sides.items())
