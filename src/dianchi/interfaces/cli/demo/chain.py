"""The chain of the demonstration, each step by its own actor through the one door."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from django.db import DatabaseError, connection, transaction

from dianchi.chapters.operation.developers.lifecycle import CONDITIONS
from dianchi.foundation.ledger.models import Entry
from dianchi.interfaces.cli.demo import people as who
from dianchi.interfaces.cli.demo import words
from dianchi.interfaces.cli.demo.stage import Stage, found, supply
from dianchi.kernel.workdays import add_years, local_day

PRODUCTS = ("州市疫情态势查询", "州市游客消费统计", "文旅公益信息服务")


@dataclass
class Story:
    """What the chain has brought about so far."""

    items: dict[str, Any] = field(default_factory=dict)
    loads: dict[str, Any] = field(default_factory=dict)
    products: dict[str, Any] = field(default_factory=dict)
    requests: dict[str, Any] = field(default_factory=dict)
    authorization: Any = None
    plan: Any = None
    selection: Any = None
    agreement: Any = None
    contract: Any = None
    scenario: Any = None
    pricing: Any = None
    key: str = ""
    order: Any = None
    bill: Any = None
    answer: Any = None


def contract_of(name: str) -> dict[str, Any]:
    """A data contract that comes with the demonstration."""
    text = files("dianchi.interfaces.cli.demo").joinpath(f"contracts/{name}.yaml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def column(name: str, title: str, kind: str = "VARCHAR", *uses: str, **more: Any) -> dict[str, Any]:
    """A data item of the catalogue."""
    return {"name": name, "title": title, "type": kind, "uses": list(uses), **more}


ITEMS: dict[str, dict[str, Any]] = {
    "divisions": {
        "by": "minzheng", "grade": "GENERAL-1", "title": "云南省行政区划", "summary": "省、州市、县区、乡镇四级行政区划代码和名称。",
        "sector": "民政", "update_frequency": "yearly", "legal_basis": "行政区划管理条例", "contract": "yunnan_divisions",
        "items": [column("code", "区划代码", "VARCHAR", "select"), column("name", "名称", "VARCHAR", "select"),
                  column("level", "级别", "VARCHAR", "select"), column("parent_code", "上级代码", "VARCHAR", "select")],
    },
    "epidemic": {
        "by": "jikong", "grade": "GENERAL-1", "title": "新冠肺炎疫情逐日累计", "summary": "全国各地市逐日累计确诊、治愈、死亡人数。",
        "sector": "卫生健康", "update_frequency": "daily", "legal_basis": "传染病防治法", "contract": "epidemic_daily",
        "items": [column("date", "日期", "DATE", "select"), column("province", "省级行政区", "VARCHAR", "select"),
                  column("province_code", "省级代码", "VARCHAR", "select"), column("city", "地市", "VARCHAR", "select"),
                  column("city_code", "地市代码", "VARCHAR", "select"), column("confirmed", "累计确诊", "BIGINT", "select"),
                  column("suspected", "疑似", "BIGINT", "select"), column("cured", "累计治愈", "BIGINT", "select"),
                  column("dead", "累计死亡", "BIGINT", "select")],
    },
    "visits": {
        "by": "wenlv", "grade": "GENERAL-3", "title": "游客到访记录", "summary": "全省重点景区游客到访与消费记录，含个人信息，仅限统计使用。",
        "sector": "文化旅游", "update_frequency": "monthly", "legal_basis": "旅游法", "contract": "tourist_visits",
        "subject_type": "person", "subject_column": "person_id", "min_subjects": 10,
        "items": [column("visit_id", "记录编号"), column("person_id", "公民身份号码", "VARCHAR", "join", category="direct-identifier"),
                  column("name", "姓名", "VARCHAR", "mask", mask="surname", category="direct-identifier"), column("phone", "手机号", "VARCHAR", category="direct-identifier"),
                  column("prefecture_code", "州市代码", "VARCHAR", "group", "filter"),
                  column("visited_on", "到访日期", "DATE", "group", "filter"),
                  column("spend", "消费金额", "DECIMAL(12,2)", "aggregate", aggregates=["count", "sum", "avg"])],
    },
    "scenic": {
        "by": "wenlv", "grade": "GENERAL-1", "title": "旅游景区名录", "summary": "全省旅游景区名称、等级和所在区划。", "sector": "文化旅游",
        "update_frequency": "yearly", "legal_basis": "旅游法", "contract": "",
        "items": [column("name", "景区名称", "VARCHAR", "select"), column("level", "等级", "VARCHAR", "select")],
    },
}  # fmt: skip
TABLES = {
    "epidemic-summary": ["divisions", "epidemic"],
    "visitor-spend": ["visits"],
}


def play(stage: Stage, sources: dict[str, Path], password: str) -> Story:
    """The whole chain, from a department's file to a paid call, a bill and a public page."""
    story = Story()
    found(stage, password)
    catalogue(stage, story)
    authorize(stage, story)
    select(stage, story)
    agree(stage, story)
    bring_in(stage, story, sources)
    register_resources(stage, story)
    admit(stage, story)
    request(stage, story)
    develop(stage, story)
    price(stage, story)
    deliver(stage, story)
    settle(stage, story)
    afterwards(stage, story)
    return story


