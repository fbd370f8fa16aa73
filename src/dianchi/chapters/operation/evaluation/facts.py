"""The facts about an evaluation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.evaluation.formulas import INDICATORS
from dianchi.chapters.operation.evaluation.lifecycle import Assessment, Facts, Plan
from dianchi.chapters.operation.evaluation.models import Evaluation
from dianchi.chapters.resources.catalogue.queries import items
from dianchi.foundation.affiliations.queries import related
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import local_day


def gather(case: Evaluation, by: Actor, at: datetime, inputs: object) -> Facts:
    """Year, repetition, weights and parties."""
    if isinstance(inputs, Plan):
        return _of_plan(by, at, inputs)
    if not case.state:
        return Facts()
    assessor = inputs.assessor if isinstance(inputs, Assessment) else ""
    return Facts(
        yours=case.body == by.organisation,
        own_evaluation=case.body == by.organisation,
        needs_mending=case.grade in ("rectify", "fail"),
        independent=not assessor or (assessor != case.body and related(assessor, case.body, at, case.region) is None),
    )


def _of_plan(by: Actor, at: datetime, inputs: Plan) -> Facts:
    agreement: Any = Agreement.objects.visible_to(by).filter(code=inputs.agreement).first()
    if agreement is None:
        return Facts()  # the door refuses references that the actor may not see
    body = inputs.body or agreement.operator
    planned = Evaluation.objects.filter(agreement=agreement, year=inputs.year, subject=inputs.subject, body=body)
    named = [w.indicator for w in inputs.weights]
    known = {i.key for i in INDICATORS[inputs.subject]}
    return Facts(
        year_begun=inputs.year <= local_day(at).year,
        twice=planned.exists(),
        weights_whole=not named
        or (len(set(named)) == len(named) and set(named) <= known and sum(w.points for w in inputs.weights) == 100),
        body_takes_part=_takes_part(agreement, inputs.subject, body),
        own_evaluation=body == by.organisation,
    )


def _takes_part(agreement: Any, subject: str, body: str) -> bool:
    if subject == "OPERATOR":
        return bool(body == agreement.operator)
    if subject == "DEVELOPER":
        return Contract.objects.filter(agreement=agreement, developer=body).exists()
    return any(item.provider == body for item in items(agreement.resources))
