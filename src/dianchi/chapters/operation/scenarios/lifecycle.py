"""Which acts bring a scenario from an idea to a call for developers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from dianchi.kernel import codes
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.purposes import PURPOSES, Purpose
from dianchi.kernel.text import Text


class State(CaseState):
    """A scenario binds nobody until it is published."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    SUBMITTED = "submitted", Text("待审查", "Under review"), Tone.WAITING
    APPROVED = "approved", Text("已通过", "Approved"), Tone.WAITING
    PUBLISHED = "published", Text("已发布", "Published"), Tone.FORCE
    CLOSED = "closed", Text("已关闭", "Closed"), Tone.STOPPED
    REJECTED = "rejected", Text("不予通过", "Rejected"), Tone.STOPPED


PATHS = (
    ("query", Text("查询核验接口", "Query or verification interface")),
    ("statistics", Text("统计分析", "Statistics")),
    ("model", Text("模型训练", "Model training")),
    ("mpc", Text("隐私计算", "Privacy-preserving computation")),
)
# Every ground on which a scenario may be turned down; there is no other.
GROUNDS = (
    ("outside-scope", Text("超出授权范围", "Outside the authorized scope")),
    ("unlawful-purpose", Text("目的不合法或违背伦理", "Purpose unlawful or against ethics")),
    ("not-necessary", Text("数据需求不必要", "The data are not necessary")),
    ("forbidden-data", Text("涉及禁止授权的数据", "Asks for data that may not be authorized")),
    ("unsafe", Text("安全措施不足", "Safety measures lacking")),
    ("redevelopment", Text("属于运营机构再开发", "Redevelopment by the operator")),
    ("no-sharer-consent", Text("未取得共享方同意", "The sharer has not consented")),
)


class Demand(Inputs):
    """What is needed of one resource."""

    resource: str = entry(Text("资源", "Resource"), refers="catalogue", max_length=40)
    fields: tuple[str, ...] = entry(Text("数据项", "Data items"), min_length=1)
    frequency: str = entry(Text("更新频率", "Frequency"), default="", max_length=40)
    reason: str = entry(Text("必要性", "Why it is necessary"), min_length=4, max_length=500)


FORMS = (
    ("api", Text("查询接口", "Query interface")),
    ("verification", Text("核验结果", "Verification, yes or no")),
    ("statistics", Text("统计报告", "Statistics")),
    ("model", Text("模型服务", "Model service")),
    ("dataset", Text("去标识化数据集", "De-identified data set")),
    ("raw", Text("原始数据", "Raw data")),
)


class Criterion(Inputs):
    """A published criterion of selection and its weight."""

    name: str = entry(Text("遴选标准", "Criterion"), min_length=2, max_length=60, example="技术能力")
    weight: int = entry(Text("权重（百分比）", "Weight, per cent"), ge=1, le=100, example="40")


class SocialData(Inputs):
    """Data of the party's own that are to be fused."""

    name: str = entry(Text("数据名称", "Name"), min_length=2, max_length=100)
    source_proof: str = entry(Text("来源证明", "Proof of source"), default="", max_length=300)


class Proposal(Inputs):
    """A scenario as it is proposed."""

    title: str = entry(Text("场景名称", "Title"), min_length=2, max_length=200, example="疫情态势县域查询")
    operator: Annotated[str, AfterValidator(codes.uscc)] = entry(Text("运营机构", "Operator"), widget="organisation")
    purpose: Purpose = entry(Text("用途类别", "Purpose"), choices=PURPOSES)
    sector: str = entry(Text("所属行业", "Sector"), max_length=60)
    problem: str = entry(Text("要解决的问题", "Problem"), widget="long", min_length=4, max_length=2000)
    users: str = entry(Text("使用者", "Users"), max_length=300)
    demand: tuple[Demand, ...] = entry(Text("数据需求", "Data demand"), min_length=1)
    social_data: tuple[SocialData, ...] = entry(Text("拟融合的自有数据", "Own data to be fused"), default=())
    path: str = entry(Text("技术路径", "Technical path"), choices=PATHS, pattern="^(query|statistics|model|mpc)$")
    output_form: str = entry(Text("产出形式", "Form of output"), max_length=200)
    output_kind: str = entry(
        Text("产品形式", "Form of the product"), default="statistics", choices=FORMS, max_length=16
    )
    irreversible: bool = entry(
        Text("无法由产品还原原始数据", "Raw data cannot be restored from the product"), default=True,
        help=Text("模型、数据集等产品须经还原测试", "Models and data sets are tested for it"),
    )  # fmt: skip
    benefit: str = entry(Text("预期效益", "Expected benefit"), widget="long", min_length=4, max_length=2000)
    risk: str = entry(Text("风险自评", "Own assessment of risk"), widget="long", min_length=4, max_length=2000)
    personal_information: bool = entry(Text("涉及个人信息", "Touches personal information"), default=False)
    legal_basis: str = entry(Text("处理个人信息的依据", "Basis for processing it"), default="", max_length=500)
    starts_on: date = entry(Text("起始日期", "From"))
    ends_on: date = entry(Text("终止日期", "To"))


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