def catalogue(stage: Stage, story: Story) -> None:
    """Three departments catalogue and grade; the data bureau publishes."""
    stage.workdays(1)
    for name, said in ITEMS.items():
        fields = {k: v for k, v in said.items() if k not in ("by", "grade", "contract")}
        contract = contract_of(said["contract"]) if said["contract"] else {}
        item = stage.does(said["by"], "catalogue", "draft", attribute="ALLOWED", contract=contract, **fields)
        stage.does(
            said["by"],
            "catalogue",
            "grade",
            item.code,
            grade=said["grade"],
            grading_basis="依据数据分类分级指南逐项判定。",
        )
        stage.does(said["by"], "catalogue", "submit", item.code)
        story.items[name] = stage.does("shujuju", "catalogue", "publish", item.code)
    raw = stage.does("wenlv", "catalogue", "draft", title="旅行社名录", summary="尚未分级的目录草稿。", sector="文化旅游",
                     update_frequency="monthly", attribute="ALLOWED", legal_basis="旅游法", items=[column("name", "旅行社名称")])  # fmt: skip
    stage.cannot("wenlv", "catalogue", "submit", raw.code)


def authorize(stage: Stage, story: Story) -> None:
    """Whole-region authorization and its plan with the collective decision; a sector one waits for its authority."""
    stage.workdays(2)
    starts = local_day(stage.at)
    scope = [story.items[n].code for n in ("divisions", "epidemic", "visits")]
    term = {"starts_on": starts, "ends_on": add_years(starts, 7)}
    stage.cannot(
        "shishi",
        "authorizations",
        "propose",
        title="某县公共数据授权运营",
        mode="WHOLE",
        region="530102",
        resources=scope,
        **term,
    )
    whole = stage.does(
        "shishi",
        "authorizations",
        "propose",
        title="云南省公共数据资源整体授权运营",
        mode="WHOLE",
        region="530000",
        resources=scope,
        **term,
    )
    story.authorization = stage.does(
        "shengzhengfu", "authorizations", "approve", whole.code, decision_document="云政函〔2026〕12号"
    )
    sector = stage.does("shishi", "authorizations", "propose", title="卫生健康领域公共数据授权运营", mode="SECTOR", region="530000",
                        sector="卫生健康", necessity="传染病数据专业性强，确需由行业主管部门共同组织。",
                        resources=[story.items["epidemic"].code], **term)  # fmt: skip
    stage.cannot("shengzhengfu", "authorizations", "approve", sector.code, decision_document="云政函〔2026〕13号")
    draft = {
        "title": "云南省公共数据资源整体授权运营实施方案", "authorization": story.authorization.code, "resources": scope,
        "products": [{"name": PRODUCTS[0], "purpose": "INDUSTRY"}, {"name": PRODUCTS[1], "purpose": "INDUSTRY"},
                     {"name": PRODUCTS[2], "purpose": "PUBLIC_WELFARE"}],
        "starts_on": starts, "ends_on": add_years(starts, 6),
    }  # fmt: skip
    eleven = {k: v for k, v in words.PLAN.items() if k != "security"}
    plan = stage.does("shishi", "plans", "draft", contents=eleven, **draft)
    stage.cannot("shishi", "plans", "submit", plan.code)
    stage.cannot(
        "shishi",
        "selection",
        "announce",
        title="云南省公共数据运营机构公开选择",
        plan=plan.code,
        method="OPEN_TENDER",
        criteria="方案可行性、平台部署、安全可控、披露及时、生态引领。",
    )
    stage.does("shishi", "plans", "revise", plan.code, contents=words.PLAN, **draft)
    stage.does("shishi", "plans", "submit", plan.code)
    stage.workdays(3)
    stage.does(
        "shengzhengfu",
        "plans",
        "approve",
        plan.code,
        minutes_number="云政常纪〔2026〕3号",
        decided_on=local_day(stage.at),
    )
    story.plan = stage.does("shujuju", "plans", "file", plan.code)


