"""Separate accounts: every month of the authorized business, revenue from the bills alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.accounts.lifecycle import ACCOUNTS, Facts
from dianchi.chapters.operation.accounts.models import Account
from dianchi.chapters.operation.accounts.months import bounds, months
from dianchi.chapters.operation.accounts.queries import Books, books, missing_months
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import SHANGHAI

pytestmark = pytest.mark.django_db

ALLOWED = """
close: - -> closed: operator
revise: returned -> closed: operator
check: closed -> checked: implementer
return: closed -> returned: implementer
"""
APRIL = datetime(2026, 4, 2, 12, tzinfo=SHANGHAI)


def test_who_may_do_what_from_where() -> None:
    assert matrix(ACCOUNTS, Facts()) == rows(ALLOWED)


def test_months_and_their_days() -> None:
    assert list(months(date(2025, 11, 30), date(2026, 2, 1))) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert bounds("2028-02") == (date(2028, 2, 1), date(2028, 2, 29))


def close(agreement: Any, month: str, by: Any = Role.OPERATOR, **changes: Any) -> Any:
    return make.a_closed_month(agreement, month, by=by, at=APRIL, **changes)


def billed(product: Any) -> Any:
    """Ten answers at 0.45 in March, billed."""
    order = make.an_active_order(product, quota_calls=100)
    make.metered(order, 10, at=NOON)
    do("settlement", "draw", Role.OPERATOR, at=APRIL, order=order.code, from_on="2026-03-01", to_on="2026-03-31")
    return order


def test_no_month_is_left_out(agreement: Any) -> None:
    first, second, *_ = list(months(agreement.starts_on, date(2026, 3, 31)))
    with refused("accounts.month-missing", "R30"):
        close(agreement, second)
    close(agreement, first)
    assert missing_months(agreement, date(2026, 4, 1))[0] == second
    assert close(agreement, second).state == "closed"


def test_a_month_is_closed_once_it_is_over(agreement: Any) -> None:
    first = next(iter(months(agreement.starts_on, date(2026, 3, 31))))
    with refused("accounts.month-not-over"):
        close(agreement, "2026-04")
    close(agreement, first)
    with refused("accounts.month-closed"):
        close(agreement, first)


def test_a_month_lies_in_the_term(agreement: Any) -> None:
    with refused("accounts.month-outside-the-term"):
        close(agreement, "2024-01")


def test_revenue_is_that_of_the_bills(agreement: Any, product: Any) -> None:
    order = billed(product)
    make.closed_until(agreement, "2026-02", at=APRIL)
    costs = [
        {"kind": "people", "name": "人员", "amount_fen": 300, "serves": "paid"},
        {"kind": "platform", "name": "公益服务", "amount_fen": 50, "serves": "free"},
    ]
    case = close(agreement, "2026-03", costs=costs)
    assert case.lines == [{"title": product.title, "calls": 10, "net_fen": 425}]  # 4.50 less six per cent inside
    assert (case.revenue_fen, case.cost_fen, case.free_cost_fen, case.result_fen) == (425, 300, 50, 75)
    assert books(agreement, ["2026-03"]) == Books(425, 300, 50)
    assert order.operator == case.operator


def test_use_that_is_not_billed_keeps_a_month_open(agreement: Any, product: Any) -> None:
    make.metered(make.an_active_order(product, quota_calls=100), 1, at=NOON)
    make.closed_until(agreement, "2026-02", at=APRIL)
    with refused("accounts.use-not-billed"):
        close(agreement, "2026-03")


def test_another_operator_keeps_no_accounts_here(agreement: Any) -> None:
    other = actor(Role.OPERATOR, organisation=make.OTHER, roles=(Role.AUDITOR,))
    with refused("accounts.not-your-agreement"):
        close(agreement, "2026-01", other)


def test_the_operator_does_not_check_itself(agreement: Any) -> None:
    case = close(agreement, next(iter(months(agreement.starts_on, date(2026, 3, 31)))))
    with refused("accounts.own-submission", "R66"):
        do("accounts", "check", actor(Role.IMPLEMENTER, organisation=make.OPERATOR, roles=(Role.AUDITOR,)), case.code)


def test_from_close_to_check(agreement: Any) -> None:
    month = next(iter(months(agreement.starts_on, date(2026, 3, 31))))
    case = close(agreement, month)
    assert Due.objects.get(case_code=case.code, done_at=None).key.endswith("accounts.check-days")
    do("accounts", "return", Role.IMPLEMENTER, case.code, at=APRIL, reason="请补充费用。")
    do("accounts", "revise", Role.OPERATOR, case.code, at=APRIL, agreement=agreement.code, month=month)
    assert do("accounts", "check", Role.IMPLEMENTER, case.code, at=APRIL).state == "checked"
    assert Entry.objects.filter(case_id=case.code, outcome="done").count() == 4


def test_a_refused_act_leaves_no_trace(agreement: Any) -> None:
    with refused("accounts.month-not-over"):
        close(agreement, "2026-04")
    assert not Account.objects.exists()


def test_the_books_are_for_those_who_supervise(agreement: Any) -> None:
    case = close(agreement, next(iter(months(agreement.starts_on, date(2026, 3, 31)))))
    for role in (Role.OPERATOR, Role.IMPLEMENTER, Role.PRICE, Role.BUREAU, Role.AUDITOR):
        assert get_case("accounts", case.code, actor(role)) == case
    for by in (actor(Role.CONSUMER), actor(Role.DEVELOPER), actor(Role.OPERATOR, organisation=make.OTHER)):
        with pytest.raises(NotFound):
            get_case("accounts", case.code, by)
