"""What a person does: signs in, sees what waits, opens a case, acts by keyboard, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.factories.accounts import PASSWORD, account
from tests.factories.people import NOON, actor
from tests.factories.resources import a_draft_item, a_published_item, grading

from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import case_type
from dianchi.kernel.actors import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
PHONE = 375


def sign_in(page: Page, role: Role) -> None:
    person = account(role)
    page.goto("/sign-in")
    page.get_by_label("账号").fill(person.username)
    page.get_by_label("口令").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/work")


def submitted() -> object:
    case = a_draft_item()
    for act, inputs in (("grade", grading()), ("submit", None)):
        perform("catalogue", act, by=actor(Role.PROVIDER), at=NOON, code=case.code, inputs=inputs)
    return case


def test_from_the_workbench_to_the_act_by_keyboard_alone(open_page: OpenPage) -> None:
    case = submitted()
    page = open_page()
    sign_in(page, Role.BUREAU)
    page.get_by_role("link", name="审核发布").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/publish$"))
    page.get_by_role("button", name="审核发布").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已办理")
    assert case_type("catalogue").model.objects.get(code=case.code).state == "published"  # type: ignore[attr-defined]
    page.get_by_role("link", name="流程图").click()
    expect(page.locator("svg.lifecycle .now")).to_contain_text("已发布")


def test_a_citation_opens_its_card_and_closes_by_escape(open_page: OpenPage) -> None:
    case = a_draft_item()
    page = open_page()
    sign_in(page, Role.PROVIDER)
    page.goto(f"/cases/catalogue/{case.code}")
    blocked = page.locator("details.blocked").first
    blocked.locator("summary").first.press("Enter")
    expect(blocked).to_contain_text("尚未分类分级")
    cite = blocked.locator("details.cite").first
    cite.locator("summary").press("Enter")
    expect(cite.locator(".cite-card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(cite.locator(".cite-card")).to_be_hidden()


def test_rows_are_added_and_drafts_kept_while_one_types(open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, Role.PROVIDER)
    page.goto("/cases/catalogue/new")
    page.get_by_label("资源名称").fill("自动保存的名称")
    page.get_by_role("button", name="增加一行").click()
    expect(page.locator(".entry-row")).to_have_count(2)
    page.get_by_role("button", name="删除这一行").last.click()
    expect(page.locator(".entry-row")).to_have_count(1)
    expect(page.locator("[data-kept]")).to_have_text("草稿已保存")
    page.reload()
    expect(page.get_by_label("资源名称")).to_have_value("自动保存的名称")


def test_a_list_narrows_as_one_types_and_the_address_follows(open_page: OpenPage) -> None:
    a_published_item(title="云南省行政区划")
    a_published_item(title="旅游景区名录")
    page = open_page()
    sign_in(page, Role.BUREAU)
    page.goto("/cases/catalogue")
    expect(page.locator("#results tbody tr")).to_have_count(2)
    page.locator("#f-q").fill("行政")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert "q=" in page.url


@pytest.mark.parametrize("width", [PHONE, 768, 1440])
def test_no_page_scrolls_sideways(open_page: OpenPage, width: int) -> None:
    case = submitted()
    page = open_page(width)
    where = ["/", "/authorizations", "/publicity", "/products", "/disclosure", "/certificates?code=x", "/complaints"]
    for address in where:
        page.goto(address)
        assert not overflow(page), address
    sign_in(page, Role.BUREAU)
    code = case.code  # type: ignore[attr-defined]
    work = ["/work", "/notices", "/cockpit", "/cases/catalogue", "/cases/parameters/new", "/nowhere-to-be-found?"]
    tabs = [f"/cases/catalogue/{code}?tab={tab}" for tab in ("facts", "documents", "opinions", "timeline", "diagram")]
    for address in [*work[:-1], *tabs, f"/cases/catalogue/{code}/publish", f"/cases/catalogue/{code}/return"]:
        page.goto(address)
        assert not overflow(page), address


def overflow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_work_is_done_without_any_script(open_page: OpenPage) -> None:
    case = submitted()
    page = open_page(script=False)
    sign_in(page, Role.BUREAU)
    expect(page.get_by_role("navigation", name="主菜单")).to_contain_text("资源目录")
    page.goto(f"/cases/catalogue/{case.code}/publish")  # type: ignore[attr-defined]
    page.get_by_role("button", name="审核发布").last.click()
    expect(page.get_by_role("status")).to_contain_text("已办理")


def test_the_cockpit_draws_its_chart_beside_its_table(open_page: OpenPage) -> None:
    a_published_item()
    page = open_page()
    sign_in(page, Role.BUREAU)
    page.goto("/cockpit")
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    expect(page.get_by_role("heading", name="按地区")).to_be_visible()
