"""The facts about a selection."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from dianchi.chapters.authorization.plans.models import Plan
from dianchi.chapters.authorization.selection.inputs import (
    TENDERS,
    Announcement,
    Determination,
    Evaluation,
    Panel,
    Scores,
    due_before,
)
from dianchi.chapters.authorization.selection.lifecycle import Facts, State
from dianchi.chapters.authorization.selection.models import Score, Selection
from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.cases.figures import value
from dianchi.foundation.memberships.experts import expert, ids, tied
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.conditions import lacking, said
from dianchi.kernel.lifecycle import days

APPROVED = ("approved", "filed")


def gather(case: Selection, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Plan, method, bids, panel, candidates and publicity as they stand."""
    if isinstance(inputs, Announcement):
        return _of_announcement(by, at, inputs)
    if not case.state:
        return Facts()
    facts = _standing(case, by, at)
    if isinstance(inputs, Panel):
        found = [expert(username, at) for username in dict.fromkeys(inputs.experts)]
        fewest = int(value("selection.experts", case.region))
        facts = replace(
            facts,
            unknown_experts=any(e is None for e in found),
            experts_enough=len(found) >= fewest and len(found) % 2 == 1,
            conflicted=any(tied(e, _interested(case), at, case.region) for e in found if e),
        )
    if isinstance(inputs, Scores):
        given = Counter((p.uscc, p.criterion) for p in inputs.scores)
        wanted = {(b["uscc"], w["name"]) for b in case.bids for w in case.weights}
        facts = replace(facts, scores_complete=set(given) == wanted and max(given.values()) == 1)
    if isinstance(inputs, Evaluation):
        facts = _of_evaluation(facts, case, inputs)
    return _of_determination(facts, case, inputs) if isinstance(inputs, Determination) else facts


def _of_announcement(by: Actor, at: datetime, inputs: Announcement) -> Facts:
    plan = Plan.objects.visible_to(by).filter(code=inputs.plan).first()
    region, tender = plan.region if plan else by.region, inputs.method in TENDERS
    names = [w.name for w in inputs.weights]
    earliest = end_of(days("selection.bidding-days"), at, region)
    before = Selection.objects.filter(code=inputs.reruns).first() if inputs.reruns else None
    fewest = int(value("selection.fewest-bids", region))
    return Facts(
        plan_approved=plan is None or plan.state in APPROVED,
        organiser=plan is None or plan.opened_for == by.organisation,
        basis_given=inputs.method != "OTHER" or bool(inputs.legal_basis),
        weights_whole=not tender or (sum(w.weight for w in inputs.weights) == 100 and len(set(names)) == len(names)),
        opens_in_time=not tender or (inputs.opens_at is not None and inputs.opens_at >= earliest),
        invited_enough=inputs.method != "INVITED_TENDER" or len(set(inputs.invited)) >= fewest,
        reruns_failed=not inputs.reruns
        or (before is not None and before.state == State.FAILED and before.plan == plan),
    )


def _standing(case: Selection, by: Actor, at: datetime) -> Facts:
    tender = case.method in TENDERS
    panel, scored = ids(case.experts), _scored(case)
    on_panel = Role.EXPERT in by.roles and by.person in panel
    waiting = [p for p in panel if p not in scored]
    return Facts(
        plan_approved=case.plan.state in APPROVED,
        organiser=case.opened_for == by.organisation,
        publicity_over=case.publicity_until is not None and at >= case.publicity_until,
        tender=tender,
        sealed=due_before(case.opens_at, at),
        bids_missing=max(0, int(value("selection.fewest-bids", case.region)) - len(case.bids)),
        on_panel=on_panel,
        conflicted=on_panel and tied(by.person, _interested(case), at, case.region),
        scored=by.person in scored,
        scores_missing=max(len(waiting), int(value("selection.experts", case.region)) - len(scored)) if tender else 0,
    )


def _interested(case: Selection) -> set[str]:
    return {case.opened_for, *(b["uscc"] for b in case.bids)}


def _scored(case: Selection) -> set[str]:
    return set(Score.objects.filter(selection=case, person__in=ids(case.experts)).values_list("person", flat=True))


def _of_evaluation(facts: Facts, case: Selection, inputs: Evaluation) -> Facts:
    found = [organisation(c.uscc) for c in inputs.candidates]
    opened = case.state == State.OPENED
    return replace(
        facts,
        evaluable=(opened and not inputs.candidates) if facts.tender else bool(inputs.candidates),
        on_record=all(o is not None and o.state == "active" for o in found),
        legal_person=all(o.legal_person for o in found if o is not None),
        once=len({c.uscc for c in inputs.candidates}) == len(inputs.candidates),
    )


def _of_determination(facts: Facts, case: Selection, inputs: Determination) -> Facts:
    scores = {c["uscc"]: Decimal(str(c["score"])) for c in case.candidates}
    best = max(scores.values(), default=Decimal(0))
    missing = lacking(e.model_dump() for e in inputs.conditions)
    if facts.tender:
        missing = tuple(c for b in case.bids if b["uscc"] == inputs.operator for c in b["lacking"])
    return replace(
        facts, best=scores.get(inputs.operator) == best, separate=inputs.operator != case.opened_for,
        unproved=said(missing),
    )  # fmt: skip
