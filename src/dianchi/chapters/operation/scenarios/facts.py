"""The facts about a scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dianchi.chapters.authorization.agreements.queries import in_force
from dianchi.chapters.operation.scenarios.lifecycle import GROUNDS, Facts, Proposal, Publication, Rejection, State
from dianchi.chapters.operation.scenarios.models import Scenario
from dianchi.foundation.organisations.queries import is_active
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.workdays import local_day


def gather(case: Scenario, by: Actor, at: datetime, inputs: object) -> Facts:
    """What is entered is checked in form; what stands is checked against the authorization as it is now."""
    facts = Facts(proposed_by_you=case.opened_by == by.person)
    if case.state:
        outside = _unauthorized(case, at) if case.state in (State.DRAFT, State.SUBMITTED, State.APPROVED) else ()
        facts = replace(
            facts,
            unauthorized=outside,
            yours=case.operator == by.organisation,
            proposed_for_you=case.opened_for == by.organisation,
        )
    if isinstance(inputs, Proposal):
        return _of_proposal(facts, by, inputs)
    if isinstance(inputs, Rejection):
        return replace(facts, ground_known=inputs.ground in dict(GROUNDS))
    if isinstance(inputs, Publication):
        names = [w.name for w in inputs.weights]
        whole = not names or (sum(w.weight for w in inputs.weights) == 100 and len(set(names)) == len(names))
        return replace(facts, until_ahead=inputs.responses_until > local_day(at), weights_whole=whole)
    return facts


def _of_proposal(facts: Facts, by: Actor, inputs: Proposal) -> Facts:
    own = inputs.operator == by.organisation
    return replace(
        facts,
        operator_stands=is_active(inputs.operator) and (own or not by.plays(Role.OPERATOR)),
        term_runs_forward=inputs.ends_on >= inputs.starts_on,
        raw=inputs.output_kind == "raw",
        irreversible=inputs.irreversible,
        unproved=tuple(d.name for d in inputs.social_data if not d.source_proof),
        basis_given=bool(inputs.legal_basis) or not inputs.personal_information,
    )


def _unauthorized(case: Scenario, at: datetime) -> tuple[str, ...]:
    return tuple(code for code in case.resources if not in_force(code, case.operator, at))
