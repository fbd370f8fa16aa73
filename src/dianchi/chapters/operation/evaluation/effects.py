"""The score comes from the record."""

from __future__ import annotations

from dataclasses import asdict

from dianchi.chapters.operation.evaluation import facts, formulas
from dianchi.chapters.operation.evaluation.lifecycle import EVALUATION
from dianchi.chapters.operation.evaluation.models import Evaluation
from dianchi.foundation.cases.registry import CaseType, Doing


def plan(case: Evaluation, doing: Doing) -> None:
    """The operator is that of the agreement."""
    case.operator, case.region = case.agreement.operator, case.agreement.region
    case.title = f"{case.agreement.title} · {case.year}"


def score(case: Evaluation, doing: Doing) -> None:
    """Points by the published formulas; the record that they were given for is kept beside them."""
    record = facts.record_of(case.operator, case.year, doing.at)
    case.record, case.points = asdict(record), formulas.points(record)
    case.total, case.grade = sum(case.points.values()), formulas.grade(case.points)


CASE = CaseType(EVALUATION, Evaluation, facts.gather, {"plan": plan, "score": score}, prefix="PG")
