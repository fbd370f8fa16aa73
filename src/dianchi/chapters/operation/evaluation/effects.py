"""The score comes from the record."""

from __future__ import annotations

from dianchi.chapters.operation.evaluation import facts, formulas
from dianchi.chapters.operation.evaluation.lifecycle import EVALUATION
from dianchi.chapters.operation.evaluation.models import Evaluation
from dianchi.chapters.operation.evaluation.queries import grades
from dianchi.chapters.operation.evaluation.record import record_of
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.organisations.queries import names


def plan(case: Evaluation, doing: Doing) -> None:
    """The operator is that of the agreement, and evaluated itself unless another body is named."""
    case.operator, case.region = case.agreement.operator, case.agreement.region
    case.body = case.body or case.operator
    name = names({case.body}).get(case.body, case.body)
    case.title = f"{name} {case.year}"


def score(case: Evaluation, doing: Doing) -> None:
    """Points by the published formulas; the record that they were given for is kept beside them."""
    case.record = record_of(case.agreement, case.subject, case.body, case.year, doing.at)
    weights = {w["indicator"]: w["points"] for w in case.weights}
    case.points = formulas.points(case.subject, case.record, weights or None)
    case.total = max(0, sum(case.points.values()) - case.deduction)
    case.grade = formulas.grade(case.total)


def finalise(case: Evaluation, doing: Doing) -> None:
    """What the grade means for the agreement, with the years before."""
    before = grades(case.agreement, case.subject, case.body)
    case.effect = formulas.effect([case.grade, *before], int(value("evaluation.fails-before-exit", case.region)))


CASE = CaseType(EVALUATION, Evaluation, facts.gather, {"plan": plan, "score": score, "finalise": finalise}, prefix="PG")
