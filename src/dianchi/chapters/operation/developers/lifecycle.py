"""Which acts admit a developer: an operator invites (path A) or an organisation applies by itself (path B)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from dianchi.kernel import codes
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Opinions, Tone, workdays
from dianchi.kernel.text import Text, join


class State(CaseState):
    """Only a qualified developer may sign a development agreement."""

    APPLIED = "applied", Text("已发起", "Begun"), Tone.DRAFT
    UNDER_REVIEW = "under-review", Text("审查中", "Under review"), Tone.WAITING
    QUALIFIED = "qualified", Text("合格", "Qualified"), Tone.FORCE
    SUSPENDED = "suspended", Text("暂停资格", "Suspended"), Tone.STOPPED
    REJECTED = "rejected", Text("不予准入", "Rejected"), Tone.STOPPED
    DECLINED = "declined", Text("已谢绝或撤回", "Declined or withdrawn"), Tone.STOPPED
    REMOVED = "removed", Text("已清退", "Removed"), Tone.STOPPED


# Conditions of admission; the bonus is a plus, never a condition.
CONDITIONS = (
    ("established", Text("依法设立并有效存续", "Lawfully established and existing")),
    ("standing", Text("经营状况和治理、财务良好", "Good standing, governance and finance")),
    ("clean-record", Text("近三年无环保、安全、知识产权等违法", "No violation within three years")),
    ("not-dishonest", Text("未列入失信、税收违法等名单", "On no list of dishonest or tax-evading parties")),
    ("no-incident", Text("近三年未发生数据安全事件", "No data security incident within three years")),
    ("security-organised", Text("有数据安全负责人、部门和制度", "A security officer, department and rules")),
    ("technically-able", Text("具备域内开发的技术能力和保密管理", "Able and sworn to secrecy for work in the domain")),
    ("scenario", Text("有具体合法的应用场景", "A concrete and lawful scenario")),
    ("independent", Text("与运营机构无控制或代持关系", "No control or nominee ties with the operator")),
)
BONUS = ("dcmm", Text("数据管理能力成熟度证书", "Data management maturity certificate"))
# Every ground on which an organisation may be turned down; there is no other (R28).
GROUNDS = (
    ("condition-unmet", Text("不符合准入条件", "A condition of admission is not met")),
    ("false-material", Text("提供虚假材料", "False material")),
    ("affiliate", Text("与运营机构存在关联关系", "Affiliated with the operator")),
    ("open-violation", Text("在本平台有未了结的严重违规", "An open serious violation on this platform")),
    ("lower-ranked", Text("按已公布的标准未入选", "Not chosen under the published criteria")),
)


class Approach(Inputs):
    """Who is invited, or whom one applies to."""

    counterpart: Annotated[str, AfterValidator(codes.uscc)] = entry(
        Text("对方机构", "The other organisation"),
        widget="organisation",
        help=Text(
            "运营机构填写所邀请的机构；申请方填写运营机构",
            "Operators name whom they invite; applicants name the operator",
        ),
    )
    scenario: str = entry(
        Text("应用场景", "Scenario"),
        default="",
        refers="scenarios",
        help=Text(
            "邀请须依据已发布的场景；自行申请可不填",
            "An invitation rests on a published scenario; an application may leave it out",
        ),
    )
    note: str = entry(Text("说明", "Note"), widget="long", min_length=4, max_length=1000)


class Evidence(Inputs):
    """One condition and what proves it."""

    condition: str = entry(Text("条件", "Condition"), choices=(*CONDITIONS, BONUS), max_length=40)
    met: bool = entry(Text("符合", "Met"))
    evidence: str = entry(Text("证明材料", "Evidence"), default="", max_length=300)


class Material(Inputs):
    """The checklist of conditions with its evidence; sending it accepts an invitation."""

    checklist: tuple[Evidence, ...] = entry(Text("准入条件及证明", "Conditions and evidence"), min_length=1)
    contact: str = entry(Text("联系人", "Contact"), max_length=60, personal=True)


class Review(Inputs):
    """One reviewer's opinion under the published criteria."""

    favourable: bool = entry(Text("同意准入", "Admit"))
    score: int = entry(Text("评分", "Score"), ge=0, le=100)
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Rejection(Inputs):
    """On which ground of the closed list, and why it applies."""

    ground: str = entry(Text("不予准入的情形", "Ground"), choices=GROUNDS, max_length=40)
    reason: str = entry(Text("具体理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


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
            (the_operator_itself, reviewer_is_another), Review, Opinions(needed=1, blinded=False)),
        Act("qualify", Text("准入", "Qualify"), {Role.OPERATOR}, {State.UNDER_REVIEW}, State.QUALIFIED, spec27(6),
            (the_operator_itself, reviewer_is_another, *_PARTIES, conditions_are_met, opinion_is_given), sensitive=True,
            document=Text("开发主体准入通知", "Notice of admission")),
        Act("reject", Text("不予准入", "Reject"), {Role.OPERATOR}, {State.UNDER_REVIEW}, State.REJECTED, spec27(6),
            (the_operator_itself, reviewer_is_another, ground_is_listed, ground_is_true), Rejection, duty=False,
            final=True,
            document=Text("不予准入通知", "Notice of rejection")),
        Act("suspend", Text("暂停资格", "Suspend"), {Role.OPERATOR, Role.BUREAU}, {State.QUALIFIED}, State.SUSPENDED,
            spec27(21),
            inputs=Reason, duty=False, sensitive=True),
        Act("resume", Text("恢复资格", "Resume"), {Role.OPERATOR, Role.BUREAU}, {State.SUSPENDED}, State.QUALIFIED,
            spec27(21),
            _PARTIES, Reason, duty=False),
        Act("remove", Text("清退", "Remove"), {Role.OPERATOR, Role.BUREAU}, {State.QUALIFIED, State.SUSPENDED},
            State.REMOVED,
            spec27(21), inputs=Reason, duty=False, final=True),
    ),
    deadlines=(
        Deadline(State.UNDER_REVIEW, workdays("developer.review-days"), cite("SPEC27", 6),
                 Text("作出准入决定", "Decide on the admission"), {Role.OPERATOR}),
    ),
)  # fmt: skip
