"""Which acts bring an authorization agreement into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, about, entry
from dianchi.kernel.law.articles import default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, days, workdays
from dianchi.kernel.text import Text, join


class State(CaseState):
    """Where an agreement stands."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    DECIDED = "decided", Text("已决策待签署", "Decided, to be signed"), Tone.WAITING
    SIGNED = "signed", Text("实施机构已签署", "Signed by the institution"), Tone.WAITING
    CONCLUDED = "concluded", Text("双方已签署待备案", "Concluded, to be filed"), Tone.WAITING
    FILED = "filed", Text("已备案生效", "Filed and in force"), Tone.FORCE
    EXPIRED = "expired", Text("已到期", "Expired"), Tone.STOPPED
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


KINDS = (
    ("NEW", Text("新签", "New")),
    ("AMENDMENT", Text("变更", "Amendment")),
    ("RENEWAL", Text("续约", "Renewal")),
)
# On which an agreement ends before its term (its own clauses 9, 10 and 12 say more).
GROUNDS = (
    ("agreed", Text("协议约定的终止条件成就", "A condition of the agreement")),
    ("breach", Text("违约且逾期不改", "A breach not mended in time")),
    (
        "operator-ended",
        Text("运营机构解散、破产或者丧失条件", "The operator dissolved, insolvent or no longer qualified"),
    ),
    ("evaluation", Text("评估不合格", "Failed evaluation")),
    ("law", Text("法律政策调整", "A change of law or policy")),
    ("force-majeure", Text("不可抗力", "Force majeure")),
    ("supervision", Text("拒不接受监督", "Refusal of supervision")),
)


class Milestone(Inputs):
    """Something promised, by when, and how it is measured."""

    name: str = entry(Text("履约节点", "Milestone"), min_length=2, max_length=120, example="首批十个产品上架")
    due_on: date = entry(Text("完成期限", "By when"))
    measure: str = entry(Text("衡量标准", "How it is measured"), min_length=2, max_length=300)


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
    kind: str = entry(Text("签约类型", "Kind"), default="NEW", choices=KINDS, pattern="^(NEW|AMENDMENT|RENEWAL)$")
    replaces: str = entry(
        Text("原协议", "Agreement that it follows"), default="", refers="agreements",
        help=Text("变更和续约须填写；备案后自新协议起始日起取代原协议", "Of an amendment or renewal; it takes the old one's place from its first day"),
    )  # fmt: skip
    milestones: list[Milestone] = entry(
        Text("履约节点", "Milestones"), default=[], max_length=40,
        help=Text("备案后由平台跟踪，到期前提醒", "Tracked once it is filed, told before they are due"),
    )  # fmt: skip


class Reached(Inputs):
    """A milestone that the operator reports as reached."""

    name: str = entry(Text("履约节点", "Milestone"), min_length=2, max_length=120)
    reached_on: date = entry(Text("完成日期", "Reached on"))
    evidence: str = entry(Text("证明材料", "Evidence"), min_length=2, max_length=500)


class Checked(Inputs):
    """What the institution found."""

    name: str = entry(Text("履约节点", "Milestone"), min_length=2, max_length=120)
    met: bool = entry(Text("达到标准", "Met"))
    remark: str = entry(Text("核查意见", "Finding"), widget="long", min_length=2, max_length=1000)


