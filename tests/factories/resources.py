"""Resources of the tests, built through the one door: an item on the catalogue, a load in service, a registration."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dianchi.foundation.cases.perform import perform
from dianchi.kernel.actors import PLATFORM, Actor, Role
from dianchi.kernel.canonical import sha256, sm3
from tests.factories.people import NOON, actor, enrol_all

LONG_AGO = NOON - timedelta(days=60)  # when what a test finds already there was done
SAID = "经审查，符合要求。"


def do(kind: str, act: str, by: Role | Actor, code: str | None = None, at: datetime = LONG_AGO, **inputs: Any) -> Any:
    """One act; the case afterwards."""
    who = by if isinstance(by, Actor) else actor(by)
    return perform(kind, act, by=who, at=at, code=code, inputs=inputs or None).case


def column(
    name: str,
    title: str,
    type_: str = "VARCHAR",
    *,
    uses: tuple[str, ...] = ("select",),
    category: str = "",
    aggregates: tuple[str, ...] = (),
    mask: str = "",
) -> dict[str, Any]:
    """One data item."""
    return {
        "name": name,
        "title": title,
        "type": type_,
        "uses": list(uses),
        "category": category,
        "aggregates": list(aggregates),
        "mask": mask,
        "length": None,
        "grade": "",
    }


DIVISIONS = (
    column("code", "区划代码"),
    column("name", "名称"),
    column("level", "级别"),
    column("parent_code", "上级代码"),
)
VISITS = (
    column("person_id", "证件号码", uses=("join",), category="direct-identifier"),
    column("name", "姓名", uses=("mask",), category="direct-identifier", mask="surname"),
    column("phone", "手机号码", uses=(), category="direct-identifier"),
    column("prefecture_code", "州市代码", uses=("group", "filter"), category="quasi-identifier"),
    column("visited_on", "到访日期", "DATE", uses=("group", "filter"), category="quasi-identifier"),
    column(
        "spend",
        "消费金额",
        "DECIMAL(12,2)",
        uses=("aggregate",),
        category="sensitive",
        aggregates=("count", "sum", "avg"),
    ),
)
DIVISIONS_CONTRACT: dict[str, Any] = {
    "resource": "divisions",
    "columns": [
        {"name": "code", "required": True, "unique": True},
        {"name": "name", "required": True},
        {"name": "level"},
        {"name": "parent_code"},
    ],
    "rules": [
        {"name": "known-level", "kind": "set", "columns": ["level"], "values": ["province", "prefecture", "county"]}
    ],
}


def item_inputs(**changes: Any) -> dict[str, Any]:
    """What a department states of a resource that is about nobody."""
    return {
        "title": "云南省行政区划",
        "summary": "全省省、州市、县、乡四级区划。",
        "sector": "民政",
        "update_frequency": "yearly",
        "attribute": "ALLOWED",
        "legal_basis": "行政区划管理条例",
        "items": list(DIVISIONS),
        "contract": DIVISIONS_CONTRACT,
    } | changes


def visits_inputs(**changes: Any) -> dict[str, Any]:
    """What the tourism department states of visits, each about one person."""
    return (
        item_inputs(
            title="入滇游客到访",
            summary="游客到访各州市的记录。",
            sector="文化旅游",
            subject_type="person",
            subject_column="person_id",
            min_subjects=10,
            update_frequency="daily",
            items=list(VISITS),
            contract={},
        )
        | changes
    )


def grading(grade: str = "GENERAL-1", **changes: Any) -> dict[str, Any]:
    """A grade with its basis."""
    return {"grade": grade, "grading_basis": "按重要性和影响程度逐项判断。"} | changes


def a_draft_item(*, by: Actor | None = None, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """An item that its department has only begun."""
    enrol_all()
    return perform("catalogue", "draft", by=by or actor(Role.PROVIDER), at=at, inputs=item_inputs(**changes)).case


def a_published_item(
    *, by: Actor | None = None, grade: str = "", risk_assessment: str = "", at: datetime = LONG_AGO, **changes: Any
) -> Any:
    """An item on the published catalogue; `changes` are inputs of the draft."""
    by = by or actor(Role.PROVIDER)
    grade = grade or ("GENERAL-3" if changes.get("subject_type") == "person" else "GENERAL-1")
    code = a_draft_item(by=by, at=at, **changes).code
    perform("catalogue", "grade", by=by, at=at, code=code, inputs=grading(grade, risk_assessment=risk_assessment))
    perform("catalogue", "submit", by=by, at=at, code=code)
    return perform("catalogue", "publish", by=actor(Role.BUREAU), at=at, code=code).case


def receipt(rows: int = 3, quarantined: int = 0, batch: str = "batch-1", **changes: Any) -> dict[str, Any]:
    """What an intake would report of a file."""
    return {
        "batch": batch,
        "source_name": "divisions.csv",
        "rows_received": rows + quarantined,
        "rows_accepted": rows,
        "rows_quarantined": quarantined,
        "bytes_received": 100,
        "sm3": sm3(batch),
        "sha256": sha256(batch),
        "snapshot": "1",
        "schema_version": 0,
    } | changes


def an_open_load(item: Any, *, by: Actor | None = None, at: datetime = LONG_AGO) -> Any:
    """A supply that waits for its file."""
    by = by or actor(Role.PROVIDER, organisation=item.opened_for)
    return perform("supply", "open", by=by, at=at, inputs={"item": item.code}).case


def a_received_load(item: Any, *, at: datetime = LONG_AGO, **counts: Any) -> Any:
    """A load whose receipt stands and that nobody has verified."""
    code = an_open_load(item, at=at).code
    inputs = receipt(**({"batch": code} | counts))
    return perform("supply", "receive", by=PLATFORM, at=at, code=code, inputs=inputs).case


def a_load_in_service(item: Any, *, at: datetime = LONG_AGO, **counts: Any) -> Any:
    """A load that is in use, on paper: the lake holds nothing of it."""
    code = a_received_load(item, at=at, **counts).code
    return perform("supply", "pass", by=actor(Role.BUREAU), at=at, code=code, inputs={"verdict": SAID}).case


OF_A_PRODUCT = {"product_info": "分组统计结果，按次调用。", "scenario": "州市态势分析。"}


def application(
    object_code: str,
    *,
    title: str = "云南省行政区划",
    object_type: str = "1",
    evidence_digest: str = "",
    **changes: Any,
) -> dict[str, Any]:
    """What a registrant states."""
    return {
        "title": title,
        "object_type": object_type,
        "object_code": object_code,
        "summary": "全省四级区划。",
        "source_statement": "依法定职责采集。",
        "evidence_digest": evidence_digest or sm3(object_code),
        "risk_assessment": "不涉及个人信息，风险低。",
        "situation": "全省四级区划，每年更新。",
        "storage": "省级平台数据湖，加密存储。",
        "internal_review": "信息中心已审核，同意登记。",
        "commitment": True,
        **(OF_A_PRODUCT if object_type == "2" else {}),
    } | changes


def an_application(item: Any, *, by: Actor | None = None, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """An application to register a resource that is in service."""
    load = a_load_in_service(item, at=at)
    by = by or actor(Role.PROVIDER, organisation=item.opened_for)
    inputs = application(item.code, title=item.title, evidence_digest=load.sm3, **changes)
    return perform("registration", "apply", by=by, at=at, inputs=inputs).case


def in_publicity(code: str, *, at: datetime = LONG_AGO) -> Any:
    """Take an application through acceptance and form review."""
    registrar = actor(Role.REGISTRAR)
    perform("registration", "accept", by=registrar, at=at, code=code)
    return perform("registration", "pass-review", by=registrar, at=at, code=code).case


def registered(code: str, *, at: datetime = LONG_AGO) -> Any:
    """Take an application to its code; the code is issued when the publicity is over."""
    until = in_publicity(code, at=at).publicity_until
    return perform("registration", "code", by=PLATFORM, at=until, code=code).case


def a_registered_item(*, by: Actor | None = None, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """A published resource in service with a registration in force from about two weeks after `at`."""
    item = a_published_item(by=by, at=at, **changes)
    registered(an_application(item, by=by, at=at).code, at=at)
    return item
