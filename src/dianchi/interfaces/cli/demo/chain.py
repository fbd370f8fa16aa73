"""The chain of the demonstration, each step by its own actor through the one door."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.ledger.models import Entry
from dianchi.interfaces.cli.demo import people as who
from dianchi.interfaces.cli.demo import words
from dianchi.interfaces.cli.demo.stage import Stage, supply
from dianchi.kernel.conditions import CONDITIONS
from dianchi.kernel.lifecycle import days
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
                        overlap_reason="疫情数据已在整体授权内，拟划出后由行业主管部门共同组织。",
                        resources=[story.items["epidemic"].code], **term)  # fmt: skip
    stage.cannot("shengzhengfu", "authorizations", "approve", sector.code, decision_document="云政函〔2026〕13号")
    draft = {
        "title": "云南省公共数据资源整体授权运营实施方案", "argument": words.ARGUMENT, "authorization": story.authorization.code, "resources": scope,
        "products": [{"name": PRODUCTS[0], "purpose": "INDUSTRY"}, {"name": PRODUCTS[1], "purpose": "INDUSTRY"},
                     {"name": PRODUCTS[2], "purpose": "PUBLIC_WELFARE"}],
        "starts_on": starts, "ends_on": add_years(starts, 6),
    }  # fmt: skip
    eleven = {k: v for k, v in words.PLAN.items() if k != "security"}
    plan = stage.does("shishi", "plans", "draft", contents=eleven, **draft)
    panel = {"experts": list(words.EXPERTS[:3]), "departments": [who.HEALTH, who.REFORM]}
    stage.cannot("shishi", "plans", "submit", plan.code, **panel)
    stage.cannot(
        "shishi",
        "selection",
        "announce",
        title="云南省公共数据运营机构公开选择",
        plan=plan.code,
        method="OPEN_TENDER",
        criteria="方案可行性、平台部署、安全可控、披露及时、生态引领。",
        consultation="协议部分已公开征求意见。",
        weights=words.WEIGHTS,
        opens_at=end_of(days("selection.bidding-days"), stage.at, "530000"),
    )
    stage.does("shishi", "plans", "revise", plan.code, contents=words.PLAN, **draft)
    stage.does("shishi", "plans", "submit", plan.code, **panel)
    for expert in words.EXPERTS[:3]:
        stage.does(expert, "plans", "opine", plan.code, favourable=True, reason="论证充分，技术路线可行，风险可控。")
    stage.does("weijian", "plans", "answer", plan.code, favourable=True, reason="同意，请落实传染病数据管理要求。")
    stage.does("jiage", "plans", "answer", plan.code, favourable=True, reason="同意，收费标准另行核定。")
    stage.does("shishi", "plans", "report", plan.code, adoption="部门意见已采纳，写入数据安全和收益核算部分。",
               fair_competition="经公平竞争审查，不存在排除、限制竞争的内容。")  # fmt: skip
    stage.workdays(3)
    stage.does(
        "shengzhengfu",
        "plans",
        "approve",
        plan.code,
        minutes_number="云政常纪〔2026〕3号",
        decided_on=local_day(stage.at),
        deliberation="省政府常务会议审议通过，应到九人，实到九人，一致同意。",
    )
    story.plan = stage.does("shujuju", "plans", "file", plan.code)


def select(stage: Stage, story: Story) -> None:
    """Open tender: sealed bids, opening by time, blind scoring, publicity of the candidate, determination."""
    announced = {"title": "云南省公共数据运营机构公开选择", "plan": story.plan.code, "method": "OPEN_TENDER",
                 "criteria": "方案可行性、平台部署、安全可控、披露及时、生态引领。", "consultation": "协议部分已公开征求意见，收到建议六条，采纳四条。"}  # fmt: skip
    opens = end_of(days("selection.bidding-days"), stage.at, "530000")
    stage.cannot("shishi", "selection", "announce", **announced, weights=words.WEIGHTS[:2], opens_at=opens)
    chosen = stage.does("shishi", "selection", "announce", **announced, weights=words.WEIGHTS, opens_at=opens)
    proofs = [{"condition": name, "met": True, "evidence": f"{label}证明材料"} for name, label in CONDITIONS]
    bids = [
        stage.does(by, "bids", "bid", selection=chosen.code, proposal=words.BIDS[by], conditions=proofs)
        for by in words.BIDS
    ]
    stage.cannot("shishi", "selection", "convene", chosen.code, experts=list(words.EXPERTS))
    while stage.at < opens:
        stage.workdays(1)
    for bid in bids:
        stage.does("platform", "bids", "open", bid.code)
    stage.does("shishi", "selection", "convene", chosen.code, experts=list(words.EXPERTS))
    for n, expert in enumerate(words.EXPERTS):
        stage.does(expert, "selection", "score", chosen.code, scores=_scores(n))
    stage.does("shishi", "selection", "evaluate", chosen.code)
    stage.does("shishi", "selection", "publicize", chosen.code)
    stage.cannot("shishi", "selection", "determine", chosen.code, operator=who.OPERATOR)
    stage.workdays(4)
    story.selection = stage.does("shishi", "selection", "determine", chosen.code, operator=who.OPERATOR)


def _scores(n: int) -> list[dict[str, Any]]:
    """One expert's points for every bid under every criterion."""
    of = {who.OPERATOR: 92, who.RIVAL: 81, who.BIDDER: 76}
    return [
        {"uscc": uscc, "criterion": w["name"], "points": base + (n + i) % 4, "reason": "方案与评审因素相符，说明充分。"}
        for uscc, base in of.items() for i, w in enumerate(words.WEIGHTS)
    ]  # fmt: skip


def agree(stage: Stage, story: Story) -> None:
    """The authorization agreement: decided, signed by both, filed; what the law forbids on the way is refused."""
    starts = local_day(stage.at)
    draft = {
        "title": "云南省公共数据资源授权运营协议", "selection": story.selection.code, "resources": story.plan.resources,
        "products": list(PRODUCTS), "starts_on": starts, "ends_on": add_years(starts, 5) - timedelta(days=1),
        "milestones": [{"name": "首批产品上架", "due_on": starts + timedelta(days=90), "measure": "不少于二个产品上架"},
                       {"name": "州市数据接入", "due_on": starts + timedelta(days=365), "measure": "十六个州市全部接入"}],
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
            register(stage, ITEMS[name]["by"], "1", item.code, item.title, item.summary, recorded(item.code))
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


def recorded(code: str) -> str:
    """The digest of a case's content as the ledger preserves it."""
    return str(
        json.loads(Entry.objects.filter(case_id=code, outcome="done").order_by("index").last().payload)["digest"]
    )


def register(
    stage: Stage, by: str, kind: str, code: str, title: str, summary: str, digest: str, ends: date | None = None
) -> Any:
    registration = stage.does(by, "registration", "apply", title=title, object_type=kind, object_code=code, summary=summary[:400],
                              source_statement="依法履职取得，来源合法合规。", evidence_digest=digest,
                              situation="按更新频率持续提供，存放于省级平台。", storage="省级平台数据湖，加密存储。",
                              internal_review="信息中心已审核，同意登记。", commitment=True,
                              product_info="按次调用的查询服务，仅输出分组统计结果。" if kind == "2" else "",
                              scenario="文旅与卫生健康领域态势分析。" if kind == "2" else "",
                              risk_assessment="已完成安全风险评估，风险可控。", agreement_ends_on=ends)  # fmt: skip
    stage.does("dengji", "registration", "accept", registration.code)
    stage.workdays(1)
    return stage.does("dengji", "registration", "pass-review", registration.code)
