"""The API: tokens, lists, one operation for each act, problem documents, idempotency, preconditions."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories.accounts import PASSWORD, account
from tests.factories.people import HOME, enrol_all
from tests.factories.resources import a_draft_item, item_inputs

from dianchi.foundation.cases.registry import case_types
from dianchi.foundation.identity.models import Person
from dianchi.foundation.ledger.models import Entry
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Role

pytestmark = pytest.mark.django_db
FIRM = HOME[Role.DEVELOPER][0]
SETTING = {"key": "security.lock-minutes", "value": "20", "reason": "试行期间缩短"}


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem document of an answer."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["code"] == body["refusals"][0]["code"]
    assert body["type"] == f"urn:dianchi:{body['code']}"
    return body


class TestSession:
    """From a password to a token and back."""

    def test_a_password_gives_a_token_that_says_who_one_is(self, nobody, call):
        person = account(Role.DEVELOPER)
        opened = nobody.post("/session", {"username": person.username, "password": PASSWORD})
        assert opened.status_code == 200
        body = opened.json()
        assert (body["organisation"], body["roles"], body["expires_in"]) == (FIRM, ["developer"], 43200)
        caller = type(nobody)(body["token"])
        assert caller.get("/session").json()["organisation_name"] == HOME[Role.DEVELOPER][1]
        assert caller.delete("/session").status_code == 204
        problem(caller.get("/session"), 401)

    def test_a_wrong_password_says_no_more_than_an_unknown_account(self, nobody):
        person = account(Role.DEVELOPER)
        answers = [
            problem(nobody.post("/session", {"username": u, "password": "x"}), 403) for u in (person.username, "none")
        ]
        assert answers[0] == answers[1]

    def test_a_locked_account_is_told_when_to_come_back(self, nobody):
        person = account(Role.DEVELOPER)
        for _ in range(5):
            nobody.post("/session", {"username": person.username, "password": "x"})
        answer = nobody.post("/session", {"username": person.username, "password": PASSWORD})
        assert problem(answer, 503)["code"] == "identity.locked"
        assert answer["Retry-After"]

    def test_without_a_role_there_is_no_token(self, nobody):
        enrol_all()
        person = Person(username="idle", name="无任用")
        person.set_password(PASSWORD)
        person.save()
        assert (
            problem(nobody.post("/session", {"username": "idle", "password": PASSWORD}), 403)["code"]
            == "identity.no-role"
        )

    def test_an_organisation_one_does_not_act_for_is_refused(self, nobody):
        person = account(Role.DEVELOPER)
        ask = {"username": person.username, "password": PASSWORD, "organisation": HOME[Role.BUREAU][0]}
        problem(nobody.post("/session", ask), 403)

    @pytest.mark.parametrize(
        "path", ["/session", "/organisations", "/organisations/X", "/organisations/X/acts", "/ledger/0"]
    )
    def test_nothing_is_read_without_a_token(self, nobody, path: str):
        answer = nobody.get(path)
        assert problem(answer, 401)["code"] == "api.sign-in-first"
        assert answer["WWW-Authenticate"].startswith("Bearer")


class TestLists:
    """What one sees, page by page."""

    def test_pages_cover_everything_once_in_order(self, call):
        caller = call(Role.BUREAU)
        enrol_all()
        codes, cursor, pages = [], "", 0
        while True:
            page = caller.get("/organisations", limit=4, cursor=cursor).json()
            codes += [item["code"] for item in page["items"]]
            pages, cursor = pages + 1, page["next"]
            if cursor is None:
                break
        assert len(codes) == len(set(codes)) == len(HOME)
        assert pages == 3
        assert codes == [item["code"] for item in caller.get("/organisations", limit=100).json()["items"]]

    def test_a_case_opened_meanwhile_shifts_no_page(self, call):
        caller = call(Role.PROVIDER)
        for n in range(4):
            a_draft_item(title=f"区划第{n}表")
        first = caller.get("/catalogue", limit=2).json()
        a_draft_item(title="后来的表")
        second = caller.get("/catalogue", limit=2, cursor=first["next"]).json()
        assert [i["title"] for i in first["items"] + second["items"]] == [f"区划第{n}表" for n in (3, 2, 1, 0)]

    def test_filtered_by_state_and_words(self, call):
        caller = call(Role.SYSTEM_ADMIN)
        enrol_all()
        case = organisation(FIRM)
        caller.post(f"/organisations/{case.code}/suspend", {"reason": "核查期间暂停"})
        assert [i["code"] for i in caller.get("/organisations", state="suspended").json()["items"]] == [case.code]
        assert [i["code"] for i in caller.get("/organisations", q="数智").json()["items"]] == [case.code]
        assert [i["code"] for i in caller.get("/organisations", q=case.code.lower()).json()["items"]] == [case.code]
        assert caller.get("/organisations", state="suspended", q="旅游厅").json() == {"items": [], "next": None}

    @pytest.mark.parametrize("cursor", ["滇", "!!!", "AAAA", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk"])
    def test_a_made_up_cursor_harms_nothing(self, call, cursor: str):
        answer = call(Role.BUREAU).get("/organisations", cursor=cursor)
        assert answer.status_code in (200, 422)

    def test_a_limit_that_is_no_number(self, call):
        assert problem(call(Role.BUREAU).get("/organisations", limit="many"), 422)["refusals"][0]["field"] == "limit"

    def test_others_cases_are_not_there(self, call):
        setting = call(Role.BUREAU).post("/parameters", SETTING).json()["case"]
        developer = call(Role.DEVELOPER)
        assert developer.get("/parameters").json()["items"] == []
        unseen = [problem(developer.get(f"/parameters/{code}{more}"), 404) for code in (setting["code"], "CS-2026-00000-00000")
                  for more in ("", "/acts", "/timeline")]  # fmt: skip
        assert all(body == unseen[0] for body in unseen)
        assert problem(developer.post(f"/parameters/{setting['code']}/withdraw"), 404) == unseen[0]


class TestActs:
    """One typed operation for each act."""

    def test_a_case_is_opened_read_and_acted_on(self, call):
        caller = call(Role.PROVIDER)
        opened = caller.post("/catalogue", item_inputs())
        assert opened.status_code == 201
        case, index = opened.json()["case"], opened.json()["ledger_index"]
        assert (case["state"], case["state_label"], case["version"]) == ("draft", "草稿", 1)
        assert caller.get(f"/catalogue/{case['code']}").json() == case
        (moment,) = caller.get(f"/catalogue/{case['code']}/timeline").json()
        assert (moment["index"], moment["kind"], moment["to_state"]) == (index, "catalogue.draft", "draft")
        acts = {a["act"]: a for a in caller.get(f"/catalogue/{case['code']}/acts").json()}
        assert acts["revise"]["allowed"] is True
        assert acts["submit"]["allowed"] is False
        assert [r["code"] for r in acts["submit"]["refusals"]] == ["catalogue.not-graded"]

    def test_it_speaks_english_when_asked(self, call):
        caller = call(Role.PROVIDER)
        code = caller.post("/catalogue", item_inputs()).json()["case"]["code"]
        assert caller.get(f"/catalogue/{code}", lang="en-GB").json()["state_label"] == "Draft"
        assert caller.get(f"/catalogue/{code}/timeline", lang="en").json()[0]["title"] == "Draft"

    def test_acts_of_time_alone_are_no_operations(self, call):
        assert call(Role.BUREAU).post("/memberships/RY-1/found", {}).status_code == 404

    def test_the_same_request_sent_twice_is_done_once(self, call):
        caller = call(Role.BUREAU)
        first, again = (caller.post("/parameters", SETTING, Idempotency_Key="k-1") for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert Entry.objects.filter(kind="parameters.set").count() == 1
        other = caller.post("/parameters", SETTING | {"value": "25"}, Idempotency_Key="k-1")
        assert problem(other, 422)["code"] == "cases.idempotency-key-reused"

    def test_two_long_keys_are_never_taken_for_one(self, call):
        answer = call(Role.BUREAU).post("/parameters", SETTING, Idempotency_Key="k" * 81)
        assert problem(answer, 422)["code"] == "api.bad-key"

    @pytest.mark.parametrize("tag", ["1", '"1"', 'W/"1"', "*"])
    def test_a_precondition_that_holds(self, call, tag: str):
        caller = call(Role.BUREAU)
        code = caller.post("/parameters", SETTING).json()["case"]["code"]
        assert caller.post(f"/parameters/{code}/withdraw", If_Match=tag).status_code == 200

    @pytest.mark.parametrize(
        ("tag", "status", "said"),
        [
            ('"2"', 409, "cases.version-conflict"), ('"0"', 409, "cases.version-conflict"), ("", 422, "api.bad-version"),
            ('"latest"', 422, "api.bad-version"), ("²", 422, "api.bad-version"), ('"1", "2"', 422, "api.bad-version"),
            ("9" * 30, 422, "api.bad-version"),
        ],
    )  # fmt: skip
    def test_a_precondition_is_never_passed_over(self, call, tag: str, status: int, said: str):
        caller = call(Role.BUREAU)
        code = caller.post("/parameters", SETTING).json()["case"]["code"]
        assert problem(caller.post(f"/parameters/{code}/withdraw", If_Match=tag), status)["code"] == said
        assert caller.get(f"/parameters/{code}").json()["state"] == "in-force"


class TestProblems:
    """The five kinds of refusal, in both languages, and what the framework itself refuses."""

    def both(self, ask: Any, status: int) -> tuple[dict[str, Any], dict[str, Any]]:
        zh, en = problem(ask("zh-CN"), status), problem(ask("en"), status)
        assert zh["code"] == en["code"]
        assert any("\u4e00" <= c <= "\u9fff" for c in zh["title"] + zh["detail"])
        assert en["title"].isascii()
        assert not any("\u4e00" <= c <= "\u9fff" for c in en["detail"])
        return zh, en

    def test_invalid(self, call):
        caller = call(Role.SYSTEM_ADMIN)
        body = {"uscc": FIRM[:-1] + "0", "kind": "club", "region": "530100", "more": 1}
        zh, _ = self.both(lambda lang: caller.post("/organisations", body, Accept_Language=lang), 422)
        assert {(r["field"], r["code"]) for r in zh["refusals"]} == {
            ("name", "inputs.missing"), ("uscc", "uscc.not-valid"), ("kind", "inputs.string-pattern-mismatch"),
            ("more", "inputs.extra-forbidden"),
        }  # fmt: skip
        assert "请填写“机构名称”" in [r["message"] for r in zh["refusals"]]

    def test_not_permitted(self, call):
        caller = call(Role.DEVELOPER)
        code = organisation(FIRM).code
        zh, en = self.both(
            lambda lang: caller.post(
                f"/organisations/{code}/suspend", {"reason": "核查期间暂停"}, Accept_Language=lang
            ),
            403,
        )
        assert zh["code"] == "organisations.not-your-role"
        assert zh["refusals"][0]["article_key"] == "GBT22239"
        assert en["refusals"][0]["remedy"]

    def test_not_found(self, call):
        caller = call(Role.DEVELOPER)
        self.both(lambda lang: caller.get("/organisations/JG-0", lang=lang), 404)

    def test_rule_broken(self, call):
        caller = call(Role.BUREAU)
        zh, _ = self.both(lambda lang: caller.post("/parameters", SETTING | {"value": "1"}, Accept_Language=lang), 409)
        assert zh["refusals"][0]["field"] == "value"

    def test_try_later(self, call):
        enrol_all()
        caller = call(Role.AUDITOR)
        self.both(lambda lang: caller.get("/ledger/0", lang=lang), 503)  # recorded, not sealed yet

    @pytest.mark.parametrize("body", ["{", "", "null", "[]", '"x"', b"\xff\xfe", "{" * 3000, '{"reason": NaN}'])
    def test_a_body_that_is_none(self, call, body: str | bytes):
        caller = call(Role.SYSTEM_ADMIN)
        answer = caller.post(f"/organisations/{organisation(FIRM).code if organisation(FIRM) else 'X'}/suspend", body)
        assert answer.status_code in (400, 404, 422)
        problem(answer, answer.status_code)

    def test_a_body_that_is_too_large(self, call):
        answer = call(Role.BUREAU).post("/parameters", SETTING | {"reason": "长" * 3_000_000})
        problem(answer, 413)

    @pytest.mark.parametrize("path", ["/no-such-kind", "/organisations/X/no-such-act"])
    def test_no_such_address_is_a_problem_document_too(self, call, path: str):
        assert problem(call(Role.BUREAU).get(path), 404)

    def test_no_such_method(self, call):
        answer = call(Role.BUREAU).delete("/organisations")
        assert answer.status_code == 405
        assert "GET" in answer["Allow"]

    def test_a_bug_is_answered_with_a_number_and_nothing_else(self, call, monkeypatch: pytest.MonkeyPatch):
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError("secret value")

        caller = call(Role.BUREAU)
        monkeypatch.setitem(vars(case_types()["parameters"]), "facts", broken)
        body = problem(caller.post("/parameters", SETTING), 500)
        assert "secret" not in str(body)
        assert body["code"] == "api.unexpected"
