"""Which acts bring an authorization agreement into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, about, entry
from dianchi.kernel.law.articles import default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text, join


class State(CaseState):
    """Where an agreement stands."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    DECIDED = "decided", Text("已决策待签署", "Decided, to be signed"), Tone.WAITING
    SIGNED = "signed", Text("实施机构已签署", "Signed by the institution"), Tone.WAITING
    CONCLUDED = "concluded", Text("双方已签署待备案", "Concluded, to be filed"), Tone.WAITING
    FILED = "filed", Text("已备案生效", "Filed and in force"), Tone.FORCE
    TERMINATED = "terminated", Text("已终止", "Terminated"), Tone.STOPPED


def _part(zh: str, en: str) -> str:
    part: str = entry(Text(zh, en), default="", widget="long", max_length=20000)
    return part


class Contents(Inputs):
    """The thirteen mandatory contents (operation norm, art. 14); each may still be empty in a draft."""

    data_scope: str = _part("数据资源范围和目录", "Data scope and catalogue")
    term: str = _part("期限", "Term")
    products: str = _part("产品和服务清单、技术标准、安全审查和业务规范性审查要求", "Products, standards and reviews")
    platform: str = _part("技术支撑平台", "Technical platform")
    assets: str = _part("资产权属", "Ownership of assets")
    disclosure: str = _part("信息披露要求和不得再开发条款", "Disclosure and no redevelopment")
    revenue: str = _part("成本收益核算和收益分配", "Cost, revenue and distribution")
    security: str = _part("数据安全、个人信息保护、风险监测和应急处置", "Security, personal information, emergencies")
    evaluation: str = _part("绩效评价、续约或退出", "Evaluation, renewal or exit")
    breach: str = _part("违约责任", "Breach")
    disputes: str = _part("争议解决", "Disputes")
    termination: str = _part("变更和终止条件", "Change and termination")
    other: str = _part("其他事项", "Other matters")


class Draft(Inputs):
    """The agreement."""

    title: str = entry(Text("协议名称", "Title"), min_length=2, max_length=200)
    selection: str = entry(Text("运营机构选择", "Selection"), refers="selection")
    contents: Contents = entry(Text("十三项内容", "The thirteen contents"), default=Contents())
    resources: list[str] = entry(Text("资源目录编号", "Catalogue codes"), min_length=1, refers="catalogue")
    products: list[str] = entry(Text("产品和服务", "Products and services"), min_length=1)
    starts_on: date = entry(Text("起始日期", "From"), example="2026-01-01")
    ends_on: date = entry(Text("终止日期", "To"), example="2030-12-31")
    exception_reason: str = entry(
        Text("超过五年的理由和批准", "Reason and approval of a longer term"), default="", max_length=500,
        help=Text("期限原则上不超过五年", "In principle at most five years"),
    )  # fmt: skip


class Decision(Inputs):
    """The record of the institution's collective decision."""

    minutes_number: str = entry(
        Text("会议纪要编号", "Minutes"), min_length=2, max_length=100, example="云数中心纪〔2026〕5号"
    )
    decided_on: date = entry(Text("决策日期", "Decided on"), example="2026-02-01")


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    determined: bool = True  # the selection has determined an operator
    plan_filed: bool = True
    authorization_stands: bool = True  # neither suspended nor terminated
    separate: bool = True  # institution and operator are two bodies
    missing: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()  # resources outside the plan
    products_outside: tuple[str, ...] = ()
    too_long: bool = False
    excepted: bool = False
    term_inside: bool = True
    institution: bool = True
    bureau: bool = False
    operator: bool = True
    decided: bool = False
    decided_by_now: bool = True


PARTS = {name: about(name, info).label for name, info in Contents.model_fields.items()}

