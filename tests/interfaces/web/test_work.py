"""People at work: signing in, filling in, being refused, doing, and finding it again."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.factories.accounts import PASSWORD, account, appoint
from tests.factories.people import HOME, NOON, actor, enrol_all
from tests.factories.resources import a_draft_item, a_published_item, item_inputs

from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import case_type
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Role], Client]


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]


def posted(inputs: dict[str, object]) -> dict[str, object]:
    """Inputs as the form of the catalogue sends them."""
    flat: dict[str, object] = {}
    for name, value in inputs.items():
        if name == "items":
            for i, row in enumerate(value):  # type: ignore[arg-type, var-annotated]
                flat |= {f"items.{i}.{k}": v for k, v in row.items() if v is not None}
        elif isinstance(value, bool):
            flat |= {name: "yes"} if value else {}
        elif not isinstance(value, dict):
            flat[name] = value
    return flat


def test_a_wrong_password_is_refused_and_then_the_account_is_locked() -> None:
    person = account(Role.PROVIDER)
    client = Client()
    statuses = [
        client.post("/sign-in", {"username": person.username, "password": "wrong"}).status_code for _ in range(12)
    ]
    assert statuses[0] == 403
    assert statuses[-1] == 503
    locked = client.post("/sign-in", {"username": person.username, "password": PASSWORD})
    assert locked.status_code == 503
    assert "暂时锁定" in text(locked)


def test_signing_in_leads_back_but_never_to_another_site() -> None:
    person = account(Role.PROVIDER)
    ours = "/cases/catalogue?q=x"
    for asked, led in ((ours, ours), ("https://elsewhere.example/", "/work"), ("//elsewhere.example", "/work")):
        answer = Client().post("/sign-in", {"username": person.username, "password": PASSWORD, "next": asked})
        assert answer["Location"] == led


def test_a_person_with_two_organisations_chooses_for_which_to_act(signed_in: SignedIn) -> None:
    client = signed_in(Role.PROVIDER)
    enrol_all()
    appoint(account_of("of.provider"), Role.OPERATOR, HOME[Role.OPERATOR][0])
    assert HOME[Role.PROVIDER][1] in text(client.get("/work"))
    client.post("/switch", {"organisation": HOME[Role.OPERATOR][0]})
    assert f"<b>{HOME[Role.OPERATOR][1]}</b>" in text(client.get("/work"))
    client.post("/switch", {"organisation": HOME[Role.BUREAU][0]})
    assert f"<b>{HOME[Role.OPERATOR][1]}</b>" in text(client.get("/work"))


def account_of(username: str) -> object:
    from dianchi.foundation.identity.models import Person

    return Person.objects.get(username=username)


def test_a_case_is_opened_by_form_once_however_often_it_is_sent(signed_in: SignedIn) -> None:
    client = signed_in(Role.PROVIDER)
    form = text(client.get("/cases/catalogue/new"))
    sent = posted(item_inputs()) | {"_key": hidden(form, "_key")}
    first, second = client.post("/cases/catalogue/new", sent), client.post("/cases/catalogue/new", sent)
    assert first.status_code == second.status_code == 302, text(first)
    assert first["Location"] == second["Location"]
    case = case_type("catalogue").model.objects.get()
    assert case.title == item_inputs()["title"]
    assert [i["name"] for i in case.items] == [i["name"] for i in item_inputs()["items"]]
    assert Entry.objects.filter(kind="catalogue.draft").count() == 1


def test_what_is_wrong_is_said_at_the_field_and_in_a_summary_that_links_there(signed_in: SignedIn) -> None:
    client = signed_in(Role.PROVIDER)
    answer = client.post("/cases/catalogue/new", posted(item_inputs(title="x")) | {"_key": "k"})
    assert answer.status_code == 422
    assert '<a href="#f-title">' in text(answer)
    assert 'id="f-title" name="title" value="x"' in text(answer)
    assert 'aria-invalid="true"' in text(answer)
    assert hidden(text(answer), "_key") == "k"


def test_a_blocked_act_says_why_with_article_and_remedy_before_anything_is_entered(signed_in: SignedIn) -> None:
    client = signed_in(Role.PROVIDER)
    case = a_draft_item()
    page = text(client.get(f"/cases/catalogue/{case.code}"))
    blocked = re.search(r'<details class="blocked">.*?</ul>\s*</details>', page, re.DOTALL)
    assert blocked
    assert "尚未分类分级" in blocked[0]
    assert 'class="cite"' in blocked[0]
    refused = client.post(f"/cases/catalogue/{case.code}/submit", {"_key": "k"})
    assert refused.status_code == 409
    assert "尚未分类分级" in text(refused)


def test_whoever_was_slower_must_look_again(signed_in: SignedIn) -> None:
    client = signed_in(Role.PROVIDER)
    case = a_draft_item()
    where = f"/cases/catalogue/{case.code}/revise"
    seen = hidden(text(client.get(where)), "_version")
    perform(
        "catalogue", "revise", by=actor(Role.PROVIDER), at=NOON, code=case.code, inputs=item_inputs(title="他人的修改")
    )
    for _ in range(2):
        late = client.post(where, posted(item_inputs()) | {"_key": "k", "_version": seen})
        assert late.status_code == 409
        assert "过时" in text(late)
    case.refresh_from_db()
    assert case.title == "他人的修改"


def test_a_form_is_kept_as_a_draft_until_it_is_sent(signed_in: SignedIn) -> None:
    client = signed_in(Role.PROVIDER)
    kept = client.post("/cases/catalogue/new", {"title": "半成品", "_keep": "1"})
    assert kept.status_code == 204
    assert 'value="半成品"' in text(client.get("/cases/catalogue/new"))
    client.post("/cases/catalogue/new", {"_discard": "1"})
    assert "半成品" not in text(client.get("/cases/catalogue/new"))


def test_rows_are_added_without_a_script(signed_in: SignedIn) -> None:
    client = signed_in(Role.PROVIDER)
    sent = posted(item_inputs()) | {"_add": "items"}
    page = text(client.post("/cases/catalogue/new", sent))
    rows = len(item_inputs()["items"])
    assert f'name="items.{rows}.name"' in page
    assert f'name="items.{rows + 1}.name"' not in page
    assert not case_type("catalogue").model.objects.exists()


def test_what_waits_is_on_the_workbench_and_gone_when_done(signed_in: SignedIn) -> None:
    case = a_draft_item()
    provider = actor(Role.PROVIDER)
    from tests.factories.resources import grading

    perform("catalogue", "grade", by=provider, at=NOON, code=case.code, inputs=grading())
    bureau = signed_in(Role.BUREAU)
    assert "/publish" not in text(bureau.get("/work"))
    perform("catalogue", "submit", by=provider, at=NOON, code=case.code)
    page = text(bureau.get("/work"))
    assert f'href="/cases/catalogue/{case.code}/publish"' in page
    done = bureau.post(f"/cases/catalogue/{case.code}/publish", {"_key": "k"})
    assert done.status_code == 302
    assert f'href="/cases/catalogue/{case.code}/publish"' not in text(bureau.get("/work"))


def test_the_address_holds_the_view_and_the_export_is_what_is_filtered(signed_in: SignedIn) -> None:
    client = signed_in(Role.BUREAU)
    a_published_item(title="云南省行政区划")
    a_draft_item(title="旅游景区名录")
    page = text(client.get("/cases/catalogue?q=行政"))
    assert "云南省行政区划" in page
    assert "旅游景区名录" not in page
    book = load_workbook(BytesIO(client.get("/cases/catalogue/export.xlsx?q=行政").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["名称", "云南省行政区划"]


def test_a_formula_in_a_title_stays_text_in_the_export(signed_in: SignedIn) -> None:
    client = signed_in(Role.BUREAU)
    a_published_item(title="=HYPERLINK(1)")
    book = load_workbook(BytesIO(client.get("/cases/catalogue/export.xlsx").content))
    assert book.active["B2"].value == "'=HYPERLINK(1)"
    assert book.active["B2"].data_type == "s"


def test_search_opens_an_exact_code_and_finds_by_name_only_what_may_be_seen(signed_in: SignedIn) -> None:
    case = a_draft_item(title="未公开的草稿")
    provider, developer = signed_in(Role.PROVIDER), signed_in(Role.DEVELOPER)
    assert provider.get(f"/search?q={case.code.lower()}")["Location"] == f"/cases/catalogue/{case.code}"
    assert case.code in text(provider.get("/search?q=未公开"))
    assert case.code not in text(developer.get("/search?q=未公开"))


def test_the_timeline_leads_to_the_entry_of_the_ledger(signed_in: SignedIn) -> None:
    case = a_draft_item()
    provider, developer = signed_in(Role.PROVIDER), signed_in(Role.DEVELOPER)
    index = Entry.objects.get(case_id=case.code).index
    assert f'href="/ledger/{index}"' in text(provider.get(f"/cases/catalogue/{case.code}?tab=timeline"))
    assert "尚未封存" in text(provider.get(f"/ledger/{index}"))
    assert developer.get(f"/ledger/{index}").status_code == 404


def test_the_language_is_chosen_by_cookie_and_kept(client: Client) -> None:
    assert "登录" in text(client.get("/", headers={"Accept-Language": "en"}))
    client.post("/language", {"language": "en", "next": "/products"})
    page = client.get("/")
    assert "Sign in" in text(page)
    assert page["Content-Language"] == "en"
