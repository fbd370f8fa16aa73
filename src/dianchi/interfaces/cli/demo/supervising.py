"""Supervision at work: plans and a drill, assessments, an incident, an inspection, complaints, what may not be pledged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dianchi.chapters.supervision.contingencies.lifecycle import PARTS
from dianchi.interfaces.cli.demo import people as who
from dianchi.interfaces.cli.demo.chain import Story
from dianchi.interfaces.cli.demo.stage import Stage
from dianchi.kernel.workdays import local_day

HANDLED = "已按应急预案处置，材料在卷。"
PLANNED = {
    "organisation": "主要负责人任组长，安全、运维、法务分工负责。", "monitoring": "全天候监测调用异常和小样本分组。",
    "grading": "按一般、较大、重大、特别重大四级响应。", "reporting": "一小时内报告省级网信部门和公安机关，三十日内提交总结。",
    "response": "一键关停有关产品、开发主体、资源或者全部出口。", "recovery": "查清原因、复核产品后恢复，修订制度。",
    "contacts": "值守电话与联络人名单由数据安全部门维护。",
}  # fmt: skip


def supervise(stage: Stage, story: Story) -> None:
    """What the administration and the parties do beside the chain."""
    _prepare(stage)
    _assess(stage, story)
    _incident(stage, story)
    _inspect(stage)
    _complaints(stage)
    _finance(stage, story)
    _tolerate(stage)


def _prepare(stage: Stage) -> None:
    """Plans of the operator and the institution, one drilled; the developer has none yet."""
    assert {name for name, _ in PARTS} == set(PLANNED)
    for person, role in (("yunying", "operator"), ("shishi", "implementer")):
        plan = stage.does(person, "contingencies", "file", title="数据安全事件应急预案", role=role, **PLANNED)
        if role == "operator":
            stage.does(person, "contingencies", "drill", plan.code, held_on=local_day(stage.at), drill="小样本分组泄露的关停与报告",
                       participants=14, findings="值守电话有一处未更新。", lessons="联络表改为每月核对。")  # fmt: skip


def _assess(stage: Stage, story: Story) -> None:
    """The platform's two tests and the operator's impact assessment."""
    common = {
        "assessed_on": local_day(stage.at),
        "lawful": "目的明确，范围最小。",
        "risk": "风险可控。",
        "measures": "措施合法有效适度。",
        "verdict": "PASS",
    }
    for kind, title in (("LEVEL", "平台等级保护三级测评"), ("CRYPTO", "平台密码应用安全性评估")):
        stage.does(
            "shujuju",
            "assessments",
            "file",
            kind=kind,
            title=title,
            subject="授权运营平台",
            assessor="云南某测评中心",
            **common,
        )
    stage.does("yunying", "assessments", "file", kind="IMPACT", title="入滇游客统计个人信息保护影响评估", subject=story.items["visits"].code,
               assessor="运营机构数据安全部门", people=5_000, **common)  # fmt: skip


def _incident(stage: Stage, story: Story) -> None:
    """A product's description is found wrong by a configuration; it is shut, looked into, opened again, summed up."""
    found = stage.at.replace(second=0, microsecond=0)
    case = stage.does("yunying", "incidents", "discover", title="态势产品口径配置错误", kind="FLAW", site="PLATFORM",
                      discovered_at=found.isoformat(), description="产品说明口径与配置不一致，未涉及个人信息。")  # fmt: skip
    slug = next(p.slug for p in story.products.values())
    shut = stage.does(
        "anquan", "incidents", "freeze", case.code, scope="PRODUCT", target=slug, reason="核查期间停止交付。"
    ).closures[0]
    stage.does("yunying", "incidents", "triage", case.code, grade="GENERAL", people=0, personal_information=False, endangers_public=False,
               grounds="影响一个产品的说明文字，未造成数据泄露。")  # fmt: skip
    stage.does("yunying", "incidents", "contain", case.code, containment="停止交付该产品并核对全部版本。")
    stage.does("yunying", "incidents", "recover", case.code, eradication="修正配置。", recovery="经复核恢复交付。")
    stage.does("anquan", "closures", "reopen", shut, reopening_reason="配置已修正，复核通过。")
    stage.does("yunying", "incidents", "summarise", case.code, cause="发布时误用旧版说明。", harm="没有造成危害。", responsibility="发布人员未按清单核对。",
               rectification="增加发布前自动核对。", lessons="发布清单纳入年度演练科目。")  # fmt: skip
    stage.does("shujuju", "incidents", "close", case.code, conclusion=HANDLED)


