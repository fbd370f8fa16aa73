"""The facts about a plan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dianchi.chapters.authorization.authorizations.models import Authorization
from dianchi.chapters.authorization.plans.lifecycle import PARTS, Decision, Draft, Facts
from dianchi.chapters.authorization.plans.models import Plan
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import local_day


def gather(case: Plan, by: Actor, at: datetime, inputs: Any) -> Facts:
    """What is missing, what lies outside the authorization, who drafted and decided."""
    if isinstance(inputs, Draft):
        authorization = Authorization.objects.visible_to(by).filter(code=inputs.authorization).first()
        said: Any = inputs
    else:
        authorization, said = (case.authorization, case) if case.state else (None, case)
    if authorization is None:
        return Facts()
    contents = case.contents if case.state else {}
    return Facts(
        authorization_approved=authorization.state == "approved",
        missing=tuple(part for part in PARTS if not str(contents.get(part, "")).strip()),
        outside=tuple(code for code in said.resources if code not in authorization.resources),
        term_inside=authorization.starts_on <= said.starts_on < said.ends_on <= authorization.ends_on,
        drafter=authorization.opened_for == by.organisation,
        own_submission=bool(case.submitted_by) and case.submitted_by == by.person,
        decided_by_now=not isinstance(inputs, Decision) or (inputs.decided_on or date.min) <= local_day(at),
        minutes=not isinstance(inputs, Decision) or bool(inputs.minutes_number and inputs.decided_on),
    )
