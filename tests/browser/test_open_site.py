"""What a stranger does: finds a resource, reads it, checks a certificate by code and by file, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from tests.factories import resources as make

from dianchi.foundation import clock
from dianchi.foundation.ledger import ledger_key, seal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]


@pytest.mark.parametrize(("width", "script"), [(1440, True), (375, True), (1440, False)])
def test_a_stranger_finds_a_resource_and_checks_its_certificate(
    open_page: OpenPage, tmp_path: Path, width: int, script: bool
) -> None:
    at = clock.now()
    item = make.a_published_item(at=at)
    make.a_published_item(at=at, title="医疗机构名录", items=[make.column("name", "名称")], contract={})
    case = make.registered(make.an_application(item, at=at).code, at=at)
    seal(case.state_since, ledger_key(), Path(settings.DIANCHI_VAR) / "ledger")
    page = open_page(width, script=script)

    page.goto("/catalogue")
    page.get_by_label("检索目录").fill("xzqh")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("共 1 项")
    page.get_by_role("link", name=item.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(item.title)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto("/certificates")
    page.get_by_label("登记码", exact=True).fill(case.query_code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("已登记")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="下载凭证文件").click()
    file = tmp_path / "certificate.json"
    downloaded.value.save_as(file)
    page.get_by_label("选择或拖入登记凭证文件").set_input_files(file)
    page.get_by_role("button", name="核验").last.click()
    expect(page.locator("#checked")).to_contain_text("凭证真实，且为最新一版")
    expect(page.locator("#checked li.good")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(f"/certificates?code={case.query_code[:-1]}0X")
    expect(page.get_by_role("alert")).to_contain_text(re.compile("没有这个登记码"))
