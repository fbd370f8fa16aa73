"""Which acts put a resource on the catalogue and grade it."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.resources.catalogue.labels import AGGREGATE_LABELS, CATEGORY_LABELS, MASK_LABELS, USE_LABELS
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
USES = tuple(use for use, _ in USE_LABELS)
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
    category: str = entry(Text("类别", "Category"), default="", max_length=40, choices=CATEGORY_LABELS)
    uses: list[str] = entry(Text("允许用途", "Uses"), default=[], choices=USE_LABELS)
    aggregates: list[str] = entry(Text("允许的聚合", "Aggregates"), default=[], choices=AGGREGATE_LABELS)
    mask: str = entry(Text("遮蔽方式", "Mask"), default="", max_length=24, choices=MASK_LABELS)


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
    in_charge: bool = True  # the provider, or the data administration of the territory
    own_submission: bool = False
    graded: bool = True
    core: bool = False
    secret: bool = False
    grounded: bool = True
    core_in_use: bool = False  # a published item would be graded core
    loosened: tuple[str, ...] = ()  # data items that a grading of a published item would add, drop or give more uses
    lowered: bool = False  # a published item would get a lower grade
    grade_too_low: bool = False
    repeated: tuple[str, ...] = ()  # data items named twice
    unknown_uses: tuple[str, ...] = ()
    unknown_categories: tuple[str, ...] = ()
    widened: tuple[str, ...] = ()  # data items whose uses go beyond what their category admits
    incomplete: tuple[str, ...] = ()  # data items with a use whose function or mask is not named
    about_somebody: bool = False  # identifying data items, though the resource is stated to be about nobody
    subject_named: bool = True
    enough_subjects: bool = True
    least: int = 5
    contract_reads: bool = True
    not_promised: tuple[str, ...] = ()  # data items that the contract does not have


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
in_charge = Guard[Facts](
    lambda f: f.in_charge,
    Refusal("catalogue.not-in-charge", Text("只有数据提供单位和本级数据管理部门可以办理", "Only the provider and its data administration may do this"),
            spec27(7), Text("请由数据提供单位或本级数据管理部门办理", "Let one of them do it")),
)  # fmt: skip
not_core_in_use = Guard[Facts](
    lambda f: not f.core_in_use,
    Refusal("catalogue.core-while-published", Text("已发布的资源不能直接定为核心数据", "A published item cannot be graded core while it stands"),
            cite("DSL", 21), Text("请先暂停该资源，再重新定级", "Suspend it first, then grade it again"), ("R2",), "grade"),
    on_inputs=True,
)  # fmt: skip
only_tightened = Guard[Facts](
    lambda f: not (f.loosened or f.lowered),
    Refusal("catalogue.loosened-while-published", Text("已发布的资源只能收紧，不能降级或放宽用途{columns}", "A published item may only be tightened, not graded lower or widened{columns}"),
            spec27(7), Text("请先暂停该资源，修改后由数据管理部门恢复", "Suspend it, change it, and let the data administration resume it"), field="items"),
    on_inputs=True, naming=lambda f: {"columns": Text(f"：{', '.join(f.loosened)}", f": {', '.join(f.loosened)}") if f.loosened else ""},
)  # fmt: skip
grade_is_high_enough = Guard[Facts](
    lambda f: not f.grade_too_low,
    Refusal("catalogue.grade-too-low", Text("个人信息不低于二级，敏感个人信息不低于三级", "Personal information is level 2 at least, sensitive level 3"),
            cite("GBT43697"), Text("请就高定级", "Choose the higher grade"), field="grade"),
    on_inputs=True,
)  # fmt: skip
named_once = Guard[Facts](
    lambda f: not f.repeated,
    Refusal("catalogue.item-repeated", Text("数据项重复：{columns}", "Data items named twice: {columns}"), default(),
            Text("请每个数据项只列一次", "List each data item once"), field="items"),
    on_inputs=True, naming=lambda f: {"columns": ", ".join(f.repeated)},
)  # fmt: skip
categories_are_known = Guard[Facts](
    lambda f: not f.unknown_categories,
    Refusal("catalogue.unknown-category", Text("类别无效的数据项：{columns}", "Data items with an unknown category: {columns}"), cite("GBT43697"),
            Text("请采用平台的分类类别", "Use the platform's categories"), field="items"),
    on_inputs=True, naming=lambda f: {"columns": ", ".join(f.unknown_categories)},
)  # fmt: skip
uses_fit_the_category = Guard[Facts](
    lambda f: not f.widened,
    Refusal("catalogue.uses-too-wide", Text("可识别个人的数据项用途过宽：{columns}", "Identifying data items with uses that are too wide: {columns}"),
            cite("PIPL", 6), Text("直接标识只可遮蔽或关联，其余不得原样输出或逐行比较", "Direct identifiers may be masked or joined; the rest not shown or compared row by row"),
            field="items"),
    on_inputs=True, naming=lambda f: {"columns": ", ".join(f.widened)},
)  # fmt: skip
uses_are_complete = Guard[Facts](
    lambda f: not f.incomplete,
    Refusal("catalogue.use-incomplete", Text("未写明聚合函数或遮蔽方式的数据项：{columns}", "Data items without their aggregates or mask: {columns}"), default(),
            Text("用途为聚合的列出聚合函数，为遮蔽的写明遮蔽方式", "List the aggregates, name the mask"), field="items"),
    on_inputs=True, naming=lambda f: {"columns": ", ".join(f.incomplete)},
)  # fmt: skip
subject_is_stated = Guard[Facts](
    lambda f: not f.about_somebody,
    Refusal("catalogue.subject-not-stated", Text("含有标识或敏感数据项，须写明数据主体", "It identifies somebody, so the data subject must be stated"),
            cite("PIPL", 4), Text("请选择数据主体类型", "Choose the kind of data subject"), field="subject_type"),
    on_inputs=True,
)  # fmt: skip
subject_is_named = Guard[Facts](
    lambda f: f.subject_named,
    Refusal("catalogue.no-subject-column", Text("涉及个体的资源须指明主体字段", "A resource about somebody must name its subject column"), spec27(21),
            Text("请从数据项中选择主体字段", "Choose it among the data items"), field="subject_column"),
    on_inputs=True,
)  # fmt: skip
enough_subjects = Guard[Facts](
    lambda f: f.enough_subjects,
    Refusal("catalogue.threshold-too-low", Text("涉及个体的资源，最少主体数不得低于{least}", "For a resource about somebody the minimum is at least {least} subjects"),
            spec27(21), Text("请提高最少主体数", "Raise the minimum"), ("R46",), "min_subjects"),
    on_inputs=True, naming=lambda f: {"least": f.least},
)  # fmt: skip
contract_reads = Guard[Facts](
    lambda f: f.contract_reads,
    Refusal("catalogue.contract-unreadable", Text("数据契约格式有误", "The data contract is not well formed"), default(),
            Text("请用“检查契约”功能核对后再填写", "Check the contract before entering it"), field="contract"),
    on_inputs=True,
)  # fmt: skip
all_are_promised = Guard[Facts](
    lambda f: not f.not_promised,
    Refusal("catalogue.items-not-in-contract", Text("数据契约中没有的数据项：{columns}", "Data items that the contract does not have: {columns}"), default(),
            Text("请使数据项与契约一致", "Make both agree"), field="items"),
    on_inputs=True, naming=lambda f: {"columns": ", ".join(f.not_promised)},
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal("catalogue.own-submission", Text("不能审核自己提交的目录", "You cannot review your own submission"), cite("GBT22239"),
            Text("请由另一名人员审核", "Another person must review it"), ("R66",)),
)  # fmt: skip

ITEMS = (named_once, uses_are_known, categories_are_known, uses_fit_the_category, uses_are_complete, subject_is_stated,
         subject_is_named, enough_subjects, contract_reads, all_are_promised)  # fmt: skip

CATALOGUE = Lifecycle[Facts](
    "catalogue",
    Text("资源目录", "Catalogue"),
    State,
    (
        Act("draft", Text("编目", "Draft"), {Role.PROVIDER}, frozenset(), State.DRAFT, spec27(9, 5),
            (has_a_ground, *ITEMS), Item),
        Act("revise", Text("修改", "Revise"), {Role.PROVIDER}, {State.DRAFT, State.SUSPENDED}, None, spec27(9, 5),
            (holder_acts, has_a_ground, *ITEMS), Item, duty=False),
        Act("grade", Text("分类分级", "Grade"), {Role.PROVIDER}, {State.DRAFT, State.PUBLISHED, State.SUSPENDED}, None, cite("DSL", 21),
            (holder_acts, not_core_in_use, only_tightened, grade_is_high_enough, *ITEMS), Grading, duty=False),
        Act("submit", Text("提交", "Submit"), {Role.PROVIDER}, {State.DRAFT}, State.SUBMITTED, spec27(5),
            (holder_acts, is_graded, no_secret, not_core)),
        Act("publish", Text("审核发布", "Publish"), {Role.BUREAU}, {State.SUBMITTED}, State.PUBLISHED, spec27(7),
            (another_person, is_graded, no_secret, not_core)),
        Act("return", Text("退回", "Return"), {Role.BUREAU}, {State.SUBMITTED}, State.DRAFT, spec27(7), (), Reason, duty=False),
        Act("suspend", Text("暂停", "Suspend"), {Role.BUREAU, Role.PROVIDER}, {State.PUBLISHED}, State.SUSPENDED, default(), (in_charge,),
            Reason, duty=False),
        Act("resume", Text("恢复", "Resume"), {Role.BUREAU}, {State.SUSPENDED}, State.PUBLISHED, default(),
            (in_charge, another_person, is_graded, no_secret, not_core),
            Reason, duty=False),
        Act("withdraw", Text("撤销", "Withdraw"), {Role.BUREAU}, {State.PUBLISHED, State.SUSPENDED}, State.WITHDRAWN, default(), (in_charge,),
            Reason, duty=False, final=True),
    ),
)  # fmt: skip
