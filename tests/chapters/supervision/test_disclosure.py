"""Disclosures: generated from the record by the end of March, checked, approved by another, corrected only openly."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import HOME, NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.supervision.disclosure.lifecycle import DISCLOSURE, Facts
from dianchi.chapters.supervision.disclosure.models import Disclosure
from dianchi.chapters.supervision.disclosure.precheck import NAMES, findings
from dianchi.chapters.supervision.disclosure.queries import flat, missing, overdue, to_call
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel import canonical
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import SHANGHAI

pytestmark = pytest.mark.django_db

ALLOWED = """
call: - -> due: implementer operator system
draft: due, drafted -> drafted: implementer operator
publish: drafted -> published: implementer operator
correct: published -> replaced: implementer operator
"""
JANUARY = datetime(2027, 1, 4, 12, tzinfo=SHANGHAI)
SECOND = {role: actor(role, person=f"second-{role.value}") for role in (Role.OPERATOR, Role.IMPLEMENTER)}


def test_who_may_do_what_from_where() -> None:
    assert matrix(DISCLOSURE, Facts()) == rows(ALLOWED)


def called(by: Any = Role.OPERATOR, at: Any = JANUARY, **changes: Any) -> Any:
    return do("disclosure", "call", by, at=at, **{"year": 2026} | changes)


def drafted(by: Role = Role.OPERATOR, at: Any = JANUARY, **changes: Any) -> Any:
    return do("disclosure", "draft", by, called(by, at).code, at=at, **{"contact": "0871-60000000"} | changes)


def published(by: Role = Role.OPERATOR, at: Any = JANUARY) -> Any:
    return do("disclosure", "publish", SECOND[by], drafted(by, at).code, at=at)


def test_the_platform_begins_it_at_new_year(agreement: Any) -> None:
    assert value("disclosure.due") == "03-31"
    assert list(to_call(NOON)) == []
    wanted = list(to_call(JANUARY))
    assert [(w["body"], w["role"]) for w in wanted] == [
        (HOME[Role.IMPLEMENTER][0], "implementer"), (make.OPERATOR, "operator"),
    ]  # fmt: skip
    for inputs in wanted:
        case = do("disclosure", "call", PLATFORM, at=JANUARY, **inputs)
        assert case.opened_for == inputs["body"]
        assert Due.objects.get(case_code=case.code, done_at=None).due_at == datetime(2027, 4, 1, tzinfo=SHANGHAI)
    assert list(to_call(JANUARY)) == []


def test_who_is_late_stands_on_the_overdue_list(agreement: Any) -> None:
    last = datetime(2027, 3, 31, 23, 59, tzinfo=SHANGHAI)
    april = datetime(2027, 4, 1, tzinfo=SHANGHAI)
    assert overdue(last, "03-31") == {}
    published()
    assert overdue(april, "03-31") == {HOME[Role.IMPLEMENTER][0]: "implementer"} == missing(2026)


def test_a_year_is_called_once(agreement: Any) -> None:
    called()
    with refused("disclosure.year-called"):
        called()
    with refused("disclosure.year-ahead"):
        called(year=2028)


def test_only_who_operated_discloses(agreement: Any) -> None:
    for by, changes in ((actor(Role.OPERATOR, organisation=make.OTHER), {}), (actor(Role.OPERATOR), {"body": make.OTHER}),
                        (actor(Role.OPERATOR), {"year": 2025})):  # fmt: skip
        with refused("disclosure.no-operation"):
            called(by, **changes)


def test_the_operators_pack_is_the_record(agreement: Any, product: Any) -> None:
    order = make.an_active_order(product, quota_calls=10)
    make.metered(order, 2)
    pack = drafted().pack
    assert pack["body"]["uscc"] == make.OPERATOR
    assert [r["code"] for r in pack["resources"]] == agreement.resources
    assert [(p["slug"], p["state"]) for p in pack["products"]] == [(product.slug, "listed")]
    assert [(p["price_fen"], p["cap_fen"], p["charge"]) for p in pack["prices"]] == [(45, 50, "PER_UNIT")]
    assert (pack["use"]["calls"], pack["use"]["consumers"], pack["use"]["orders"]) == (2, 1, 1)
    assert make.CONSUMER not in canonical.dumps(pack).decode()  # who buys is not disclosed


def test_the_institutions_pack_is_the_record(agreement: Any, product: Any) -> None:
    pack = drafted(Role.IMPLEMENTER).pack
    [one] = pack["authorizations"]
    assert (one["agreement"], one["operator"]["uscc"], one["method"]) == (
        agreement.code, make.OPERATOR, agreement.selection.method,
    )  # fmt: skip
    assert [c["cap_fen"] for c in pack["caps"]] == [50]


def test_what_the_ledger_does_not_bear_out_is_not_published(agreement: Any, product: Any) -> None:
    make.metered(make.an_active_order(product, quota_calls=10), 2)  # on the meter, not in the ledger
    case = drafted()
    assert {c["what"]: (c["said"], c["found"]) for c in case.checks}["deliveries-in-the-ledger"] == (2, 0)
    with refused("disclosure.books-differ", "R71"):
        do("disclosure", "publish", SECOND[Role.OPERATOR], case.code, at=JANUARY)


def test_a_pack_that_the_record_left_behind_is_drafted_again(agreement: Any, product: Any) -> None:
    case = drafted()
    tariff = product.tariff_set.get()
    do("tariffs", "reprice", Role.OPERATOR, tariff.code, at=NOON, price_fen=40)
    with refused("disclosure.record-has-moved", "R71"):
        do("disclosure", "publish", SECOND[Role.OPERATOR], case.code, at=JANUARY)
    do("disclosure", "draft", Role.OPERATOR, case.code, at=JANUARY)
    assert do("disclosure", "publish", SECOND[Role.OPERATOR], case.code, at=JANUARY).state == "published"


FORBIDDEN = {
    "state-secret": ["本报告属机密文件", "秘密★一年"],
    "trade-secret": ["含客户名单若干"],
    "security-detail": ["管理口令为八位", "出口地址10.12.3.4"],
    "personal-information": ["联系人手机13812345678", "身份证530102199001011231", "邮箱 wang@example.com"],
}


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in FORBIDDEN.items() for t in texts])
def test_what_must_stay_in_is_found(agreement: Any, kind: str, text: str) -> None:
    case = called()
    for field in ("note", "contact"):
        with refused("disclosure.forbidden-content", "R72") as seen:
            do("disclosure", "draft", Role.OPERATOR, case.code, at=JANUARY, **{field: text})
        assert NAMES[kind].en in seen.of("disclosure.forbidden-content").message.en


def test_every_kind_of_forbidden_content_is_tried() -> None:
    assert set(FORBIDDEN) == set(NAMES)
    assert findings(["运行平稳", {"a": ("机密性良好", "0871-12345678", "2026-03-02", "版本1.2.3")}], NOON.date()) == []


def test_a_pack_that_quotes_what_must_stay_in_is_not_published(agreement: Any, product: Any) -> None:
    with make.tried():
        type(product).objects.filter(pk=product.pk).update(title="客户名单统计")
        case = drafted()
        with refused("disclosure.pack-holds-forbidden", "R72"):
            do("disclosure", "publish", SECOND[Role.OPERATOR], case.code, at=JANUARY)


def test_nobody_approves_the_own_draft(agreement: Any) -> None:
    case = drafted()
    with refused("disclosure.own-draft", "R66"):
        do("disclosure", "publish", Role.OPERATOR, case.code, at=JANUARY)


def test_another_body_does_not_act_for_it(agreement: Any) -> None:
    case = published()
    with refused("disclosure.not-yours"):
        do(
            "disclosure",
            "correct",
            actor(Role.OPERATOR, organisation=make.OTHER),
            case.code,
            at=JANUARY,
            correction=make.WHY,
        )


def test_what_is_published_is_corrected_only_openly(agreement: Any) -> None:
    first = published()
    assert first.digest_sm3 == canonical.sm3(first.pack)
    first = do("disclosure", "correct", Role.OPERATOR, first.code, at=JANUARY, correction="价格单位有误。")
    second = published()
    assert (first.state, second.edition) == ("replaced", 2)
    assert get_case("disclosure", first.code, actor(Role.CONSUMER)).correction == "价格单位有误。"
    assert Entry.objects.filter(case_id=first.code, outcome="done").count() == 4


def test_the_pack_as_a_table(agreement: Any, product: Any) -> None:
    head, *lines = flat(published())
    assert head == ("section", "entry", "field", "value")
    assert ("prices", "1", "price_fen", "45") in lines
    assert ("body", "1", "uscc", make.OPERATOR) in lines


def test_a_refused_act_leaves_no_trace(agreement: Any) -> None:
    with refused("disclosure.year-ahead"):
        called(year=2028)
    assert not Disclosure.objects.exists()


def test_drafts_are_the_bodys_and_supervisions(agreement: Any) -> None:
    case = drafted()
    for role in (Role.OPERATOR, Role.BUREAU, Role.AUDITOR):
        assert get_case("disclosure", case.code, actor(role)) == case
    for role in (Role.CONSUMER, Role.DEVELOPER, Role.AUDIT_ADMIN):
        with pytest.raises(NotFound):
            get_case("disclosure", case.code, actor(role))
    do("disclosure", "publish", SECOND[Role.OPERATOR], case.code, at=JANUARY)
    assert get_case("disclosure", case.code, actor(Role.CONSUMER)) == case
