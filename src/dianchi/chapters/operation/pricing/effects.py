"""What acts on cost surveys change beside the state."""

from __future__ import annotations

from decimal import Decimal

from dianchi.chapters.operation.pricing import facts
from dianchi.chapters.operation.pricing.formulas import Cost, Tax, permitted_revenue
from dianchi.chapters.operation.pricing.lifecycle import PRICING
from dianchi.chapters.operation.pricing.models import Pricing
from dianchi.chapters.operation.pricing.queries import carried_into
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.organisations.queries import names


def survey(case: Pricing, doing: Doing) -> None:
    """The revenue that would follow is computed at once, so that everybody sees what will be verified."""
    case.operator, case.implementer = case.agreement.operator, case.agreement.opened_for
    case.title = f"{names({case.operator}).get(case.operator, case.operator)} {case.year}"
    case.bureau_number = case.bureau_opinion = ""  # an opinion is on the survey as it was
    revenue = permitted_revenue(
        [Cost(c["amount_fen"], Decimal(c["share"])) for c in case.costs],
        case.subsidy_fen, case.treasury_yield, case.spread_points,
        [Tax(t["method"], t["amount_fen"], t["base_fen"], Decimal(t["rate"])) for t in case.taxes],
    )  # fmt: skip
    case.taxes = [{**t, "amount_fen": fen} for t, fen in zip(case.taxes, revenue.taxes_fen, strict=True)]
    case.cost_fen, case.profit_fen, case.tax_fen = revenue.cost_fen, revenue.profit_fen, revenue.tax_fen
    case.carried_fen = carried_into(case.agreement, case.year)
    case.mpr_fen = revenue.total_fen - case.carried_fen


CASE = CaseType(PRICING, Pricing, facts.gather, {"survey": survey, "revise": survey}, prefix="HD")
