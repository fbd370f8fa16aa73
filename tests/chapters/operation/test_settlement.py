"""Bills: computed from the meter, once for each day, to the fen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.settlement.lifecycle import BILL, Facts
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import SHANGHAI

pytestmark = pytest.mark.django_db

ALLOWED = """
draw: - -> drawn: operator
confirm: drawn, disputed -> confirmed: consumer
dispute: drawn -> disputed: consumer
pay: confirmed -> paid: operator
"""
APRIL = NOON + timedelta(days=31)  # 2026-04-02


def test_who_may_do_what_from_where() -> None:
    assert matrix(BILL, Facts()) == rows(ALLOWED)


@pytest.fixture
def order(product: Any) -> Any:
    """An order on which 5 answers were delivered in March, at two prices, one of them not billable."""
    case = make.an_active_order(product, quota_calls=100)
    make.metered(case, 2, price_fen=45, at=NOON)
    make.metered(case, 2, price_fen=40, at=datetime(2026, 3, 31, 23, 59, tzinfo=SHANGHAI))
    make.metered(case, 1, billable=False)
    make.metered(case, 7, price_fen=45, at=datetime(2026, 4, 1, 0, 0, tzinfo=SHANGHAI))
    return case


def draw(order: Any, by: Any = Role.OPERATOR, at: Any = APRIL, **days: str) -> Any:
    return do(
        "settlement",
        "draw",
        by,
        at=at,
        **({"order": order.code, "from_on": "2026-03-01", "to_on": "2026-03-31"} | days),
    )


def test_a_bill_counts_what_was_metered_in_its_days(order: Any) -> None:
    bill = draw(order)
    assert bill.lines == [
        {"price_fen": 40, "calls": 2, "amount_fen": 80},
        {"price_fen": 45, "calls": 2, "amount_fen": 90},
    ]
    assert (bill.calls, bill.amount_fen, bill.consumer) == (4, 170, make.CONSUMER)


def test_days_are_billed_once(order: Any) -> None:
    draw(order)
    for days in ({"from_on": "2026-03-31", "to_on": "2026-04-01"}, {"from_on": "2026-02-01", "to_on": "2026-03-01"}):
        with refused("settlement.billed-already"):
            draw(order, **days)
    assert draw(order, from_on="2026-04-01", to_on="2026-04-01").calls == 7


def test_days_run_forward(order: Any) -> None:
    with refused("settlement.days-reversed"):
        draw(order, from_on="2026-03-02", to_on="2026-03-01")


def test_days_that_are_not_over_are_not_billed(order: Any) -> None:
    with refused("settlement.days-not-over"):
        draw(order, from_on="2026-04-01", to_on="2026-04-02")


def test_each_party_acts_for_itself(order: Any) -> None:
    with refused("settlement.not-a-party"):
        draw(order, actor(Role.CONSUMER, roles=(Role.OPERATOR,)))
    bill = draw(order)
    with refused("settlement.not-a-party"):
        do("settlement", "confirm", actor(Role.OPERATOR, roles=(Role.CONSUMER,)), bill.code, at=APRIL)


def test_from_meter_to_payment(order: Any) -> None:
    bill = draw(order)
    do("settlement", "dispute", Role.CONSUMER, bill.code, at=APRIL, reason="次数与我方记录不符。")
    do("settlement", "confirm", Role.CONSUMER, bill.code, at=APRIL)
    bill = do("settlement", "pay", Role.OPERATOR, bill.code, at=APRIL, payment_reference="回单20260402")
    assert (bill.state, bill.amount_fen) == ("paid", 170)
    assert Entry.objects.filter(case_id=bill.code, outcome="done").count() == 4


def test_a_refused_act_leaves_no_trace(order: Any) -> None:
    with refused("settlement.days-reversed"):
        draw(order, from_on="2026-03-02", to_on="2026-03-01")
    assert not Bill.objects.exists()


def test_a_bill_is_for_its_parties(order: Any) -> None:
    bill = draw(order)
    for role in (Role.CONSUMER, Role.OPERATOR, Role.PRICE, Role.AUDITOR):
        assert get_case("settlement", bill.code, actor(role)) == bill
    for by in (actor(Role.DEVELOPER), actor(Role.CONSUMER, organisation=make.OTHER), actor(Role.AUDIT_ADMIN)):
        with pytest.raises(NotFound):
            get_case("settlement", bill.code, by)
