"""A declared parameter of a governed query: typed, bounded, bound as a value."""

from __future__ import annotations

from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text

TYPES = (
    ("date", Text("日期", "Date")),
    ("integer", Text("整数", "Whole number")),
    ("decimal", Text("小数", "Decimal")),
    ("text", Text("文字", "Text")),
)
NAME = "^[a-z][a-z0-9_]{0,39}$"


class Parameter(Inputs):
    """A value that the caller gives; it is bound as a value, never as text of the query."""

    name: str = entry(Text("参数名", "Name"), pattern=NAME)
    type: str = entry(Text("类型", "Type"), choices=TYPES, pattern="^(date|integer|decimal|text)$")
    minimum: str = entry(Text("最小值", "Least"), default="", max_length=40)
    maximum: str = entry(Text("最大值", "Greatest"), default="", max_length=40)
    choices: tuple[str, ...] = entry(Text("可选值", "Choices"), default=())
