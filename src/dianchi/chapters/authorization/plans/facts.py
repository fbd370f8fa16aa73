"""The facts about a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dianchi.chapters.authorization.authorizations.models import Authorization
from dianchi.chapters.authorization.plans.contents import PARTS, POINTS, large_changes
from dianchi.chapters.authorization.plans.lifecycle import DECIDED, Amendment, Decision, Draft, Facts, Panel
from dianchi.chapters.authorization.plans.models import Plan
from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.opinions import valid_opinions
from dianchi.foundation.memberships.experts import expert, ids, tied
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.lifecycle import workdays
from dianchi.kernel.workdays import local_day


def gather(case: Plan, by: Actor, at: datetime, inputs: Any) -> Facts:
    """What is missing, what lies outside the authorization, who drafted, argued, answered and decided."""
    if isinstance(inputs, Draft | Amendment):
        authorization = Authorization.objects.visible_to(by).filter(code=inputs.authorization).first()
        said: Any = inputs
    else:
        authorization, said = (case.authorization, case) if case.state else (None, case)
    if authorization is None:
        return Facts()
    facts = Facts(
        authorization_approved=authorization.state == "approved",
        **_gaps(inputs.model_dump() if isinstance(inputs, Amendment) else vars(case) if case.state else {}),
        outside=tuple(code for code in said.resources if code not in authorization.resources),
        term_inside=authorization.starts_on <= said.starts_on < said.ends_on <= authorization.ends_on,
        drafter=authorization.opened_for == by.organisation,
        own_submission=bool(case.submitted_by) and case.submitted_by == by.person,
        decided_by_now=not isinstance(inputs, Decision) or (inputs.decided_on or date.min) <= local_day(at),
        minutes=not isinstance(inputs, Decision) or bool(inputs.minutes_number and inputs.decided_on),
    )
    if isinstance(inputs, Draft) and inputs.replaces:
        old = Plan.objects.filter(code=inputs.replaces).first()
        stands = old is not None and old.state in DECIDED and old.authorization == authorization
        facts = replace(facts, replaced_stands=stands)
    if isinstance(inputs, Amendment):
        facts = replace(facts, large=_large(case, inputs))
    if isinstance(inputs, Panel):
        facts = _of_panel(facts, case, inputs, at)
    return _of_argument(facts, case, by, at) if case.state else facts


def _gaps(said: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    contents, argument = said.get("contents") or {}, said.get("argument") or {}
    return {
        "missing": tuple(part for part in PARTS if not str(contents.get(part, "")).strip()),
        "unargued": tuple(point for point in POINTS if not str(argument.get(point, "")).strip()),
    }


def _large(case: Plan, inputs: Amendment) -> tuple[Any, ...]:
    old = {"contents": case.contents, "resources": case.resources, "starts_on": case.starts_on, "ends_on": case.ends_on}
    new = inputs.model_dump()
    moved = inputs.authorization != case.authorization.code
    return (*large_changes(old, new), *((Plan.lifecycle.title,) if moved else ()))


def _of_panel(facts: Facts, case: Plan, inputs: Panel, at: datetime) -> Facts:
    found = [expert(username, at) for username in dict.fromkeys(inputs.experts)]
    return replace(
        facts,
        unknown_experts=any(e is None for e in found),
        experts_enough=len(found) >= int(value("plan.experts", case.region)),
        conflicted=any(tied(e, {case.opened_for}, at, case.region) for e in found if e),
    )


def _of_argument(facts: Facts, case: Plan, by: Actor, at: datetime) -> Facts:
    opined = valid_opinions(case, "opine").filter(person__in=ids(case.experts)).count()
    answered = set(valid_opinions(case, "answer").values_list("organisation", flat=True))
    over = at >= end_of(workdays("plan.consultation-days"), case.state_since, case.region)
    waiting = [d for d in case.departments if d not in answered]
    acts_as_expert = Role.EXPERT in by.roles and by.person in ids(case.experts)
    return replace(
        facts,
        invited=acts_as_expert,
        conflicted=facts.conflicted or (acts_as_expert and tied(by.person, {case.opened_for}, at, case.region)),
        consulted=by.organisation in waiting,
        unopined=max(0, int(value("plan.experts", case.region)) - opined),
        unanswered=0 if over else len(waiting),
        successor_decided=Plan.objects.filter(replaces=case, state__in=("submitted", *DECIDED)).exists(),
    )