def select(stage: Stage, story: Story) -> None:
    """Open tender, evaluation, publicity of the candidate, determination."""
    chosen = stage.does("shishi", "selection", "announce", title="云南省公共数据运营机构公开选择", plan=story.plan.code,
                        method="OPEN_TENDER", criteria="方案可行性、平台部署、安全可控、披露及时、生态引领。")  # fmt: skip
    stage.workdays(2)
    stage.does("shishi", "selection", "evaluate", chosen.code, candidates=[
        {"uscc": who.OPERATOR, "score": "92.50", "remark": "综合得分第一"}, {"uscc": who.RIVAL, "score": "81.00", "remark": "平台经验不足"},
    ])  # fmt: skip
    stage.does("shishi", "selection", "publicize", chosen.code)
    stage.cannot("shishi", "selection", "determine", chosen.code, operator=who.OPERATOR)
    stage.workdays(4)
    story.selection = stage.does("shishi", "selection", "determine", chosen.code, operator=who.OPERATOR)


def agree(stage: Stage, story: Story) -> None:
    """The authorization agreement: decided, signed by both, filed; what the law forbids on the way is refused."""
    starts = local_day(stage.at)
    draft = {
        "title": "云南省公共数据资源授权运营协议", "selection": story.selection.code, "resources": story.plan.resources,
        "products": list(PRODUCTS), "starts_on": starts, "ends_on": add_years(starts, 5) - timedelta(days=1),
    }  # fmt: skip
    stage.cannot("shishi", "agreements", "draft", **{**draft, "ends_on": add_years(starts, 5)})
    stage.cannot(
        "shishi", "agreements", "draft", **{**draft, "resources": [*story.plan.resources, story.items["scenic"].code]}
    )
    twelve = {k: v for k, v in words.AGREEMENT.items() if k != "evaluation"}
    agreement = stage.does("shishi", "agreements", "draft", contents=twelve, **draft)
    stage.cannot(
        "shishi", "agreements", "decide", agreement.code, minutes_number="云数中心纪〔2026〕5号", decided_on=starts
    )
    stage.does("shishi", "agreements", "revise", agreement.code, contents=words.AGREEMENT, **draft)
    stage.cannot("shishi", "agreements", "sign", agreement.code)
    stage.does(
        "shishi", "agreements", "decide", agreement.code, minutes_number="云数中心纪〔2026〕5号", decided_on=starts
    )
    stage.does("shishi", "agreements", "sign", agreement.code)
    stage.does("yunying", "agreements", "countersign", agreement.code)
    story.agreement = stage.does("shujuju", "agreements", "file", agreement.code)


