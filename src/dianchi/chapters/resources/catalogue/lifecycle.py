"""Which acts put a resource on the catalogue and grade it."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """Where an item stands."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    SUBMITTED = "submitted", Text("待审核", "Submitted"), Tone.WAITING
    PUBLISHED = "published", Text("已发布", "Published"), Tone.FORCE
    SUSPENDED = "suspended", Text("已暂停", "Suspended"), Tone.STOPPED
    WITHDRAWN = "withdrawn", Text("已撤销", "Withdrawn"), Tone.STOPPED


FREQUENCIES = (
    ("realtime", Text("实时", "Real time")), ("daily", Text("每日", "Daily")), ("weekly", Text("每周", "Weekly")),
    ("monthly", Text("每月", "Monthly")), ("quarterly", Text("每季度", "Quarterly")), ("half-yearly", Text("每半年", "Half-yearly")),
    ("yearly", Text("每年", "Yearly")), ("irregular", Text("不定期", "Irregular")),
)  # fmt: skip
ATTRIBUTES = (
    ("ALLOWED", Text("可授权", "May be authorized")),
    ("CONDITIONAL", Text("有条件授权", "May be authorized on conditions")),
    ("FORBIDDEN", Text("不予授权", "May not be authorized")),
)
GRADES = (
    ("GENERAL-1", Text("一般数据一级", "General, level 1")), ("GENERAL-2", Text("一般数据二级", "General, level 2")),
    ("GENERAL-3", Text("一般数据三级", "General, level 3")), ("GENERAL-4", Text("一般数据四级", "General, level 4")),
    ("IMPORTANT", Text("重要数据", "Important")), ("CORE", Text("核心数据", "Core")),
)  # fmt: skip
USES = ("select", "mask", "compare", "group", "aggregate", "filter", "join", "rank")
SUBJECTS = (
    ("none", Text("不涉及个体", "None")), ("person", Text("自然人", "Person")), ("enterprise", Text("法人或组织", "Enterprise")),
    ("vehicle", Text("车辆", "Vehicle")),
)  # fmt: skip


class Column(Inputs):
    """One data item of a resource with what it may be used for."""

    name: str = entry(
        Text("字段名", "Name"), min_length=1, max_length=64, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", example="region_code"
    )
    title: str = entry(Text("中文名称", "Title"), min_length=1, max_length=80, example="区划代码")
    type: str = entry(Text("类型", "Type"), example="VARCHAR", max_length=24)
    category: str = entry(Text("类别", "Category"), default="", max_length=40, example="quasi-identifier")
    uses: list[str] = entry(Text("允许用途", "Uses"), default=[], choices=tuple((u, Text(u, u)) for u in USES))
    aggregates: list[str] = entry(Text("允许的聚合", "Aggregates"), default=[])
    mask: str = entry(Text("遮蔽方式", "Mask"), default="", max_length=24)


class Item(Inputs):
    """What a department states of a resource."""

    title: str = entry(Text("资源名称", "Name"), min_length=2, max_length=200, example="云南省行政区划")
    summary: str = entry(Text("摘要", "Summary"), widget="long", min_length=4, max_length=2000)
    sector: str = entry(Text("所属领域", "Sector"), max_length=40, example="文化旅游")
    subject_type: str = entry(
        Text("数据主体", "Data subject"), choices=SUBJECTS, default="none", pattern="^(none|person|enterprise|vehicle)$"
    )
    subject_column: str = entry(Text("主体字段", "Subject column"), default="", max_length=64)
    min_subjects: int = entry(Text("最少主体数", "Minimum subjects"), default=0, ge=0, le=1000)
    update_frequency: str = entry(Text("更新频率", "Update frequency"), choices=FREQUENCIES, max_length=12)
    attribute: str = entry(
        Text("授权属性", "Authorization attribute"), choices=ATTRIBUTES, pattern="^(ALLOWED|CONDITIONAL|FORBIDDEN)$"
    )
    ground: str = entry(
        Text("条件或不予授权的依据", "Condition or ground"), default="", max_length=500,
        help=Text("有条件授权须写明条件，不予授权须写明法律依据", "State the condition, or the legal ground of a ban"),
    )  # fmt: skip
    legal_basis: str = entry(Text("采集依据", "Legal basis of collection"), min_length=2, max_length=500)
    state_secret: bool = entry(Text("涉及国家秘密", "State secret"), default=False)
    shared_in: bool = entry(Text("由其他单位共享取得", "Obtained by sharing"), default=False)
    sharer_consent: str = entry(Text("共享单位同意文号", "Consent of the sharer"), default="", max_length=100)
    items: list[Column] = entry(Text("数据项", "Data items"), min_length=1, max_length=400)
    contract: dict[str, object] = entry(Text("数据契约", "Data contract"), default={}, widget="long")


