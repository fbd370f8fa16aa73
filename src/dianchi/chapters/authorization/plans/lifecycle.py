"""Which acts bring an implementation plan to its decision and filing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, about, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.purposes import PURPOSES
from dianchi.kernel.text import Text, join


class State(CaseState):
    """Where a plan stands."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    SUBMITTED = "submitted", Text("待审定", "Submitted"), Tone.WAITING
    APPROVED = "approved", Text("已审定待备案", "Approved, to be filed"), Tone.FORCE
    FILED = "filed", Text("已备案", "Filed"), Tone.FORCE
    REJECTED = "rejected", Text("不予通过", "Rejected"), Tone.STOPPED


def _part(zh: str, en: str) -> str:
    part: str = entry(Text(zh, en), default="", widget="long", max_length=20000)
    return part


class Contents(Inputs):
    """The twelve mandatory contents (operation norm, art. 9); each may still be empty in a draft."""

    name: str = _part("名称", "Name")
    feasibility: str = _part("必要性可行性论证", "Necessity and feasibility")
    operator_conditions: str = _part("运营机构选择条件", "Conditions for the operator")
    mode: str = _part("授权运营模式", "Mode")
    data_scope: str = _part("数据资源范围、目录、更新频率和质量", "Data scope, catalogue, frequency and quality")
    schedule: str = _part("期限、建设内容、技术保障、进度和退出机制", "Term, construction, support, schedule and exit")
    products: str = _part("拟提供的产品和服务清单", "List of products and services")
    revenue: str = _part("成本和收益核算、收益分配", "Cost, revenue and distribution")
    security: str = _part("数据安全、个人信息保护和应急处置", "Security, personal information and emergencies")
    duties: str = _part("各方权利义务", "Rights and duties")
    supervision: str = _part("监督管理和考核评价要求", "Supervision and assessment")
    other: str = _part("其他事项", "Other matters")


class Product(Inputs):
    """A product or service that the plan foresees."""

    name: str = entry(Text("产品和服务名称", "Product or service"), min_length=2, max_length=120)
    purpose: str = entry(
        Text("用途类别", "Purpose"), choices=PURPOSES, pattern="^(PUBLIC_GOVERNANCE|PUBLIC_WELFARE|INDUSTRY|SECTOR)$"
    )


class Draft(Inputs):
    """The plan."""

    title: str = entry(Text("方案名称", "Title"), min_length=2, max_length=200)
    authorization: str = entry(Text("授权", "Authorization"), refers="authorizations")
    contents: Contents = entry(Text("十二项内容", "The twelve contents"), default=Contents())
    resources: list[str] = entry(Text("资源目录编号", "Catalogue codes"), min_length=1, refers="catalogue")
    products: list[Product] = entry(Text("产品和服务清单", "Products and services"), min_length=1)
    starts_on: date = entry(Text("起始日期", "From"), example="2026-01-01")
    ends_on: date = entry(Text("终止日期", "To"), example="2030-12-31")


class Decision(Inputs):
    """The record of the collective decision."""

    minutes_number: str = entry(
        Text("会议纪要编号", "Minutes"), default="", max_length=100, example="云政常纪〔2026〕3号"
    )
    decided_on: date | None = entry(Text("议定日期", "Decided on"), default=None)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    authorization_approved: bool = True
    missing: tuple[str, ...] = ()  # names of the contents that are empty
    outside: tuple[str, ...] = ()  # resources outside the authorization
    term_inside: bool = True
    drafter: bool = True
    own_submission: bool = False
    minutes: bool = True
    decided_by_now: bool = True


PARTS = {name: about(name, info).label for name, info in Contents.model_fields.items()}