def bring_in(stage: Stage, story: Story, sources: dict[str, Path]) -> None:
    """The departments supply their files; what breaks a rule is quarantined and counted."""
    stage.workdays(1)
    for name, path in sources.items():
        story.loads[name] = supply(stage, ITEMS[name]["by"], story.items[name].code, path)


def register_resources(stage: Stage, story: Story) -> None:
    """Apply, accept, form review, ten working days of publicity, code."""
    running = []
    for name in story.loads:
        item = story.items[name]
        running.append(
            _register(stage, ITEMS[name]["by"], "1", item.code, item.title, item.summary, _recorded(item.code))
        )
    stage.cannot(
        "yonghu",
        "registration",
        "object",
        running[0].code,
        objector="",
        objection="内容有误。",
        objection_evidence="截图一份",
    )
    stage.cannot("dengji", "registration", "code", running[0].code)
    objected = stage.does(
        "yonghu",
        "registration",
        "object",
        running[1].code,
        objector="孙丽",
        objection="简介与内容不符。",
        objection_evidence="官网截图一份",
    )
    stage.cannot("dengji", "registration", "code", objected.code)
    stage.does("dengji", "registration", "dismiss", objected.code, reason="经核实，简介与内容相符，异议不成立。")
    stage.workdays(11)
    for registration in running:
        stage.does("platform", "registration", "code", registration.code)


def _recorded(code: str) -> str:
    """The digest of a case's content as the ledger preserves it."""
    return str(
        json.loads(Entry.objects.filter(case_id=code, outcome="done").order_by("index").last().payload)["digest"]
    )


def _register(
    stage: Stage, by: str, kind: str, code: str, title: str, summary: str, digest: str, ends: date | None = None
) -> Any:
    registration = stage.does(by, "registration", "apply", title=title, object_type=kind, object_code=code, summary=summary[:400],
                              source_statement="依法履职取得，来源合法合规。", evidence_digest=digest,
                              risk_assessment="已完成安全风险评估，风险可控。", agreement_ends_on=ends)  # fmt: skip
    stage.does("dengji", "registration", "accept", registration.code)
    stage.workdays(1)
    return stage.does("dengji", "registration", "pass-review", registration.code)


