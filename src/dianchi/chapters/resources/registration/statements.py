"""What is stated in the acts of a registration."""

from __future__ import annotations

from datetime import date
from typing import Any

from dianchi.chapters.resources.registration.states import (
    BASES,
    CHANGES,
    FAULTS,
    GROUNDS,
    OBJECT_TYPES,
    PLATFORMS,
)
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text

_SOURCE = Text("来源合法合规说明", "Lawful source")
_SITUATION = Text("数据资源情况", "The resource")
_PRODUCT = Text("产品和服务信息", "The product or service")
_SCENARIO = Text("应用场景", "Application scenario")
_RISK = Text("安全风险评估", "Risk assessment")
_TERM = Text("授权运营期限届满日", "End of the authorized operation")
_SUMMARY = Text("内容简介", "Short description")
_EVIDENCE = Text("存证摘要", "Digest preserved as evidence")
_NAME = Text("数据名称", "Name of the data")
_DIGEST = "^[0-9a-f]{64}$|^$"


class Application(Inputs):
    """What the registrant states (first registration)."""

    title: str = entry(_NAME, min_length=2, max_length=200, example="全省行政区划")
    object_type: str = entry(Text("登记类型", "Type"), choices=OBJECT_TYPES, pattern="^[12]$")
    object_code: str = entry(Text("资源或产品编号", "Code of the resource or product"), max_length=40)
    summary: str = entry(
        _SUMMARY, widget="long", min_length=4, max_length=400,
        help=Text("公示时对外公开，不写个人信息和商业秘密", "Publicized: no personal information, no trade secrets"),
    )  # fmt: skip
    source_statement: str = entry(
        _SOURCE, widget="long", min_length=4, max_length=1000,
        help=Text("说明数据从何处依何职责取得", "Where the data come from and under which duty"),
    )  # fmt: skip
    situation: str = entry(
        _SITUATION, widget="long", min_length=2, max_length=1000,
        help=Text("数据规模、时间范围、更新频率等", "Volume, period, frequency and the like"),
    )  # fmt: skip
    product_info: str = entry(
        _PRODUCT, widget="long", default="", max_length=1000,
        help=Text("登记产品和服务时填写", "For a product or service"),
    )  # fmt: skip
    scenario: str = entry(
        _SCENARIO, widget="long", default="", max_length=1000,
        help=Text("登记产品和服务时填写", "For a product or service"),
    )  # fmt: skip
    evidence_digest: str = entry(
        _EVIDENCE, pattern=_DIGEST, default="",
        help=Text("登记前须对内容存证，填写存证的国密摘要", "Evidence must be preserved first: enter its SM3 digest"),
    )  # fmt: skip
    risk_assessment: str = entry(_RISK, widget="long", min_length=4, max_length=2000)
    storage: str = entry(Text("存储位置和方式", "Where and how it is stored"), min_length=2, max_length=300)
    internal_review: str = entry(
        Text("内部业务审核", "Internal review"), min_length=2, max_length=300,
        help=Text("写明审核部门、日期和结论", "Who reviewed it inside your organisation, when, with which result"),
    )  # fmt: skip
    agreement_ends_on: date | None = entry(_TERM, default=None)
    co_registrants: list[str] = entry(
        Text("共同登记主体", "Joint registrants"), default=[], max_length=20, widget="organisation",
        help=Text("共同申请的，由本单位代表办理，其他主体须确认", "You act for all; each of the others confirms"),
    )  # fmt: skip
    joint_basis: str = entry(Text("共同申请的依据", "Basis of the joint application"), default="", max_length=300)
    agent: str = entry(Text("代理机构", "Agent"), default="", max_length=120)
    commitment: bool = entry(
        Text("承诺申请材料真实、合法、有效", "I vouch that the materials are true, lawful and valid"), default=False
    )


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Opinion(Inputs):
    """What the experts found."""

    expert_opinion: str = entry(
        Text("专家评审意见", "Opinion of the experts"), widget="long", min_length=4, max_length=2000
    )


class Renewal(Inputs):
    """Nothing but, for a product, until when the operation is now authorized."""

    agreement_ends_on: date | None = entry(_TERM, default=None)


class Cancellation(Inputs):
    """On which of the law's grounds."""

    ground: str = entry(Text("注销情形", "Ground"), choices=GROUNDS, pattern="^(LOST|GIVEN_UP|DISSOLVED|OTHER)$")
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Revocation(Inputs):
    """For which fault of the registrant."""

    fault: str = entry(
        Text("撤销情形", "Fault"), choices=FAULTS, pattern="^(FALSE|FORGED|MISUSED|OTHER)$", default="OTHER"
    )
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Supplement(Inputs):
    """Everything that is missing, told at once."""

    notice: str = entry(Text("需补正的全部内容", "All that is missing"), widget="long", min_length=4, max_length=2000)


