"""Questions about separate accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.accounts.models import Account
from dianchi.chapters.operation.accounts.months import month_of, months


@dataclass(frozen=True)
class Books:
    """Sums over months, in fen."""

    revenue_fen: int = 0
    cost_fen: int = 0
    free_cost_fen: int = 0


def missing_months(agreement: Agreement, before: date) -> list[str]:
    """Months of the agreement's term before that day without separate accounts (R30)."""
    last = min(before, agreement.ends_on + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    if last < agreement.starts_on.replace(day=1):
        return []
    closed = set(Account.objects.filter(agreement=agreement).values_list("month", flat=True))
    return [month for month in months(agreement.starts_on, last) if month not in closed]


def missing_within(agreement: Agreement, first: date, last: date) -> list[str]:
    """Months of those days without separate accounts, as far as the agreement was in its term."""
    return [m for m in missing_months(agreement, last + timedelta(days=1)) if m >= month_of(first)]


def books(agreement: Agreement, wanted: Iterable[str]) -> Books:
    """What the accounts of those months say together."""
    rows = Account.objects.filter(agreement=agreement, month__in=list(wanted))
    found = rows.aggregate(revenue_fen=Sum("revenue_fen"), cost_fen=Sum("cost_fen"), free_cost_fen=Sum("free_cost_fen"))
    return Books(**{name: value or 0 for name, value in found.items()})
