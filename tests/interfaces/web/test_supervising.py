# ruff: noqa: F811 - fixtures are imported by name
"""Pages of supervision: what stops is shown before it stops, clocks run where people see them, the public is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests.chapters.operation.conftest import (  # noqa: F401 - fixtures
    admission,
    agreement,
    contract,
    data_request,
    product,
    scenario,
    store,
)
from tests.chapters.supervision.test_contingencies import a_plan, drilled
from tests.chapters.supervision.test_exits import an_exit, an_exit_under_way, tick, witnessed
from tests.chapters.supervision.test_incidents import an_incident
from tests.factories import operation as make
from tests.factories.people import HOME, enrol_all
from tests.factories.supervision import do

from dianchi.chapters.supervision.complaints.queries import by_receipt
from dianchi.foundation import clock
from dianchi.foundation.cases.registry import case_type
from dianchi.kernel.actors import PLATFORM, Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Role], Client]
FORM = {"kind": "SERVICE", "title": "产品说明与实际不符", "text": "产品说明称按月更新，实际按季度更新。"}


def text(response: Any) -> str:
    assert response.status_code < 500
    return str(response.content.decode())


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    cache.clear()


def test_shutting_shows_what_stops_and_stops_it_only_once_confirmed(signed_in: SignedIn, product: Any) -> None:
    order = make.an_active_order(product)
    make.a_key(order)
    client, closures = signed_in(Role.BUREAU), case_type("closures").model.objects
    post = {"scope": "PRODUCT", "target": product.slug, "reason": "排查疑似异常输出。"}
    page = text(client.post("/cases/closures/new", post))
    assert order.code in page
    assert product.code in page
    assert "确认后将停止的事项" in page
    assert closures.count() == 0
    client.post("/cases/closures/new", post | {"_confirmed": "1"})
    assert closures.count() == 1


def test_what_an_act_would_refuse_is_not_confirmed(signed_in: SignedIn) -> None:
    page = text(
        signed_in(Role.BUREAU).post(
            "/cases/closures/new", {"scope": "PRODUCT", "target": "no-such", "reason": "排查异常。"}
        )
    )
    assert "没有这个关停对象" in page
    assert "确认后将停止的事项" not in page


def test_an_exit_shows_what_stops_before_it_is_confirmed_and_its_ten_steps_after(
    signed_in: SignedIn, product: Any, contract: Any
) -> None:
    order = make.an_active_order(product)
    client, case = signed_in(Role.BUREAU), an_exit(contract=contract.code)
    for page in (
        client.get(f"/cases/exits/{case.code}"),
        client.post(f"/cases/exits/{case.code}/confirm", {"reason": "双方协商一致。"}),
    ):
        assert order.code in text(page)
    case = do("exits", "withdraw", Role.BUREAU, case.code, reason="另行办理。")
    under_way = an_exit_under_way(contract=contract.code)
    witnessed(under_way)
    tick(under_way, "FREEZE")
    page = text(client.get(f"/cases/exits/{under_way.code}"))
    assert len(re.findall(r'<li class="(?:done|ready|)"><div class="grow"><b>', page)) == 10
    assert page.count("已完成 1 / 10") == 1
    assert "云数退〔2026〕1号" in page
    assert "杨文秀" in page


def test_an_incident_shows_its_clocks_and_the_watch_shows_it(signed_in: SignedIn) -> None:
    found = clock.now() - timedelta(minutes=30)
    case = an_incident(at=found, discovered_at=found.isoformat())
    client = signed_in(Role.BUREAU)
    page = text(client.get(f"/cases/incidents/{case.code}"))
    assert "法定时限" in page
    assert '<progress max="100" value="50"' in page
    watch = text(client.get("/emergency"))
    assert case.code in watch
    assert "向主管部门报告事件" in watch


def test_the_watch_names_who_has_no_plan_and_lists_drills(signed_in: SignedIn, contract: Any) -> None:
    enrol_all()
    drilled(a_plan())
    page = text(signed_in(Role.BUREAU).get("/emergency"))
    assert "没有预案" in page  # the institution and the developer
    assert "一键关停与四小时报告" in page
    assert HOME[Role.OPERATOR][1] in page


def test_anybody_complains_without_an_account_and_follows_it_by_the_receipt(client: Client) -> None:
    page = text(client.post("/complaints", FORM))
    code = re.search(r"TS-\d{4}-[0-9A-Z]{5}-[0-9A-Z]{5}", page)
    secret = re.search(r'<code class="secret">([^<]+)<', page)
    assert code
    assert secret
    assert by_receipt(code[0], secret[1]) is not None
    receipt = {"code": code[0], "secret": secret[1]}
    assert "待受理" in text(client.post("/complaints/status", receipt))
    at = clock.now()
    do("complaints", "acknowledge", Role.BUREAU, code[0], at=at)
    do("complaints", "ask", Role.BUREAU, code[0], at=at, question="请补充调用时间。")
    page = text(client.post("/complaints/status", receipt))
    assert "请补充调用时间。" in page
    assert "期间不计时" in page
    text(client.post("/complaints/status", receipt | {"_act": "supply", "supplement": "三月一日九时。"}))
    case = case_type("complaints").model.objects.get()
    assert (case.state, len(case.supplements)) == ("acknowledged", 1)


def test_a_wrong_receipt_shows_nothing(client: Client) -> None:
    text(client.post("/complaints", FORM))
    code = case_type("complaints").model.objects.get().code
    for receipt in ({"code": code, "secret": "wrong"}, {"code": code, "secret": ""}, {"code": "\0", "secret": "x"}):
        response = client.post("/complaints/status", receipt)
        assert response.status_code == 404
        assert FORM["title"] not in text(response)


def test_a_form_sent_twice_is_one_complaint(client: Client) -> None:
    for _ in range(2):
        assert client.post("/complaints", FORM | {"_key": "once-only-key"}).status_code == 200
    assert case_type("complaints").model.objects.count() == 1


def test_problems_are_shown_at_the_field_and_nothing_is_lost(client: Client) -> None:
    response = client.post("/complaints", FORM | {"kind": "RIGHTS", "against": "某产品"})
    assert response.status_code == 409
    page = text(response)
    assert "该类事项须实名并留联系方式" in page
    assert FORM["text"] in page
    assert case_type("complaints").model.objects.count() == 0


def test_one_address_cannot_flood_the_desk(client: Client) -> None:
    codes = [client.post("/complaints", FORM).status_code for _ in range(31)]
    assert set(codes[:30]) == {200}
    assert codes[30] == 503


def test_the_officer_reads_what_the_ledger_hides(signed_in: SignedIn) -> None:
    named = FORM | {"name": "李阿诗", "contact": "0871-12345678", "consent": True}
    case = do("complaints", "lodge", PLATFORM, **named)
    page = text(signed_in(Role.BUREAU).get(f"/cases/complaints/{case.code}"))
    assert "李阿诗" in page
    assert FORM["text"] in page
    page = text(signed_in(Role.AUDITOR).get(f"/cases/complaints/{case.code}"))
    assert "李阿诗" not in page
    assert FORM["text"] in page


@pytest.mark.parametrize("page", ["/complaints", "/complaints/status"])
def test_public_pages_have_an_english_side(client: Client, page: str) -> None:
    client.cookies["django_language"] = "en"
    assert client.get(page, headers={"accept-language": "en"}).status_code == 200
