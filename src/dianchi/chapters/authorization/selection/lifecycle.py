"""Which acts choose an operator by fair competition: announced, bid for under seal, scored blind, publicized."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.authorization.selection.inputs import (
    Announcement,
    Determination,
    Evaluation,
    Opened,
    Panel,
    Reason,
    Scores,
)
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, days, workdays
from dianchi.kernel.text import Text, join


class State(CaseState):
    """Where a selection stands."""

    ANNOUNCED = "announced", Text("已公告", "Announced"), Tone.WAITING
    OPENED = "opened", Text("已开标评审中", "Opened, being scored"), Tone.WAITING
    EVALUATED = "evaluated", Text("已评审", "Evaluated"), Tone.WAITING
    PUBLICIZED = "publicized", Text("候选公示中", "Candidate publicized"), Tone.PUBLICITY
    DETERMINED = "determined", Text("已确定", "Determined"), Tone.FORCE
    FAILED = "failed", Text("选择失败", "Failed"), Tone.STOPPED


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    plan_approved: bool = True
    basis_given: bool = True
    organiser: bool = True
    on_record: bool = True
    legal_person: bool = True
    publicity_over: bool = False
    best: bool = True
    separate: bool = True
    once: bool = True  # no candidate stands twice
    tender: bool = True
    weights_whole: bool = True
    opens_in_time: bool = True
    invited_enough: bool = True
    reruns_failed: bool = True
    sealed: bool = True  # the opening is still to come
    bids_missing: int = 0
    unknown_experts: bool = False
    experts_enough: bool = True
    conflicted: bool = False
    on_panel: bool = True
    scores_complete: bool = True
    scored: bool = False  # the actor has scored
    scores_missing: int = 0
    evaluable: bool = True  # a tender's bids are opened; other methods name candidates
    unproved: tuple[Text, ...] = ()


plan_is_approved = Guard[Facts](
    lambda f: f.plan_approved,
    Refusal("selection.plan-not-approved", Text("不能启动选择：实施方案尚未审定", "Cannot start: the plan is not approved"), spec27(12),
            Text("请先完成实施方案审定", "Have the plan approved first"), ("R14",), "plan"),
)  # fmt: skip
method_has_a_basis = Guard[Facts](
    lambda f: f.basis_given,
    Refusal("selection.no-legal-basis", Text("采用其他方式须写明法律依据", "Another method needs its legal basis"), spec27(12),
            Text("请填写法律依据或改用公开招标、邀请招标、谈判", "Enter it, or choose a listed method"), ("R17",), "legal_basis"),
    on_inputs=True,
)  # fmt: skip
weights_are_whole = Guard[Facts](
    lambda f: f.weights_whole,
    Refusal("selection.weights-not-hundred", Text("招标须公布评审因素，名称不重复，权重合计为一百", "A tender publishes distinct criteria whose weights sum to one hundred"),
            spec27(6), Text("请补全评审因素和权重", "Complete the criteria and weights"), ("R17",), "weights"),
    on_inputs=True,
)  # fmt: skip
opens_in_time = Guard[Facts](
    lambda f: f.opens_in_time,
    Refusal("selection.opens-too-early", Text("招标须确定开标时间，且公告时间不少于规定日数", "A tender names its opening, not sooner than the days set after the announcement"),
            cite("BID"), Text("请推迟开标时间", "Open later"), field="opens_at"),
    on_inputs=True,
)  # fmt: skip
enough_are_invited = Guard[Facts](
    lambda f: f.invited_enough,
    Refusal("selection.too-few-invited", Text("邀请招标的受邀机构不足规定数目", "An invited tender invites too few"), cite("BID"),
            Text("请增加受邀机构", "Invite more"), field="invited"),
    on_inputs=True,
)  # fmt: skip
reruns_a_failed_one = Guard[Facts](
    lambda f: f.reruns_failed,
    Refusal("selection.nothing-to-run-again", Text("重新组织的原选择事项并未失败，或者不属于同一方案", "What is to be run again has not failed, or is another plan's"),
            spec27(12), Text("请核对原选择事项", "Check which one"), field="reruns"),
    on_inputs=True,
)  # fmt: skip
organiser_acts = Guard[Facts](
    lambda f: f.organiser,
    Refusal("selection.not-the-organiser", Text("只有编制方案、组织选择的实施机构可以办理", "Only the institution that drafted the plan and organises the selection may do this"),
            spec27(12), Text("请由该实施机构办理", "Let that institution do it")),
)  # fmt: skip
is_a_tender = Guard[Facts](
    lambda f: f.tender,
    Refusal("selection.no-tender", Text("该选择事项不是招标", "This selection is no tender"), spec27(12)),
)  # fmt: skip
opening_time_has_come = Guard[Facts](
    lambda f: not f.sealed,
    Refusal("selection.sealed-until-opening", Text("未到开标时间，投标文件仍在密封", "The bids are sealed until the opening"), cite("BID"),
            Text("请在开标时间之后办理", "Open them when it has come")),
)  # fmt: skip
all_legal_persons = Guard[Facts](
    lambda f: f.legal_person,
    Refusal("selection.not-a-legal-person", Text("运营机构须具有法人资格", "An operator must be a legal person"), spec27(3),
            Text("请剔除不具备法人资格的候选人", "Remove candidates that are none"), ("R18",), "candidates"),
    on_inputs=True,
)  # fmt: skip
enough_bids = Guard[Facts](
    lambda f: not f.bids_missing,
    Refusal("selection.too-few-bids", Text("投标不足，还差{n}家，不能开标", "{n} bids are missing: they may not be opened"), cite("BID"),
            Text("请宣布失败后重新组织", "Declare it failed and run it again")),
    naming=lambda f: {"n": f.bids_missing},
)  # fmt: skip
experts_are_known = Guard[Facts](
    lambda f: not f.unknown_experts,
    Refusal("selection.expert-unknown", Text("专家账号不存在或者没有专家任用", "An account is unknown or not an expert's"), cite("BID"),
            Text("请核对账号", "Check it"), field="experts"),
    on_inputs=True,
)  # fmt: skip
experts_are_enough = Guard[Facts](
    lambda f: f.experts_enough,
    Refusal("selection.too-few-experts", Text("评审专家须达到规定人数且为单数", "The experts must be as many as set, and an odd number"), cite("BID"),
            Text("请调整专家名单", "Change the panel"), field="experts"),
    on_inputs=True,
)  # fmt: skip
no_interest = Guard[Facts](
    lambda f: not f.conflicted,
    Refusal("selection.expert-has-an-interest", Text("专家与投标人或者组织机构有关联或者利害关系，应当回避", "An expert has ties to a bidder or the organiser and must step back"),
            default(), Text("请另请无利害关系的专家", "Invite experts without an interest"), ("R74",)),
)  # fmt: skip
on_the_panel = Guard[Facts](
    lambda f: f.on_panel,
    Refusal("selection.not-on-the-panel", Text("您不在评审专家名单内，或者已经回避", "You are not on the panel, or have stepped back"), cite("BID")),
)  # fmt: skip
scores_are_complete = Guard[Facts](
    lambda f: f.scores_complete,
    Refusal("selection.scores-incomplete", Text("须对每一投标人的每一评审因素各评一次分", "Every bid is scored once under every criterion"), spec27(6),
            Text("请补全评分表", "Complete the scores"), field="scores"),
    on_inputs=True,
)  # fmt: skip
not_scored_yet = Guard[Facts](
    lambda f: not f.scored,
    Refusal("selection.scored-already", Text("您已提交评分，不能更改", "You have scored; it cannot be changed"), cite("BID"), rules=("R66",)),
)  # fmt: skip
all_have_scored = Guard[Facts](
    lambda f: not f.scores_missing,
    Refusal("selection.scores-missing", Text("尚缺{n}份专家评分", "{n} experts' scores are missing"), cite("BID"),
            Text("请待全部专家评分，或者补请专家", "Wait for them, or invite others")),
    naming=lambda f: {"n": f.scores_missing},
)  # fmt: skip
can_be_evaluated = Guard[Facts](
    lambda f: f.evaluable,
    Refusal("selection.nothing-to-evaluate", Text("招标须先开标评分，由平台计算得分；其他方式须填写候选人", "A tender is opened and scored first; other methods name their candidates"),
            spec27(12), Text("请先开标，或者填写候选人", "Open the bids, or name the candidates"), field="candidates"),
    on_inputs=True,
)  # fmt: skip
all_on_record = Guard[Facts](
    lambda f: f.on_record,
    Refusal("selection.candidate-unknown", Text("候选人尚未登记为平台机构", "A candidate is not on record"), spec27(12),
            Text("请系统管理员先登记该机构", "Have it enrolled first"), field="candidates"),
    on_inputs=True,
)  # fmt: skip
publicity_is_over = Guard[Facts](
    lambda f: f.publicity_over,
    Refusal("selection.publicity-not-over", Text("候选公示期未满", "The publicity of the candidate is not over"), cite("BID", 54),
            Text("请待公示期满", "Wait for its end")),
)  # fmt: skip
the_best_candidate = Guard[Facts](
    lambda f: f.best,
    Refusal("selection.not-the-best", Text("只能确定得分最高的候选人", "Only the candidate with the highest score may be determined"), spec27(6),
            Text("请核对评审结果", "Check the evaluation"), field="operator"),
    on_inputs=True,
)  # fmt: skip
separate_bodies = Guard[Facts](
    lambda f: f.separate,
    Refusal("selection.institution-is-operator", Text("实施机构不得同时担任运营机构", "The implementing institution may not be the operator"), spec27(12),
            Text("请确定其他候选人", "Determine another candidate"), field="operator"),
    on_inputs=True,
)  # fmt: skip
conditions_are_met = Guard[Facts](
    lambda f: not f.unproved,
    Refusal("selection.conditions-unmet", Text("条件不符合或缺少证明：{names}", "Conditions unmet or without evidence: {names}"), spec27(12),
            Text("请补齐证明，或者确定其他候选人", "Have the evidence completed, or determine another"), field="conditions"),
    on_inputs=True, naming=lambda f: {"names": join(f.unproved)},
)  # fmt: skip
each_candidate_once = Guard[Facts](
    lambda f: f.once,
    Refusal("selection.candidate-twice", Text("同一候选人只能列一次", "A candidate stands twice"), spec27(12), Text("请核对评审结果", "Check the evaluation"),
            field="candidates"),
    on_inputs=True,
)  # fmt: skip
_BY, _EXPERT = {Role.IMPLEMENTER}, {Role.EXPERT}
_TENDERED = (method_has_a_basis, weights_are_whole, opens_in_time, enough_are_invited, reruns_a_failed_one)

SELECTION = Lifecycle[Facts](
    "selection",
    Text("运营机构选择", "Operator selection"),
    State,
    (
        Act("announce", Text("公告", "Announce"), _BY, frozenset(), State.ANNOUNCED, spec27(12), (organiser_acts, plan_is_approved, *_TENDERED),
            Announcement, sensitive=True, document=Text("运营机构选择公告", "Announcement")),
        Act("take-bid", Text("开启投标", "Take an opened bid"), {Role.SYSTEM}, {State.ANNOUNCED}, None, cite("BID"), (is_a_tender, opening_time_has_come),
            Opened, duty=False),
        Act("convene", Text("开标并组成评审专家组", "Open and convene the panel"), _BY, {State.ANNOUNCED}, State.OPENED, cite("BID"),
            (organiser_acts, is_a_tender, opening_time_has_come, enough_bids, plan_is_approved, experts_are_known, experts_are_enough, no_interest), Panel,
            sensitive=True),
        Act("score", Text("评分", "Score"), _EXPERT, {State.OPENED}, None, cite("BID"), (on_the_panel, no_interest, not_scored_yet, scores_are_complete), Scores),
        Act("recuse", Text("回避", "Step back"), _EXPERT, {State.OPENED}, None, default(), (on_the_panel,), Reason, duty=False),
        Act("evaluate", Text("评审", "Evaluate"), _BY, {State.ANNOUNCED, State.OPENED}, State.EVALUATED, spec27(12),
            (organiser_acts, plan_is_approved, can_be_evaluated, all_have_scored, all_on_record, each_candidate_once, all_legal_persons), Evaluation),
        Act("publicize", Text("公示候选人", "Publicize"), _BY, {State.EVALUATED}, State.PUBLICIZED, cite("BID", 54), (organiser_acts,),
            document=Text("候选人公示", "Publicity of the candidate")),
        Act("determine", Text("确定", "Determine"), _BY, {State.PUBLICIZED}, State.DETERMINED, spec27(12),
            (organiser_acts, plan_is_approved, publicity_is_over, the_best_candidate, separate_bodies, conditions_are_met), Determination, sensitive=True,
            final=True, document=Text("运营机构确定通知", "Notice of the choice")),
        Act("fail", Text("宣布失败", "Declare failed"), _BY, {State.ANNOUNCED, State.OPENED, State.EVALUATED, State.PUBLICIZED}, State.FAILED, spec27(12),
            (organiser_acts,), Reason, duty=False, final=True, document=Text("选择失败公告", "Notice of failure")),
    ),
    (
        Deadline(State.OPENED, workdays("selection.scoring-days"), default(), Text("完成评审", "Finish the scoring"), {*_EXPERT, *_BY}),
        Deadline(State.PUBLICIZED, days("selection.publicity-days"), cite("BID", 54), Text("候选公示期满", "End of the publicity"), _BY, clock="E35"),
    ),
)  # fmt: skip