class Termination(Inputs):
    """On which ground it ends before its term, and why."""

    ground: str = entry(Text("终止情形", "Ground"), default="agreed", choices=GROUNDS, max_length=20)
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Decision(Inputs):
    """The record of the institution's collective decision."""

    minutes_number: str = entry(
        Text("会议纪要编号", "Minutes"), min_length=2, max_length=100, example="云数中心纪〔2026〕5号"
    )
    decided_on: date = entry(Text("决策日期", "Decided on"), example="2026-02-01")


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
    follows: bool = True  # an amendment or renewal follows an agreement of the same parties
    ground_known: bool = True
    signatures_hold: bool = True  # every signature is over the terms as they are
    milestone_open: bool = True
    milestone_reported: bool = True
    reached_by_now: bool = True


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
follows_its_agreement = Guard[Facts](
    lambda f: f.follows,
    Refusal("agreements.does-not-follow", Text("变更须针对同一运营机构生效中的协议；续约须自原协议届满次日起算", "An amendment is of an agreement in force with the same operator; a renewal begins the day after the old one ends"),
            spec27(14, 12), Text("请核对原协议和起始日期", "Check the agreement and the first day"), field="replaces"),
    on_inputs=True,
)  # fmt: skip
ground_is_listed = Guard[Facts](
    lambda f: f.ground_known,
    Refusal("agreements.ground-not-listed", Text("终止情形不在规定清单内", "The ground is not on the list"), spec27(14, 12),
            Text("请从清单中选择", "Choose one from the list"), field="ground"),
    on_inputs=True,
)  # fmt: skip
signatures_hold = Guard[Facts](
    lambda f: f.signatures_hold,
    Refusal("agreements.signature-broken", Text("电子签名与协议当前内容不符", "A signature is not over the terms as they are"), spec27(13),
            Text("请重新起草并签署", "Draft and sign it anew"), ("R20",)),
)  # fmt: skip
milestone_is_open = Guard[Facts](
    lambda f: f.milestone_open,
    Refusal("agreements.no-such-milestone", Text("没有这一待完成的履约节点", "There is no such open milestone"), spec27(13), field="name"),
    on_inputs=True,
)  # fmt: skip
milestone_is_reported = Guard[Facts](
    lambda f: f.milestone_reported,
    Refusal("agreements.milestone-not-reported", Text("该履约节点尚未报告或者已经核查", "The milestone is not reported, or is checked already"), spec27(13), field="name"),
    on_inputs=True,
)  # fmt: skip
reached_by_now = Guard[Facts](
    lambda f: f.reached_by_now,
    Refusal("agreements.reached-in-the-future", Text("完成日期不能晚于今天", "It cannot be reached in the future"), spec27(13), field="reached_on"),
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
        Act("draft", Text("起草", "Draft"), _IMPL, frozenset(), State.DRAFT, spec27(14), (institution_acts, *FITS, follows_its_agreement), Draft, sensitive=True),
        Act("revise", Text("修改", "Revise"), _IMPL, {State.DRAFT}, State.DRAFT, spec27(14), (institution_acts, *FITS, follows_its_agreement), Draft, duty=False),
        Act("decide", Text("记录集体决策", "Record the decision"), _IMPL, {State.DRAFT}, State.DECIDED, spec27(13),
            (institution_acts, thirteen_contents, *FITS, decided_by_now), Decision),
        Act("sign", Text("签署", "Sign"), _IMPL, {State.DRAFT, State.DECIDED}, State.SIGNED, spec27(13),
            (institution_acts, decided_before_signing, thirteen_contents, *FITS), sensitive=True, final=True),
        Act("countersign", Text("签署", "Countersign"), {Role.OPERATOR}, {State.SIGNED}, State.CONCLUDED, spec27(13),
            (operator_acts, decided_before_signing, thirteen_contents, signatures_hold, *IN_ORDER), final=True, sensitive=True, document=Text("授权运营协议", "Authorization agreement")),
        Act("file", Text("备案", "File"), {Role.BUREAU}, {State.CONCLUDED}, State.FILED, spec27(13),
            (thirteen_contents, signatures_hold, *IN_ORDER), document=Text("授权运营协议备案通知", "Notice of filing")),
        Act("reach", Text("报告履约节点", "Report a milestone"), {Role.OPERATOR}, {State.FILED}, None, spec27(13),
            (operator_acts, milestone_is_open, reached_by_now), Reached, duty=False),
        Act("check", Text("核查履约节点", "Check a milestone"), _IMPL, {State.FILED}, None, spec27(13), (institution_acts, milestone_is_reported), Checked, duty=False),
        Act("expire", Text("到期", "Expire"), {Role.SYSTEM}, {State.FILED}, State.EXPIRED, spec27(14, 2), duty=False),
        Act("terminate", Text("终止", "Terminate"), {Role.IMPLEMENTER, Role.BUREAU}, {State.FILED}, State.TERMINATED, spec27(14, 12),
            (institution_or_bureau, ground_is_listed), Termination, duty=False, final=True, sensitive=True,
            document=Text("授权运营协议终止通知", "Notice of termination")),
    ),
    (
        Deadline(State.CONCLUDED, workdays("agreement.filing-days"), default(), Text("备案", "File"), {Role.BUREAU}),
        Deadline(State.FILED, days("agreement.expiry-days"), spec27(14, 2), Text("协议到期", "End of the term"), _IMPL, then="expire", clock="E10", since="ends_on"),
        Deadline(State.FILED, workdays("agreement.milestone-days"), default(), Text("核查履约节点", "Check the milestone"), _IMPL, since="reported_at"),
    ),
)  # fmt: skip
