"""Operation of the tests, built through the one door: from a scenario to a listed product and an order with its key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from dianchi.chapters.operation.accounts.months import bounds, months
from dianchi.chapters.operation.contracts.lifecycle import CONTENTS
from dianchi.chapters.operation.developers.inputs import CONDITIONS
from dianchi.chapters.operation.orders.models import Meter, Order, Usage
from dianchi.foundation.affiliations.models import Affiliation
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.documents.store import attach
from dianchi.kernel.actors import PLATFORM, Actor, Role
from tests.factories.authorization import an_agreement_in_force
from tests.factories.people import HOME, NOON, actor, enrol
from tests.factories.resources import a_published_item, application, registered, visits_inputs

BEGAN = NOON - timedelta(days=45)  # operation begins once the agreement is in force
OPERATOR, DEVELOPER, CONSUMER = HOME[Role.OPERATOR][0], HOME[Role.DEVELOPER][0], HOME[Role.CONSUMER][0]
OTHER = "91530100MA7B00018B"  # an enterprise that is no party
WHY = "经核对，理由充分。"
QUERY = "select prefecture_code, count(*) as visits, sum(spend) as spend from visits group by prefecture_code"
ONE_PERSON = "select name, phone, spend from visits where person_id = '530102199001011234'"


def do(kind: str, act: str, by: Role | Actor, /, code: str | None = None, at: datetime = BEGAN, **inputs: Any) -> Any:
    """One act; the case afterwards."""
    who = by if isinstance(by, Actor) else actor(by)
    return perform(kind, act, by=who, at=at, code=code, inputs=inputs or None).case


@contextmanager
def tried() -> Iterator[None]:
    """What is done inside is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def visits() -> Any:
    """The published resource about visitors, each row about one person."""
    return a_published_item(**visits_inputs())


def an_agreement(item: Any = None, **changes: Any) -> Any:
    """An authorization agreement in force over the visits."""
    return an_agreement_in_force([(item or visits()).code], **changes)


def scenario_inputs(agreement: Any, **changes: Any) -> dict[str, Any]:
    """A scenario of the operator that asks for everything authorized."""
    demand = [
        {"resource": code, "fields": ["prefecture_code", "spend"], "reason": "统计各州市游客消费"}
        for code in agreement.resources
    ]
    return {
        "title": "入滇游客消费统计", "operator": agreement.operator, "purpose": "INDUSTRY", "sector": "文化旅游",
        "problem": "景区和住宿业缺少分州市的客流与消费数据。", "users": "文旅企业",
        "demand": demand, "path": "statistics",
        "output_form": "按州市和月份的统计表",
        "benefit": "减少重复调查。", "risk": "汇总输出，小于十人的分组不出。",
        "personal_information": True, "legal_basis": "输出为匿名化统计",
        "starts_on": "2026-01-01", "ends_on": "2028-12-31",
    } | changes  # fmt: skip


def a_draft_scenario(agreement: Any = None, *, by: Actor | None = None, **changes: Any) -> Any:
    """A scenario that is only proposed."""
    inputs = scenario_inputs(agreement or an_agreement(), **changes)
    return do("scenarios", "propose", by or Role.OPERATOR, **inputs)


def a_published_scenario(agreement: Any = None, **changes: Any) -> Any:
    """A scenario with its criteria, calling for developers."""
    code = a_draft_scenario(agreement, **changes).code
    do("scenarios", "submit", Role.OPERATOR, code)
    do("scenarios", "approve", Role.BUREAU, code, reason=WHY)
    return do(
        "scenarios",
        "publish",
        Role.OPERATOR,
        code,
        criteria="能力、方案、安全各占三分之一。",
        responses_until="2026-12-31",
    )


