"""The revenue of a month comes from its bills, never from a hand."""

from __future__ import annotations

from dianchi.chapters.operation.accounts import facts
from dianchi.chapters.operation.accounts.lifecycle import ACCOUNTS
from dianchi.chapters.operation.accounts.models import Account
from dianchi.chapters.operation.accounts.months import bounds
from dianchi.chapters.operation.settlement.queries import by_product
from dianchi.foundation.cases.registry import CaseType, Doing


def close(case: Account, doing: Doing) -> None:
    """Bills and credit notes of the month by product; free products carry cost and no revenue."""
    agreement = case.agreement
    case.operator, case.implementer, case.region = agreement.operator, agreement.opened_for, agreement.region
    case.title = f"{agreement.title} {case.month}"
    case.lines = by_product(case.operator, *bounds(case.month))
    case.revenue_fen = sum(line["net_fen"] for line in case.lines)
    case.free_cost_fen = sum(c["amount_fen"] for c in case.costs if c["serves"] == "free")
    case.cost_fen = sum(c["amount_fen"] for c in case.costs) - case.free_cost_fen
    case.result_fen = case.revenue_fen - case.cost_fen - case.free_cost_fen


CASE = CaseType(ACCOUNTS, Account, facts.gather, {"close": close, "revise": close}, prefix="ZB")
