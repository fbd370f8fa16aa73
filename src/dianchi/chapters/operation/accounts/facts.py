"""The facts about a month of accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.accounts.lifecycle import Closing, Facts
from dianchi.chapters.operation.accounts.models import Account
from dianchi.chapters.operation.accounts.months import bounds, month_of
from dianchi.chapters.operation.accounts.queries import missing_months
from dianchi.chapters.operation.settlement.queries import unbilled
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import end_of


def gather(case: Account, by: Actor, at: datetime, inputs: object) -> Facts:
    """The month against the agreement's term, the months before, and what is billed."""
    if not isinstance(inputs, Closing):
        yours = not case.state or case.operator == by.organisation
        return Facts(yours=yours, own_submission=bool(case.state) and case.operator == by.organisation)
    agreement: Any = Agreement.objects.visible_to(by).filter(code=inputs.agreement).first()
    if agreement is None:
        return Facts()  # the door refuses references that the actor may not see
    first, last = bounds(inputs.month)
    others = Account.objects.filter(agreement=agreement, month=inputs.month).exclude(pk=case.pk)
    return Facts(
        yours=agreement.operator == by.organisation,
        in_term=month_of(agreement.starts_on) <= inputs.month <= month_of(agreement.ends_on),
        over=end_of(last) <= at,
        first=not others.exists(),
        none_missing=not missing_months(agreement, first),
        all_billed=not unbilled(agreement.operator, first, last),
    )
