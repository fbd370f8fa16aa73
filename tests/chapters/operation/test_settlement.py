"""Bills: computed from the meter, once for each day, to the fen."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.orders.balance import Balance, balance
from dianchi.chapters.operation.orders.models import Correction
from dianchi.chapters.operation.orders.queries import live_order
from dianchi.chapters.operation.settlement.lifecycle import BILL, Facts
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.chapters.operation.settlement.queries import credited, reconciliation
from dianchi.chapters.operation.settlement.reckoning import taxed
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.queries import waiting_for
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound, RuleBroken
from dianchi.kernel.workdays import SHANGHAI

pytestmark = pytest.mark.django_db

ALLOWED = """
draw: - -> drawn: operator
confirm: drawn, disputed -> confirmed: consumer
dispute: drawn -> disputed: consumer
answer: disputed -> drawn: operator
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
    assert [(line["what"], line["calls"], line["price"], line["amount_fen"]) for line in bill.lines] == [
        ("units", 2, "0.40", 80), ("units", 2, "0.45", 90),
    ]  # fmt: skip
    assert (bill.calls, bill.amount_fen, bill.consumer) == (4, 170, make.CONSUMER)


def test_a_bill_says_its_tax_and_what_a_tax_invoice_needs(order: Any) -> None:
    bill = draw(order)
    assert (bill.net_fen, bill.tax_fen, bill.tax_percent) == (160, 10, 6)
    assert bill.invoice == {
        "buyer": {"uscc": make.CONSUMER, "name": "玉溪旅游服务有限公司"},
        "seller": {"uscc": make.OPERATOR, "name": "云南数据运营有限公司"},
        "item": order.title, "net": "1.60", "rate": "6", "tax": "0.10", "total": "1.70", "in_words": "壹元柒角整",
    }  # fmt: skip


def test_prices_without_tax_have_it_on_top(order: Any) -> None:
    do("parameters", "set", Role.BUREAU, key="settlement.prices-include-tax", value="false", reason="按不含税价公布。")
    bill = draw(order)
    assert (bill.net_fen, bill.tax_fen, bill.amount_fen) == (170, 10, 180)


@given(st.integers(-(10**12), 10**12), st.integers(0, 1300), st.booleans())
def test_net_and_tax_always_sum(total: int, hundredths: int, included: bool) -> None:
    found = taxed(total, Decimal(hundredths) / 100, included=included)
    assert found.net_fen + found.tax_fen == found.gross_fen
    assert (found.gross_fen if included else found.net_fen) == total


def test_a_bill_stays_as_it_was_drawn(order: Any) -> None:
    bill = draw(order)
    for change in ({"amount_fen": 1, "net_fen": 1, "tax_fen": 0}, {"lines": []}, {"from_on": "2026-02-01"}):
        with pytest.raises(DatabaseError, match="stays as it was drawn"), transaction.atomic():
            Bill.objects.filter(pk=bill.pk).update(**change)
    with pytest.raises(DatabaseError, match="stays as it was drawn"), transaction.atomic():
        Bill.objects.filter(pk=bill.pk).delete()


def credit(bill: Any, fen: int, **changes: Any) -> Any:
    inputs = {
        "paper": "CREDIT",
        "corrects": bill.code,
        "credit_fen": fen,
        "credit_ground": "COUNT",
        "note": "多计两次。",
    }
    return draw(bill.order, **inputs | changes)


def test_what_was_wrong_is_credited_never_changed(order: Any) -> None:
    bill = draw(order)
    with refused("settlement.credit-above-the-bill"):
        credit(bill, 171)
    with refused("settlement.credit-above-the-bill"):
        credit(bill, 0)
    note = credit(bill, 100)
    assert (note.paper, note.amount_fen, note.net_fen, note.tax_fen) == ("CREDIT", -100, -94, -6)
    assert note.invoice["in_words"].startswith("负")
    with refused("settlement.credit-above-the-bill"):
        credit(bill, 71)
    assert credit(bill, 70).amount_fen == -70
    bill.refresh_from_db()
    assert (bill.amount_fen, credited(bill)) == (170, 170)


