"""The facts about a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from dianchi.chapters.operation.programs.models import Program
from dianchi.chapters.operation.programs.queries import runnable
from dianchi.chapters.operation.runs.arguments import bind
from dianchi.chapters.operation.runs.lifecycle import Facts, Start, State
from dianchi.chapters.operation.runs.models import Run
from dianchi.chapters.operation.runs.queries import bound
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import DomainError, Refusal

MOST_WAITING = 20


def gather(case: Run, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whether the program may run now with these values, and whose the run is."""
    if case.state:
        sides = {Role.OPERATOR: case.operator, Role.DEVELOPER: case.developer, Role.IMPLEMENTER: case.implementer}
        return Facts(
            is_developer=by.plays(Role.SYSTEM) or case.developer == by.organisation,
            is_party=any(by.plays(role) and by.organisation == party for role, party in sides.items()),
            bound_refusals=_refusals(lambda: bound(case, at)) if case.state == State.ISOLATED else (),
        )
    waiting = Run.objects.filter(developer=by.organisation, state__in=(State.QUEUED, State.RUNNING)).count()
    facts = Facts(few_waiting=waiting < MOST_WAITING)
    if not isinstance(inputs, Start):
        return facts
    program = Program.objects.visible_to(by).filter(code=inputs.program).first()
    if program is None:
        return facts  # the door refuses references that the actor may not see
    if reasons := _refusals(lambda: runnable(program, at)):
        return replace(facts, program_refusals=reasons)
    given = {a.name: a.value for a in inputs.arguments}
    return replace(facts, argument_refusals=_refusals(lambda: bind(runnable(program, at).parameters, given)))


def _refusals(asked: Callable[[], object]) -> tuple[Refusal, ...]:
    """Why what was asked for is not to be had; nothing if it is."""
    try:
        asked()
    except DomainError as refused:
        return refused.refusals
    return ()
