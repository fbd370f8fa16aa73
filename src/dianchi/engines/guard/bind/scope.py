"""What may be named at one place, and every refusal of a name."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from dianchi.engines.guard.refusals import Says
from dianchi.engines.guard.tree import Item
from dianchi.kernel.text import Text

NOT_GRANTED = Says(
    "table.not-granted",
    Text("授权中没有表 {name}。", "No table {name} is granted."),
    Text("请申请该表的授权，或检查表名。", "Ask for a grant on the table, or check its name."),
)
NO_COLUMN = Says(
    "column.unknown",
    Text("没有列 {name}。", "There is no column {name}."),
    Text("请检查列名及其所属的表。", "Check the name and the table it belongs to."),
)
NO_USE = Says(
    "column.no-use",
    Text("列 {column} 未授予任何用法，不得引用。", "The column {column} is granted for no use and may not be named."),
    Text("请去掉该列，或申请它的用法。", "Leave the column out, or ask for a use of {column}."),
)
AMBIGUOUS = Says(
    "column.ambiguous",
    Text("列名 {name} 有歧义。", "The column name {name} is ambiguous."),
    Text("请写明表的别名。", "Qualify it with the alias of its table."),
)
WHOLE_ROW = Says(
    "column.whole-row",
    Text("不允许引用整行 {name}。", "A whole row may not be referenced ({name})."),
    Text("请逐一写出列名。", "Write the names of the columns."),
)
FORM = Says(
    "query.form-refused",
    Text("不支持这种写法：{form}。", "This form is not supported: {form}."),
    Text("请用普通的 SELECT 写法改写。", "Rewrite it with plain SELECT forms."),
)
WIDTH = Says(
    "query.width",
    Text("两侧的列数不同。", "The two sides have different numbers of columns."),
    Text("请使列数一致。", "Make them the same."),
)
ORDINAL = Says(
    "query.ordinal",
    Text("序号超出结果列的范围。", "The position is outside the result's columns."),
    Text("请写列名。", "Write the name of the column."),
)
NAME_TAKEN = Says(
    "table.alias-twice",
    Text("别名 {name} 用了两次。", "The alias {name} is used twice."),
    Text("请使用不同的别名。", "Use different aliases."),
)
MAX_RELATIONS = 300
MAX_BOUND = 60_000  # nodes after the aliases have been put in
AGGREGATES = (exp.AggFunc,)

Ctes = dict[str, tuple[str, list[str]]]  # WITH queries by name: ours, and the names of their columns


@dataclass
class Source:
    """A relation as the query's author sees it: names beside our columns."""

    item: Item
    names: list[tuple[str, str]]


@dataclass
class Scope:
    """What may be named at one place."""

    outer: Scope | None
    ctes: Ctes
    sources: dict[str, Source] = field(default_factory=dict)
    merged: dict[str, exp.Expr] = field(default_factory=dict)  # USING columns
    aliases: dict[str, exp.Expr] = field(default_factory=dict)
    windows: dict[str, exp.Window] = field(default_factory=dict)


def quoted(name: str) -> exp.Identifier:
    """An identifier that is taken as it stands."""
    return exp.Identifier(this=name, quoted=True)


def column(alias: str, name: str, like: exp.Expr | None = None) -> exp.Column:
    """A resolved column."""
    node = exp.Column(this=quoted(name), table=quoted(alias))
    if like is not None:
        spans = [n.meta for n in like.walk() if n.meta.get("start") is not None]
        if spans:
            node.this.meta.update(spans[0])
    return node


def spanned(new: exp.Expr, node: exp.Expr) -> exp.Expr:
    """The new node, standing where the old one stood in the text."""
    spans = [n.meta for n in node.walk() if n.meta.get("start") is not None]
    if spans:
        new.meta.update({"start": min(m["start"] for m in spans), "end": max(m["end"] for m in spans)})
    return new
