"""Orders: traded only with a published price, a source that was read and parties that are known; keys shown once."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.orders.dealings import REFUSAL_GROUNDS
from dianchi.chapters.operation.orders.lifecycle import ORDER, Facts
from dianchi.chapters.operation.orders.models import ApiKey, Order, Usage
from dianchi.chapters.operation.orders.queries import live_order, used
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db

ALLOWED = """
order: - -> ordered: consumer
accept: ordered -> active: operator
refuse: ordered -> refused: operator
issue-key: active -> =: consumer
rotate-key: active -> =: consumer
limit-key: active -> =: consumer
revoke-key: active -> =: consumer operator
close: active, suspended -> closed: consumer operator
cancel: ordered -> cancelled: consumer
suspend: active -> suspended: operator
resume: suspended -> active: operator
top-up: active -> =: consumer
deposit: active, suspended -> =: operator
refund: closed, completed -> =: operator
correct-use: active, suspended, closed, completed -> =: operator
complete: active -> completed: consumer
"""


def test_who_may_do_what_from_where() -> None:
    assert matrix(ORDER, Facts()) == rows(ALLOWED)


def order(product: Any, by: Any = Role.CONSUMER, **changes: Any) -> Any:
    return do("orders", "order", by, at=NOON, **make.order_inputs(product, **changes))


def tariff(product: Any) -> Any:
    return product.tariff_set.get()


def test_nothing_is_traded_without_a_published_price(product: Any) -> None:
    do("tariffs", "withdraw", Role.BUREAU, tariff(product).code, reason=make.WHY)
    with refused("orders.no-price", "R38"):
        order(product)


def test_a_delisted_product_is_not_ordered(product: Any) -> None:
    do("products", "delist", Role.OPERATOR, product.code, reason=make.WHY)
    with refused("orders.product-not-listed"):
        order(product)


def test_the_source_was_read(product: Any) -> None:
    with refused("orders.source-not-stated", "R55"):
        order(product, source_seen=False)


def test_both_parties_are_known(product: Any) -> None:
    case = order(product)
    perform_suspension(make.CONSUMER)
    with refused("orders.party-not-identified", "R55"):
        do("orders", "accept", Role.OPERATOR, case.code, at=NOON)


def perform_suspension(uscc: str) -> None:
    from dianchi.foundation.organisations.queries import organisation

    body = organisation(uscc)
    assert body is not None
    admin = actor(Role.SYSTEM_ADMIN)
    do("organisations", "suspend", admin, body.code, reason="登记信息有误。")


def test_the_purpose_is_the_products(product: Any) -> None:
    with refused("orders.purpose-differs", "R26"):
        order(product, purpose="SECTOR")


def test_governance_is_not_charged(product: Any) -> None:
    with refused("orders.free-purpose-charged", "R32"):
        order(product, purpose="PUBLIC_GOVERNANCE")


def test_the_term_lies_ahead(product: Any) -> None:
    with refused("orders.term-past"):
        order(product, ends_on="2026-03-02")


def test_the_operator_does_not_order_in_its_own_scope(product: Any) -> None:
    with refused("orders.operator-buys", "R25"):
        order(product, actor(Role.CONSUMER, organisation=make.OPERATOR))


def test_each_party_acts_for_itself(product: Any) -> None:
    case = order(product)
    with refused("orders.not-a-party"):
        do("orders", "accept", actor(Role.CONSUMER, roles=(Role.OPERATOR,)), case.code, at=NOON)


def test_a_key_is_shown_once_and_kept_as_a_digest(product: Any) -> None:
    case = make.an_active_order(product)
    text = make.a_key(case)
    prefix, secret = text.removeprefix("dk_").split(".")
    key = ApiKey.objects.get(order=case)
    assert (key.prefix, key.digest) == (prefix, hashlib.sha256(secret.encode()).hexdigest())
    assert len(secret) >= 43  # 256 bits
    assert all(secret not in str(e.payload) for e in Entry.objects.filter(case_id=case.code))


def test_a_live_order_says_what_may_be_called(product: Any) -> None:
    case = make.an_active_order(product)
    live = live_order(make.a_key(case), product.slug, NOON)
    assert (live.code, live.consumer, live.product_code) == (case.code, make.CONSUMER, product.code)
    assert (live.edition, live.price_fen, live.purpose, live.quota_calls) == (1, 45, "INDUSTRY", 3)


@pytest.mark.parametrize("text", ["", "dk_", "dk_00000000.x", "Bearer nothing", "dk_zzzzzzzz." + "a" * 43])
def test_an_unknown_key_opens_nothing(product: Any, text: str) -> None:
    with refused("orders.bad-key", kind=NotPermitted):
        live_order(text, product.slug, NOON)


def test_a_prefix_without_its_secret_opens_nothing(product: Any) -> None:
    text = make.a_key(make.an_active_order(product))
    with refused("orders.bad-key", kind=NotPermitted):
        live_order(text[:-1] + ("A" if text[-1] != "A" else "B"), product.slug, NOON)


def test_a_new_key_ends_the_earlier_one(product: Any) -> None:
    case = make.an_active_order(product)
    first, second = make.a_key(case), make.a_key(case)
    with refused("orders.bad-key", kind=NotPermitted):
        live_order(first, product.slug, NOON)
    assert live_order(second, product.slug, NOON).code == case.code


def test_a_revoked_key_opens_nothing(product: Any) -> None:
    case = make.an_active_order(product)
    text = make.a_key(case)
    do("orders", "revoke-key", Role.OPERATOR, case.code, at=NOON)
    with refused("orders.bad-key", kind=NotPermitted):
        live_order(text, product.slug, NOON)


def test_a_key_is_for_its_own_product(product: Any) -> None:
    text = make.a_key(make.an_active_order(product))
    with refused("orders.other-product", "R26"):
        live_order(text, "another-product", NOON)


def test_an_order_ends_with_its_term_and_when_closed(product: Any) -> None:
    case = make.an_active_order(product)
    text = make.a_key(case)
    assert live_order(text, product.slug, NOON + timedelta(days=300)).code == case.code
    with refused("orders.not-active", "R26"):
        live_order(text, product.slug, NOON + timedelta(days=305))
    do("orders", "close", Role.CONSUMER, case.code, at=NOON, reason="项目结束。")
    with refused("orders.bad-key", kind=NotPermitted):
        live_order(text, product.slug, NOON)


def test_an_order_ends_with_its_quota(product: Any) -> None:
    case = make.an_active_order(product)
    text = make.a_key(case)
    make.metered(case, 2)
    assert live_order(text, product.slug, NOON).code == case.code
    make.metered(case, 1)
    with refused("orders.quota-used-up"):
        live_order(text, product.slug, NOON)


def test_an_order_ends_with_its_price(product: Any) -> None:
    text = make.a_key(make.an_active_order(product))
    do("tariffs", "withdraw", Role.AUTHORIZER, tariff(product).code, reason=make.WHY)
    with refused("orders.no-price", "R38"):
        live_order(text, product.slug, NOON)


def test_usage_is_summed_by_price(product: Any) -> None:
    case = make.an_active_order(product)
    make.metered(case, 2, price_fen=45)
    make.metered(case, 3, price_fen=40, at=NOON + timedelta(days=1))
    make.metered(case, 1, billable=False)
    assert used(case, NOON, NOON + timedelta(days=2)) == [
        {"price_fen": 40, "calls": 3, "amount_fen": 120},
        {"price_fen": 45, "calls": 2, "amount_fen": 90},
    ]


@pytest.mark.parametrize("sql", ["UPDATE orders_usage SET price_fen = 0", "DELETE FROM orders_usage"])
def test_the_meter_is_append_only(product: Any, sql: str) -> None:
    make.metered(make.an_active_order(product))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Usage.objects.get().price_fen == 45


def test_what_is_not_billed_costs_nothing(product: Any) -> None:
    case = make.an_active_order(product)
    row = Usage(order=case, product=product.slug, edition=1, at=NOON, rows=0, bytes=0, billable=False, price_fen=1,
                ledger_index=9, request_digest="0", result_digest="0")  # fmt: skip
    with pytest.raises(IntegrityError, match="unbilled_usage_costs_nothing"), transaction.atomic():
        row.save()


def test_from_order_to_key(product: Any) -> None:
    case = make.an_active_order(product)
    make.a_key(case)
    kinds = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", "to_state")
    assert list(kinds) == [("orders.order", "ordered"), ("orders.accept", "active"), ("orders.issue-key", "active")]


def test_a_refused_act_leaves_no_order(product: Any) -> None:
    with refused("orders.source-not-stated"):
        order(product, source_seen=False)
    assert not Order.objects.exists()
    entry = Entry.objects.order_by("-index").first()
    assert entry is not None
    assert (entry.kind, entry.outcome) == ("orders.order", "refused")


def test_an_order_is_for_its_parties(product: Any) -> None:
    case = order(product)
    for role in (Role.CONSUMER, Role.OPERATOR, Role.DEVELOPER, Role.AUDITOR):
        assert get_case("orders", case.code, actor(role)) == case
    for by in (actor(Role.CONSUMER, organisation=make.OTHER), actor(Role.PROVIDER), actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(NotFound):
            get_case("orders", case.code, by)
    assert get_case("orders", case.code, PLATFORM) == case


@pytest.mark.parametrize("ground", [g for g, _ in REFUSAL_GROUNDS])
def test_an_order_is_refused_only_on_a_ground_of_the_list(product: Any, ground: str) -> None:
    case = order(product)
    refuse = {"ground": ground, "reason": "按清单事由办理。"}
    if ground == "IDENTITY":  # both parties are on record
        with refused("orders.ground-not-on-record", "R27"):
            do("orders", "refuse", Role.OPERATOR, case.code, at=NOON, **refuse)
    else:
        assert do("orders", "refuse", Role.OPERATOR, case.code, at=NOON, **refuse).ground == ground


def test_no_other_ground_will_do(product: Any) -> None:
    with refused("inputs.string-pattern-mismatch", kind=Invalid):
        do("orders", "refuse", Role.OPERATOR, order(product).code, at=NOON, ground="DISLIKE", reason="不愿提供。")


def test_order_and_acceptance_are_the_contract(product: Any) -> None:
    case = do("orders", "accept", Role.OPERATOR, order(product).code, at=NOON)
    assert (case.accepted_at, len(case.contract_digest)) == (NOON, 64)


def test_what_is_suspended_is_not_delivered(product: Any) -> None:
    case = make.an_active_order(product)
    key = make.a_key(case)
    do("orders", "suspend", Role.OPERATOR, case.code, at=NOON, ground="BREACH", reason="超出约定用途。")
    with refused("orders.not-active", "R26"):
        live_order(key, product.slug, NOON)
    do("orders", "resume", Role.OPERATOR, case.code, at=NOON, reason="已经整改。")
    assert live_order(key, product.slug, NOON).code == case.code


def test_a_completed_order_has_no_key_left(product: Any) -> None:
    case = make.an_active_order(product)
    make.a_key(case)
    do("orders", "complete", Role.CONSUMER, case.code, at=NOON, reason="验收合格。")
    assert not ApiKey.objects.filter(order=case, revoked_at=None).exists()


def test_only_a_prepaid_order_takes_deposits(product: Any) -> None:
    case = make.an_active_order(product)
    with refused("orders.not-prepaid"):
        do("orders", "deposit", Role.OPERATOR, case.code, at=NOON, amount_fen=1, reference="入账")
