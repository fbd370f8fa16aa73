"""What must hold for the acts of a catalogue item."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Guard
from dianchi.kernel.text import Text


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
    coverage_known: bool = True  # its divisions are such, and its period does not end before it begins
    below_its_items: bool = False  # the grade is below that of one of its data items
    prepared: bool = True  # a change lies beside the published item
    under_review: bool = True  # and was submitted
    withdrawal_asked: bool = True  # its provider has asked for its withdrawal
    differs: bool = True  # the proposal is not what stands already


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
set_is_graded_highest = Guard[Facts](
    lambda f: not f.below_its_items,
    Refusal("catalogue.grade-below-its-items", Text("资源级别不得低于其数据项的最高级别", "A resource is graded no lower than its highest data item"),
            cite("GBT43697"), Text("请就高定级", "Choose the higher grade"), field="grade"),
    on_inputs=True,
)  # fmt: skip
coverage_is_known = Guard[Facts](
    lambda f: f.coverage_known,
    Refusal("catalogue.coverage-unknown", Text("空间范围须为有效的行政区划代码，时间范围的止期不得早于起期", "Coverage is by valid division codes, and ends no earlier than it begins"),
            default(), Text("请核对区划代码和起止日期", "Check the codes and dates"), field="coverage"),
    on_inputs=True,
)  # fmt: skip
change_is_prepared = Guard[Facts](
    lambda f: f.prepared,
    Refusal("catalogue.no-change-prepared", Text("没有正在拟订的变更", "No change is being prepared"), default(),
            Text("请先拟订变更", "Prepare the change first")),
)  # fmt: skip
change_is_not_under_review = Guard[Facts](
    lambda f: not f.under_review,
    Refusal("catalogue.change-under-review", Text("变更正在审核，不能修改或再次提交", "The change is under review; it cannot be altered or submitted again"), default(),
            Text("请待审核结果，或由数据管理部门退回", "Wait for the review, or let the data administration return it")),
)  # fmt: skip
change_is_under_review = Guard[Facts](
    lambda f: f.under_review,
    Refusal("catalogue.no-change-submitted", Text("没有待审核的变更", "No change waits for review"), default(),
            Text("请由数据提供单位先提交变更", "Let the provider submit one first")),
)  # fmt: skip
change_differs = Guard[Facts](
    lambda f: f.differs,
    Refusal("catalogue.change-changes-nothing", Text("拟变更的内容与已发布的相同", "The change is what is published already"), default(),
            Text("请改动后再保存", "Alter something first"), field="proposal"),
    on_inputs=True,
)  # fmt: skip
withdrawal_is_asked = Guard[Facts](
    lambda f: f.withdrawal_asked,
    Refusal("catalogue.no-withdrawal-asked", Text("数据提供单位没有申请撤销", "The provider has not asked for a withdrawal"), default(),
            Text("无须办理", "There is nothing to do")),
)  # fmt: skip
withdrawal_is_not_asked = Guard[Facts](
    lambda f: not f.withdrawal_asked,
    Refusal("catalogue.withdrawal-asked-already", Text("已申请撤销，正在审核", "A withdrawal was asked for and is under review"), default(),
            Text("请待审核结果", "Wait for the review")),
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
            ("R56",), "items"),
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
         subject_is_named, enough_subjects, contract_reads, all_are_promised, coverage_is_known)  # fmt: skip