class Grading(Inputs):
    """The grade and, where they differ from the draft, the uses of each column."""

    grade: str = entry(Text("数据级别", "Grade"), choices=GRADES, pattern="^(CORE|IMPORTANT|GENERAL-[1-4])$")
    grading_basis: str = entry(Text("定级依据", "Basis"), widget="long", min_length=4, max_length=1000)
    risk_assessment: str = entry(
        Text("重要数据风险评估", "Risk assessment of important data"), default="", widget="long", max_length=2000
    )
    items: list[Column] | None = entry(Text("数据项", "Data items"), default=None)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    provider: bool = True  # the actor's organisation holds the item
    own_submission: bool = False
    graded: bool = True
    core: bool = False
    secret: bool = False
    grounded: bool = True
    consented: bool = True
    widened: tuple[str, ...] = ()  # columns whose uses would go beyond what grade and category admit
    unknown_uses: tuple[str, ...] = ()


holder_acts = Guard[Facts](
    lambda f: f.provider,
    Refusal("catalogue.not-the-provider", Text("只有数据提供单位可以办理", "Only the data provider may do this"), spec27(21),
            Text("请由数据提供单位办理", "Let the provider do it")),
)  # fmt: skip
is_graded = Guard[Facts](
    lambda f: f.graded,
    Refusal("catalogue.not-graded", Text("不能提交：尚未分类分级", "Cannot submit: not classified and graded yet"), spec27(5),
            Text("请先办理分类分级", "Grade it first"), ("R4",)),
)  # fmt: skip
no_secret = Guard[Facts](
    lambda f: not f.secret,
    Refusal("catalogue.state-secret", Text("涉及国家秘密的数据不得进入本平台", "State secrets stay outside this platform"), cite("YNPD", 2),
            Text("请按保密规定处理", "Handle it under the secrecy rules"), ("R1",)),
)  # fmt: skip
not_core = Guard[Facts](
    lambda f: not f.core,
    Refusal("catalogue.core-data", Text("核心数据不得纳入授权运营", "Core data never enter authorized operation"), cite("DSL", 21),
            Text("请按核心数据管理制度处理", "Handle it under the rules for core data"), ("R2",)),
)  # fmt: skip
has_a_ground = Guard[Facts](
    lambda f: f.grounded,
    Refusal("catalogue.no-ground", Text("有条件授权或不予授权的，须写明条件或依据", "A condition or a ban needs its ground"), default(),
            Text("请填写条件或法律依据", "Enter the condition or the legal ground"), field="ground"),
    on_inputs=True,
)  # fmt: skip
uses_are_known = Guard[Facts](
    lambda f: not f.unknown_uses,
    Refusal("catalogue.unknown-use", Text("用途无效的数据项：{columns}", "Data items with an unknown use: {columns}"), default(),
            Text("请从列出的用途中选择", "Choose among the uses listed"), field="items"),
    on_inputs=True, naming=lambda f: {"columns": ", ".join(f.unknown_uses)},
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal("catalogue.own-submission", Text("不能审核自己提交的目录", "You cannot review your own submission"), cite("GBT22239"),
            Text("请由另一名人员审核", "Another person must review it"), ("R66",)),
)  # fmt: skip

CATALOGUE = Lifecycle(
    "catalogue",
    Text("资源目录", "Catalogue"),
    State,
    (
        Act("draft", Text("编目", "Draft"), {Role.PROVIDER}, frozenset(), State.DRAFT, spec27(9, 5),
            (has_a_ground, uses_are_known), Item),
        Act("revise", Text("修改", "Revise"), {Role.PROVIDER}, {State.DRAFT}, State.DRAFT, spec27(9, 5),
            (holder_acts, has_a_ground, uses_are_known), Item, duty=False),
        Act("grade", Text("分类分级", "Grade"), {Role.PROVIDER}, {State.DRAFT, State.PUBLISHED}, None, cite("DSL", 21),
            (holder_acts, uses_are_known), Grading, duty=False),
        Act("submit", Text("提交", "Submit"), {Role.PROVIDER}, {State.DRAFT}, State.SUBMITTED, spec27(5),
            (holder_acts, is_graded, no_secret, not_core)),
        Act("publish", Text("审核发布", "Publish"), {Role.BUREAU}, {State.SUBMITTED}, State.PUBLISHED, spec27(7),
            (another_person, is_graded, no_secret, not_core)),
        Act("return", Text("退回", "Return"), {Role.BUREAU}, {State.SUBMITTED}, State.DRAFT, spec27(7), (), Reason, duty=False),
        Act("suspend", Text("暂停", "Suspend"), {Role.BUREAU, Role.PROVIDER}, {State.PUBLISHED}, State.SUSPENDED, default(), (),
            Reason, duty=False),
        Act("resume", Text("恢复", "Resume"), {Role.BUREAU}, {State.SUSPENDED}, State.PUBLISHED, default(), (is_graded, not_core),
            Reason, duty=False),
        Act("withdraw", Text("撤销", "Withdraw"), {Role.BUREAU}, {State.PUBLISHED, State.SUSPENDED}, State.WITHDRAWN, default(), (),
            Reason, duty=False, final=True),
    ),
)  # fmt: skip
