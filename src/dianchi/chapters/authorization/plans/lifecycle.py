"""Which acts bring an implementation plan through argument and consultation to its decision and filing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.chapters.authorization.plans.contents import PARTS, POINTS, Plan
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Opinions, Tone, workdays
from dianchi.kernel.text import Text, join


class State(CaseState):
    """Where a plan stands."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    ARGUED = "argued", Text("论证和征求意见", "Argument and consultation"), Tone.WAITING
    SUBMITTED = "submitted", Text("待审定", "Submitted"), Tone.WAITING
    APPROVED = "approved", Text("已审定待备案", "Approved, to be filed"), Tone.FORCE
    FILED = "filed", Text("已备案", "Filed"), Tone.FORCE
    REJECTED = "rejected", Text("不予通过", "Rejected"), Tone.STOPPED
    SUPERSEDED = "superseded", Text("已被新方案取代", "Superseded"), Tone.STOPPED


class Draft(Plan):
    """A plan, or the plan that is to replace one after a large change."""

    replaces: str = entry(
        Text("拟取代的实施方案", "Plan that it replaces"), default="", refers="plans",
        help=Text("重大变更按原程序重新办理，填写原方案", "For a large change, name the plan as it was"),
    )  # fmt: skip


class Amendment(Plan):
    """A small change of an approved plan, and why."""

    reason: str = entry(Text("变更理由", "Reason of the change"), widget="long", min_length=4, max_length=1000)


class Panel(Inputs):
    """Who argues the plan and who is consulted, all at the same time."""

    experts: list[str] = entry(
        Text("论证专家账号", "Accounts of the experts"), min_length=1, max_length=15, personal=True,
        help=Text("每行一个；与本单位有关联的专家不得参加", "One per line; experts with ties to your institution may not take part"),
    )  # fmt: skip
    departments: list[str] = entry(
        Text("征求意见的部门", "Departments consulted"), default=[], max_length=30, widget="organisation",
        help=Text("填写统一社会信用代码，每行一个", "Unified social credit codes, one per line"),
    )  # fmt: skip


class Opinion(Inputs):
    """An expert's opinion or a department's answer."""

    favourable: bool = entry(Text("同意方案", "In favour"))
    reason: str = entry(Text("意见和理由", "Opinion and reasons"), widget="long", min_length=4, max_length=4000)


class Outcome(Inputs):
    """How the opinions were dealt with, and the review of fair competition."""

    adoption: str = entry(
        Text("意见采纳情况", "How the opinions were dealt with"), widget="long", min_length=4, max_length=4000,
        help=Text("逐条说明采纳与否及理由", "One by one, adopted or not, and why"),
    )  # fmt: skip
    fair_competition: str = entry(
        Text("公平竞争审查结论", "Result of the fair competition review"), widget="long", min_length=4, max_length=1000
    )


