"""The golden matrix of billing: every kind of charge × ground of discount × what came after × tax, to the fen.

The denominator is computed from the code's own constants: a kind that is added without a row here fails.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from itertools import product as times
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON

from dianchi.chapters.operation.tariffs.charges import LINES, Charge, Ground
from dianchi.kernel.actors import Role
from dianchi.kernel.workdays import SHANGHAI

pytestmark = pytest.mark.django_db

CALLS, LATER = 10, 2
AFTER = ("nothing", *(name for name in LINES if name in {"late", "correction", "credit"}))
TAX = (True, False)
GROUNDS = (None, *Ground)
MATRIX = list(times(Charge, GROUNDS, AFTER, TAX))
APRIL = datetime(2026, 4, 2, 12, tzinfo=SHANGHAI)

# By hand: unit of the cap, terms, what n calls cost in March for an order that began on the second.
CHARGES: dict[Charge, tuple[str, dict[str, Any], Any]] = {
    Charge.PER_UNIT: ("CALL", {"price_fen": 45}, lambda n: 45 * n),
    Charge.TIERED: (
        "CALL", {"blocks": [{"up_to": 4, "price_fen": 50}, {"up_to": 0, "price_fen": 30}]},
        lambda n: 50 * min(n, 4) + 30 * max(n - 4, 0),
    ),
    Charge.FLAT: ("ITEM", {"price_fen": 20_005}, lambda n: 20_005),
    Charge.TIME: ("TIME", {"price_fen": 31_000}, lambda n: 30_000),
    Charge.PACKAGE: ("CALL", {"price_fen": 333, "included": 11, "over_fen": 40}, lambda n: 333 + 40 * max(n - 11, 0)),
    Charge.FREE: ("CALL", {"price_fen": 0}, lambda n: 0),
}  # fmt: skip
LEAST = {Ground.VOLUME: CALLS, Ground.TERM: 30, Ground.PREPAID: 0}


def test_the_denominator_is_the_codes_own() -> None:
    assert set(CHARGES) == set(Charge)
    assert set(LEAST) == set(Ground)
    assert len(MATRIX) == len(set(MATRIX)) == len(Charge) * (1 + len(Ground)) * 4 * 2


def half_up(value: Fraction) -> int:
    """Halves away from zero."""
    return (1 if value >= 0 else -1) * int(abs(value) + Fraction(1, 2))


def with_tax(total: int, *, included: bool) -> tuple[int, int]:
    """Net and gross at six per cent."""
    return (
        (half_up(Fraction(total * 100, 106)), total) if included else (total, total + half_up(Fraction(total * 6, 100)))
    )


def order_under(listed: Any, kind: Charge, ground: Ground | None) -> Any:
    """An order of the product under one kind of charge."""
    unit, terms, _ = CHARGES[kind]
    at = listed.state_since
    do(
        "tariffs",
        "withdraw",
        Role.BUREAU,
        listed.tariff_set.get(state="priced").code,
        at=at,
        reason="改按他种方式计费。",
    )
    cap = make.cap_inputs(listed, unit=unit, cap_fen=100_000, forecast_volume=1)
    tariff = do("tariffs", "cap", Role.AUTHORIZER, at=at, **cap)
    discounts = [{"ground": ground, "least": LEAST[ground], "percent": "10"}] if ground else []
    do(
        "tariffs",
        "price",
        Role.OPERATOR,
        tariff.code,
        at=at,
        charge=kind,
        discounts=discounts,
        **{"price_fen": 0} | terms,
    )
    order = make.an_active_order(listed, prepaid=ground is Ground.PREPAID, quota_calls=1000)
    make.metered(order, CALLS, price_fen=45 if kind is Charge.PER_UNIT else 0)
    return order


def bill(order: Any, first: str, last: str, **more: Any) -> Any:
    return do("settlement", "draw", Role.OPERATOR, at=APRIL, order=order.code, from_on=first, to_on=last, **more)


def due(kind: Charge, ground: Ground | None, calls: int) -> int:
    """What March costs for so many calls."""
    whole = CHARGES[kind][2](calls)
    return whole - half_up(Fraction(whole, 10)) if ground else whole


def after_march(order: Any, march: Any, what: str, kind: Charge) -> Any:
    """What happens once March is billed; the paper that takes it up."""
    if what == "late":
        make.metered(order, LATER, price_fen=45 if kind is Charge.PER_UNIT else 0)
    elif what == "correction":
        index = order.usage.order_by("ledger_index").first().ledger_index
        do("orders", "correct-use", Role.OPERATOR, order.code, at=APRIL, ledger_index=index, why="重复计量。")
    elif what == "credit" and march.amount_fen:
        return bill(
            order, "2026-03-01", "2026-03-31", paper="CREDIT", corrects=march.code, credit_fen=1, note="协商减免。"
        )
    return bill(order, "2026-04-01", "2026-04-01")


def expected_after(kind: Charge, ground: Ground | None, what: str, *, included: bool) -> tuple[int, int]:
    """Net and gross of the paper that follows."""
    april = {Charge.TIME: half_up(Fraction(31_000, 30)), Charge.PACKAGE: 333}.get(kind, 0)
    # An empty day reaches no volume; a single day of a term order or a prepaid one still has its discount.
    april -= half_up(Fraction(april, 10)) if ground in (Ground.TERM, Ground.PREPAID) else 0
    if what == "credit" and due(kind, ground, CALLS):
        return with_tax(-1, included=True)
    changed = {"late": CALLS + LATER, "correction": CALLS - 1}.get(what, CALLS)
    if kind is Charge.PER_UNIT:  # at its own price, without the discount of March
        return with_tax(45 * (changed - CALLS), included=included)
    if kind is Charge.FLAT:
        return with_tax(0, included=included)
    return with_tax(
        april + due(kind, ground if _still(ground, changed) else None, changed) - due(kind, ground, CALLS),
        included=included,
    )


def _still(ground: Ground | None, calls: int) -> bool:
    return ground is not Ground.VOLUME or calls >= LEAST[Ground.VOLUME]


@pytest.mark.parametrize(("kind", "ground"), list(times(Charge, GROUNDS)))
def test_every_case_to_the_fen(product: Any, kind: Charge, ground: Ground | None) -> None:
    order = order_under(product, kind, ground)
    for what, included in times(AFTER, TAX):
        with make.tried():
            if not included:
                key = {"key": "settlement.prices-include-tax", "value": "false", "reason": "按不含税价公布。"}
                do("parameters", "set", Role.BUREAU, at=NOON, **key)
            march = bill(order, "2026-03-01", "2026-03-31")
            assert (march.net_fen, march.amount_fen) == with_tax(due(kind, ground, CALLS), included=included), (
                what,
                included,
            )
            paper = after_march(order, march, what, kind)
            assert (paper.net_fen, paper.amount_fen) == expected_after(kind, ground, what, included=included), (
                what,
                included,
            )
