"""The facts about a cost survey."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.authorization.agreements.queries import agreement_in_force
from dianchi.chapters.operation.pricing.formulas import share_by
from dianchi.chapters.operation.pricing.lifecycle import Facts, Survey
from dianchi.chapters.operation.pricing.models import Pricing
from dianchi.foundation.cases.figures import value
from dianchi.kernel.actors import Actor


def gather(case: Pricing, by: Actor, at: datetime, inputs: object) -> Facts:
    """What is surveyed, against the notice's rules on cost and profit."""
    most = Decimal(value("pricing.max-spread-points", case.region))
    facts = Facts(most_points=most)
    if isinstance(inputs, Survey):
        agreement = Agreement.objects.visible_to(by).filter(code=inputs.agreement).first()
        if agreement is None:
            return facts  # the door refuses references that the actor may not see
        others = Pricing.objects.filter(agreement=agreement, year=inputs.year).exclude(pk=case.pk)
        facts = replace(facts, first_of_year=not others.exists(), yours=_yours(agreement, by))
        costs = [c.model_dump() for c in inputs.costs]
        return _of_survey(facts, agreement, costs, inputs.subsidy_fen, inputs.spread_points, at)
    if not case.state:
        return facts
    facts = replace(
        facts, yours=_yours(case, by), own_submission=by.organisation == case.operator,
        base_examined=bool(case.bureau_number),
    )  # fmt: skip
    return _of_survey(facts, case.agreement, case.costs, case.subsidy_fen, case.spread_points, at)


def _yours(owner: Any, by: Actor) -> bool:
    return owner.operator == by.organisation


def _of_survey(facts: Facts, agreement: Any, costs: list[dict[str, Any]], subsidy_fen: int, spread: Decimal,
               at: datetime) -> Facts:  # fmt: skip
    counted = sum(c["amount_fen"] * Decimal(c["share"]) for c in costs)
    return replace(
        facts,
        agreement_in_force=agreement_in_force(agreement.code, at),
        spread_allowed=spread <= facts.most_points,
        free_counted=tuple(c["name"] for c in costs if c["serves"] == "free" and Decimal(c["share"]) > 0),
        unallocated=tuple(
            c["name"] for c in costs if c["serves"] == "shared" and (c["key"] == "none" or Decimal(c["share"]) == 1)
        ),
        off_the_key=tuple(c["name"] for c in costs if not _by_key(c)),
        subsidy_deducted=sum(c["subsidised_fen"] * Decimal(c["share"]) for c in costs) <= subsidy_fen,
        cost_positive=counted - subsidy_fen > 0,
    )


def _by_key(cost: dict[str, Any]) -> bool:
    """A shared cost counts as far as the key measures; where no units are given, the share stands as entered."""
    paid, total = cost.get("paid_units", 0), cost.get("total_units", 0)
    if cost["serves"] != "shared" or (not total and not paid):
        return True
    return paid <= total and Decimal(cost["share"]) == share_by(paid, total)
