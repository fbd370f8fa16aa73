"""What is stated of a resource: by its department, on grading it, on changing it."""

from __future__ import annotations

from datetime import date

from dianchi.chapters.resources.catalogue.labels import AGGREGATE_LABELS, CATEGORY_LABELS, MASK_LABELS, USE_LABELS
from dianchi.chapters.resources.catalogue.states import (
    ATTRIBUTES,
    FORMATS,
    FREQUENCIES,
    GENERAL,
    GRADES,
    INDUSTRIES,
    OPENING,
    SHARING,
    SUBJECTS,
)
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text

_GENERAL_GRADES = tuple(choice for choice in GRADES if choice[0] in GENERAL)
_OPEN = "^(UNCONDITIONAL|CONDITIONAL|NONE)$"


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
    length: int | None = entry(Text("长度", "Length"), default=None, ge=0, le=1_000_000)
    grade: str = entry(
        Text("数据项级别", "Grade of the item"), default="", choices=_GENERAL_GRADES, pattern="^(GENERAL-[1-4])?$",
        help=Text("不填则按资源整体级别", "Empty: that of the resource"),
    )  # fmt: skip


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
    update_frequency: str = entry(
        Text("更新频率", "Update frequency"),
        choices=FREQUENCIES,
        pattern=f"^({'|'.join(code for code, _ in FREQUENCIES)})$",
    )
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
    industry: str = entry(Text("行业分类", "Industry"), default="", choices=INDUSTRIES, pattern="^[A-T]?$")
    coverage: list[str] = entry(
        Text("空间范围", "Where"), default=[], max_length=200, example="530000", widget="region",
        help=Text("行政区划代码，每行一个，全国填六个零；不填为本单位所在区划", "Division codes, one a line; six zeros for the nation; empty: your own division"),
    )  # fmt: skip
    covers_from_on: date | None = entry(Text("时间范围自", "Data from"), default=None)
    covers_to_on: date | None = entry(
        Text("时间范围至", "Data until"), default=None, help=Text("持续更新的不填", "Empty where it goes on")
    )
    format: str = entry(
        Text("数据格式", "Format"),
        default="TABLE",
        choices=FORMATS,
        pattern="^(TABLE|CSV|XLSX|JSON|API|GIS|IMAGE|DOCUMENT|OTHER)$",
    )
    volume_records: int | None = entry(Text("数据量（条）", "Records"), default=None, ge=0)
    volume_bytes: int | None = entry(Text("数据量（字节）", "Bytes"), default=None, ge=0)
    source_system: str = entry(Text("来源系统", "Source system"), default="", max_length=120)
    sharing: str = entry(Text("共享属性", "Sharing"), default="CONDITIONAL", choices=SHARING, pattern=_OPEN)
    opening: str = entry(Text("开放属性", "Opening"), default="NONE", choices=OPENING, pattern=_OPEN)
    contact: str = entry(
        Text("联系方式", "Contact"), default="", max_length=120, example="信息中心 0871-60000000",
        help=Text("写部门和办公电话，不写个人姓名", "The office and its telephone, no person's name"),
    )  # fmt: skip
    quality_statement: str = entry(Text("质量说明", "Quality statement"), default="", widget="long", max_length=1000)
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


class Change(Inputs):
    """A change of a published item: as it is to stand, graded, and why."""

    change_reason: str = entry(Text("变更理由", "Reason of the change"), widget="long", min_length=4, max_length=1000)
    proposed_grade: str = entry(
        Text("变更后的级别", "Grade after the change"), choices=GRADES, pattern="^(CORE|IMPORTANT|GENERAL-[1-4])$"
    )
    proposed_basis: str = entry(Text("定级依据", "Basis"), widget="long", min_length=4, max_length=1000)
    proposal: Item = entry(Text("变更后内容", "As it is to stand"))
