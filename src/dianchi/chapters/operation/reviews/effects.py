"""The figures of a review come from accounts, bills and the verified revenue; an excess goes into the next period."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from dianchi.chapters.operation.accounts.queries import books
from dianchi.chapters.operation.pricing.formulas import deviation, excess_fen, step_after
from dianchi.chapters.operation.pricing.queries import carry, verified
from dianchi.chapters.operation.reviews import facts
from dianchi.chapters.operation.reviews.lifecycle import REVIEWS
from dianchi.chapters.operation.reviews.models import Review
from dianchi.chapters.operation.reviews.queries import of_years
from dianchi.chapters.operation.settlement.queries import by_product, earned, net_revenue
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.money import round_half_up
from dianchi.kernel.workdays import SHANGHAI
from dianchi.kernel.yearly import due_after


def call(case: Review, doing: Doing) -> None:
    """The year of an agreement."""
    agreement = case.agreement
    case.operator, case.implementer, case.region = agreement.operator, agreement.opened_for, agreement.region
    case.title = f"{agreement.title} {case.year}"
    case.year_ended_on = date(case.year, 12, 31)


def report(case: Review, doing: Doing) -> None:
    """Cost, revenue and profit of the year, scale and revenue of each product, and the deviation."""
    agreement, pricing = case.agreement, verified(case.agreement, case.year)
    if pricing is None:
        return  # the guard has refused
    case.reported_at = doing.at
    days = date(case.year, 1, 1), date(case.year, 12, 31)
    case.mpr_fen, case.revenue_fen = pricing.mpr_fen, net_revenue(earned(case.operator, *days))
    case.cost_fen = books(agreement, [f"{case.year}-{month:02d}" for month in range(1, 13)]).cost_fen
    case.profit_fen = case.revenue_fen - case.cost_fen
    case.products = by_product(case.operator, *days)
    off = deviation(case.revenue_fen, case.mpr_fen)
    case.deviation_percent = round_half_up(off * 100, 2)
    threshold = Decimal(value("pricing.deviation-threshold", case.region))
    case.step = str(step_after(off, threshold, bool(value("pricing.two-sided-deviation", case.region))).value)
    case.late = doing.at > due_after(case.year, str(value("pricing.report-due", case.region)))
    case.period_since = datetime.combine(_period_began(case), time(), SHANGHAI)


def _period_began(case: Review) -> date:
    """The first year since the last period was evaluated."""
    last = Review.objects.filter(agreement=case.agreement, state="evaluated").order_by("-year").first()
    earliest = (
        Review.objects.filter(agreement=case.agreement, year__gt=last.year if last else 0).order_by("year").first()
    )
    return date(min(case.year, earliest.year) if earliest else case.year, 1, 1)


def evaluate(case: Review, doing: Doing) -> None:
    """The excess is deducted from the permitted revenue of the years that were named."""
    found = of_years(case.agreement, doing.inputs.from_year, case.year)
    case.excess_fen = excess_fen((r.revenue_fen for r in found), (r.mpr_fen for r in found))
    carry(case.agreement, case.code, {p.year: p.amount_fen for p in doing.inputs.portions})


CASE = CaseType(REVIEWS, Review, facts.gather, {"call": call, "report": report, "evaluate": evaluate}, prefix="NP")
