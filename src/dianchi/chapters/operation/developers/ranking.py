"""Scores of the candidates of one scenario, read from the opinions as the ledger holds them."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from dianchi.chapters.operation.developers.lifecycle import State
from dianchi.chapters.operation.developers.models import STANDING, Admission
from dianchi.chapters.operation.scenarios.models import Scenario
from dianchi.foundation.ledger.models import Entry

_WHOLE = Decimal(1)


def weighed(scores: list[dict[str, Any]], weights: dict[str, int]) -> int:
    """The weighted total of a hundred, to the nearest point."""
    total = sum((Decimal(s["points"] * weights[s["criterion"]]) for s in scores), Decimal(0)) / 100
    return int(total.quantize(_WHOLE, ROUND_HALF_UP))


def reviews(case: Admission) -> list[dict[str, Any]]:
    """Every review of an admission with its score, scores and reason, oldest first; reviewers stay unnamed."""
    entries = Entry.objects.filter(kind="developers.review", case_id=case.code, outcome="done").order_by("index")
    return [json.loads(e.payload)["inputs"] for e in entries]


def score(case: Admission) -> Decimal | None:
    """The mean of its scores; None before the first review."""
    given = [Decimal(r["score"]) for r in reviews(case)]
    return sum(given, Decimal(0)) / len(given) if given else None


def ranked(scenario: Scenario) -> list[tuple[Admission, Decimal | None]]:
    """The candidates of a scenario, best first; those not yet reviewed come last."""
    found = [(a, score(a)) for a in Admission.objects.filter(scenario=scenario).exclude(state=State.DECLINED)]
    return sorted(found, key=lambda row: (row[1] is None, -(row[1] or Decimal(0)), row[0].pk))


def ahead(case: Admission) -> tuple[str, ...]:
    """Candidates of the same scenario with a higher score that wait for their decision."""
    mine = score(case) if case.scenario else None
    if case.scenario is None or mine is None:
        return ()
    return tuple(
        a.title for a, s in ranked(case.scenario) if s is not None and s > mine and a.state == State.UNDER_REVIEW and a.pk != case.pk
    )  # fmt: skip


def better_admitted(case: Admission) -> bool:
    """Whether a candidate of the same scenario with a higher score was admitted."""
    mine = score(case)
    if case.scenario is None or mine is None:
        return False
    return any(s is not None and s > mine and a.state in STANDING for a, s in ranked(case.scenario))
