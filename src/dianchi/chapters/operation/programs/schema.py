"""What a developer may query under a request, for people: tables, columns, what each means and may be used for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dianchi.chapters.operation.holdings.models import Holding
from dianchi.chapters.operation.programs.queries import grant, tables
from dianchi.chapters.operation.requests.models import Request
from dianchi.chapters.resources.catalogue.queries import item
from dianchi.engines.guard import Column, Table
from dianchi.kernel.text import Text

USES = {
    "select": Text("可直接查看", "may be shown"),
    "mask": Text("掩码后可见", "shown masked"),
    "compare": Text("可作逐行条件", "may decide rows"),
    "group": Text("可分组", "may group"),
    "aggregate": Text("可汇总", "may be aggregated"),
    "filter": Text("汇总前可筛选", "may filter groups"),
    "join": Text("可关联", "may join"),
    "rank": Text("可排名", "may rank"),
}
UNUSABLE = Text("不得使用", "not to be used")


def described(request: Request, holdings: Iterable[str], at: datetime) -> list[dict[str, Any]]:
    """Each table with its columns; raises the kernel's errors when the data may not be used now."""
    live, codes = grant(request, holdings, at), tables(request, holdings, at)
    return [_described(table, codes[name]) for name, table in live.tables.items()]


def _described(table: Table, code: str) -> dict[str, Any]:
    entry = None if table.own else item(code)
    holding = Holding.objects.filter(code=code).first() if table.own else None
    columns = entry.items if entry else holding.columns if holding else []
    titles = {column["name"]: column["title"] for column in columns}
    return {
        "name": table.name,
        "title": entry.title if entry else holding.title if holding else table.name,
        "code": code,
        "own": table.own,
        "protected": table.protected,
        "min_subjects": table.min_subjects,
        "row_filter": table.row_filter,
        "columns": [_column(column, titles.get(name, name)) for name, column in table.columns.items()],
    }


def _column(column: Column, title: str) -> dict[str, Any]:
    uses = [USES[use] for use in USES if use in column.uses]
    return {
        "name": column.name, "title": title, "type": column.type, "uses": uses or [UNUSABLE],
        "usable": bool(column.uses), "aggregates": sorted(column.aggregates), "keys": sorted(column.uses),
    }  # fmt: skip


def example(described_tables: list[dict[str, Any]]) -> str:
    """A first query that fits the schema: a count by what may be grouped, or the rows of a free table."""
    for table in described_tables:
        group = next((c["name"] for c in table["columns"] if {"group"} & set(c["keys"])), "")
        if table["protected"] and group:
            return f"select {group}, count(*) as n\nfrom {table['name']}\ngroup by {group}\norder by n desc"
    first = next((t for t in described_tables if any("select" in c["keys"] for c in t["columns"])), None)
    if first is None:
        return ""
    names = [c["name"] for c in first["columns"] if "select" in c["keys"]][:4]
    return f"select {', '.join(names)}\nfrom {first['name']}\nlimit 20"
