"""A distribution is computed from bills and deliveries by the shares entered."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dianchi.chapters.operation.accounts.months import bounds
from dianchi.chapters.operation.distribution import facts
from dianchi.chapters.operation.distribution.contribution import of_providers
from dianchi.chapters.operation.distribution.lifecycle import DISTRIBUTION
from dianchi.chapters.operation.distribution.models import Run
from dianchi.chapters.operation.settlement.queries import by_developer, earned, net_revenue
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.money import round_half_up, split

TREASURY = "TREASURY"


def calculate(case: Run, doing: Doing) -> None:
    """Net revenue by the shares, to the fen; within a class by what each contributed."""
    agreement = case.agreement
    case.operator, case.implementer, case.region = agreement.operator, agreement.opened_for, agreement.region
    case.title = f"{agreement.title} {case.from_month} – {case.to_month}"
    first, last = bounds(case.from_month)[0], bounds(case.to_month)[1]
    case.net_fen = net_revenue(earned(case.operator, first, last))
    amounts = split(case.net_fen, [Decimal(s["percent"]) for s in case.shares])
    case.result = [row for share, fen in zip(case.shares, amounts, strict=True) for row in _rows(case, share, fen)]
    known = names({row["beneficiary"] for row in case.result})
    for row in case.result:
        row["name"] = known.get(row["beneficiary"], "")
    case.beneficiaries = "|".join(["", *sorted({row["beneficiary"] for row in case.result}), ""])


def _rows(case: Run, share: dict[str, Any], fen: int) -> Iterator[dict[str, Any]]:
    """The beneficiaries of one share; a class without any falls to the treasury."""
    weights = _weights(case, share["party"])
    if not weights:
        yield _row(TREASURY, share, fen, Fraction(1))
        return
    who = sorted(weights)
    # Whole numbers in the ratio of the weights, so that the parts sum to the fen.
    whole = [weights[w].numerator * (_denominator(weights) // weights[w].denominator) for w in who]
    for beneficiary, part in zip(who, split(fen, whole), strict=True):
        yield _row(beneficiary, share, part, weights[beneficiary])


def _denominator(weights: dict[str, Fraction]) -> int:
    total = 1
    for weight in weights.values():
        total *= weight.denominator
    return total


def _weights(case: Run, party: str) -> dict[str, Fraction]:
    first, last = bounds(case.from_month)[0], bounds(case.to_month)[1]
    if party == "PROVIDERS":
        values = {v["resource"]: Decimal(v["weight"]) for v in case.values}
        return of_providers(case.operator, first, last, values)
    if party == "DEVELOPERS":
        return {who: Fraction(net) for who, net in by_developer(case.operator, first, last).items() if net > 0}
    return {case.operator if party == "OPERATOR" else TREASURY: Fraction(1)}


def _row(beneficiary: str, share: dict[str, Any], fen: int, weight: Fraction) -> dict[str, Any]:
    return {
        "beneficiary": beneficiary, "name": "", "party": share["party"], "form": share["form"], "amount_fen": fen,
        "contribution": f"{round_half_up(weight, 3):f}",
    }  # fmt: skip


CASE = CaseType(DISTRIBUTION, Run, facts.gather, {"calculate": calculate, "recalculate": calculate}, prefix="FP")
