"""Which acts turn a request into data a developer may work with: two reviews by two people of two bodies."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.operation.requests.inputs import Answer, Draft, Opinion, Rejection
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import Article, cite, default, reg26, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Opinions, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Data may be used while a request is provisioned and everything below it stands."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    SUBMITTED = "submitted", Text("待初审", "Awaiting first review"), Tone.WAITING
    FIRST_REVIEWED = "first-reviewed", Text("待复审", "Awaiting second review"), Tone.WAITING
    APPROVED = "approved", Text("复审通过", "Approved"), Tone.WAITING
    PROVISIONED = "provisioned", Text("已提供", "Provisioned"), Tone.FORCE
    RETURNED = "returned", Text("退回修改", "Returned"), Tone.DRAFT
    REJECTED = "rejected", Text("不予同意", "Rejected"), Tone.STOPPED
    REVOKED = "revoked", Text("已撤销", "Revoked"), Tone.STOPPED


@dataclass(frozen=True)
class Facts:
    """What the guards ask; names are those of resources or data items."""

    yours: bool = True  # the actor's organisation is a party, in a role that the actor plays
    is_operator: bool = True  # the actor's organisation is the operator
    is_developer: bool = True  # the actor's organisation is the developer
    is_implementer: bool = True  # the actor's organisation is the implementer
    contract_in_force: bool = True
    agreement_in_force: bool = True
    purpose_fits: bool = True
    term_inside: bool = True
    outside: tuple[str, ...] = ()  # not in the development agreement, or no longer authorized
    foreign: tuple[str, ...] = ()  # on no catalogue: a party's own data
    unknown_fields: tuple[str, ...] = ()
    useless_fields: tuple[str, ...] = ()  # data items that nobody may use
    tables_distinct: bool = True
    looser: tuple[str, ...] = ()  # asks for fewer subjects than the resource demands
    ungraded: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    unassessed: tuple[str, ...] = ()
    unconsented: tuple[str, ...] = ()
    unpublished: tuple[str, ...] = ()
    unregistered: tuple[str, ...] = ()  # in use for longer than the law gives, without application
    own_submission: bool = False
    first_reviewer: bool = False
    ground_known: bool = True
    path: Text | None = None  # how operator and developer are affiliated
    unreasoned: tuple[str, ...] = ()  # data items without purpose and necessity of their own
    asked: bool = True  # the actor's organisation is to answer and has not
    unagreed: tuple[str, ...] = ()  # providers that have not agreed and are not deemed to
    sector_open: bool = False  # the sector authority has not agreed


def _none(field: str, code: str, message: Text, article: Article, remedy: Text, *rules: str) -> Guard[Facts]:
    """A guard that holds while a list of the facts is empty; its refusal names what stands in the list."""
    return Guard(
        lambda f: not getattr(f, field),
        Refusal(f"requests.{code}", message, article, remedy, rules, "tables"),
        naming=lambda f: {"names": "、".join(getattr(f, field))},
    )


_NOT_YOURS = Refusal(
    "requests.not-your-request", Text("该步骤由另一家机构办理", "This step belongs to another organisation"), yn(4)
)
the_party_itself = Guard[Facts](lambda f: f.yours, _NOT_YOURS)
the_operator_itself = Guard[Facts](lambda f: f.is_operator, _NOT_YOURS)
the_developer_itself = Guard[Facts](lambda f: f.is_developer, _NOT_YOURS)
the_implementer_itself = Guard[Facts](lambda f: f.is_implementer, _NOT_YOURS)
agreement_is_in_force = Guard[Facts](
    lambda f: f.agreement_in_force,
    Refusal(
        "requests.agreement-not-in-force",
        Text(
            "授权运营协议未生效或已终止，不得提供数据",
            "The authorization agreement is not in force; no data may be provided",
        ),
        spec27(13),
        Text("请待协议备案生效后办理", "Wait until it is in force"),
        ("R23",),
    ),
)
contract_is_in_force = Guard[Facts](
    lambda f: f.contract_in_force,
    Refusal(
        "requests.contract-not-in-force",
        Text(
            "开发利用协议未生效、已到期或所依据的事项已失效",
            "The development agreement is not in force, has run out, or what it rests on no longer stands",
        ),
        spec27(21),
        Text("请先办理或续签开发利用协议", "Conclude or renew it first"),
        ("R26",),
        "contract",
    ),
)
purpose_fits = Guard[Facts](
    lambda f: f.purpose_fits,
    Refusal(
        "requests.purpose-differs",
        Text("用途与应用场景不一致", "The purpose is not that of the scenario"),
        spec27(21),
        Text("请按场景的用途填写，或另行提出场景", "Use the scenario's purpose or propose another scenario"),
        ("R26",),
        "purpose",
    ),
)
inside_the_term = Guard[Facts](
    lambda f: f.term_inside,
    Refusal(
        "requests.term-outside-contract",
        Text(
            "使用期限已过，或超出开发利用协议的期限", "The use would end in the past or after the development agreement"
        ),
        spec27(21),
        Text("请在协议期限内填写", "Choose a day inside its term"),
        ("R26",),
        "ends_on",
    ),
)
inside_the_scope = _none(
    "outside",
    "resources-outside-contract",
    Text("资源超出协议或授权范围：{names}", "Resources beyond the agreement or the authorization: {names}"),
    spec27(21),
    Text("请删去超出范围的资源", "Leave out what lies beyond"),
    "R26",
)
nothing_of_ones_own = _none(
    "foreign",
    "own-data-without-proof",
    Text(
        "不是目录内的资源：{names}。自有数据须经来源证明和审批后方可导入",
        "Not resources of the catalogue: {names}. Own data come in only with proof of source and approval",
    ),
    cite("SAFE18"),
    Text("请改用目录内的资源", "Use resources of the catalogue"),
    "R54",
)
fields_are_known = _none(
    "unknown_fields",
    "unknown-fields",
    Text("目录中没有这些数据项：{names}", "The catalogue has no such data items: {names}"),
    default(),
    Text("请按目录填写", "Write them as the catalogue does"),
)
fields_are_usable = _none(
    "useless_fields",
    "fields-not-usable",
    Text("这些数据项不得以任何方式使用：{names}", "These data items may not be used in any way: {names}"),
    spec27(21),
    Text("请删去这些数据项", "Leave them out"),
    "R42",
)
tables_are_distinct = Guard[Facts](
    lambda f: f.tables_distinct,
    Refusal(
        "requests.table-twice",
        Text("表名重复", "A table name stands twice"),
        default(),
        Text("请为每个资源起不同的表名", "Give each its own name"),
        field="tables",
    ),
    on_inputs=True,
)
never_looser = _none(
    "looser",
    "fewer-subjects",
    Text("最小主体数低于规定：{names}", "Fewer subjects than set: {names}"),
    default(),
    Text("最小主体数只能提高", "The figure may only be raised"),
)
graded = _none(
    "ungraded",
    "ungraded",
    Text("资源尚未分类分级：{names}", "Not yet classified and graded: {names}"),
    spec27(5),
    Text("请数据提供单位先完成分类分级", "Ask the provider to grade them first"),
    "R4",
)
no_core_data = _none(
    "core",
    "core-data",
    Text("核心数据不得用于授权运营：{names}", "Core data may not be used: {names}"),
    cite("DSL", 21),
    Text("请删去这些资源", "Leave them out"),
    "R2",
)
no_state_secret = _none(
    "secret",
    "state-secret",
    Text("涉及国家秘密的数据不适用授权运营：{names}", "State secrets are outside the regime: {names}"),
    cite("YNPD", 2),
    Text("请删去这些资源", "Leave them out"),
    "R1",
)
not_forbidden = _none(
    "forbidden",
    "forbidden",
    Text("属于禁止授权的资源：{names}", "May not be authorized: {names}"),
    yn(4),
    Text("请删去这些资源", "Leave them out"),
    "R6",
)
important_data_assessed = _none(
    "unassessed",
    "not-assessed",
    Text("重要数据提供前未做风险评估：{names}", "Important data without a risk assessment before provision: {names}"),
    cite("NDR", 31),
    Text("请先完成并登记风险评估", "Complete and record the assessment first"),
    "R3",
)
sharer_consents = _none(
    "unconsented",
    "no-sharer-consent",
    Text("共享获得的数据未经共享方同意：{names}", "Shared-in data without the sharer's consent: {names}"),
    spec27(5),
    Text("请先取得共享方同意", "Obtain the consent first"),
    "R5",
)
published = _none(
    "unpublished",
    "resource-not-published",
    Text("资源目录未发布或已停用：{names}", "Not published, or suspended: {names}"),
    spec27(9, 5),
    Text("请待目录发布后申请", "Wait until it is published"),
)
registered_in_time = _none(
    "unregistered",
    "registration-overdue",
    Text("资源逾期未申请首次登记，暂停新的使用：{names}", "First registration is overdue; new use is held: {names}"),
    reg26(9, 1),
    Text("请登记主体先提交登记申请", "The registrant must apply for registration first"),
    "R57",
)
reviewer_is_another = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal(
        "requests.own-submission",
        Text("不能审查本人提交的申请", "You cannot review what you submitted"),
        default(),
        Text("请由另一名经办人审查", "Let another officer review it"),
        ("R66",),
    ),
)
two_reviewers = Guard[Facts](
    lambda f: not f.first_reviewer,
    Refusal(
        "requests.same-reviewer",
        Text("初审人和复审人不能是同一人", "First and second reviewer must be two people"),
        default(),
        Text("请由另一名经办人复审", "Let another officer do the second review"),
        ("R66",),
    ),
)
not_affiliated = Guard[Facts](
    lambda f: f.path is None,
    Refusal(
        "requests.affiliated",
        Text(
            "运营机构及其关联方不得直接或间接参与再开发。查到的关联路径：{path}",
            "The operator and its affiliates may not redevelop, directly or indirectly. Path found: {path}",
        ),
        spec27(6),
        Text("记录有误的，请申请更正关联关系", "Have the record of affiliation corrected if it is wrong"),
        ("R24",),
    ),
    naming=lambda f: {"path": f.path or ""},
)
each_field_has_its_reason = _none(
    "unreasoned",
    "field-without-necessity",
    Text("数据项未逐项说明用途和必要性：{names}", "Data items without their own purpose and necessity: {names}"),
    cite("PIPL", 6),
    Text("请逐项补充，或者删去不必要的数据项", "Give it for each, or leave out what is not necessary"),
    "R56",
)
is_asked = Guard[Facts](
    lambda f: f.asked,
    Refusal(
        "requests.not-asked",
        Text("该申请未征求贵单位意见，或者已经答复", "You are not asked about this request, or have answered"),
        cite("SHARE"),
    ),
)
providers_agree = _none(
    "unagreed",
    "provider-not-agreed",
    Text("数据提供单位未同意：{names}", "Providers that have not agreed: {names}"),
    cite("SHARE"),
    Text("请待其答复；不同意的，请退回修改", "Wait for their answer, or return the request where they disagree"),
    "R26",
)
sector_agrees = Guard[Facts](
    lambda f: not f.sector_open,
    Refusal(
        "requests.sector-not-agreed",
        Text(
            "分领域授权的数据申请须经行业主管部门同意", "Under a sector authorization the sector authority must agree"
        ),
        yn(2),
        Text("请行业主管部门出具意见", "Ask the sector authority for its opinion"),
        ("R8",),
    ),
)
ground_is_listed = Guard[Facts](
    lambda f: f.ground_known,
    Refusal(
        "requests.ground-not-listed",
        Text("不予同意的情形不在规定清单内", "The ground is not on the closed list"),
        spec27(6),
        Text("请从清单中选择", "Choose one from the list"),
        field="ground",
    ),
    on_inputs=True,
)

_FORM = (tables_are_distinct, nothing_of_ones_own, fields_are_known, fields_are_usable, never_looser)
_SCOPE = (contract_is_in_force, agreement_is_in_force, inside_the_scope, purpose_fits, inside_the_term)
_DATA = (no_state_secret, no_core_data, graded, important_data_assessed, sharer_consents, not_forbidden, published)
_STANDS = (not_affiliated, *_SCOPE, *_FORM, *_DATA)
_EDITABLE = {State.DRAFT, State.RETURNED}
_REVIEWED = {State.SUBMITTED, State.FIRST_REVIEWED}

REQUEST = Lifecycle[Facts](
    "requests",
    Text("数据申请", "Data requests"),
    State,
    (
        Act("draft", Text("起草申请", "Draft"), {Role.DEVELOPER}, frozenset(), State.DRAFT, yn(4), _STANDS, Draft,
            sensitive=True),
        Act("revise", Text("修改", "Revise"), {Role.DEVELOPER}, _EDITABLE, State.DRAFT, yn(4),
            (the_developer_itself, *_STANDS), Draft,
            duty=False, sensitive=True),
        Act("submit", Text("提交", "Submit"), {Role.DEVELOPER}, {State.DRAFT}, State.SUBMITTED, yn(4),
            (the_developer_itself, each_field_has_its_reason, *_STANDS)),
        Act("provider-answer", Text("数据提供单位答复", "Answer as provider"), {Role.PROVIDER}, _REVIEWED, None, cite("SHARE"),
            (is_asked, reviewer_is_another), Answer, Opinions(needed=1, blinded=False)),
        Act("sector-answer", Text("行业主管部门答复", "Answer as sector authority"), {Role.SECTOR}, _REVIEWED, None, yn(2),
            (is_asked, reviewer_is_another), Answer, Opinions(needed=1, blinded=False)),
        Act("first-review", Text("初审同意", "Pass first review"), {Role.OPERATOR}, {State.SUBMITTED},
            State.FIRST_REVIEWED, spec27(21),
            (the_operator_itself, reviewer_is_another, *_STANDS), Opinion),
        Act("second-review", Text("复审同意", "Pass second review"), {Role.IMPLEMENTER}, {State.FIRST_REVIEWED},
            State.APPROVED,
            spec27(21), (the_implementer_itself, reviewer_is_another, two_reviewers, providers_agree, sector_agrees, *_STANDS), Opinion, sensitive=True),
        Act("return", Text("退回修改", "Return"), {Role.OPERATOR, Role.IMPLEMENTER}, _REVIEWED, State.RETURNED,
            spec27(21),
            (the_party_itself, reviewer_is_another), Opinion, duty=False),
        Act("reject", Text("不予同意", "Reject"), {Role.OPERATOR, Role.IMPLEMENTER}, _REVIEWED, State.REJECTED,
            spec27(6),
            (the_party_itself, reviewer_is_another, ground_is_listed), Rejection, duty=False, final=True),
        Act("provision", Text("提供数据", "Provision"), {Role.OPERATOR}, {State.APPROVED}, State.PROVISIONED,
            spec27(15),
            (the_operator_itself, *_STANDS, registered_in_time), sensitive=True,
            document=Text("数据提供通知", "Notice of provision")),
        Act("revoke", Text("撤销", "Revoke"), {Role.OPERATOR, Role.IMPLEMENTER, Role.BUREAU},
            {State.APPROVED, State.PROVISIONED}, State.REVOKED, spec27(21), inputs=Opinion, duty=False, final=True,
            sensitive=True),
    ),
    deadlines=(
        Deadline(State.SUBMITTED, workdays("request.review-days"), cite("SHARE"),
                 Text("完成初审", "Complete the first review"), {Role.OPERATOR}, clock="E34"),
        Deadline(State.SUBMITTED, workdays("request.consultation-days"), cite("SHARE"),
                 Text("答复征求意见", "Answer on the request"), {Role.PROVIDER, Role.SECTOR}, clock="E34", also={State.FIRST_REVIEWED}),
        Deadline(State.FIRST_REVIEWED, workdays("request.review-days"), cite("SHARE"),
                 Text("完成复审", "Complete the second review"), {Role.IMPLEMENTER}, clock="E34"),
        Deadline(State.APPROVED, workdays("request.provision-days"), cite("SHARE"),
                 Text("提供数据", "Provision the data"), {Role.OPERATOR}, clock="E34"),
    ),
)  # fmt: skip