operator_is_determined = Guard[Facts](
    lambda f: f.determined,
    Refusal("agreements.operator-not-determined", Text("运营机构尚未确定", "The operator is not determined"), spec27(13),
            Text("请先完成运营机构选择", "Complete the selection first"), field="selection"),
)  # fmt: skip
plan_is_approved = Guard[Facts](
    lambda f: f.plan_filed,
    Refusal("agreements.plan-not-approved", Text("实施方案尚未审定", "The plan is not approved"), spec27(13),
            Text("请先完成实施方案审定", "Have the plan approved first"), ("R14",)),
)  # fmt: skip
inside_the_plan = Guard[Facts](
    lambda f: not (f.outside or f.products_outside),
    Refusal("agreements.outside-the-plan", Text("资源或产品清单超出实施方案", "Resources or products outside the plan"), spec27(12),
            Text("请只选实施方案内的资源和产品", "Choose those of the plan only"), ("R22",), "resources"),
)  # fmt: skip
term_inside_the_plan = Guard[Facts](
    lambda f: f.term_inside,
    Refusal("agreements.term-outside-the-plan", Text("协议期限须在实施方案期限内", "The term must lie inside the plan's"), spec27(14, 2), field="ends_on"),
)  # fmt: skip
at_most_five_years = Guard[Facts](
    lambda f: not f.too_long or f.excepted,
    Refusal("agreements.longer-than-five-years", Text("协议期限原则上不超过五年", "The term is in principle at most five years"), spec27(14, 2),
            Text("请缩短期限，或写明理由和批准", "Shorten it, or record the reason and approval"), ("R21",), "ends_on"),
)  # fmt: skip
thirteen_contents = Guard[Facts](
    lambda f: not f.missing,
    Refusal("agreements.contents-missing", Text("不能办理：协议缺少{missing}", "Not possible: the agreement lacks {missing}"), spec27(14),
            Text("请补充后再办理", "Add it first"), ("R20", "E38"), "contents"),
    naming=lambda f: {"missing": join(tuple(Text(f"“{PARTS[m]}”", f"“{PARTS[m].en}”") for m in f.missing))},
)  # fmt: skip
decided_before_signing = Guard[Facts](
    lambda f: f.decided,
    Refusal("agreements.not-decided", Text("不能签署：实施机构尚未集体决策", "Cannot sign: the institution has not decided collectively"), spec27(13),
            Text("请先记录集体决策", "Record the decision first"), ("R19",)),
)  # fmt: skip
institution_acts = Guard[Facts](
    lambda f: f.institution,
    Refusal("agreements.not-the-institution", Text("只有本协议的实施机构可以办理", "Only this agreement's institution may do this"), spec27(13)),
)  # fmt: skip
institution_or_bureau = Guard[Facts](
    lambda f: f.institution or f.bureau,
    Refusal("agreements.not-in-charge", Text("只有本协议的实施机构和数据管理部门可以终止协议", "Only this agreement's institution and the data administration may terminate it"),
            spec27(14, 12), Text("请由该机构或数据管理部门办理", "Let one of them do it")),
)  # fmt: skip
operator_acts = Guard[Facts](
    lambda f: f.operator,
    Refusal("agreements.not-the-operator", Text("只有本协议的运营机构可以办理", "Only this agreement's operator may do this"), spec27(13)),
)  # fmt: skip
authorization_stands = Guard[Facts](
    lambda f: f.authorization_stands,
    Refusal("agreements.authorization-not-in-force", Text("授权已暂停或终止", "The authorization is suspended or terminated"), spec27(13),
            Text("请先恢复授权", "Have the authorization resumed first")),
)  # fmt: skip
separate_bodies = Guard[Facts](
    lambda f: f.separate,
    Refusal("agreements.institution-is-operator", Text("实施机构不得同时担任运营机构", "The implementing institution may not be the operator"), spec27(12),
            Text("请重新选择运营机构", "Select another operator"), field="selection"),
)  # fmt: skip
decided_by_now = Guard[Facts](
    lambda f: f.decided_by_now,
    Refusal("agreements.decision-in-the-future", Text("集体决策日期不能晚于今天", "The collective decision cannot lie in the future"), spec27(13),
            Text("请核对会议纪要日期", "Check the date of the minutes"), ("R19",), "decided_on"),
    on_inputs=True,
)  # fmt: skip
IN_ORDER = (operator_is_determined, plan_is_approved, authorization_stands, separate_bodies)
FITS = (*IN_ORDER, inside_the_plan, term_inside_the_plan, at_most_five_years)
_IMPL = {Role.IMPLEMENTER}

AGREEMENT = Lifecycle[Facts](
    "agreements",
    Text("授权运营协议", "Authorization agreements"),
    State,
    (
        Act("draft", Text("起草", "Draft"), _IMPL, frozenset(), State.DRAFT, spec27(14), (institution_acts, *FITS), Draft, sensitive=True),
        Act("revise", Text("修改", "Revise"), _IMPL, {State.DRAFT}, State.DRAFT, spec27(14), (institution_acts, *FITS), Draft, duty=False),
        Act("decide", Text("记录集体决策", "Record the decision"), _IMPL, {State.DRAFT}, State.DECIDED, spec27(13),
            (institution_acts, thirteen_contents, *FITS, decided_by_now), Decision),
        Act("sign", Text("签署", "Sign"), _IMPL, {State.DRAFT, State.DECIDED}, State.SIGNED, spec27(13),
            (institution_acts, decided_before_signing, thirteen_contents, *FITS), sensitive=True, final=True),
        Act("countersign", Text("签署", "Countersign"), {Role.OPERATOR}, {State.SIGNED}, State.CONCLUDED, spec27(13),
            (operator_acts, decided_before_signing, thirteen_contents, *IN_ORDER), final=True, document=Text("授权运营协议", "Authorization agreement")),
        Act("file", Text("备案", "File"), {Role.BUREAU}, {State.CONCLUDED}, State.FILED, spec27(13),
            (thirteen_contents, *IN_ORDER)),
        Act("terminate", Text("终止", "Terminate"), {Role.IMPLEMENTER, Role.BUREAU}, {State.FILED}, State.TERMINATED, spec27(14, 12),
            (institution_or_bureau,), Reason, duty=False, final=True),
    ),
    (Deadline(State.CONCLUDED, workdays("agreement.filing-days"), default(), Text("备案", "File"), {Role.BUREAU}),),
)  # fmt: skip
