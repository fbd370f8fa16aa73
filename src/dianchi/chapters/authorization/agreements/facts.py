"""The facts about an agreement."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from dianchi.chapters.authorization.agreements.lifecycle import (
    GROUNDS,
    PARTS,
    Checked,
    Decision,
    Draft,
    Facts,
    Reached,
    Termination,
)
from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.authorization.plans.queries import current
from dianchi.chapters.authorization.selection.models import Selection
from dianchi.foundation.cases.figures import value
from dianchi.foundation.documents.signatures import holds
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.workdays import add_years, local_day


def gather(case: Agreement, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Selection, plan, contents, scope, term and decision as they stand, or would with the inputs."""
    if isinstance(inputs, Draft):
        selection = Selection.objects.visible_to(by).filter(code=inputs.selection).first()
        said: Any = inputs
    else:
        selection, said = (case.selection, case) if case.state else (None, case)
    if selection is None:
        return Facts()
    plan, contents = current(selection.plan), case.contents if case.state else {}
    planned = {product["name"] for product in plan.products}
    return Facts(
        determined=selection.state == "determined",
        authorization_stands=plan.authorization.state == "approved",
        separate=selection.operator
        not in (by.organisation if not case.state else case.opened_for, selection.opened_for),
        plan_filed=plan.state in ("approved", "filed"),
        missing=tuple(part for part in PARTS if not str(contents.get(part, "")).strip()),
        outside=tuple(code for code in said.resources if code not in plan.resources),
        products_outside=tuple(name for name in said.products if name not in planned),
        too_long=_too_long(said.starts_on, said.ends_on, selection.region),
        excepted=bool(said.exception_reason),
        term_inside=plan.starts_on <= said.starts_on < said.ends_on <= plan.ends_on,
        institution=(case if case.state else selection).opened_for == by.organisation,
        bureau=Role.BUREAU in by.roles,
        operator=case.operator == by.organisation,
        decided_by_now=not isinstance(inputs, Decision) or inputs.decided_on <= local_day(at),
        decided=bool(case.minutes_number and case.decided_on),
        follows=not isinstance(inputs, Draft) or _follows(selection, inputs, at),
        ground_known=not isinstance(inputs, Termination) or inputs.ground in dict(GROUNDS),
        signatures_hold=not case.state or all(holds(case.terms(), s) for s in case.signatures),
        **_milestones(case, inputs, at),
    )


def _follows(selection: Selection, inputs: Draft, at: datetime) -> bool:
    if inputs.kind == "NEW":
        return not inputs.replaces
    old = Agreement.objects.filter(code=inputs.replaces).first()
    if old is None or old.operator != selection.operator or old.opened_for != selection.opened_for:
        return False
    if inputs.kind == "RENEWAL":
        return old.state in ("filed", "expired") and inputs.starts_on == old.ends_on + timedelta(days=1)
    return old.state == "filed" and old.starts_on <= inputs.starts_on <= old.ends_on


def _milestones(case: Agreement, inputs: Any, at: datetime) -> dict[str, bool]:
    if not isinstance(inputs, Reached | Checked):
        return {}
    found = next((m for m in case.milestones if m["name"] == inputs.name), {})
    if isinstance(inputs, Checked):
        return {"milestone_reported": bool(found.get("reached_on")) and "met" not in found}
    return {
        "milestone_open": bool(found) and not (found.get("reached_on") and found.get("met") is not False),
        "reached_by_now": inputs.reached_on <= local_day(at),
    }


def _too_long(starts_on: date, ends_on: date, region: str) -> bool:
    """Five years from 1 January end on 31 December; the day after is one too many."""
    return ends_on >= add_years(starts_on, int(value("agreement.max-years", region)))