def admit(stage: Stage, story: Story) -> None:
    """A scenario, both paths of the two-way selection, and the development agreement."""
    demand = [
        {"resource": story.items[n].code, "fields": [c["name"] for c in story.items[n].items if c["uses"]], "reason": "统计所必需的最小字段。"}
        for n in story.loads
    ]  # fmt: skip
    starts = local_day(stage.at)
    scenario = stage.does("yunying", "scenarios", "propose", title="文旅消费与公共卫生态势分析", operator=who.OPERATOR, purpose="INDUSTRY",
                          sector="文化旅游", problem="文旅企业缺少可信的客流、消费和公共卫生态势数据。", users="文旅企业、商业银行", demand=demand,
                          path="query", output_form="统计查询接口", benefit="支撑经营决策，带动文旅消费。",
                          risk="仅输出不少于十人的分组统计，风险可控。", personal_information=True,
                          legal_basis="匿名化统计结果，不输出个人信息。", starts_on=starts, ends_on=add_years(starts, 2))  # fmt: skip
    stage.does("yunying", "scenarios", "submit", scenario.code)
    stage.does("shujuju", "scenarios", "approve", scenario.code, reason="合规性与安全风险审查通过。")
    story.scenario = stage.does("yunying", "scenarios", "publish", scenario.code, criteria="技术能力、安全管理、场景理解、过往业绩各占四分之一。",
                                responses_until=starts + timedelta(days=30))  # fmt: skip
    stage.does(
        "shujuju",
        "affiliations",
        "declare",
        holder=who.OPERATOR,
        held=who.RIVAL,
        tie="share",
        share="0.62",
        valid_from=date(2024, 1, 1),
        evidence="企业信用公示",
    )
    stage.does(
        "shujuju",
        "affiliations",
        "declare",
        holder=who.RIVAL,
        held=who.SUBSIDIARY,
        tie="share",
        share="0.80",
        valid_from=date(2024, 6, 1),
        evidence="企业信用公示",
    )
    stage.cannot("kaifa2", "developers", "apply", counterpart=who.OPERATOR, note="申请成为开发主体。")
    invited = stage.does(
        "yunying",
        "developers",
        "apply",
        counterpart=who.DEVELOPER,
        scenario=story.scenario.code,
        note="依据已发布的遴选标准邀请。",
    )
    checklist = [{"condition": key, "met": True, "evidence": f"{label}：证明材料"} for key, label in CONDITIONS]
    stage.does("kaifa", "developers", "submit", invited.code, checklist=checklist, contact="王思远")
    stage.does(
        "yunying2",
        "developers",
        "review",
        invited.code,
        favourable=True,
        score=93,
        reason="符合全部准入条件，技术能力突出。",
    )
    qualified = stage.does("yunying2", "developers", "qualify", invited.code)
    draft = stage.does("yunying", "contracts", "draft", title="文旅与疫情统计产品开发利用协议", admission=qualified.code,
                       scenario=story.scenario.code, agreement=story.agreement.code, resources=[story.items[n].code for n in story.loads],
                       starts_on=starts, ends_on=add_years(starts, 1), **words.CONTRACT)  # fmt: skip
    stage.does("kaifa", "contracts", "sign", draft.code)
    stage.does("yunying", "contracts", "countersign", draft.code)
    story.contract = stage.does("shujuju", "contracts", "file", draft.code)


def request(stage: Stage, story: Story) -> None:
    """Two data requests, each through two reviews by two bodies, then provision."""
    for name, resources in TABLES.items():
        tables = [
            {"name": r, "resource": story.items[r].code, "fields": [c["name"] for c in story.items[r].items if c["uses"]], "necessity": "产品统计所需的最小字段。"}
            for r in resources
        ]  # fmt: skip
        draft = {"title": f"{story.scenario.title}数据申请（{name}）", "contract": story.contract.code, "purpose": "INDUSTRY",
                 "plan": "按统计接口开发，不输出个体数据。", "tables": tables, "ends_on": story.contract.ends_on}  # fmt: skip
        if name == "epidemic-summary":
            stage.cannot("kaifa", "requests", "draft", **{**draft, "purpose": "PUBLIC_WELFARE"})
            outside = [{**tables[0], "resource": story.items["scenic"].code, "fields": ["name"]}]
            stage.cannot("kaifa", "requests", "draft", **{**draft, "tables": outside})
        asked = stage.does("kaifa", "requests", "draft", **draft)
        stage.does("kaifa", "requests", "submit", asked.code)
        stage.does("yunying", "requests", "first-review", asked.code, reason="范围、用途、必要性符合要求。")
        stage.does("shishi", "requests", "second-review", asked.code, reason="符合授权范围和最小必要原则。")
        story.requests[name] = stage.does("yunying", "requests", "provision", asked.code)


