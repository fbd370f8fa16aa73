"""The facts about a selection."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from dianchi.chapters.authorization.plans.models import Plan
from dianchi.chapters.authorization.selection.lifecycle import Announcement, Determination, Evaluation, Facts
from dianchi.chapters.authorization.selection.models import Selection
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor

APPROVED = ("approved", "filed")


def gather(case: Selection, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Plan, method, candidates and publicity as they stand."""
    if isinstance(inputs, Announcement):
        plan = Plan.objects.visible_to(by).filter(code=inputs.plan).first()
        return Facts(
            plan_approved=plan is None or plan.state in APPROVED,
            organiser=plan is None or plan.opened_for == by.organisation,
            basis_given=inputs.method != "OTHER" or bool(inputs.legal_basis),
        )
    if not case.state:
        return Facts()
    facts = Facts(
        plan_approved=case.plan.state in APPROVED,
        organiser=case.opened_for == by.organisation,
        publicity_over=case.publicity_until is not None and at >= case.publicity_until,
    )
    if isinstance(inputs, Evaluation):
        found = [organisation(c.uscc) for c in inputs.candidates]
        facts = replace(
            facts,
            on_record=all(o is not None and o.state == "active" for o in found),
            legal_person=all(o.legal_person for o in found if o is not None),
            once=len({c.uscc for c in inputs.candidates}) == len(inputs.candidates),
        )
    if isinstance(inputs, Determination):
        scores = {c["uscc"]: Decimal(str(c["score"])) for c in case.candidates}
        best = max(scores.values(), default=Decimal(0))
        facts = replace(facts, best=scores.get(inputs.operator) == best, separate=inputs.operator != case.opened_for)
    return facts