class Decision(Inputs):
    """The record of the collective decision."""

    minutes_number: str = entry(
        Text("会议纪要编号", "Minutes"), default="", max_length=100, example="云政常纪〔2026〕3号"
    )
    decided_on: date | None = entry(Text("议定日期", "Decided on"), default=None)
    deliberation: str = entry(
        Text("审议记录", "Record of the deliberation"), default="", widget="long", max_length=4000,
        help=Text("出席、审议意见和表决结果", "Who was present, what was said, the vote"),
    )  # fmt: skip


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    authorization_approved: bool = True
    missing: tuple[str, ...] = ()  # names of the contents that are empty
    unargued: tuple[str, ...] = ()  # names of the points of the argument that are empty
    outside: tuple[str, ...] = ()  # resources outside the authorization
    term_inside: bool = True
    drafter: bool = True
    own_submission: bool = False
    minutes: bool = True
    decided_by_now: bool = True
    replaced_stands: bool = True  # the plan to be replaced is approved and the same authorization's
    unknown_experts: bool = False
    experts_enough: bool = True
    conflicted: bool = False  # an expert named, or the actor, has ties to the drafting institution
    invited: bool = True  # the actor is one of the experts
    consulted: bool = True  # the actor's organisation is asked and has not answered
    unopined: int = 0  # experts' opinions still missing
    unanswered: int = 0  # departments that may still answer
    large: tuple[Text, ...] = ()  # large changes among those entered
    successor_decided: bool = True


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
five_points = Guard[Facts](
    lambda f: not f.unargued,
    Refusal("plans.argument-incomplete", Text("不能提交：论证缺少{missing}", "Cannot submit: the argument lacks {missing}"), spec27(10),
            Text("请补充论证后再提交", "Add it and submit again"), field="argument"),
    naming=lambda f: {"missing": join(tuple(Text(f"“{POINTS[m]}”", f"“{POINTS[m].en}”") for m in f.unargued))},
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
replaces_a_plan_in_force = Guard[Facts](
    lambda f: f.replaced_stands,
    Refusal("plans.nothing-to-replace", Text("拟取代的方案未经审定，或者不属于同一授权", "The plan to be replaced is not approved, or is another authorization's"),
            spec27(11), Text("请选择同一授权已审定的方案", "Choose an approved plan of the same authorization"), ("R16",), "replaces"),
    on_inputs=True,
)  # fmt: skip
experts_are_known = Guard[Facts](
    lambda f: not f.unknown_experts,
    Refusal("plans.expert-unknown", Text("专家账号不存在或者没有专家任用", "An account is unknown or not an expert's"), spec27(10),
            Text("请核对账号，或先办理专家任用", "Check it, or have the expert appointed first"), field="experts"),
    on_inputs=True,
)  # fmt: skip
experts_are_enough = Guard[Facts](
    lambda f: f.experts_enough,
    Refusal("plans.too-few-experts", Text("论证专家人数不足", "There are too few experts"), spec27(10),
            Text("请增加专家", "Name more of them"), field="experts"),
    on_inputs=True,
)  # fmt: skip
no_expert_has_an_interest = Guard[Facts](
    lambda f: not f.conflicted,
    Refusal("plans.expert-has-an-interest", Text("专家与编制单位有关联或者利害关系，应当回避", "An expert has ties to the drafting institution and must step back"),
            default(), Text("请另请无利害关系的专家", "Invite experts without an interest"), ("R74",)),
)  # fmt: skip
expert_is_invited = Guard[Facts](
    lambda f: f.invited,
    Refusal("plans.not-invited", Text("您未受邀论证该方案，或者已经回避", "You are not invited to argue this plan, or have stepped back"), spec27(10)),
)  # fmt: skip
department_is_asked = Guard[Facts](
    lambda f: f.consulted,
    Refusal("plans.not-consulted", Text("未征求贵单位意见，或者已经答复", "Your department is not consulted, or has answered"), spec27(11)),
)  # fmt: skip
experts_have_opined = Guard[Facts](
    lambda f: not f.unopined,
    Refusal("plans.expert-opinions-missing", Text("不能报审：尚缺{n}份专家论证意见", "Cannot submit: {n} experts' opinions are missing"), spec27(10),
            Text("请待专家完成论证，或者补请专家", "Wait for them, or invite others")),
    naming=lambda f: {"n": f.unopined},
)  # fmt: skip
departments_have_answered = Guard[Facts](
    lambda f: not f.unanswered,
    Refusal("plans.consultation-open", Text("不能报审：征求意见期未满，还有{n}个部门未答复", "Cannot submit: {n} departments have not answered and the term still runs"),
            spec27(11), Text("请待答复，或者待征求意见期满", "Wait for them or for the end of the term")),
    naming=lambda f: {"n": f.unanswered},
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
change_is_small = Guard[Facts](
    lambda f: not f.large,
    Refusal("plans.large-change", Text("属于重大变更：{what}。须按原程序重新办理", "A large change: {what}. It goes through the original procedure"),
            spec27(11), Text("请以“拟取代的实施方案”重新编制、论证、报审", "Draft, argue and submit a plan that replaces this one"), ("R16",)),
    on_inputs=True, naming=lambda f: {"what": join(f.large)},
)  # fmt: skip
successor_is_decided = Guard[Facts](
    lambda f: f.successor_decided,
    Refusal("plans.no-successor", Text("没有已审定的新方案", "No plan that replaces it has been approved"), spec27(11), rules=("R16",)),
)  # fmt: skip
FITS = (authorization_approved, inside_the_authorization, term_inside)
COMPLETE = (twelve_contents, five_points)
_IMPL, _EXPERT = {Role.IMPLEMENTER}, {Role.EXPERT}
ASKED = {Role.SECTOR, Role.PROVIDER, Role.PRICE, Role.BUREAU, Role.REGISTRAR}
DECIDED = {State.APPROVED, State.FILED}

PLAN = Lifecycle[Facts](
    "plans",
    Text("实施方案", "Implementation plans"),
    State,
    (
        Act("draft", Text("编制", "Draft"), _IMPL, frozenset(), State.DRAFT, spec27(8), (drafter_acts, replaces_a_plan_in_force, *FITS), Draft,
            sensitive=True),
        Act("revise", Text("修改", "Revise"), _IMPL, {State.DRAFT}, State.DRAFT, spec27(8),
            (drafter_acts, replaces_a_plan_in_force, *FITS), Draft, duty=False),
        Act("submit", Text("提交论证", "Submit to argument"), _IMPL, {State.DRAFT}, State.ARGUED, spec27(10),
            (drafter_acts, *COMPLETE, *FITS, experts_are_known, experts_are_enough, no_expert_has_an_interest), Panel),
        Act("invite", Text("补请专家和部门", "Invite others"), _IMPL, {State.ARGUED}, None, spec27(10),
            (drafter_acts, experts_are_known, no_expert_has_an_interest), Panel, duty=False),
        Act("opine", Text("出具论证意见", "Give an opinion"), _EXPERT, {State.ARGUED}, None, spec27(10),
            (expert_is_invited, no_expert_has_an_interest, another_person), Opinion, Opinions(needed=3, blinded=True)),
        Act("recuse", Text("回避", "Step back"), _EXPERT, {State.ARGUED}, None, default(), (expert_is_invited,), Reason, duty=False),
        Act("answer", Text("答复征求意见", "Answer"), ASKED, {State.ARGUED}, None, spec27(11), (department_is_asked,), Opinion,
            Opinions(needed=1, blinded=False)),
        Act("report", Text("报请审定", "Submit for decision"), _IMPL, {State.ARGUED}, State.SUBMITTED, spec27(11),
            (drafter_acts, experts_have_opined, departments_have_answered, *FITS), Outcome),
        Act("withdraw", Text("撤回修改", "Take back"), _IMPL, {State.ARGUED}, State.DRAFT, spec27(8), (drafter_acts,), Reason, duty=False),
        Act("approve", Text("审定", "Approve"), {Role.AUTHORIZER}, {State.SUBMITTED}, State.APPROVED, spec27(11),
            (another_person, *COMPLETE, *FITS, decided_collectively, decided_by_now), Decision, sensitive=True,
            document=Text("实施方案审定意见", "Decision on the plan")),
        Act("return", Text("退回修改", "Return"), {Role.AUTHORIZER}, {State.SUBMITTED}, State.DRAFT, spec27(11), (), Reason, duty=False),
        Act("reject", Text("不予通过", "Reject"), {Role.AUTHORIZER}, {State.SUBMITTED}, State.REJECTED, spec27(11), (), Reason, duty=False, final=True),
        Act("file", Text("备案", "File"), {Role.BUREAU}, {State.APPROVED}, State.FILED, spec27(11), document=Text("实施方案备案通知", "Notice of filing")),
        Act("amend", Text("一般变更", "Change a little"), _IMPL, DECIDED, None, spec27(11), (drafter_acts, *COMPLETE, *FITS, change_is_small), Amendment,
            duty=False, sensitive=True),
        Act("supersede", Text("取代", "Supersede"), {Role.SYSTEM}, DECIDED, State.SUPERSEDED, spec27(11), (successor_is_decided,), duty=False),
    ),
    (
        Deadline(State.ARGUED, workdays("plan.consultation-days"), default(), Text("答复征求意见", "Answer the consultation"), {*ASKED, *_EXPERT}),
        Deadline(State.SUBMITTED, workdays("plan.deliberation-days"), default(), Text("审定实施方案", "Decide on the plan"), {Role.AUTHORIZER}),
        Deadline(State.APPROVED, workdays("plan.filing-days"), default(), Text("备案", "File"), {Role.BUREAU}),
    ),
)  # fmt: skip
