"""The facts about a distribution."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.accounts.months import bounds
from dianchi.chapters.operation.accounts.queries import missing_within
from dianchi.chapters.operation.distribution.inputs import Paid
from dianchi.chapters.operation.distribution.inputs import Run as Entered
from dianchi.chapters.operation.distribution.lifecycle import Facts
from dianchi.chapters.operation.distribution.models import Run
from dianchi.chapters.operation.settlement.queries import earned, net_revenue
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import end_of


def gather(case: Run, by: Actor, at: datetime, inputs: object) -> Facts:
    """Months, shares, accounts, revenue, parties."""
    if isinstance(inputs, Entered):
        return _of_run(case, by, at, inputs)
    if not case.state:
        return Facts()
    facts = Facts(
        yours=case.operator == by.organisation,
        own_submission=case.operator == by.organisation,
        is_beneficiary=f"|{by.organisation}|" in case.beneficiaries,
    )
    return _of_payment(facts, case, inputs) if isinstance(inputs, Paid) else facts


def _of_run(case: Run, by: Actor, at: datetime, inputs: Entered) -> Facts:
    agreement: Any = Agreement.objects.visible_to(by).filter(code=inputs.agreement).first()
    if agreement is None:
        return Facts()  # the door refuses references that the actor may not see
    first, last = bounds(inputs.from_month)[0], bounds(inputs.to_month)[1]
    others = Run.objects.filter(
        agreement=agreement, from_month__lte=inputs.to_month, to_month__gte=inputs.from_month
    ).exclude(pk=case.pk)
    parties = [s.party for s in inputs.shares]
    return Facts(
        yours=agreement.operator == by.organisation,
        months_in_order=inputs.from_month <= inputs.to_month,
        months_over=end_of(last) <= at,
        no_overlap=not others.exists(),
        sum_is_whole=sum((s.percent for s in inputs.shares), Decimal(0)) == 100,
        parties_once=len(set(parties)) == len(parties),
        accounts_closed=not missing_within(agreement, first, last),
        something_earned=net_revenue(earned(agreement.operator, first, last)) > 0,
    )


def _of_payment(facts: Facts, case: Run, inputs: Paid) -> Facts:
    due: dict[str, int] = {}
    for row in case.result:
        due[row["beneficiary"]] = due.get(row["beneficiary"], 0) + row["amount_fen"]
    paid = {p.beneficiary: p.amount_fen for p in inputs.payments}
    money = {row["beneficiary"] for row in case.result if row["form"] == "REVENUE"}
    return Facts(
        yours=facts.yours,
        paid_as_calculated=paid == due and len(paid) == len(inputs.payments),
        by_fiscal_rules=all(p.treasury for p in inputs.payments if p.beneficiary in money and _public(p.beneficiary)),
    )


def _public(beneficiary: str) -> bool:
    """The treasury itself, and organs: their money goes by fiscal rules."""
    found = organisation(beneficiary)
    return beneficiary == "TREASURY" or (found is not None and found.kind == "organ")