authorization_approved = Guard[Facts](
    lambda f: f.authorization_approved,
    Refusal("plans.authorization-not-approved", Text("授权尚未审定", "The authorization is not approved"), spec27(8),
            Text("请先办理授权审定", "Have the authorization approved first"), field="authorization"),
)  # fmt: skip
twelve_contents = Guard[Facts](
    lambda f: not f.missing,
    Refusal("plans.contents-missing", Text("不能提交：实施方案缺少{missing}", "Cannot submit: the plan lacks {missing}"), spec27(9),
            Text("请补充后再提交", "Add it and submit again"), ("R13", "E38"), "contents"),
    naming=lambda f: {"missing": join(tuple(Text(f"“{PARTS[m]}”", f"“{PARTS[m].en}”") for m in f.missing))},
)  # fmt: skip
inside_the_authorization = Guard[Facts](
    lambda f: not f.outside,
    Refusal("plans.outside-the-authorization", Text("资源超出授权范围", "Resources outside the authorization"), spec27(5),
            Text("请只选授权范围内的资源", "Choose resources in scope only"), ("R22",), "resources"),
)  # fmt: skip
term_inside = Guard[Facts](
    lambda f: f.term_inside,
    Refusal("plans.term-outside", Text("方案期限须在授权期限内", "The term must lie inside the authorization's"), spec27(9, 6), field="ends_on"),
)  # fmt: skip
drafter_acts = Guard[Facts](
    lambda f: f.drafter,
    Refusal("plans.not-the-drafter", Text("只有提出该授权的实施机构可以编制和办理其实施方案", "Only the institution that proposed the authorization drafts its plan"),
            spec27(8), Text("请由该实施机构办理", "Let that institution do it")),
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal("plans.own-submission", Text("不能审定自己提交的方案", "You cannot approve your own submission"), cite("GBT22239"),
            Text("请由另一名人员审定", "Another person must approve it"), ("R66",)),
)  # fmt: skip
decided_collectively = Guard[Facts](
    lambda f: f.minutes,
    Refusal("plans.no-collective-decision", Text("不能审定：缺少“三重一大”集体决策记录", "Cannot approve: no record of the collective decision"),
            spec27(11), Text("请填写会议纪要编号和日期", "Enter the minutes' number and date"), ("R15",), "minutes_number"),
    on_inputs=True,
)  # fmt: skip
decided_by_now = Guard[Facts](
    lambda f: f.decided_by_now,
    Refusal("plans.decision-in-the-future", Text("集体决策日期不能晚于今天", "The collective decision cannot lie in the future"), spec27(11),
            Text("请核对会议纪要日期", "Check the date of the minutes"), ("R15",), "decided_on"),
    on_inputs=True,
)  # fmt: skip
FITS = (authorization_approved, inside_the_authorization, term_inside)

PLAN = Lifecycle[Facts](
    "plans",
    Text("实施方案", "Implementation plans"),
    State,
    (
        Act("draft", Text("编制", "Draft"), {Role.IMPLEMENTER}, frozenset(), State.DRAFT, spec27(8), (drafter_acts, *FITS), Draft, sensitive=True),
        Act("revise", Text("修改", "Revise"), {Role.IMPLEMENTER}, {State.DRAFT}, State.DRAFT, spec27(8), (drafter_acts, *FITS), Draft, duty=False),
        Act("submit", Text("提交审定", "Submit"), {Role.IMPLEMENTER}, {State.DRAFT}, State.SUBMITTED, spec27(9), (drafter_acts, twelve_contents, *FITS)),
        Act("approve", Text("审定", "Approve"), {Role.AUTHORIZER}, {State.SUBMITTED}, State.APPROVED, spec27(11),
            (another_person, twelve_contents, *FITS, decided_collectively, decided_by_now), Decision, sensitive=True),
        Act("return", Text("退回修改", "Return"), {Role.AUTHORIZER}, {State.SUBMITTED}, State.DRAFT, spec27(11), (), Reason, duty=False),
        Act("reject", Text("不予通过", "Reject"), {Role.AUTHORIZER}, {State.SUBMITTED}, State.REJECTED, spec27(11), (), Reason, duty=False, final=True),
        Act("file", Text("备案", "File"), {Role.BUREAU}, {State.APPROVED}, State.FILED, spec27(11)),
    ),
    (Deadline(State.APPROVED, workdays("plan.filing-days"), default(), Text("备案", "File"), {Role.BUREAU}),),
)  # fmt: skip
