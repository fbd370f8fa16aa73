"""The facts about a program."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dianchi.chapters.operation.programs import compiling
from dianchi.chapters.operation.programs.lifecycle import Draft, Facts, State
from dianchi.chapters.operation.programs.models import Program
from dianchi.chapters.operation.programs.queries import digest_of, grant
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import DomainError


def gather(case: Program, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whose it is, whether what is entered changes it, the query under its grant as it is now."""
    if not case.state:
        return Facts()
    facts = Facts(
        is_operator=case.operator == by.organisation,
        is_developer=case.developer == by.organisation,
        is_party=_is_party(case, by),
        own_submission=case.submitted_by == by.person or case.developer == by.organisation,
    )
    if isinstance(inputs, Draft):
        parameters = [p.model_dump() for p in inputs.parameters]
        entered = digest_of(inputs.sql, parameters, inputs.request, list(inputs.holdings))
        same = entered == case.program_digest and inputs.title == case.title
        return replace(facts, request_kept=inputs.request == case.request.code, changed=not same)
    return _compiled(facts, case, at) if case.state in (State.DRAFT, State.FROZEN) else facts


def _is_party(case: Program, by: Actor) -> bool:
    sides = {Role.OPERATOR: case.operator, Role.DEVELOPER: case.developer}
    return any(by.plays(role) and by.organisation == party for role, party in sides.items())


def _compiled(facts: Facts, case: Program, at: datetime) -> Facts:
    try:
        bound = compiling.bound_parameters(case.parameters)
    except ValueError:
        return replace(facts, parameters_sound=False)
    try:
        live = grant(case.request, case.holdings, at)
    except DomainError as refused:
        return replace(facts, grant_refusals=refused.refusals)
    now = compiling.plan_digest(case.sql, case.parameters, live)
    return replace(
        facts,
        query_refusals=compiling.refusals(case.sql, bound, live),
        digest_unchanged=case.policy_digest in ("", now),
    )
