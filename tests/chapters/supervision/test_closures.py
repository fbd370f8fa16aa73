"""Closures: who shuts what, what it reaches, and that it opens again."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.people import HOME, NOON, actor, enrol_all
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.supervision.closures import reach
from dianchi.chapters.supervision.closures.lifecycle import CLOSURE, EVERYTHING, Facts
from dianchi.chapters.supervision.closures.queries import is_shut
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
shut: - -> shut: security-admin bureau operator
reopen: shut -> reopened: security-admin bureau
"""
OPERATOR, DEVELOPER = HOME[Role.OPERATOR][0], HOME[Role.DEVELOPER][0]
WHY = "排查疑似异常输出。"


def shut(by: Any, scope: str, target: str = "") -> Any:
    return do("closures", "shut", by, scope=scope, target=target, reason=WHY)


def test_who_may_do_what_from_where() -> None:
    assert matrix(CLOSURE, Facts()) == rows(ALLOWED)


def test_a_target_is_named_and_known() -> None:
    with refused("closures.target-missing"):
        shut(Role.BUREAU, "PRODUCT")
    for scope in ("PRODUCT", "ORDER", "RESOURCE", "DEVELOPER", "OPERATOR"):
        with refused("closures.target-unknown"):
            shut(Role.BUREAU, scope, "no-such")


def test_an_operator_shuts_its_own_and_nothing_else(product: Any, agreement: Any) -> None:
    enrol_all()
    with refused("closures.not-in-your-charge"):
        shut(Role.OPERATOR, EVERYTHING)
    with refused("closures.not-in-your-charge"):
        shut(actor(Role.OPERATOR, organisation=HOME[Role.CONSUMER][0]), "PRODUCT", product.slug)
    order = make.an_active_order(product)
    for scope, target in (("PRODUCT", product.slug), ("ORDER", order.code), ("DEVELOPER", DEVELOPER), ("OPERATOR", OPERATOR),
                          ("RESOURCE", agreement.resources[0])):  # fmt: skip
        case = shut(Role.OPERATOR, scope, target)
        assert is_shut(product.slug, order.code, DEVELOPER, OPERATOR, agreement.resources)
        do("closures", "reopen", Role.SECURITY_ADMIN, case.code, reopening_reason="排查完毕。")
        assert not is_shut(product.slug, order.code, DEVELOPER, OPERATOR, agreement.resources)


@pytest.mark.parametrize("scope", [EVERYTHING, "PRODUCT", "ORDER", "DEVELOPER", "OPERATOR", "RESOURCE"])
def test_what_stops_is_known_before_it_stops(scope: str, product: Any, agreement: Any, contract: Any) -> None:
    order = make.an_active_order(product)
    make.a_key(order)
    targets = {
        "PRODUCT": product.slug,
        "ORDER": order.code,
        "DEVELOPER": DEVELOPER,
        "OPERATOR": OPERATOR,
        "RESOURCE": agreement.resources[0],
    }
    found = reach.of(scope, targets.get(scope, ""))
    assert [o.code for o in found.orders] == [order.code]
    assert found.keys == 1
    assert (product in found.products) == (scope != "ORDER")
    assert (contract in found.contracts) == (scope in ("DEVELOPER", "OPERATOR", "RESOURCE"))
    assert (agreement in found.agreements) == (scope in ("OPERATOR", "RESOURCE"))
    assert {HOME[Role.CONSUMER][0], DEVELOPER, OPERATOR} <= found.parties
    assert next(iter(found.cases)) == order


def test_what_has_ended_is_not_reached(product: Any) -> None:
    order = make.an_active_order(product)
    do("orders", "close", Role.CONSUMER, order.code, reason=WHY)
    do("products", "delist", Role.OPERATOR, product.code, at=NOON, reason=WHY)
    found = reach.of("PRODUCT", product.slug)
    assert (found.orders.count(), found.products.count(), found.keys) == (0, 0, 0)


def test_shut_and_open_again_is_on_record() -> None:
    case = shut(Role.SECURITY_ADMIN, EVERYTHING)
    assert is_shut("any", "any", "any", "any", [])
    do("closures", "reopen", Role.BUREAU, case.code, reopening_reason="排查完毕。")
    assert list(Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", "role")) == [
        ("closures.shut", "security-admin"), ("closures.reopen", "bureau"),
    ]  # fmt: skip


def test_a_closure_is_for_security_supervision_and_operators() -> None:
    case = shut(Role.SECURITY_ADMIN, EVERYTHING)
    for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.BUREAU, Role.AUDITOR, Role.OPERATOR):
        assert get_case("closures", case.code, actor(role)) == case
    for role in (Role.DEVELOPER, Role.CONSUMER, Role.SYSTEM_ADMIN):
        with pytest.raises(NotFound):
            get_case("closures", case.code, actor(role))