class Rejection(Inputs):
    """On which ground of the closed list."""

    ground: str = entry(Text("不予通过的情形", "Ground"), choices=GROUNDS, max_length=40)
    reason: str = entry(Text("具体理由", "Reason"), widget="long", min_length=4, max_length=500)


class Publication(Inputs):
    """The criteria are published before anybody responds: equal treatment."""

    criteria: str = entry(Text("遴选标准", "Selection criteria"), widget="long", min_length=4, max_length=2000)
    weights: tuple[Criterion, ...] = entry(
        Text("分项标准和权重", "Criteria and weights"),
        default=(),
        help=Text("填写后按项评分，权重合计为一百", "Scored one by one; weights sum to one hundred"),
    )
    responses_until: date = entry(Text("响应截止日期", "Responses until"))


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    operator_stands: bool = True  # on record and active; an operator proposes only for itself
    term_runs_forward: bool = True
    unproved: tuple[str, ...] = ()  # own data without proof of source
    basis_given: bool = True  # personal information has a legal basis
    unauthorized: tuple[str, ...] = ()  # resources outside any agreement of the operator in force
    yours: bool = True  # the actor's organisation is the operator
    proposed_for_you: bool = True  # the actor's organisation proposed it
    proposed_by_you: bool = False
    ground_known: bool = True
    until_ahead: bool = True
    raw: bool = False  # raw data are to be the product
    irreversible: bool = True
    weights_whole: bool = True


the_operator_stands = Guard[Facts](
    lambda f: f.operator_stands,
    Refusal(
        "scenarios.operator-not-known",
        Text(
            "所填运营机构未登记、已暂停，或不是您所在机构",
            "The operator named is not on record, is suspended, or is not your own organisation",
        ),
        spec27(3),
        Text("请选择有效的运营机构", "Choose an active operator"),
        field="operator",
    ),
    on_inputs=True,
)
term_runs_forward = Guard[Facts](
    lambda f: f.term_runs_forward,
    Refusal(
        "scenarios.term-backwards",
        Text("终止日期早于起始日期", "The term ends before it begins"),
        default(),
        Text("请核对起止日期", "Check the dates"),
        field="ends_on",
    ),
    on_inputs=True,
)
own_data_are_proved = Guard[Facts](
    lambda f: not f.unproved,
    Refusal(
        "scenarios.own-data-without-proof",
        Text("自有数据“{names}”没有来源证明", "Own data “{names}” have no proof of source"),
        cite("SAFE18"),
        Text("请补充数据合法来源证明，或删去该项", "Add proof of lawful source or leave them out"),
        ("R54",),
        "social_data",
    ),
    on_inputs=True,
    naming=lambda f: {"names": "、".join(f.unproved)},
)
personal_information_has_a_basis = Guard[Facts](
    lambda f: f.basis_given,
    Refusal(
        "scenarios.no-legal-basis",
        Text("涉及个人信息但未写明处理依据", "It touches personal information but names no legal basis"),
        cite("PIPL", 13),
        Text("请写明同意、匿名化或其他法定依据", "Name consent, anonymization or another basis"),
        field="legal_basis",
    ),
    on_inputs=True,
)
demand_is_authorized = Guard[Facts](
    lambda f: not f.unauthorized,
    Refusal(
        "scenarios.demand-outside-agreement",
        Text(
            "数据需求超出运营机构的授权范围：{names}", "The demand lies outside the operator's authorization: {names}"
        ),
        spec27(21),
        Text("请删去这些资源，或先取得授权", "Leave these resources out or have them authorized first"),
        ("R26",),
        "demand",
    ),
    naming=lambda f: {"names": "、".join(f.unauthorized)},
)
operator_is_yours = Guard[Facts](
    lambda f: f.yours,
    Refusal(
        "scenarios.not-your-scenario",
        Text("该场景由另一家运营机构负责", "Another operator is in charge of this scenario"),
        spec27(16),
    ),
)
proposal_is_yours = Guard[Facts](
    lambda f: f.proposed_for_you,
    Refusal(
        "scenarios.not-your-proposal",
        Text("该场景由另一家机构提出", "Another organisation proposed this scenario"),
        yn(4),
    ),
)
reviewer_is_another = Guard[Facts](
    lambda f: not f.proposed_by_you,
    Refusal(
        "scenarios.own-submission",
        Text("不能审查本人提出的场景", "You cannot review what you proposed"),
        default(),
        Text("请由另一名经办人审查", "Let another officer review it"),
        ("R66",),
    ),
)
ground_is_listed = Guard[Facts](
    lambda f: f.ground_known,
    Refusal(
        "scenarios.ground-not-listed",
        Text("不予通过的情形不在规定清单内", "The ground is not on the closed list"),
        spec27(6),
        Text("请从清单中选择", "Choose one from the list"),
        field="ground",
    ),
    on_inputs=True,
)
responses_lie_ahead = Guard[Facts](
    lambda f: f.until_ahead,
    Refusal(
        "scenarios.responses-over",
        Text("响应截止日期须晚于今天", "The last day for responses must lie ahead"),
        spec27(6),
        Text("请给各方留出响应时间", "Leave time to respond"),
        field="responses_until",
    ),
    on_inputs=True,
)