def _inspect(stage: Stage) -> None:
    """Two inspectors find something at the developer; it is ordered to correct, and that waits for it."""
    today = local_day(stage.at)
    case = stage.does("shujuju", "inspections", "plan", title="开发主体数据安全专项检查", task="SPECIAL", party=who.DEVELOPER, party_role="developer",
                      scope="账号、日志、自有数据管理", basis="开发利用协议安全条款", planned_on=today)  # fmt: skip
    stage.cannot(
        "shujuju", "inspections", "start", case.code, inspectors=["杨文秀"], document_number="云数检〔2026〕1号"
    )
    stage.does(
        "shujuju",
        "inspections",
        "start",
        case.code,
        inspectors=["杨文秀", "段正明"],
        document_number="云数检〔2026〕1号",
    )
    stage.does(
        "shujuju",
        "inspections",
        "find",
        case.code,
        finding="CRYPTO",
        description="自有数据备份未加密存放。",
        evidence="备份介质照片两张",
    )
    stage.does("shujuju", "inspections", "tell", case.code, result="发现问题一项，拟责令整改。")
    stage.cannot("shujuju", "inspections", "close", case.code, conclusion=HANDLED)
    stage.does("shujuju", "inspections", "demand", case.code, order_number="云数督改〔2026〕1号", demand="备份数据加密存放并提交证明。",
               due_on=today + timedelta(days=15))  # fmt: skip


def _complaints(stage: Stage) -> None:
    """Two from the public without an account: one is answered, one waits to be acknowledged."""
    answered = _lodged(stage, "CHARGE", "订购时未看到收费标准", "在产品页面没有找到收费标准，请说明在哪里公布。")
    stage.does("shujuju", "complaints", "acknowledge", answered.code)
    stage.does("shujuju", "complaints", "find", answered.code, finding="收费标准已在产品页面和价格清单公布。")
    stage.does(
        "shujuju",
        "complaints",
        "answer",
        answered.code,
        outcome="UNFOUNDED",
        answer="收费标准公布在产品页面“价格”一栏和价格清单。",
    )
    _lodged(stage, "SERVICE", "产品说明希望更清楚", "希望产品说明写明数据更新的频率和覆盖的州市。")


def _lodged(stage: Stage, kind: str, title: str, text: str) -> Any:
    return stage.does("platform", "complaints", "lodge", kind=kind, title=title, text=text)


def _finance(stage: Stage, story: Story) -> None:
    """The resource itself may not be pledged; its products' revenue may, once it is approved."""
    today = local_day(stage.at)
    common = {
        "agreement": story.agreement.code, "resources": [story.items["visits"].code], "amount_fen": 300_000_000, "counterparty": "某银行昆明分行",
        "valuation": "收益法评估。", "purpose": "补充研发资金。", "starts_on": today, "ends_on": today + timedelta(days=365),
    }  # fmt: skip
    declared = stage.does(
        "yunying", "finance", "declare", title="入滇游客数据质押", **common, kind="PLEDGE", object="RESOURCE"
    )
    decision = {"minutes_number": "纪要〔2026〕21号", "opinion": "按集体决策意见办理。"}
    stage.cannot("shishi", "finance", "approve", declared.code, **decision)
    stage.does("shishi", "finance", "refuse", declared.code, reason="公共数据资源本身不得质押。")
    revenue = stage.does(
        "yunying", "finance", "declare", title="统计产品收益权质押", **common, kind="PLEDGE", object="PRODUCT"
    )
    stage.does("shishi", "finance", "approve", revenue.code, **decision)


def _tolerate(stage: Stage) -> None:
    """A claim that waits to be checked."""
    criteria = [
        {"criterion": name, "evidence": "有会议纪要和处置记录。"}
        for name in ("NOT-FORBIDDEN", "DECIDED", "NO-GAIN", "PUBLIC-AIM", "STOPPED-LOSS", "NOT-CONCEALED")
    ]
    stage.does("shishi", "tolerance", "claim", title="首批试点场景投入未达预期", event="试点场景需求变化，前期投入未形成产品。",
               persons="项目负责人", claim="请予免责。", criteria=criteria)  # fmt: skip