def develop(stage: Stage, story: Story) -> None:
    """Two products as governed SQL, egress review by two independent and blinded opinions, registration, listing."""
    base = {
        "summary": "域内统计，仅输出结果。",
        "source_statement": "数据来自云南省民政、卫生健康、文化和旅游部门依法提供的公共数据资源。",
    }
    visits = {
        **base,
        "title": PRODUCTS[1],
        "slug": "prefecture-visitor-spend",
        "request": story.requests["visitor-spend"].code,
        "parameters": [],
    }
    stage.cannot("kaifa", "products", "draft", **{**visits, "sql": words.ONE_PERSON_SQL})
    stage.cannot("kaifa", "products", "draft", **{**visits, "sql": words.RAW_SQL})
    between = {"type": "date", "minimum": "2025-01-01", "maximum": "2026-01-01"}
    drafts = {
        "epidemic-summary": {**base, "title": PRODUCTS[0], "slug": "prefecture-epidemic-summary", "request": story.requests["epidemic-summary"].code,
                             "sql": words.EPIDEMIC_SQL, "parameters": [{"name": "date", "type": "date", "minimum": "2019-12-01", "maximum": "2020-12-08"}]},
        "visitor-spend": {**visits, "sql": words.VISITS_SQL, "parameters": [{"name": "since", **between}, {"name": "until", **between}]},
    }  # fmt: skip
    registrations = []
    for name, draft in drafts.items():
        product = stage.does("kaifa", "products", "draft", **draft)
        stage.does("kaifa", "products", "submit", product.code)
        stage.cannot("yunying", "products", "approve", product.code)
        stage.does(
            "yunying",
            "products",
            "review",
            product.code,
            favourable=True,
            reason="仅输出分组统计，门槛与占比检查通过。",
        )
        stage.does(
            "shishi", "products", "review", product.code, favourable=True, reason="在授权范围和场景内，不含原始数据。"
        )
        product = stage.does("yunying2", "products", "approve", product.code)
        stage.cannot("yunying", "products", "list", product.code)
        registrations.append(
            _register(
                stage,
                "kaifa",
                "2",
                product.code,
                product.title,
                product.summary,
                _recorded(product.code),
                story.contract.ends_on,
            )
        )
        story.products[name] = product
    stage.workdays(11)
    for registration in registrations:
        stage.does("platform", "registration", "code", registration.code)
    for name, product in story.products.items():
        story.products[name] = stage.does("yunying", "products", "list", product.code)


def price(stage: Stage, story: Story) -> None:
    """Permitted revenue verified, caps set by the authorizing body, prices by the operator."""
    product = story.products["epidemic-summary"].code
    survey = {
        "agreement": story.agreement.code, "year": local_day(stage.at).year, "treasury_yield": "1.85", "yield_evidence": "中债国债收益率曲线",
        "subsidy_fen": 60_000_000, "taxes": [{"name": "附加税费", "amount_fen": 4_320_000}, {"name": "企业所得税", "amount_fen": 15_210_000}],
        "costs": [{"kind": "platform", "name": "平台建设运维", "amount_fen": 320_000_000}, {"kind": "data", "name": "数据治理", "amount_fen": 180_000_000},
                  {"kind": "people", "name": "人力资源", "amount_fen": 240_000_000}, {"kind": "acquisition", "name": "数据获取", "amount_fen": 30_000_000},
                  {"kind": "period", "name": "期间费用", "amount_fen": 70_000_000}],
    }  # fmt: skip
    stage.cannot("yunying", "pricing", "survey", **survey, spread_points="6.01")
    surveyed = stage.does("yunying", "pricing", "survey", **survey, spread_points="4.00")
    cap = {
        "product": product,
        "unit": "CALL",
        "cap_fen": 50,
        "forecast_volume": 8_000_000,
        "basis": "按调用次数计，参考同类服务。",
    }
    stage.cannot("shengzhengfu", "tariffs", "cap", pricing=surveyed.code, **cap)
    story.pricing = stage.does(
        "jiage",
        "pricing",
        "verify",
        surveyed.code,
        document_number="云发改价格〔2026〕88号",
        opinion="成本资料真实完整，利润率未超上限。",
    )
    capped = stage.does("shengzhengfu", "tariffs", "cap", pricing=story.pricing.code, **cap)
    stage.cannot("yunying", "tariffs", "price", capped.code, price_fen=52)
    stage.does("yunying", "tariffs", "price", capped.code, price_fen=45)
    second = stage.does("shengzhengfu", "tariffs", "cap", pricing=story.pricing.code, product=story.products["visitor-spend"].code, unit="CALL",
                        cap_fen=200, forecast_volume=100_000, basis="按调用次数计。")  # fmt: skip
    stage.does("yunying", "tariffs", "price", second.code, price_fen=180)