not_raw = Guard[Facts](
    lambda f: not f.raw,
    Refusal(
        "scenarios.raw-data-to-market",
        Text(
            "未依法公开的原始公共数据不得直接进入市场",
            "Raw public data that are not lawfully published do not enter the market",
        ),
        spec27(21),
        Text(
            "请改为接口、核验、统计、模型等产品形式", "Choose another form: interface, verification, statistics, model"
        ),
        ("R43",),
        "output_kind",
    ),
    on_inputs=True,
)
cannot_be_restored = Guard[Facts](
    lambda f: f.irreversible,
    Refusal(
        "scenarios.product-reversible",
        Text(
            "可以还原原始数据的产品不得开发和输出",
            "A product from which raw data can be restored is neither developed nor released",
        ),
        cite("QZ24"),
        Text("请调整技术路径，使结果不可逆推", "Change the technique so that results cannot be inverted"),
        ("R44",),
        "irreversible",
    ),
    on_inputs=True,
)
weights_are_whole = Guard[Facts](
    lambda f: f.weights_whole,
    Refusal(
        "scenarios.weights-not-hundred",
        Text("分项标准名称不得重复，权重合计须为一百", "Criteria are distinct and their weights sum to one hundred"),
        spec27(6),
        Text("请核对权重", "Check the weights"),
        ("R27",),
        "weights",
    ),
    on_inputs=True,
)

_WELL_FORMED = (
    the_operator_stands,
    term_runs_forward,
    own_data_are_proved,
    personal_information_has_a_basis,
    not_raw,
    cannot_be_restored,
)

SCENARIO = Lifecycle[Facts](
    "scenarios",
    Text("应用场景", "Scenarios"),
    State,
    (
        Act("propose", Text("提出场景", "Propose"), {Role.OPERATOR, Role.DEVELOPER}, frozenset(), State.DRAFT, yn(4),
            _WELL_FORMED, Proposal),
        Act("revise", Text("修改", "Revise"), {Role.OPERATOR, Role.DEVELOPER}, {State.DRAFT}, State.DRAFT, yn(4),
            (proposal_is_yours, *_WELL_FORMED), Proposal, duty=False),
        Act("submit", Text("提交审查", "Submit"), {Role.OPERATOR, Role.DEVELOPER}, {State.DRAFT}, State.SUBMITTED,
            yn(4), (proposal_is_yours, demand_is_authorized)),
        Act("approve", Text("审查通过", "Approve"), {Role.BUREAU}, {State.SUBMITTED}, State.APPROVED, spec27(21),
            (reviewer_is_another, demand_is_authorized), Reason),
        Act("return", Text("退回修改", "Return"), {Role.BUREAU}, {State.SUBMITTED}, State.DRAFT, spec27(21),
            (reviewer_is_another,), Reason, duty=False),
        Act("reject", Text("不予通过", "Reject"), {Role.BUREAU}, {State.SUBMITTED}, State.REJECTED, spec27(6),
            (reviewer_is_another, ground_is_listed), Rejection, duty=False, final=True),
        Act("publish", Text("发布", "Publish"), {Role.OPERATOR}, {State.APPROVED}, State.PUBLISHED, spec27(16),
            (operator_is_yours, demand_is_authorized, responses_lie_ahead, weights_are_whole), Publication,
            document=Text("应用场景公告", "Call for developers")),
        Act("close", Text("关闭", "Close"), {Role.OPERATOR, Role.BUREAU},
            {State.APPROVED, State.PUBLISHED}, State.CLOSED,
            yn(4), inputs=Reason, duty=False, final=True),
    ),
    deadlines=(
        Deadline(State.SUBMITTED, workdays("scenario.review-days"), default(),
                 Text("完成场景审查", "Review the scenario"), {Role.BUREAU}),
    ),
)  # fmt: skip
