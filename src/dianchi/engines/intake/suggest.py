"""A contract suggested from the data: what held for every row of the sample, for a person to confirm or strike."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import pyarrow as pa

from dianchi.engines.classify import CATEGORIES, Sort
from dianchi.engines.intake.proposal import Proposal
from dianchi.engines.intake.reading import sample
from dianchi.engines.quality import ColumnContract, Contract, Rule, inspect
from dianchi.engines.quality.contract import Kind
from dianchi.engines.quality.formats import named
from dianchi.engines.quality.rows import connect

ENOUGH = 50  # rows from which a regularity is more than chance
_FEW, _EACH = 20, 10  # a closed list has at most so many values, each standing so often on average
_KEY = re.compile(r"编号|编码|代码|流水号|序号|主键|证号|\b(id|code|no|key|uuid)\b|_?(id|code|no)$", re.I)
_BEGIN, _END = re.compile(r"开始|起|始|begin|start|from", re.I), re.compile(r"结束|止|终|截|end|until|to\b", re.I)


def suggest(path: Path, proposal: Proposal, resource: str) -> Contract:
    """The columns as detected, with the rules that the sample keeps without exception."""
    plain = proposal.contract(resource)
    rows = inspect(sample(path, proposal), plain).accepted
    if rows.num_rows < ENOUGH:
        return plain
    with connect() as connection:
        connection.register("rows", rows)
        columns, rules = [], []
        for column in plain.columns:
            n, distinct = connection.sql(_COUNTS.format(c=named(column.name))).fetchall()[0]
            whole = n == rows.num_rows
            key = whole and distinct == n and bool(_KEY.search(column.name))
            columns.append(replace(column, required=whole, unique=key))
            rules += [] if key else _closed(rows, column, int(n), int(distinct))
            rules += _not_negative(rows, column)
        rules += [r for a, b in product(plain.columns, repeat=2) if (r := _ordered(rows, a, b))]
    return replace(plain, columns=tuple(columns), rules=tuple(rules))


_COUNTS = "SELECT count({c}), count(DISTINCT {c}) FROM rows"


def _closed(rows: pa.Table, column: ColumnContract, n: int, distinct: int) -> list[Rule]:
    """A closed list of values, unless they tell of persons."""
    category = CATEGORIES.get(column.category)
    personal = category is not None and category.sort in (Sort.DIRECT, Sort.SENSITIVE)
    if column.type != "string" or column.format or personal or not 0 < distinct <= min(_FEW, n // _EACH):
        return []
    values = tuple(sorted(v for v in rows.column(column.name).unique().to_pylist() if v is not None))
    return [Rule(f"set:{column.name}", Kind.SET, (column.name,), {"values": values})]


def _not_negative(rows: pa.Table, column: ColumnContract) -> list[Rule]:
    if column.type not in {"integer", "double"} and not column.type.startswith("decimal"):
        return []
    with connect() as connection:
        connection.register("rows", rows)
        low = connection.sql(f"SELECT min({named(column.name)}) FROM rows").fetchall()[0][0]  # noqa: S608 - quoted
    return (
        [Rule(f"range:{column.name}", Kind.RANGE, (column.name,), {"min": 0})] if low is not None and low >= 0 else []
    )


def _ordered(rows: pa.Table, first: ColumnContract, last: ColumnContract) -> Rule | None:
    """A day that begins before the one that ends, of columns that are called so alike."""
    if first.type != last.type or first.type not in {"date", "timestamp"}:
        return None
    if not (_BEGIN.search(first.name) and _END.search(last.name)) or first.name == last.name:
        return None
    with connect() as connection:
        connection.register("rows", rows)
        a, b = named(first.name), named(last.name)
        kept = connection.sql(f"SELECT bool_and({a} <= {b}) FROM rows").fetchall()[0][0]  # noqa: S608 - quoted
    return Rule(f"order:{first.name}", Kind.COMPARE, (first.name,), {"op": "<=", "with": last.name}) if kept else None
