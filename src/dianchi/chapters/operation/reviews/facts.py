"""The facts about a yearly review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.accounts.queries import missing_within
from dianchi.chapters.operation.pricing.formulas import Step, excess_fen
from dianchi.chapters.operation.pricing.queries import surveyed_years, verified
from dianchi.chapters.operation.reviews.lifecycle import Call, Facts, PeriodOf, State
from dianchi.chapters.operation.reviews.models import Review
from dianchi.chapters.operation.reviews.queries import of_years
from dianchi.chapters.operation.tariffs.queries import caps_adjusted_since
from dianchi.foundation.cases.figures import value
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import local_day


def gather(case: Review, by: Actor, at: datetime, inputs: object) -> Facts:
    """The year, its accounts, its deviation, the period."""
    if isinstance(inputs, Call):
        agreement: Any = Agreement.objects.visible_to(by).filter(code=inputs.agreement).first()
        if agreement is None:
            return Facts()  # the door refuses references that the actor may not see
        return Facts(
            over=inputs.year < local_day(at).year,
            first=not Review.objects.filter(agreement=agreement, year=inputs.year).exists(),
            revenue_verified=verified(agreement, inputs.year) is not None,
        )
    if not case.state:
        return Facts()
    days = date(case.year, 1, 1), date(case.year, 12, 31)
    facts = Facts(
        accounts_closed=case.state != State.DUE or not missing_within(case.agreement, *days),
        in_charge=case.region.startswith(by.territory),
        adjusted=case.step != Step.ADJUST_CAPS or caps_adjusted_since(case.agreement_id, case.reported_at),
    )
    return _of_period(facts, case, inputs) if isinstance(inputs, PeriodOf) else facts


def _of_period(facts: Facts, case: Review, inputs: PeriodOf) -> Facts:
    years = range(inputs.from_year, case.year + 1)
    found = of_years(case.agreement, inputs.from_year, case.year)
    longest = int(value("pricing.evaluation-years", case.region))
    excess = excess_fen((r.revenue_fen for r in found), (r.mpr_fen for r in found))
    into = [p.year for p in inputs.portions]
    return replace(
        facts,
        not_too_long=0 < len(years) <= longest,
        all_years_noted=[r.year for r in found if r.state == State.NOTED] == list(years),
        sums_up=sum(p.amount_fen for p in inputs.portions) == excess,
        into_open_years=len(set(into)) == len(into)
        and all(year > case.year and year not in surveyed_years(case.agreement) for year in into),
    )
