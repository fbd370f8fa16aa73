"""What is entered in a data request: tables, data items with their reasons, opinions."""

from __future__ import annotations

from datetime import date

from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.purposes import PURPOSES, Purpose
from dianchi.kernel.text import Text

GROUNDS = (
    ("scope-unclear", Text("资源范围不清", "The scope is not clear")),
    ("no-scenario", Text("缺少场景说明", "The scenario is not described")),
    ("unsafe", Text("安全评估不达标", "Safety below the standard")),
    ("wrong-grade", Text("安全分级填写有误", "The grade is stated wrongly")),
    ("not-authorized", Text("不在授权运营协议内", "Not in the authorization agreement")),
    ("forbidden", Text("属于禁止授权的数据", "May not be authorized")),
    ("unfit", Text("数据质量不满足需要", "Quality unfit")),
)
NAME = "^[a-z][a-z0-9_]{0,39}$"


class FieldReason(Inputs):
    """What one data item is needed for, and why nothing less would do."""

    field: str = entry(Text("数据项", "Data item"), max_length=60)
    purpose: str = entry(Text("用途", "What it is used for"), min_length=2, max_length=200)
    necessity: str = entry(Text("必要性", "Why it is necessary"), min_length=2, max_length=300)


class Table(Inputs):
    """One resource and the data items of it that are needed."""

    name: str = entry(
        Text("表名", "Table name"), pattern=NAME, help=Text("在查询语句中使用的名称", "As it is called in queries")
    )
    resource: str = entry(Text("资源", "Resource"), refers="catalogue", max_length=40)
    fields: tuple[str, ...] = entry(Text("数据项", "Data items"), min_length=1)
    necessity: str = entry(Text("必要性", "Why they are necessary"), widget="long", min_length=4, max_length=1000)
    reasons: tuple[FieldReason, ...] = entry(
        Text("逐项用途和必要性", "Purpose and necessity of each item"), default=(),
        help=Text("每个数据项一行；提交时逐项齐全，未申请的数据项不可见", "One row for each item, complete when it is submitted; what is not asked for stays invisible"),
    )  # fmt: skip
    row_filter: str = entry(
        Text("行范围", "Row filter"), default="", max_length=500, example="region_code LIKE '5301%'"
    )
    min_subjects: int = entry(
        Text("最小主体数", "Fewest subjects of a group"),
        default=0,
        ge=0,
        le=100000,
        help=Text("只能高于平台规定；0 表示按规定", "May only raise what the platform sets; 0 keeps it"),
    )


class Draft(Inputs):
    """A request as it is drafted."""

    title: str = entry(Text("申请名称", "Title"), min_length=2, max_length=200)
    contract: str = entry(Text("开发利用协议", "Development agreement"), refers="contracts")
    purpose: Purpose = entry(Text("用途类别", "Purpose"), choices=PURPOSES)
    plan: str = entry(Text("产品开发方案", "Development plan"), widget="long", min_length=4, max_length=4000)
    tables: tuple[Table, ...] = entry(Text("所需数据", "Data"), min_length=1)
    ends_on: date = entry(Text("使用期限至", "Use until"))


class Opinion(Inputs):
    """What the reviewer found."""

    reason: str = entry(Text("审查意见", "Opinion"), widget="long", min_length=4, max_length=1000)


class Answer(Inputs):
    """A provider's or a sector authority's answer."""

    favourable: bool = entry(Text("同意提供", "Agree"))
    reason: str = entry(Text("意见和理由", "Opinion and reasons"), widget="long", min_length=4, max_length=1000)


class Rejection(Inputs):
    """On which ground of the closed list, and why."""

    ground: str = entry(Text("不予同意的情形", "Ground"), choices=GROUNDS, max_length=40)
    reason: str = entry(Text("具体理由", "Reason"), widget="long", min_length=4, max_length=1000)
