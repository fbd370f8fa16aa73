"""The facts about an egress request."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dianchi.chapters.operation.egress.lifecycle import Checked, Draft, Facts, Review, State
from dianchi.chapters.operation.egress.models import Egress
from dianchi.chapters.operation.runs.models import Run
from dianchi.chapters.operation.runs.queries import bound
from dianchi.foundation.affiliations.queries import related
from dianchi.foundation.cases.opinions import valid_opinions
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import DomainError

OPEN = (State.REQUESTED, State.BLOCKED, State.UNDER_REVIEW, State.CONFLICT)


def gather(case: Egress, by: Actor, at: datetime, inputs: object) -> Facts:
    """The result, the opinions on this content, and whether everything is still as it was checked."""
    facts = _of_case(case, by, at) if case.state else Facts()
    if isinstance(inputs, Draft):
        run = Run.objects.filter(code=inputs.run, developer=by.organisation).first()
        others = Egress.objects.filter(run=run, state__in=OPEN).exclude(pk=case.pk) if run else Egress.objects.none()
        there = run is not None and run.state == "isolated"
        return replace(facts, result_there=there, alone=not others.exists())
    if isinstance(inputs, Checked):
        return replace(facts, failed=tuple(str(p.number) for p in inputs.points if p.verdict == "fail"))
    if isinstance(inputs, Review) and inputs.favourable:
        left = tuple(n for n in case.human_points if n not in inputs.confirmed)
        return replace(facts, unconfirmed=left)
    return facts


def _of_case(case: Egress, by: Actor, at: datetime) -> Facts:
    opinions = list(valid_opinions(case, "review"))
    favourable = [o for o in opinions if o.favourable]
    judging = by.plays(Role.OPERATOR, Role.IMPLEMENTER, Role.BUREAU) and case.state in (
        State.UNDER_REVIEW,
        State.CONFLICT,
    )
    return Facts(
        is_party=_is_party(case, by),
        is_operator=case.operator == by.organisation,
        is_developer=case.developer == by.organisation,
        own_submission=case.submitted_by == by.person,
        own_organisation=case.developer == by.organisation,
        path=related(by.organisation, case.developer, at, case.region) if judging else None,
        has_opined=any(by.person == o.person or by.organisation == o.organisation for o in opinions),
        favourable=len(favourable),
        against=len(opinions) - len(favourable),
        organisations=len({o.organisation for o in favourable}),
        decided_before=any(by.organisation == o.organisation for o in opinions),
        unchanged=_unchanged(case, at),
    )


def _is_party(case: Egress, by: Actor) -> bool:
    sides = {Role.OPERATOR: case.operator, Role.DEVELOPER: case.developer, Role.IMPLEMENTER: case.implementer}
    return by.plays(Role.BUREAU, Role.SYSTEM) or any(by.plays(r) and by.organisation == p for r, p in sides.items())


def _unchanged(case: Egress, at: datetime) -> bool:
    """Result, program and policy are those that were submitted, and the data may still be used."""
    run = case.run
    if run.state != "isolated" or run.result_digest != case.result_digest:
        return False
    try:
        bound(run, at)
    except DomainError:
        return False
    return run.policy_digest == case.policy_digest
