"""Every page for every role: shown, or refused with a reason; never a bug, never the other language."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from tests.factories.people import NOON, actor, enrol_all

from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import case_types
from dianchi.kernel.actors import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Role], Client]

PUBLIC = (
    "/", "/?q=云南", "/authorizations", "/publicity", "/products", "/disclosure", "/certificates",
    "/certificates?code=TEST-1", "/complaints", "/sign-in",
)  # fmt: skip
WORK = ("/work", "/work?month=2026-02", "/notices", "/search?q=x", "/search", "/cockpit", "/ledger/0", "/ledger/999")
TABS = ("facts", "documents", "opinions", "timeline", "diagram")
PEOPLE = [r for r in Role if r is not Role.SYSTEM]
HAN = re.compile(r"[\u4e00-\u9fff]+")


@pytest.fixture
def cases() -> list[tuple[str, str]]:
    """A setting and the organisations of the tests."""
    enrol_all()
    inputs = {"key": "registration.publicity-days", "value": "10", "reason": "按规定执行"}
    setting = perform("parameters", "set", by=actor(Role.BUREAU), at=NOON, inputs=inputs).case
    organisation = case_types()["organisations"].model.objects.earliest("id")
    return [("parameters", setting.code), ("organisations", organisation.code)]


def pages_of_cases(cases: list[tuple[str, str]]) -> list[str]:
    found = []
    for kind in case_types().values():
        place = f"/cases/{kind.name}"
        found += [place, f"{place}?q=x&overdue=1&sort=title&since=2026-01-01", f"{place}/new", f"{place}/export.xlsx"]
        found += [f"/cases/{kind.name}/new/{a.name}" for a in kind.lifecycle.acts if a.opens]
    for name, code in cases:
        found += [f"/cases/{name}/{code}?tab={tab}" for tab in TABS]
        found += [f"/cases/{name}/{code}/{a.name}" for a in case_types()[name].lifecycle.acts]
    return found


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_answers_every_role(role: Role, signed_in: SignedIn, cases: list[tuple[str, str]]) -> None:
    client = signed_in(role)
    for page in (*PUBLIC, *WORK, *pages_of_cases(cases)):
        assert client.get(page).status_code in {200, 302, 403, 404}, page


def test_strangers_read_the_public_site_and_sign_in_for_the_rest(client: Client, cases: list[tuple[str, str]]) -> None:
    assert {client.get(page).status_code for page in PUBLIC} == {200}
    for page in (*WORK, *pages_of_cases(cases)):
        answer = client.get(page)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in"), page


def words(html: str) -> str:
    """What a person reads, without official document numbers and the switch to the other language."""
    html = re.sub(r"<(script|style|code)\b.*?</\1>|<form class=\"language\".*?</form>", " ", html, flags=re.DOTALL)
    html = re.sub(r'<span[^>]* lang="zh-CN">[^<]*</span>', " ", html)
    html = re.sub(
        r'<span class="example">.*?</span>', " ", html, flags=re.DOTALL
    )  # what people write, in their language
    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_public_english_pages_hold_no_chinese(client: Client) -> None:
    client.cookies["dianchi_language"] = "en"
    for page in PUBLIC:
        if "?" not in page:
            assert HAN.findall(words(client.get(page).content.decode())) == [], page


def test_english_forms_hold_no_chinese(signed_in: SignedIn) -> None:
    """Labels, help, choices, articles and buttons of every opening act; examples and names may be Chinese."""
    client = signed_in(Role.SYSTEM_ADMIN)
    client.cookies["dianchi_language"] = "en"
    found = {}
    for kind in case_types().values():
        for act in (a for a in kind.lifecycle.acts if a.opens):
            html = client.get(f"/cases/{kind.name}/new/{act.name}").content.decode()
            main = html[html.index("<main") :]
            main = re.sub(r"<(select|textarea).*?</\1>|<span class=\"example\">.*?</span>", " ", main, flags=re.DOTALL)
            main = re.sub(r"<label class=\"option\">.*?</label>", " ", main, flags=re.DOTALL)
            if left := HAN.findall(words(main)):
                found[f"{kind.name}.{act.name}"] = left
    assert found == {}


def test_chinese_public_pages_hold_no_english_words(client: Client) -> None:
    for page in PUBLIC:
        if "?" not in page:
            text = words(client.get(page).content.decode()).replace("English", "")
            assert re.findall(r"[A-Za-z]{3,}", text) == [], page


def test_no_page_needs_inline_script_or_style(signed_in: SignedIn, cases: list[tuple[str, str]]) -> None:
    client = signed_in(Role.BUREAU)
    for page in ("/", "/sign-in", "/work", "/cockpit", *pages_of_cases(cases)):
        answer = client.get(page)
        assert "default-src 'self'" in answer["Content-Security-Policy"], page
        assert "unsafe" not in answer["Content-Security-Policy"]
        html = answer.content.decode(errors="replace") if "html" in answer["Content-Type"] else ""
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", html), page
        scripts = re.findall(r"<script[^>]*>", html)
        assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts), page


def test_a_page_that_is_not_there_says_so_with_a_number(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert re.search(r"<code>[0-9A-F]{8}</code>", answer.content.decode())


def test_what_the_actor_may_not_see_does_not_exist(signed_in: SignedIn, cases: list[tuple[str, str]]) -> None:
    developer = signed_in(Role.DEVELOPER)
    assert developer.get(f"/cases/parameters/{cases[0][1]}").status_code == 404


def test_every_field_of_every_case_has_a_name() -> None:
    from dianchi.interfaces.web.sections import unnamed

    assert {kind.name: unnamed(kind) for kind in case_types().values() if unnamed(kind)} == {}