def test_a_credit_note_names_its_bill_and_says_why(order: Any) -> None:
    bill = draw(order)
    for change in ({"corrects": ""}, {"note": "无"}, {"to_on": "2026-03-30"}):
        with refused("settlement.nothing-to-credit"):
            credit(bill, 1, **change)


def test_a_dispute_upheld_is_credited_first(order: Any) -> None:
    bill = draw(order)
    do("settlement", "dispute", Role.CONSUMER, bill.code, at=APRIL, ground="COUNT", reason="次数与我方记录不符。")
    assert Due.objects.get(case_code=bill.code, done_at=None).key.endswith("settlement.dispute-days")
    answer = {"upheld": True, "answer": "经核对，多计两次。"}
    with refused("settlement.upheld-without-credit"):
        do("settlement", "answer", Role.OPERATOR, bill.code, at=APRIL, **answer)
    credit(bill, 90)
    assert do("settlement", "answer", Role.OPERATOR, bill.code, at=APRIL, **answer).state == "drawn"


def test_late_use_is_in_the_next_bill_once(order: Any) -> None:
    draw(order)
    make.metered(order, 3, price_fen=45, at=NOON)  # came on record after March was billed
    april = draw(order, from_on="2026-04-01", to_on="2026-04-01")
    assert [(line["what"], line["calls"], line["amount_fen"]) for line in april.lines] == [
        ("units", 7, 315), ("late", 3, 135),
    ]  # fmt: skip
    later = APRIL + timedelta(days=1)
    assert draw(order, at=later, from_on="2026-04-02", to_on="2026-04-02").lines == []


def test_corrected_use_is_taken_back_in_the_next_bill_once(order: Any) -> None:
    draw(order)
    index = order.usage.filter(price_fen=45).first().ledger_index
    correct = {"ledger_index": index, "why": "超时未送达。"}
    do("orders", "correct-use", Role.OPERATOR, order.code, at=APRIL, **correct)
    with refused("orders.delivery-corrected"):
        do("orders", "correct-use", Role.OPERATOR, order.code, at=APRIL, **correct)
    with refused("orders.delivery-unknown"):
        do("orders", "correct-use", Role.OPERATOR, order.code, at=APRIL, ledger_index=1, why="没有这条。")
    april = draw(order, from_on="2026-04-01", to_on="2026-04-01")
    assert [(line["what"], line["calls"], line["amount_fen"]) for line in april.lines] == [
        ("units", 7, 315), ("correction", -1, -45),
    ]  # fmt: skip
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Correction.objects.all().delete()


def test_a_prepaid_order_pays_from_its_balance(product: Any) -> None:
    case = make.an_active_order(product, prepaid=True, quota_calls=100)
    key = make.a_key(case)
    with pytest.raises(RuleBroken, match="balance-used-up"):
        live_order(key, product.slug, NOON)
    do("orders", "deposit", Role.OPERATOR, case.code, at=NOON, amount_fen=500, reference="入账一号")
    assert live_order(key, product.slug, NOON).price_fen == 45
    make.metered(case, 8, at=NOON)
    assert balance(case) == Balance(500, 140, 100)
    with refused("orders.balance-not-low"):
        do("orders", "top-up", Role.CONSUMER, case.code, at=NOON, top_up_fen=1, top_up_reference="回单")
    make.metered(case, 1, at=NOON)
    assert [w.acts[0].name for w in waiting_for(actor(Role.CONSUMER), NOON) if w.case == case] == ["top-up"]
    bill = draw(case)
    assert (bill.amount_fen, balance(case).left_fen) == (405, 95)
    do("orders", "close", Role.CONSUMER, case.code, at=APRIL, reason="不再使用。")
    with refused("orders.refund-above-balance"):
        do("orders", "refund", Role.OPERATOR, case.code, at=APRIL, amount_fen=96, reference="退一号")
    do("orders", "refund", Role.OPERATOR, case.code, at=APRIL, amount_fen=95, reference="退一号")
    assert balance(case).left_fen == 0


def test_both_sides_compare_answer_by_answer(order: Any) -> None:
    bill = draw(order)
    head, *rows_ = reconciliation(bill)
    assert len(rows_) == 5
    assert sum(Decimal(row[head.index("price_yuan")]) for row in rows_) * 100 == bill.amount_fen
    assert len({row[0] for row in rows_}) == 5


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
