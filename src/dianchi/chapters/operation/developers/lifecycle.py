"""Which acts admit a developer: an operator invites (path A) or an organisation applies by itself (path B)."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.operation.developers.inputs import (
    Approach,
    Complaint,
    Material,
    Reason,
    Recheck,
    Rejection,
    Review,
)
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import cite, default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Opinions, Tone, months, workdays
from dianchi.kernel.text import Text, join


class State(CaseState):
    """Only a qualified developer may sign a development agreement."""

    APPLIED = "applied", Text("已发起", "Begun"), Tone.DRAFT
    UNDER_REVIEW = "under-review", Text("审查中", "Under review"), Tone.WAITING
    QUALIFIED = "qualified", Text("合格", "Qualified"), Tone.FORCE
    DUE = "due", Text("待年度复核", "Due for its yearly re-check"), Tone.WAITING
    SUSPENDED = "suspended", Text("暂停资格", "Suspended"), Tone.STOPPED
    REJECTED = "rejected", Text("不予准入", "Rejected"), Tone.STOPPED
    CONTESTED = "contested", Text("投诉处理中", "Complaint under way"), Tone.WAITING
    DECLINED = "declined", Text("已谢绝或撤回", "Declined or withdrawn"), Tone.STOPPED
    REMOVED = "removed", Text("已清退", "Removed"), Tone.STOPPED


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    operator_authorized: bool = True  # the operator has an authorization agreement in force
    developer_known: bool = True  # on record, active, and of a form that is admitted
    path: Text | None = None  # how the two are affiliated
    scenario_calls: bool = True  # a scenario of the operator is published; an invitation needs one
    no_other_open: bool = True
    barred: bool = False  # false material within the bar
    is_operator: bool = True  # the actor's organisation is the operator
    is_developer: bool = True  # the actor's organisation is the developer
    own_material: bool = False  # the reviewer is who sent the material
    unproved: tuple[Text, ...] = ()  # conditions not met or without evidence
    opinions: int = 0
    favourable: int = 0
    ground_known: bool = True
    ground_true: bool = True  # what the ground says is so on record
    scores_complete: bool = True  # every published criterion is scored once
    complained: bool = False  # a complaint was decided already
    higher_ranked: tuple[str, ...] = ()  # better scored candidates of the same scenario, neither admitted nor rejected


operator_is_authorized = Guard[Facts](
    lambda f: f.operator_authorized,
    Refusal(
        "developers.operator-not-authorized",
        Text("该运营机构没有生效的授权运营协议", "The operator has no authorization agreement in force"),
        spec27(13),
        Text("请待授权运营协议备案生效后办理", "Wait until the agreement is in force"),
        ("R23",),
    ),
)
developer_is_known = Guard[Facts](
    lambda f: f.developer_known,
    Refusal(
        "developers.organisation-not-admissible",
        Text(
            "该机构未登记、已暂停，或组织形式不符合要求",
            "The organisation is not on record, is suspended, or is of a form that is not admitted",
        ),
        yn(4),
        Text("请先登记机构并核对其法人资格", "Enrol the organisation and check its form"),
        field="counterpart",
    ),
)
not_affiliated = Guard[Facts](
    lambda f: f.path is None,
    Refusal(
        "developers.affiliated",
        Text(
            "运营机构及其关联方不得直接或间接参与再开发。查到的关联路径：{path}",
            "The operator and its affiliates may not redevelop, directly or indirectly. Path found: {path}",
        ),
        spec27(6),
        Text(
            "请另选与运营机构无关联的开发主体；记录有误的，请申请更正关联关系",
            "Choose a developer that is not affiliated, or have the record of affiliation corrected",
        ),
        ("R24",),
    ),
    naming=lambda f: {"path": f.path or ""},
)
scenario_calls = Guard[Facts](
    lambda f: f.scenario_calls,
    Refusal(
        "developers.scenario-not-published",
        Text(
            "邀请须依据本机构已发布的场景及遴选标准",
            "An invitation rests on a scenario of yours that is published with its criteria",
        ),
        spec27(6),
        Text("请先发布场景和遴选标准", "Publish the scenario and its criteria first"),
        field="scenario",
    ),
    on_inputs=True,
)
only_one_at_a_time = Guard[Facts](
    lambda f: f.no_other_open,
    Refusal(
        "developers.already-open",
        Text("双方之间已有在办或有效的准入事项", "There is already an admission open or in force between the two"),
        default(),
        Text("请在已有事项中办理", "Continue with the one there is"),
        field="counterpart",
    ),
    on_inputs=True,
)
not_barred = Guard[Facts](
    lambda f: not f.barred,
    Refusal(
        "developers.barred",
        Text("该机构因提供虚假材料仍在禁入期内", "The organisation is still barred for false material"),
        default(),
        Text("禁入期满后可重新申请", "It may apply again once the bar has run out"),
    ),
)
_NOT_YOURS = Refusal(
    "developers.not-your-admission",
    Text("该准入事项不由您所在机构办理", "This step belongs to another organisation"),
    yn(4),
)
the_operator_itself = Guard[Facts](lambda f: f.is_operator, _NOT_YOURS)
the_developer_itself = Guard[Facts](lambda f: f.is_developer, _NOT_YOURS)
reviewer_is_another = Guard[Facts](
    lambda f: not f.own_material,
    Refusal(
        "developers.own-submission",
        Text("不能审查本人提交的材料", "You cannot review what you submitted"),
        default(),
        Text("请由另一名经办人审查", "Let another officer review it"),
        ("R66",),
    ),
)
conditions_are_met = Guard[Facts](
    lambda f: not f.unproved,
    Refusal(
        "developers.conditions-unmet",
        Text("准入条件不符合或缺少证明：{names}", "Conditions unmet or without evidence: {names}"),
        yn(4),
        Text("请补齐证明后再办理", "Have the evidence completed first"),
    ),
    naming=lambda f: {"names": join(f.unproved)},
)
opinion_is_given = Guard[Facts](
    lambda f: f.favourable >= 1 and f.favourable == f.opinions,
    Refusal(
        "developers.opinion-missing",
        Text("没有同意准入的审查意见，或存在不同意见", "There is no favourable opinion, or one is against"),
        spec27(6),
        Text("请先完成审查并记录评分和理由", "Complete the review with scores and reasons first"),
    ),
)
ground_is_listed = Guard[Facts](
    lambda f: f.ground_known,
    Refusal(
        "developers.ground-not-listed",
        Text("不予准入的情形不在规定清单内", "The ground is not on the closed list"),
        spec27(6),
        Text("无清单所列情形的，不得拒绝或拖延", "Without a listed ground nobody may be refused or delayed"),
        ("R28",),
        "ground",
    ),
    on_inputs=True,
)
ground_is_true = Guard[Facts](
    lambda f: f.ground_true,
    Refusal(
        "developers.ground-not-on-record",
        Text("记录中没有与该情形相符的事实", "Nothing on record bears the ground out"),
        spec27(6),
        Text("请核对材料，或选择相符的情形", "Check the material or choose a ground that fits"),
        ("R28",),
        "ground",
    ),
    on_inputs=True,
)

scores_are_complete = Guard[Facts](
    lambda f: f.scores_complete,
    Refusal(
        "developers.scores-incomplete",
        Text(
            "须按已公布的每项标准各评一次分，总分按权重计算",
            "Score every published criterion once; the total follows from the weights",
        ),
        spec27(6),
        Text("请补全分项评分并核对总分", "Complete the scores and check the total"),
        ("R27",),
        "scores",
    ),
    on_inputs=True,
)
better_ones_are_decided = Guard[Facts](
    lambda f: not f.higher_ranked,
    Refusal(
        "developers.higher-ranked-undecided",
        Text(
            "同一场景得分更高的候选尚未决定：{names}",
            "Better scored candidates of the same scenario are undecided: {names}",
        ),
        spec27(6),
        Text("请按得分先后作出决定", "Decide in the order of the scores"),
        ("R27",),
    ),
    naming=lambda f: {"names": "、".join(f.higher_ranked)},
)
one_complaint = Guard[Facts](
    lambda f: not f.complained,
    Refusal(
        "developers.complaint-decided",
        Text("投诉已经处理，决定为最终决定", "The complaint has been decided; that is final"),
        spec27(6),
        rules=("R28",),
    ),
)
ties_were_found = Guard[Facts](
    lambda f: f.path is not None,
    Refusal(
        "developers.no-ties",
        Text("没有发现关联关系", "No ties are found"),
        spec27(6),
        rules=("R24",),
    ),
)

_PARTIES = (operator_is_authorized, developer_is_known, not_affiliated, not_barred)

DEVELOPER = Lifecycle[Facts](
    "developers",
    Text("开发主体准入", "Developers"),
    State,
    (
        Act("apply", Text("邀请或申请", "Invite or apply"), {Role.OPERATOR, Role.DEVELOPER}, frozenset(),
            State.APPLIED, yn(4),
            (*_PARTIES, scenario_calls, only_one_at_a_time), Approach, sensitive=True),
        Act("submit", Text("提交准入材料", "Submit the material"), {Role.DEVELOPER}, {State.APPLIED},
            State.UNDER_REVIEW, yn(4),
            (the_developer_itself, *_PARTIES), Material, sensitive=True,
            help=Text("受邀请的，提交材料即为接受邀请", "If you were invited, this accepts the invitation")),
        Act("decline", Text("谢绝或撤回", "Decline or withdraw"), {Role.DEVELOPER}, {State.APPLIED, State.UNDER_REVIEW},
            State.DECLINED, yn(4), (the_developer_itself,), Reason, duty=False, final=True),
        Act("review", Text("审查", "Review"), {Role.OPERATOR}, {State.UNDER_REVIEW}, None, spec27(6),
            (the_operator_itself, reviewer_is_another, scores_are_complete), Review, Opinions(needed=1, blinded=False)),
        Act("qualify", Text("准入", "Qualify"), {Role.OPERATOR}, {State.UNDER_REVIEW}, State.QUALIFIED, spec27(6),
            (the_operator_itself, reviewer_is_another, *_PARTIES, conditions_are_met, opinion_is_given,
             better_ones_are_decided), sensitive=True,
            document=Text("开发主体准入通知", "Notice of admission")),
        Act("reject", Text("不予准入", "Reject"), {Role.OPERATOR}, {State.UNDER_REVIEW}, State.REJECTED, spec27(6),
            (the_operator_itself, reviewer_is_another, ground_is_listed, ground_is_true), Rejection, duty=False,
            final=True,
            document=Text("不予准入通知", "Notice of rejection")),
        Act("complain", Text("投诉", "Complain"), {Role.DEVELOPER}, {State.REJECTED}, State.CONTESTED, spec27(6),
            (the_developer_itself, one_complaint), Complaint, duty=False,
            help=Text("对不予准入的决定不服的，可以向数据管理部门投诉一次", "Once, to the data administration, against a rejection")),
        Act("uphold", Text("投诉成立", "Uphold"), {Role.BUREAU}, {State.CONTESTED}, State.UNDER_REVIEW, spec27(6), (), Reason,
            document=Text("投诉处理决定", "Decision on the complaint")),
        Act("dismiss", Text("投诉不成立", "Dismiss"), {Role.BUREAU}, {State.CONTESTED}, State.REJECTED, spec27(6), (), Reason, duty=False,
            document=Text("投诉处理决定", "Decision on the complaint")),
        Act("recheck", Text("年度复核", "Re-check"), {Role.OPERATOR}, {State.QUALIFIED, State.DUE}, State.QUALIFIED, default(),
            (the_operator_itself, reviewer_is_another, *_PARTIES, conditions_are_met), Recheck, duty=False, sensitive=True),
        Act("fall-due", Text("进入年度复核", "Fall due"), {Role.SYSTEM}, {State.QUALIFIED}, State.DUE, default(), duty=False),
        Act("lapse", Text("逾期未复核暂停", "Lapse"), {Role.SYSTEM}, {State.DUE}, State.SUSPENDED, default(), duty=False),
        Act("part", Text("发现关联暂停", "Suspend for ties"), {Role.SYSTEM}, {State.QUALIFIED, State.DUE}, State.SUSPENDED, spec27(6),
            (ties_were_found,), duty=False, document=Text("关联关系处置通知", "Notice of ties found")),
        Act("suspend", Text("暂停资格", "Suspend"), {Role.OPERATOR, Role.BUREAU}, {State.QUALIFIED, State.DUE}, State.SUSPENDED,
            spec27(21),
            inputs=Reason, duty=False, sensitive=True),
        Act("resume", Text("恢复资格", "Resume"), {Role.OPERATOR, Role.BUREAU}, {State.SUSPENDED}, State.QUALIFIED,
            spec27(21),
            _PARTIES, Reason, duty=False),
        Act("remove", Text("清退", "Remove"), {Role.OPERATOR, Role.BUREAU}, {State.QUALIFIED, State.DUE, State.SUSPENDED},
            State.REMOVED,
            spec27(21), inputs=Reason, duty=False, final=True),
    ),
    deadlines=(
        Deadline(State.UNDER_REVIEW, workdays("developer.review-days"), cite("SPEC27", 6),
                 Text("作出准入决定", "Decide on the admission"), {Role.OPERATOR}),
        Deadline(State.QUALIFIED, months("developer.recheck-months"), default(),
                 Text("年度复核", "Re-check the qualification"), {Role.OPERATOR}, then="fall-due", since="rechecked_on"),
        Deadline(State.DUE, workdays("developer.review-days"), default(),
                 Text("完成年度复核", "Finish the re-check"), {Role.OPERATOR}, then="lapse"),
        Deadline(State.CONTESTED, workdays("complaint.answer-days"), default(),
                 Text("处理投诉", "Decide the complaint"), {Role.BUREAU}),
    ),
)  # fmt: skip
