"""The pages of developing: who may open them, what they answer, what they never show to whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories import operation as make
from tests.factories.operation import do
from tests.gate.development.conftest import PLACES, SMALL, contract, data_request, program, store
from tests.gate.development.test_egress import LATER, asked, opine, worked

from dianchi.foundation import clock
from dianchi.foundation.jobs.queue import run_next
from dianchi.interfaces.web import results
from dianchi.kernel.actors import Role

__all__ = ["contract", "data_request", "program", "store"]  # fixtures
pytestmark = pytest.mark.django_db
SignedIn = Callable[[Role], Client]


@pytest.fixture(autouse=True)
def _in_the_term(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands where the chain's term runs."""
    monkeypatch.setattr(clock, "now", lambda: LATER)


def posted(client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(path, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()[:400]
    return dict(answer.json())


def given(request: Any, sql: str = make.QUERY, **changes: Any) -> dict[str, Any]:
    return {"request": request.code, "sql": sql, "parameters": [], "arguments": {}, "holdings": []} | changes


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CONSUMER, Role.BUREAU, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_the_workbench_is_for_developers(signed_in: SignedIn, data_request: Any, role: Role) -> None:
    client = signed_in(role)
    assert client.get("/develop").status_code == 403
    answer = client.post("/develop/explain", json.dumps(given(data_request)), content_type="application/json")
    assert answer.status_code == 403


def test_strangers_sign_in_first(client: Client, db: None) -> None:
    assert client.get("/develop").status_code == 302


def test_the_workbench_says_what_each_column_means_and_may_be_used_for(signed_in: SignedIn, data_request: Any) -> None:
    page = signed_in(Role.DEVELOPER).get("/develop").content.decode()
    for said in ("消费金额", "可汇总", "掩码后可见", "不足 10 个主体的分组不输出", "不得使用"):
        assert said in page
    assert "<script>" not in page
    assert " onclick" not in page


def test_an_explanation_in_the_language_of_the_page(signed_in: SignedIn, data_request: Any) -> None:
    client = signed_in(Role.DEVELOPER)
    told = posted(client, "/develop/explain", given(data_request, "select phone from visits"))
    assert "未授予" in told["refusals"][0]["message"]
    client.cookies["dianchi_language"] = "en"
    told = posted(client, "/develop/explain", given(data_request, "select phone from visits"))
    assert told["refusals"][0]["message"].isascii()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"request": 1}'])
def test_what_cannot_be_read_is_refused_in_words(signed_in: SignedIn, data_request: Any, body: bytes) -> None:
    answer = signed_in(Role.DEVELOPER).post("/develop/explain", body, content_type="application/json")
    assert [r["code"] for r in answer.json()["refusals"]] == ["development.not-readable"]


def test_saving_trying_running_and_seeing_the_result(signed_in: SignedIn, data_request: Any) -> None:
    client = signed_in(Role.DEVELOPER)
    saved = posted(client, "/develop/save", given(data_request, title="分州市到访", program=""))
    assert (saved["edition"], saved["state"]) == (1, "draft")
    again = posted(client, "/develop/save", given(data_request, title="分州市到访", program=saved["code"]))
    assert [r["code"] for r in again["refusals"]] == ["programs.nothing-changed"]
    tried = posted(client, "/develop/try/dry", given(data_request))
    assert client.get(f"/develop/tries/{tried['key']}").json() == {"outcome": None}
    while run_next(clock.now, lane="trial."):
        pass
    assert client.get(f"/develop/tries/{tried['key']}").json()["outcome"]["total"] == 3
    early = posted(client, "/develop/start", given(data_request, program=saved["code"]))
    assert "programs.not-approved" in [r["code"] for r in early["refusals"]]
    do("programs", "freeze", Role.DEVELOPER, saved["code"], at=LATER)
    do("programs", "approve", Role.OPERATOR, saved["code"], at=LATER, reason=make.WHY)
    run = posted(client, "/develop/start", given(data_request, program=saved["code"]))
    assert run["under_way"]
    worked()
    assert client.get(f"/develop/run/{run['code']}").json()["state"] == "isolated"
    page = client.get(run["url"]).content.decode()
    assert all(place in page for place in PLACES)
    assert SMALL not in page
    assert "1 个分组因主体数不足未输出" in page


def test_a_try_is_for_who_asked(signed_in: SignedIn, data_request: Any) -> None:
    client = signed_in(Role.DEVELOPER)
    assert [r["code"] for r in client.get("/develop/tries/nothing").json()["refusals"]] == ["development.no-such-try"]


def test_an_isolated_result_is_for_its_developer_alone(signed_in: SignedIn, program: Any) -> None:
    case = asked(program)
    assert signed_in(Role.DEVELOPER).get(f"/develop/runs/{case.run.code}").status_code == 200
    for role in (Role.OPERATOR, Role.IMPLEMENTER, Role.AUDITOR):
        client = signed_in(role)
        assert client.get(f"/develop/runs/{case.run.code}").status_code == 403
        assert "530300" not in client.get(f"/cases/runs/{case.run.code}").content.decode()


def test_reviewers_see_the_result_others_only_the_evidence(signed_in: SignedIn, program: Any) -> None:
    case = asked(program)
    for role, sees in ((Role.OPERATOR, True), (Role.IMPLEMENTER, True), (Role.BUREAU, False), (Role.AUDITOR, False)):
        page = signed_in(role).get(f"/develop/egress/{case.code}").content.decode()
        assert "不是原始数据，与来源不相似" in page
        assert ("530300" in page) is sees, role


def test_an_earlier_output_stands_beside_with_what_differs(
    signed_in: SignedIn, program: Any, data_request: Any
) -> None:
    first = asked(program)
    for role in (Role.OPERATOR, Role.IMPLEMENTER):
        opine(first, role)
    do("egress", "approve", Role.OPERATOR, first.code, at=LATER)
    narrower = "select prefecture_code, count(*) as visits from visits where visited_on < date '2026-01-25' group by 1"
    case = asked(make.an_approved_program(data_request, sql=narrower), title="一月到访")
    page = signed_in(Role.IMPLEMENTER).get(f"/develop/egress/{case.code}").content.decode()
    assert first.title in page
    assert "visits ②−①" in page
    assert 'class="added"' in page


def test_the_file_leaves_by_its_own_button(signed_in: SignedIn, program: Any) -> None:
    case = asked(program)
    client = signed_in(Role.DEVELOPER)
    assert client.post(f"/develop/egress/{case.code}/file").status_code == 409
    for role in (Role.OPERATOR, Role.IMPLEMENTER):
        opine(case, role)
    do("egress", "approve", Role.OPERATOR, case.code, at=LATER)
    answer = client.post(f"/develop/egress/{case.code}/file")
    assert answer["Content-Disposition"] == f'attachment; filename="{case.code}-1.zip"'
    assert signed_in(Role.OPERATOR).post(f"/develop/egress/{case.code}/file").status_code == 403


def test_versions_are_compared_for_the_approver_too(signed_in: SignedIn, program: Any, data_request: Any) -> None:
    changed = make.program_inputs(data_request, sql=make.QUERY.replace("count(*) as visits", "count(*) as trips"))
    do("programs", "revise", Role.DEVELOPER, program.code, at=LATER, **changed)
    page = signed_in(Role.OPERATOR).get(f"/develop/programs/{program.code}/versions").content.decode()
    assert 'class="removed"' in page
    assert "as trips" in page
    assert "第 1 版 → 第 2 版" in page


def test_own_data_come_in_by_their_page(signed_in: SignedIn, contract: Any, tmp_path: Path) -> None:
    case = make.an_approved_holding(contract)
    client = signed_in(Role.DEVELOPER)
    path = f"/develop/holdings/{case.code}"
    wrong = client.post(path, {"file": SimpleUploadedFile("rooms.csv", b"code,rooms\n530100,many\n")})
    assert wrong.status_code == 422
    assert "不符合申明的字段和类型" in wrong.content.decode()
    sent = client.post(path, {"file": SimpleUploadedFile("rooms.csv", b"code,rooms\n530100,10\n")})
    assert sent.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.file_name) == ("in-use", "rooms.csv")


def test_outputs_are_aligned_by_their_keys() -> None:
    old = pa.table({"place": ["a", "b", "c"], "n": [10, 20, 30]})
    new = pa.table({"place": ["b", "c", "d"], "n": [20, 31, 40]})
    found = results.compare(old, new)
    assert found is not None
    assert found["names"] == ["place", "n ①", "n ②", "n ②−①"]
    assert found["rows"] == [["c", 30, 31, 1], ["d", None, 40, None], ["a", 10, None, None]]


def test_outputs_without_shared_keys_are_not_aligned() -> None:
    old = pa.table({"place": ["a"], "n": [1]})
    assert results.compare(old, pa.table({"day": ["x"], "n": [1]})) is None
    assert results.compare(old, pa.table({"place": ["a", "a"], "n": [1, 2]})) is None