def material(unmet: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every condition met with evidence; `unmet` names conditions that have none."""
    checklist = [
        {"condition": name, "met": name not in unmet, "evidence": "" if name in unmet else f"{label}证明"}
        for name, label in CONDITIONS
    ]
    return {"checklist": checklist, "contact": "李开发"}


def an_application(scenario: Any = None, *, invited: bool = True, developer: str = DEVELOPER) -> Any:
    """An admission that has begun: by invitation for a scenario, or by the organisation itself."""
    scenario = scenario or a_published_scenario()
    by = Role.OPERATOR if invited else actor(Role.DEVELOPER, organisation=developer)
    return do("developers", "apply", by, counterpart=developer if invited else scenario.operator,
              scenario=scenario.code, note="按公布的标准遴选。")  # fmt: skip


def an_admission_under_review(scenario: Any = None, *, invited: bool = True, unmet: tuple[str, ...] = ()) -> Any:
    """An admission whose material is in."""
    case = an_application(scenario, invited=invited)
    return do("developers", "submit", Role.DEVELOPER, case.code, **material(unmet))


def a_qualified_developer(scenario: Any = None, *, invited: bool = True) -> Any:
    """A developer admitted by the operator."""
    code = an_admission_under_review(scenario, invited=invited).code
    do("developers", "review", Role.OPERATOR, code, favourable=True, score=90, reason=WHY)
    return do("developers", "qualify", Role.OPERATOR, code)


def contract_inputs(admission: Any, agreement: Any, **changes: Any) -> dict[str, Any]:
    """A development agreement over everything authorized."""
    return {
        "title": "入滇游客消费统计开发利用协议", "admission": admission.code, "scenario": admission.scenario.code,
        "agreement": agreement.code, "resources": agreement.resources, "starts_on": "2026-01-10",
        "ends_on": "2027-12-31",
        **{field: "双方约定的内容。" for field, _ in CONTENTS},
    } | changes  # fmt: skip


def a_draft_contract(agreement: Any = None, admission: Any = None, **changes: Any) -> Any:
    """A development agreement that nobody has signed."""
    agreement = agreement or an_agreement()
    admission = admission or a_qualified_developer(a_published_scenario(agreement))
    return do("contracts", "draft", Role.OPERATOR, **contract_inputs(admission, agreement, **changes))


def a_contract_in_force(agreement: Any = None, admission: Any = None) -> Any:
    """A development agreement that both have signed and the bureau has filed."""
    code = a_draft_contract(agreement, admission).code
    do("contracts", "sign", Role.DEVELOPER, code)
    do("contracts", "countersign", Role.OPERATOR, code)
    return do("contracts", "file", Role.BUREAU, code)


def table(resource: str, **changes: Any) -> dict[str, Any]:
    """The data items of the visits that a statistic needs."""
    said = {
        "name": "visits", "resource": resource,
        "fields": ["person_id", "name", "prefecture_code", "visited_on", "spend"],
        "necessity": "按州市和月份统计消费。",
    } | changes  # fmt: skip
    reasons = [{"field": f, "purpose": "统计各州市消费", "necessity": "没有该项无法统计"} for f in said["fields"]]
    return {"reasons": reasons} | said


def request_inputs(contract: Any, **changes: Any) -> dict[str, Any]:
    """A request for the visits under a development agreement."""
    return {
        "title": "入滇游客数据申请", "contract": contract.code, "purpose": "INDUSTRY",
        "plan": "开发分州市的消费统计产品。",
        "tables": [table(code) for code in contract.resources], "ends_on": "2027-06-30",
    } | changes  # fmt: skip


def a_draft_request(contract: Any = None, **changes: Any) -> Any:
    """A request that is not submitted."""
    return do("requests", "draft", Role.DEVELOPER, **request_inputs(contract or a_contract_in_force(), **changes))


def agreed(code: str, at: datetime = BEGAN) -> None:
    """Every provider agrees."""
    for provider in get_case("requests", code, PLATFORM).providers:
        who = actor(Role.PROVIDER, organisation=provider)
        do("requests", "provider-answer", who, code, at, favourable=True, reason=WHY)


def an_approved_request(contract: Any = None, **changes: Any) -> Any:
    """A request that has passed both reviews."""
    code = a_draft_request(contract, **changes).code
    do("requests", "submit", Role.DEVELOPER, code)
    agreed(code)
    do("requests", "first-review", Role.OPERATOR, code, reason=WHY)
    return do("requests", "second-review", Role.IMPLEMENTER, code, reason=WHY)


def a_provisioned_request(contract: Any = None, **changes: Any) -> Any:
    """A request whose data may be used."""
    return do("requests", "provision", Role.OPERATOR, an_approved_request(contract, **changes).code)


def product_inputs(request: Any, **changes: Any) -> dict[str, Any]:
    """A statistic of visits by prefecture."""
    return {
        "title": "分州市游客消费统计", "slug": "visits-by-prefecture", "request": request.code,
        "summary": "各州市到访与消费。",
        "sql": QUERY, "parameters": [], "source_statement": "数据来自文化和旅游厅的入滇游客到访资源。",
    } | changes  # fmt: skip


def a_draft_product(request: Any = None, **changes: Any) -> Any:
    """A product that compiles."""
    return do("products", "draft", Role.DEVELOPER, **product_inputs(request or a_provisioned_request(), **changes))


def a_submitted_product(request: Any = None, **changes: Any) -> Any:
    """A product that waits for two opinions."""
    return do("products", "submit", Role.DEVELOPER, a_draft_product(request, **changes).code)


def opined(code: str, *, favourable: bool = True) -> None:
    """The two reviewers' opinions."""
    for role in (Role.OPERATOR, Role.IMPLEMENTER):
        do("products", "review", role, code, favourable=favourable, reason=WHY)


def an_approved_product(request: Any = None, **changes: Any) -> Any:
    """A product that may leave the domain."""
    code = a_submitted_product(request, **changes).code
    opined(code)
    return do("products", "approve", Role.OPERATOR, code)


def a_listed_product(request: Any = None, **changes: Any) -> Any:
    """A product on the list: reviewed by two, registered, listed two weeks after it began."""
    product = an_approved_product(request, **changes)
    inputs = application(product.code, title=product.title, object_type="2", evidence_digest=product.approved_digest,
                         agreement_ends_on="2027-12-31")  # fmt: skip
    code = do("registration", "apply", Role.DEVELOPER, **inputs).code
    until = registered(code, at=BEGAN).state_since
    return do("products", "list", Role.OPERATOR, product.code, at=until)


def survey_inputs(agreement: Any, **changes: Any) -> dict[str, Any]:
    """The worked example of the price notice: 8,451,600 yuan of permitted revenue."""
    amounts = {
        "platform": 320_000_000,
        "data": 180_000_000,
        "people": 240_000_000,
        "acquisition": 30_000_000,
        "period": 70_000_000,
    }
    return {
        "agreement": agreement.code, "year": 2026,
        "costs": [{"kind": kind, "name": f"成本项目{kind}", "amount_fen": fen} for kind, fen in amounts.items()],
        "subsidy_fen": 60_000_000, "treasury_yield": "1.85", "yield_evidence": "中债十年期国债收益率二〇二五年均值",
        "spread_points": "4.00",
        "taxes": [{"name": "附加税费", "method": "rate", "base_fen": 36_000_000, "rate": "0.12"},
                  {"name": "企业所得税", "method": "income", "rate": "0.25"}],
    } | changes  # fmt: skip


def a_survey(agreement: Any, **changes: Any) -> Any:
    """A cost survey that waits for the price authority."""
    return do("pricing", "survey", Role.OPERATOR, **survey_inputs(agreement, **changes))


def a_verified_revenue(agreement: Any, **changes: Any) -> Any:
    """A permitted revenue that is verified."""
    code = a_survey(agreement, **changes).code
    do("pricing", "concur", Role.BUREAU, code, bureau_number="云数价〔2026〕3号", bureau_opinion=WHY)
    return do("pricing", "verify", Role.PRICE, code, document_number="云发改价格〔2026〕21号", opinion=WHY)


def cap_inputs(product: Any, pricing: Any = None, **changes: Any) -> dict[str, Any]:
    """A cap of 0.50 yuan a call, eight million calls a year; on trial without a verified revenue."""
    return {
        "product": product.code, "pricing": pricing.code if pricing else "", "trial": pricing is None, "unit": "CALL",
        "cap_fen": 50, "forecast_volume": 8_000_000, "basis": "按算力和人力投入测算。",
    } | changes  # fmt: skip


def a_priced_product(request: Any = None, *, price_fen: int = 45, **changes: Any) -> Any:
    """A listed product with a published price of 0.45 yuan on trial."""
    product = a_listed_product(request, **changes)
    at = product.state_since
    tariff = do("tariffs", "cap", Role.AUTHORIZER, at=at, **cap_inputs(product))
    do("tariffs", "price", Role.OPERATOR, tariff.code, at=at, price_fen=price_fen)
    return product


def order_inputs(product: Any, **changes: Any) -> dict[str, Any]:
    """A year of calls for the product's own purpose."""
    return {
        "product": product.code, "purpose": product.purpose, "use": "用于酒店选址分析。", "quota_calls": 3,
        "ends_on": "2026-12-31", "source_seen": True,
    } | changes  # fmt: skip


def an_order(product: Any = None, **changes: Any) -> Any:
    """An order that waits for the operator."""
    return do("orders", "order", Role.CONSUMER, at=NOON, **order_inputs(product or a_priced_product(), **changes))


def an_active_order(product: Any = None, **changes: Any) -> Any:
    """An order that is delivered on."""
    return do("orders", "accept", Role.OPERATOR, an_order(product, **changes).code, at=NOON)


def a_key(order: Any, at: datetime = NOON) -> str:
    """The text of a new key of the order."""
    return perform("orders", "issue-key", by=actor(Role.CONSUMER), at=at, code=order.code).reveal["api_key"]


def metered(order: Order, calls: int = 1, *, at: datetime = NOON, price_fen: int = 45, billable: bool = True) -> None:
    """Answers delivered on an order, as the gate meters them."""
    first = Usage.objects.count()
    Usage.objects.bulk_create(
        Usage(order=order, product=order.product.slug, edition=order.product.edition, at=at, rows=16, bytes=900,
              billable=billable, price_fen=price_fen if billable else 0, ledger_index=1_000_000 + first + i,
              request_digest="0" * 64, result_digest="1" * 64)
        for i in range(calls)
    )  # fmt: skip
    meter, _ = Meter.objects.get_or_create(order=order, defaults={"calls": 0, "rows": 0, "bytes": 0})
    Meter.objects.filter(pk=meter.pk).update(calls=F("calls") + calls)


def a_closed_month(agreement: Any, month: str, *, by: Any = Role.OPERATOR, at: datetime, **changes: Any) -> Any:
    """The separate accounts of a month, without costs unless some are given."""
    return do("accounts", "close", by, at=at, agreement=agreement.code, month=month, **changes)


def closed_until(agreement: Any, last: str, *, at: datetime) -> None:
    """Every month of the agreement up to one, closed."""
    for month in months(agreement.starts_on, bounds(last)[1]):
        a_closed_month(agreement, month, at=at)


def affiliated(holder: str, held: str, *, share: str = "0.60", at: datetime = BEGAN) -> Affiliation:
    """A shareholding on record."""
    inputs = {
        "holder": holder, "held": held, "tie": "share", "share": share, "valid_from": "2020-01-01",
        "evidence": "工商登记",
    }  # fmt: skip
    return perform("affiliations", "declare", by=PLATFORM, at=at, inputs=inputs).case


def another_enterprise() -> str:
    """An enterprise that is no party to anything."""
    enrol(OTHER, "云南第三方有限公司")
    return OTHER


def program_inputs(request: Any, **changes: Any) -> dict[str, Any]:
    """A developer's saved query."""
    return {
        "title": "分州市消费试算",
        "request": request.code,
        "sql": QUERY,
        "parameters": [],
        "note": "第一版",
    } | changes


def a_draft_program(request: Any, **changes: Any) -> Any:
    """A program that is being written."""
    return do("programs", "draft", Role.DEVELOPER, **program_inputs(request, **changes))


def an_approved_program(request: Any, **changes: Any) -> Any:
    """A program that may run on the real data."""
    code = a_draft_program(request, **changes).code
    do("programs", "freeze", Role.DEVELOPER, code)
    return do("programs", "approve", Role.OPERATOR, code, reason=WHY)


def holding_inputs(contract: Any, **changes: Any) -> dict[str, Any]:
    """A developer's own list of prefectures."""
    return {
        "title": "自有酒店客房数", "contract": contract.code, "name": "our_hotels", "source": "collected",
        "source_statement": "本公司门店管理系统按月导出。", "proof_number": "自采说明 2026-01 号",
        "columns": [{"name": "code", "title": "州市代码"}, {"name": "rooms", "title": "客房数", "type": "BIGINT"}],
        "use": "按州市与消费合并统计。",
    } | changes  # fmt: skip


def proved(case: Any, at: datetime = BEGAN) -> None:
    """A proof of source on file."""
    attach(b"%PDF-1.7 proof", "proof.pdf", case_type="holdings", case_code=case.code, act="", title="来源证明",
           by=case.opened_by, at=at)  # fmt: skip


def an_approved_holding(contract: Any, **changes: Any) -> Any:
    """Own data that may be imported."""
    case = do("holdings", "draft", Role.DEVELOPER, **holding_inputs(contract, **changes))
    proved(case)
    do("holdings", "submit", Role.DEVELOPER, case.code)
    return do("holdings", "approve", Role.OPERATOR, case.code, reason=WHY)
