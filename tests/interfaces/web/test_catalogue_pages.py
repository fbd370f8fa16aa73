"""Pages of the catalogue and of registration: what anybody may read, what those who take part do there."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.factories import resources as make
from tests.factories.people import HOME, actor
from tests.factories.resources import SAID, do

from dianchi.chapters.resources.catalogue.models import Item
from dianchi.foundation import clock
from dianchi.foundation.ledger import ledger_key, seal
from dianchi.interfaces.web import workbook
from dianchi.kernel.actors import Role

SignIn = Callable[[Role], Client]


@pytest.fixture
def registered() -> object:
    """A registration in force today."""
    at = clock.now()
    return make.registered(make.an_application(make.a_published_item(at=at), at=at).code, at=at)


# What anybody may read


@pytest.mark.django_db
def test_the_public_catalogue_shows_only_what_may_be_public(client: Client) -> None:
    shown = make.a_published_item(title="医疗机构名录", source_system="内部系统甲", contract={})
    hidden = make.a_published_item(title="重要水源地坐标", grade="IMPORTANT", risk_assessment="已评估，风险可控。")
    banned = make.a_published_item(title="不予授权的资源", attribute="FORBIDDEN", ground="测绘法第三十条")
    page = client.get("/catalogue").content.decode()
    assert shown.title in page
    assert hidden.title not in page
    assert banned.title not in page
    page = client.get(f"/catalogue/{shown.code}").content.decode()
    assert shown.summary in page
    assert "内部系统甲" not in page
    for code in (hidden.code, banned.code, make.a_draft_item(title="草稿").code, "ML-none"):
        assert client.get(f"/catalogue/{code}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["医疗", "yiliao", "yljg", "医院", "卫生机构"])
def test_search_by_words_pinyin_and_synonyms(client: Client, words: str) -> None:
    make.a_published_item(
        title="医疗机构名录", summary="名称和地址。", items=[make.column("name", "名称")], contract={}
    )
    make.a_published_item()
    page = client.get("/catalogue", {"q": words}).content.decode()
    assert "医疗机构名录" in page
    assert "云南省行政区划" not in page


@pytest.mark.django_db
def test_facets_narrow_and_can_be_taken_back(client: Client) -> None:
    make.a_published_item()
    make.a_published_item(
        by=actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0]), title="医疗机构名录", sector="卫生健康"
    )
    page = client.get("/catalogue", {"sector": "卫生健康"}).content.decode()
    assert ("医疗机构名录" in page, "云南省行政区划" in page) == (True, False)
    assert "民政" in page  # the other value of the same facet is still offered


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["?page=9999999", "?page=-1", "?q=%00", "?q=%22%27*()", "?region=xx&grade=zz"])
def test_odd_questions_are_answered(client: Client, asked: str) -> None:
    make.a_published_item()
    assert client.get(f"/catalogue{asked}").status_code == 200


@pytest.mark.django_db
def test_a_publicity_has_its_page_and_leads_to_the_objection(client: Client) -> None:
    at = clock.now()
    case = make.in_publicity(make.an_application(make.a_published_item(at=at), at=at).code, at=at)
    assert f"/publicity/{case.code}" in client.get("/publicity").content.decode()
    page = client.get(f"/publicity/{case.code}").content.decode()
    assert all(
        text in page
        for text in (case.title, case.summary, "云南省文化和旅游厅", f"/cases/registration/{case.code}/object")
    )
    assert case.risk_assessment not in page
    do(
        "registration",
        "object",
        Role.CONSUMER,
        case.code,
        at=at,
        objector="孙丽",
        objection="内容有误。",
        objection_evidence="截图一份",
    )
    page = client.get(f"/publicity/{case.code}")
    assert (page.status_code, "孙丽" in page.content.decode()) == (200, False)


@pytest.mark.django_db
def test_what_is_being_renewed_or_changed_is_in_force(client: Client, registered: object) -> None:
    do("registration", "apply-change", Role.PROVIDER, registered.code, at=clock.now(), change_kind="RESOURCE",  # type: ignore[attr-defined]
       reason=SAID, proposal={"summary": "五级区划。"})  # fmt: skip
    code = registered.query_code  # type: ignore[attr-defined]
    assert code in client.get("/publicity").content.decode()
    assert "变更审核中" in client.get("/certificates", {"code": code}).content.decode()


@pytest.mark.django_db
def test_a_disclosure_can_be_read(client: Client) -> None:
    assert client.get("/disclosure/PL-none").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_certificate_is_checked_by_code_and_by_file(client: Client, registered: object) -> None:
    seal(clock.now(), ledger_key(), Path(settings.DIANCHI_VAR) / "ledger")
    code = registered.query_code  # type: ignore[attr-defined]
    file = client.get(f"/certificates/{code}.json")
    assert file["Content-Disposition"] == f'attachment; filename="{code}.json"'
    assert client.get(f"/certificates/{code}.pdf").content.startswith(b"%PDF-")
    good = client.post("/certificates", {"file": SimpleUploadedFile("c.json", file.content)}).content.decode()
    assert "凭证真实，且为最新一版" in good
    forged = json.loads(file.content)
    forged["statement"]["title"] = "另一个名称"
    bad = client.post(
        "/certificates", {"file": SimpleUploadedFile("c.json", json.dumps(forged).encode())}
    ).content.decode()
    assert "不能确认" in bad
    assert "另一个名称" not in bad
    none = client.post("/certificates", {"file": SimpleUploadedFile("c.json", b"not json")})
    assert none.status_code == 422
    assert client.get("/certificates/TEST-000000000000.json").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_certificate_that_was_followed_by_another_says_so(client: Client, registered: object) -> None:
    seal(clock.now(), ledger_key(), Path(settings.DIANCHI_VAR) / "ledger")
    file = client.get(f"/certificates/{registered.query_code}.json").content  # type: ignore[attr-defined]
    do("registration", "apply-change", Role.PROVIDER, registered.code, change_kind="RESOURCE", reason=SAID,  # type: ignore[attr-defined]
       proposal={"summary": "五级区划。"})  # fmt: skip
    do("registration", "change", Role.REGISTRAR, registered.code)  # type: ignore[attr-defined]
    page = client.post("/certificates", {"file": SimpleUploadedFile("c.json", file)}).content.decode()
    assert "凭证真实，但之后已有新的登记情况" in page


# Those who take part


def test_those_who_take_part_find_what_is_published_also_what_is_not_public(signed_in: SignIn) -> None:
    make.a_published_item(title="重要水源地坐标", grade="IMPORTANT", risk_assessment="已评估，风险可控。")
    assert "重要水源地坐标" in signed_in(Role.OPERATOR).get("/find").content.decode()
    assert "重要水源地坐标" not in signed_in(Role.SYSTEM_ADMIN).get("/find").content.decode()


def test_editions_are_compared_and_the_draft_is_for_its_own(signed_in: SignIn) -> None:
    item = make.a_published_item()
    proposal = make.item_inputs(update_frequency="quarterly", contract={})
    do("catalogue", "prepare-change", Role.PROVIDER, item.code, change_reason=SAID, proposed_grade="GENERAL-1",
       proposed_basis=SAID, proposal=proposal)  # fmt: skip
    address = f"/cases/catalogue/{item.code}/editions"
    own = signed_in(Role.PROVIDER).get(address, {"to": "draft"}).content.decode()
    assert ("每季度" in own, "拟订中的变更" in own) == (True, True)
    other = signed_in(Role.CONSUMER).get(address, {"to": "draft"}).content.decode()
    assert ("每季度" in other, "拟订中的变更" in other) == (False, False)


def test_the_form_of_a_change_starts_from_what_is_published(signed_in: SignIn) -> None:
    item = make.a_published_item()
    page = signed_in(Role.PROVIDER).get(f"/cases/catalogue/{item.code}/prepare-change").content.decode()
    assert f'value="{item.title}"' in page


def test_the_desk_lists_what_is_due_and_gives_the_outbox_out(signed_in: SignIn, registered: object) -> None:
    client = signed_in(Role.REGISTRAR)
    make.an_application(make.a_published_item(title="新资源", at=clock.now()), at=clock.now())
    page = client.get("/registration-desk").content.decode()
    assert "新资源" in page
    assert registered.code in page  # type: ignore[attr-defined]
    archive = client.get("/registration-desk/outbox.zip")
    assert archive.content.startswith(b"PK")
    assert signed_in(Role.PROVIDER).get("/registration-desk/outbox.zip").status_code == 403


def test_the_objector_is_named_to_the_registrar_alone(signed_in: SignIn) -> None:
    at = clock.now()
    case = make.in_publicity(make.an_application(make.a_published_item(at=at), at=at).code, at=at)
    do(
        "registration",
        "object",
        Role.CONSUMER,
        case.code,
        at=at,
        objector="孙丽",
        objection="内容有误。",
        objection_evidence="截图一份",
    )
    seen = {
        role: "孙丽" in signed_in(role).get(f"/cases/registration/{case.code}").content.decode()
        for role in (Role.REGISTRAR, Role.PROVIDER, Role.BUREAU)
    }
    assert seen == {Role.REGISTRAR: True, Role.PROVIDER: False, Role.BUREAU: False}


# Import


def filled(items: list[dict[str, object]], columns: list[dict[str, object]]) -> bytes:
    """The template with rows."""
    book = load_workbook(BytesIO(workbook.template()))
    for name, rows in ((workbook.ITEMS, items), (workbook.COLUMNS, columns)):
        heads = [c.value for c in book[name][1]]
        for row in rows:
            assert set(row) <= set(heads), set(row) - set(heads)
            book[name].append([row.get(h) for h in heads])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


RESOURCE = {"资源名称": "客运站名录", "摘要": "全省客运站。", "所属领域": "交通运输", "更新频率": "每月", "授权属性": "可授权", "采集依据": "道路运输条例",
            "空间范围": "530100、530300", "时间范围自": "2024-01-01", "涉及国家秘密": "否"}  # fmt: skip
FIELD = {
    "资源名称": "客运站名录",
    "字段名": "name",
    "中文名称": "名称",
    "类型": "VARCHAR",
    "允许用途": "原样输出、筛选",
}


def upload(client: Client, data: bytes) -> object:
    return client.post("/catalogue-import", {"file": SimpleUploadedFile("目录.xlsx", data)})


def test_a_workbook_is_checked_row_by_row_then_imported(signed_in: SignIn) -> None:
    client = signed_in(Role.PROVIDER)
    wrong = RESOURCE | {"资源名称": "医院名录", "更新频率": "有空就更新"}
    banned = RESOURCE | {"资源名称": "测绘成果", "授权属性": "不予授权"}
    columns = [
        FIELD,
        FIELD | {"资源名称": "医院名录"},
        FIELD | {"资源名称": "测绘成果"},
        FIELD | {"资源名称": "没有的资源"},
    ]
    page = upload(client, filled([RESOURCE, wrong, banned], columns)).content.decode()  # type: ignore[attr-defined]
    assert "资源 3 更新频率" in page
    assert "资源 4 条件或不予授权的依据" in page
    assert "数据项 5" in page
    assert Item.objects.count() == 0
    page = upload(client, filled([RESOURCE, wrong], columns[:2])).content.decode()  # type: ignore[attr-defined]
    assert "导入 1 项" in page
    client.post("/catalogue-import", {"_import": "1"})
    item = Item.objects.get()
    assert (item.title, item.update_frequency, item.coverage, item.state) == (
        "客运站名录",
        "monthly",
        ["530100", "530300"],
        "draft",
    )
    assert item.items[0]["uses"] == ["select", "filter"]
    client.post("/catalogue-import", {"_import": "1"})
    assert Item.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(signed_in: SignIn, data: bytes) -> None:
    assert upload(signed_in(Role.PROVIDER), data).status_code == 422  # type: ignore[attr-defined]


def test_a_workbook_without_names_repeats_none(signed_in: SignIn) -> None:
    page = upload(signed_in(Role.PROVIDER), filled([RESOURCE, RESOURCE], [FIELD])).content.decode()  # type: ignore[attr-defined]
    assert "表中有同名资源" in page


def test_only_providers_import(signed_in: SignIn) -> None:
    assert signed_in(Role.CONSUMER).get("/catalogue-import").status_code == 403


def test_the_template_explains_each_column() -> None:
    book = load_workbook(BytesIO(workbook.template()))
    assert book.sheetnames == [workbook.ITEMS, workbook.COLUMNS, workbook.NOTES]
    told = {row[0].value: row[2].value for row in book[workbook.NOTES].iter_rows(min_row=2)}
    assert "每月" in told["更新频率"]
    assert {c.value for c in book[workbook.ITEMS][1]} <= set(told)
