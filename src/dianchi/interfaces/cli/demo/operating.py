"""The second half of the chain: scenario, developer, data, product, price, order, bill, disclosure."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import DatabaseError, connection, transaction

from dianchi.chapters.operation.developers.inputs import CONDITIONS
from dianchi.foundation.ledger.sealing import APPEND_ONLY
from dianchi.interfaces.cli.demo import people as who
from dianchi.interfaces.cli.demo import words
from dianchi.interfaces.cli.demo.chain import ITEMS, PRODUCTS, TABLES, Story, recorded, register
from dianchi.interfaces.cli.demo.stage import Stage
from dianchi.kernel.errors import RuleBroken
from dianchi.kernel.workdays import add_years, local_day


def scored(*points: int) -> list[dict[str, object]]:
    """Points under each published criterion."""
    return [
        {"criterion": w["name"], "points": p, "reason": "依据申报材料和答辩评定。"}
        for w, p in zip(words.SHARES, points, strict=True)
    ]


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
                                responses_until=starts + timedelta(days=30), weights=words.SHARES)  # fmt: skip
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
        scores=scored(95, 92, 90, 95),
        reason="符合全部准入条件，技术能力突出。",
    )
    other = stage.does(
        "kaifa3",
        "developers",
        "apply",
        counterpart=who.OPERATOR,
        scenario=story.scenario.code,
        note="响应公开发布的场景。",
    )
    stage.does("kaifa3", "developers", "submit", other.code, checklist=checklist, contact="邓若兰")
    stage.does(
        "yunying2",
        "developers",
        "review",
        other.code,
        favourable=True,
        score=82,
        scores=scored(85, 80, 83, 80),
        reason="条件符合，场景经验不足。",
    )
    stage.cannot("yunying2", "developers", "qualify", other.code)
    qualified = stage.does("yunying2", "developers", "qualify", invited.code)
    stage.does(
        "yunying2",
        "developers",
        "reject",
        other.code,
        ground="lower-ranked",
        reason="得分八十二，低于入选者九十三分；可向数据管理部门投诉。",
    )
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
            {"name": r, "resource": story.items[r].code, "fields": [c["name"] for c in story.items[r].items if c["uses"]], "necessity": "产品统计所需的最小字段。",
             "reasons": [{"field": c["name"], "purpose": f"按{c['title']}统计", "necessity": "缺少该项无法形成统计结果"} for c in story.items[r].items if c["uses"]]}
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
        for provider in sorted({ITEMS[r]["by"] for r in resources}):
            stage.does(
                provider, "requests", "provider-answer", asked.code, favourable=True, reason="同意按申请范围提供。"
            )
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
            register(
                stage,
                "kaifa",
                "2",
                product.code,
                product.title,
                product.summary,
                recorded(product.code),
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
        "subsidy_fen": 60_000_000, "taxes": [{"name": "附加税费", "method": "rate", "base_fen": 36_000_000, "rate": "0.12"}, {"name": "企业所得税", "method": "income", "rate": "0.25"}],
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
    stage.cannot(
        "jiage", "pricing", "verify", surveyed.code, document_number="云发改价格〔2026〕87号", opinion="待会商。"
    )
    stage.does(
        "shujuju",
        "pricing",
        "concur",
        surveyed.code,
        bureau_number="云数价〔2026〕6号",
        bureau_opinion="定价基础具备，成本归集合理。",
    )
    story.pricing = stage.does(
        "jiage",
        "pricing",
        "verify",
        surveyed.code,
        document_number="云发改价格〔2026〕88号",
        opinion="成本资料真实完整，利润率未超上限。",
    )
    capped = stage.does("shengzhengfu", "tariffs", "cap", pricing=story.pricing.code, **cap)
    stage.does("shengzhengfu", "tariffs", "report", capped.code, report_number="云政函〔2026〕31号")
    stage.cannot("yunying", "tariffs", "price", capped.code, price_fen=52)
    stage.does("yunying", "tariffs", "price", capped.code, price_fen=45)
    second = stage.does("shengzhengfu", "tariffs", "cap", pricing=story.pricing.code, product=story.products["visitor-spend"].code, unit="CALL",
                        cap_fen=200, forecast_volume=100_000, basis="按调用次数计。")  # fmt: skip
    stage.does("shengzhengfu", "tariffs", "report", second.code, report_number="云政函〔2026〕32号")
    stage.does(
        "yunying",
        "tariffs",
        "price",
        second.code,
        price_fen=180,
        discounts=[{"ground": "VOLUME", "least": 10_000, "percent": "5"}],
    )


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
        stage.note("ledger.delete", RuleBroken(APPEND_ONLY))
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
        called = stage.does(drafter, "disclosure", "call", year=year)
        pack = stage.does(drafter, "disclosure", "draft", called.code, contact="0871-60000000")
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
    register(stage, "wenlv", "1", scenic.code, scenic.title, scenic.summary, recorded(scenic.code))