def deliver(stage: Stage, story: Story) -> None:
    """An order, a key, calls through the gate; what the order does not cover is refused."""
    from dianchi.gate.release import deliver as call
    from dianchi.kernel.errors import DomainError

    product = story.products["epidemic-summary"]
    ordering = {
        "product": product.code,
        "purpose": "INDUSTRY",
        "use": "旅游经营决策参考。",
        "quota_calls": 10_000,
        "ends_on": story.contract.ends_on - timedelta(days=1),
    }
    stage.cannot("yonghu", "orders", "order", **ordering)
    order = stage.does("yonghu", "orders", "order", **ordering, source_seen=True)
    story.order = stage.does("yunying", "orders", "accept", order.code)
    stage.does("yonghu", "orders", "issue-key", order.code)
    story.key = stage.revealed["api_key"]
    for day in (date(2020, 12, 8), date(2020, 6, 30), date(2020, 3, 1)):
        stage.tick()
        answer = call(story.key, product.slug, {"date": day.isoformat()}, stage.at)
        story.answer = story.answer or answer
    stage.tick()
    try:
        call(story.key, "prefecture-visitor-spend", {}, stage.at)
    except DomainError as refused:
        stage.note("gate.deliver", refused)
    _tamper(stage)


def _tamper(stage: Stage) -> None:
    """Somebody with the database in hand tries to delete a record: the database itself refuses."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_entry WHERE 1 = 1")
    except DatabaseError:
        stage.refusals.append(
            {"act": "ledger.delete", "code": "ledger.append-only", "article": "网络安全法第二十一条", "rules": "R68"}
        )
    else:
        raise AssertionError("the ledger let itself be deleted")


def settle(stage: Stage, story: Story) -> None:
    """The bill of the days so far, confirmed and paid."""
    first = last = local_day(stage.at)
    stage.workdays(1)
    bill = stage.does("yunying", "settlement", "draw", order=story.order.code, from_on=first, to_on=last)
    stage.does("yonghu", "settlement", "confirm", bill.code)
    story.bill = stage.does("yunying", "settlement", "pay", bill.code, payment_reference="PZ-2026-0001")


def afterwards(stage: Stage, story: Story) -> None:
    """Evaluation and disclosure of the year, and things that wait for somebody now."""
    year = local_day(stage.at).year
    evaluation = stage.does("shujuju", "evaluation", "plan", agreement=story.agreement.code, year=year)
    stage.does(
        "yunying", "evaluation", "report", evaluation.code, self_report="全年上线两款产品，履约正常，未发生安全事件。"
    )
    stage.does("shishi", "evaluation", "score", evaluation.code)
    stage.does("shishi", "evaluation", "finalise", evaluation.code)
    for drafter, approver in (("shishi", "shishi2"), ("yunying", "yunying2")):
        pack = stage.does(drafter, "disclosure", "draft", year=year)
        stage.cannot(drafter, "disclosure", "publish", pack.code)
        stage.does(approver, "disclosure", "publish", pack.code)
    stage.does(
        "kaifa",
        "quality",
        "raise",
        title="境外输入病例代码不是行政区划代码",
        item=story.items["epidemic"].code,
        description="部分行的地市代码不是六位行政区划代码，已被隔离。",
    )
    if stage.at < stage.until - timedelta(days=3):
        stage.at = stage.until - timedelta(days=3)
    scenic = story.items["scenic"]
    _register(stage, "wenlv", "1", scenic.code, scenic.title, scenic.summary, _recorded(scenic.code))