class Statements(Inputs):
    """Statements that may be made anew; what is left out stays as it is."""

    title: str | None = entry(_NAME, default=None, min_length=2, max_length=200)
    summary: str | None = entry(_SUMMARY, default=None, widget="long", min_length=4, max_length=400)
    source_statement: str | None = entry(_SOURCE, default=None, widget="long", min_length=4, max_length=1000)
    situation: str | None = entry(_SITUATION, default=None, widget="long", max_length=1000)
    product_info: str | None = entry(_PRODUCT, default=None, widget="long", max_length=1000)
    scenario: str | None = entry(_SCENARIO, default=None, widget="long", max_length=1000)
    evidence_digest: str | None = entry(_EVIDENCE, default=None, pattern=_DIGEST)
    risk_assessment: str | None = entry(_RISK, default=None, widget="long", min_length=4, max_length=2000)
    agreement_ends_on: date | None = entry(_TERM, default=None)


class Resubmission(Inputs):
    """The supplemented statements; what is left out stays as it is."""

    summary: str | None = entry(_SUMMARY, default=None, widget="long", min_length=4, max_length=400)
    source_statement: str | None = entry(_SOURCE, default=None, widget="long", min_length=4, max_length=1000)
    situation: str | None = entry(_SITUATION, default=None, widget="long", max_length=1000)
    product_info: str | None = entry(_PRODUCT, default=None, widget="long", max_length=1000)
    scenario: str | None = entry(_SCENARIO, default=None, widget="long", max_length=1000)
    risk_assessment: str | None = entry(_RISK, default=None, widget="long", min_length=4, max_length=2000)
    storage: str | None = entry(Text("存储位置和方式", "Where and how it is stored"), default=None, max_length=300)


class Change(Inputs):
    """What has changed, and what is to stand on record instead."""

    change_kind: str = entry(
        Text("变更类型", "What changed"), choices=CHANGES, pattern="^(SOURCE|RESOURCE|PRODUCT|EVIDENCE|REGISTRANT)$"
    )
    reason: str = entry(Text("变更理由", "Reason"), widget="long", min_length=4, max_length=1000)
    proposal: Statements = entry(Text("变更后内容", "As it is to stand"))


class Correction(Inputs):
    """What is wrong on record, on whose consent or which proof it is corrected."""

    basis: str = entry(Text("更正依据", "Basis"), choices=BASES, pattern="^(CONSENT|PROOF)$")
    basis_document: str = entry(
        Text("同意书或证明材料", "Consent or proof"), default="", max_length=300,
        help=Text("写明文件名称和文号，文件作为材料附上", "Name the document and attach it"),
    )  # fmt: skip
    reason: str = entry(Text("错误之处", "What is wrong"), widget="long", min_length=4, max_length=1000)
    proposal: Statements = entry(Text("更正后内容", "As it is to stand"))


class Objection(Inputs):
    """An objection in the objector's own name, with evidence."""

    objector: str = entry(
        Text("异议人实名", "Objector's real name"), default="", max_length=120, personal=True,
        help=Text("匿名异议不予受理", "Anonymous objections are not accepted"),
    )  # fmt: skip
    objection: str = entry(Text("异议内容", "Objection"), widget="long", min_length=4, max_length=2000)
    objection_evidence: str = entry(
        Text("证据", "Evidence"), widget="long", default="", max_length=2000,
        help=Text("说明证据并将文件附在材料中", "Describe it, and attach files to the case"),
    )  # fmt: skip


class Answer(Inputs):
    """The answer to one objection that does not hold."""

    number: int = entry(Text("异议序号", "Number of the objection"), ge=1, le=999)
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Receipt(Inputs):
    """What a registration platform answered to a record that was reported to it."""

    serial: str = entry(Text("报送流水号", "Serial of the record"), min_length=4, max_length=60)
    receipt_number: str = entry(Text("回执编号", "Number of the receipt"), min_length=2, max_length=80)
    accepted: bool = entry(Text("平台已接收", "Taken over by the platform"))
    remark: str = entry(Text("说明", "Note"), default="", max_length=500)


def stated(said: Statements | dict[str, Any]) -> dict[str, Any]:
    """What the statements say anew."""
    plain = said if isinstance(said, dict) else said.model_dump()
    return {name: value for name, value in plain.items() if value is not None}


PLATFORM_NAMES = dict(PLATFORMS)
