"""A developer at the workbench: writes, is refused and mends, tries, saves, runs for real, and sees the result."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.test_people_at_work import PHONE, sign_in
from tests.factories import operation as make
from tests.factories.authorization import an_agreement_in_force
from tests.factories.operation import BEGAN, do
from tests.gate.development.conftest import load, visits_table

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.foundation import clock
from dianchi.foundation.jobs.queue import run_next
from dianchi.gate import development, egress, trials
from dianchi.kernel.actors import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
GROUPED = "select prefecture_code, count(*) as n from visits group by 1"


@pytest.fixture
def demonstration_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands where the chain's term runs."""
    monkeypatch.setattr(clock, "now", lambda: BEGAN)


def a_request() -> object:
    agreement = an_agreement_in_force([make.visits().code])
    contract = make.a_contract_in_force(agreement)
    load(contract.resources[0], visits_table(), "first")
    assert item(contract.resources[0])
    return make.a_provisioned_request(contract)


def write(page: Page, text: str) -> None:
    """Type into the editor by keyboard alone."""
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def worked() -> None:
    for lane in (trials.SHORT, development.runs.LONG):
        while run_next(clock.now, lane=lane):
            pass


def working(route: Route) -> None:
    """The page asks how far its job is: the job is done first, so that the two never write at once."""
    worked()
    route.continue_()


def test_from_a_refused_query_to_a_result(open_page: OpenPage, demonstration_time: None) -> None:
    request = a_request()
    page = open_page()
    sign_in(page, Role.DEVELOPER)
    for polled in ("**/develop/tries/*", "**/develop/run/*"):
        page.route(polled, working)
    page.get_by_role("link", name="数据开发").click()
    expect(page.locator("#dev-verdict")).to_have_text("可以执行")

    write(page, "select phone from visits")
    expect(page.locator("#dev-verdict")).to_have_text("不能执行")
    expect(page.locator(".sql-bad")).to_have_text("phone")
    expect(page.locator("#dev-explain")).to_contain_text("修改办法")

    write(page, GROUPED)
    expect(page.locator("#dev-verdict")).to_have_text("可以执行")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".dev-trust")).to_contain_text("合成数据")
    expect(page.locator("#dev-result svg")).to_be_visible()

    page.get_by_role("button", name="真实数据预检").click()
    expect(page.locator("#dev-result")).to_contain_text("3 行")
    expect(page.locator("#dev-result")).to_contain_text("1 个分组因主体数不足未输出")

    page.get_by_label("程序名称").fill("分州市到访")
    page.get_by_role("button", name="保存程序").click()
    page.wait_for_url(re.compile("program="))
    code = page.url.rpartition("=")[2]
    page.get_by_role("button", name="正式运行").click()
    expect(page.locator("#dev-result")).to_contain_text("尚未核准")

    do("programs", "freeze", Role.DEVELOPER, code)
    do("programs", "approve", Role.OPERATOR, code, reason=make.WHY)
    page.reload()
    page.get_by_role("button", name="正式运行").click()
    page.get_by_role("link", name="查看结果").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("[data-chart] svg")).to_be_visible()
    assert request


def test_a_reviewer_sees_everything_on_one_screen_and_the_developer_receives_the_file(
    open_page: OpenPage, demonstration_time: None
) -> None:
    request = a_request()
    program = make.an_approved_program(request)
    run = do("runs", "start", Role.DEVELOPER, title="试运行", program=program.code, arguments=[])
    worked()
    inputs = {
        "title": "消费出域",
        "run": run.code,
        "form": "statistics",
        "description": "按州市。",
        "use": "行业报告用。",
    }
    case = do("egress", "request", Role.DEVELOPER, **inputs)
    egress.check(case.code, BEGAN)

    page = open_page()
    sign_in(page, Role.IMPLEMENTER)
    page.goto(f"/develop/egress/{case.code}")
    expect(page.locator(".points > li")).to_have_count(12)
    expect(page.locator("main")).to_contain_text("拟出域的结果")
    expect(page.locator("main")).to_contain_text("530300")
    page.get_by_role("link", name="提交审查意见").click()
    page.wait_for_url(re.compile("/review$"))

    confirmed = [str(n) for n in range(1, 13)]
    for role in (Role.OPERATOR, Role.IMPLEMENTER):
        do("egress", "review", role, case.code, favourable=True, reason=make.WHY, confirmed=confirmed)
    do("egress", "approve", Role.OPERATOR, case.code)
    page = open_page(PHONE, 812)
    sign_in(page, Role.DEVELOPER)
    page.goto(f"/develop/egress/{case.code}")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    with page.expect_download() as got:
        page.get_by_role("button", name="领取文件").click()
    assert got.value.suggested_filename == f"{case.code}-1.zip"


def test_the_workbench_on_a_phone_does_not_scroll_sideways(open_page: OpenPage, demonstration_time: None) -> None:
    a_request()
    page = open_page(PHONE, 812)
    sign_in(page, Role.DEVELOPER)
    page.goto("/develop")
    expect(page.locator("#dev-verdict")).to_have_text("可以执行")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
