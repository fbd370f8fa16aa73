"""What a party may do with which columns: frozen, self-contained, parsed strictly from JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dianchi.engines.guard.masks import MASKS
from dianchi.kernel.canonical import sha256
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

USES = ("select", "mask", "compare", "group", "aggregate", "filter", "join", "rank")
AGGREGATES = (
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "median",
    "quantile",
)
TYPES = re.compile(
    r"^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|FLOAT|DOUBLE|DECIMAL\(\d{1,2},\d{1,2}\)|VARCHAR|DATE|TIME|"
    r"TIMESTAMP|TIMESTAMP WITH TIME ZONE)$"
)
_SYNONYMS = {
    "INT": "INTEGER",
    "TEXT": "VARCHAR",
    "STRING": "VARCHAR",
    "LONG": "BIGINT",
    "REAL": "FLOAT",
    "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE",
    "BOOL": "BOOLEAN",
    "DATETIME": "TIMESTAMP",
}


@dataclass(frozen=True)
class Column:
    """One column with what it may be used for."""

    name: str
    type: str
    uses: frozenset[str] = frozenset()
    aggregates: frozenset[str] = frozenset()
    mask: str = ""
    bounds: tuple[Decimal, Decimal] | None = None  # between which a noisy sum clamps its values


@dataclass(frozen=True)
class Subject:
    """The column that says whom a row is about, the kind of subject, and the most rows one of them has."""

    column: str
    type: str
    max_rows: int | None = None


@dataclass(frozen=True)
class Table:
    """One granted table; protected if it has a subject."""

    name: str
    columns: Mapping[str, Column]
    files: tuple[str, ...] = ()
    subject: Subject | None = None
    min_subjects: int = 10
    row_filter: str = ""
    own: bool = False

    @property
    def protected(self) -> bool:
        """Whether its rows are about subjects and something in it is not simply visible (guard.md 3)."""
        if self.subject is None:
            return False
        subject = self.columns[self.subject.column]
        named = [c for c in self.columns.values() if c.uses]
        return "select" not in subject.uses or not all(c.uses & {"select", "mask"} for c in named)

    @property
    def named(self) -> tuple[Column, ...]:
        """The columns that a query may name, in order."""
        return tuple(c for c in self.columns.values() if c.uses)


@dataclass(frozen=True)
class Dominance:
    """The greatest share of a cell that one subject, and the two largest together, may hold."""

    one: Decimal = Decimal("0.85")
    two: Decimal = Decimal("0.90")


@dataclass(frozen=True)
class Noise:
    """Differential privacy: what one answer may spend, and what all answers over one snapshot may spend together."""

    epsilon: Decimal
    budget: Decimal


@dataclass(frozen=True)
class Grant:
    """All the guard knows of the world."""

    party: str
    tables: Mapping[str, Table]
    purpose: str = ""
    expires_at: datetime | None = None
    affiliates: tuple[str, ...] = ()
    dominance: Dominance = field(default_factory=Dominance)
    round_to: int | None = None
    folder: Path = Path()
    noise: Noise | None = None

    @cached_property
    def digest(self) -> str:
        """What a cached plan depends on."""
        return sha256(
            {"tables": {n: _plain(t) for n, t in self.tables.items()}, "d": (str(self.dominance), str(self.noise))}
        )

    @classmethod
    def from_json(cls, source: str | Path | Mapping[str, Any]) -> Grant:
        """Read a grant from a file or from its JSON value; whatever is not understood is an error."""
        folder = Path()
        data: Any = source
        if not isinstance(source, Mapping):
            folder = Path(source).parent
            try:
                data = json.loads(Path(source).read_text("utf-8"), object_pairs_hook=_no_duplicates)
            except (OSError, ValueError) as e:
                raise _bad("", Text("不是可读的 JSON", "it is not readable JSON")) from e
        return _grant(data, folder)


def _plain(table: Table) -> dict[str, Any]:
    subject = table.subject
    return {
        "columns": {
            c.name: [c.type, sorted(c.uses), sorted(c.aggregates), c.mask, str(c.bounds or "")]
            for c in table.columns.values()
        },
        "order": list(table.columns),
        "subject": subject and [subject.column, subject.type, subject.max_rows],
        "k": table.min_subjects,
        "filter": table.row_filter,
        "own": table.own,
    }


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({k for k, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _bad(place: str, what: Text) -> Invalid:
    message = Text("授权书有误：{what}（{place}）。", "The grant is not well formed: {what} ({place}).")
    return Invalid(Refusal("grant.malformed", message.format(what=what, place=place or "/"), field=place))


def _keys(data: Any, place: str, required: tuple[str, ...], optional: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise _bad(place, Text("应为对象", "an object is expected"))
    for key in data:
        if key not in required + optional:
            raise _bad(f"{place}/{key}", Text("未知的键", "unknown key"))
    for key in required:
        if key not in data:
            raise _bad(f"{place}/{key}", Text("缺少该键", "missing key"))
    return data


def _grant(data: Any, folder: Path) -> Grant:
    optional = ("purpose", "expires_at", "affiliates", "dominance", "round_to", "noise")
    d = _keys(data, "", ("party", "tables"), optional)
    tables = _keys(d["tables"], "/tables", (), tuple(d["tables"]) if isinstance(d["tables"], Mapping) else ())
    names = [_name(n, "/tables") for n in tables]
    if len({fold(n) for n in names}) != len(names):
        raise _bad("/tables", Text("表名重复", "a table stands twice"))
    expires = d.get("expires_at")
    try:
        expiry = datetime.fromisoformat(expires) if expires else None
    except (TypeError, ValueError) as e:
        raise _bad("/expires_at", Text("不是时间", "it is not a time")) from e
    if expiry is not None and expiry.tzinfo is None:
        raise _bad("/expires_at", Text("时间须带时区", "the time needs a zone"))
    return Grant(
        _text(d["party"], "/party"),
        {n: _table(n, t, f"/tables/{n}") for n, t in tables.items()},
        _text(d.get("purpose", ""), "/purpose"),
        expiry,
        _texts(d.get("affiliates", []), "/affiliates"),
        _dominance(d.get("dominance")),
        _whole(d["round_to"], "/round_to") if d.get("round_to") is not None else None,
        folder,
        _noise(d.get("noise")),
    )


def _noise(data: Any) -> Noise | None:
    if data is None:
        return None
    d = _keys(data, "/noise", ("epsilon", "budget"), ())
    epsilon, budget = (_number(d[k], f"/noise/{k}") for k in ("epsilon", "budget"))
    if not 0 < epsilon <= budget:
        raise _bad("/noise", Text("每次支出须大于零且不超过总额", "an answer spends more than nothing and at most all"))
    return Noise(epsilon, budget)


def _number(value: Any, place: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _bad(place, Text("应为数值", "a number is expected"))
    try:
        found = Decimal(str(value))
    except ArithmeticError as e:
        raise _bad(place, Text("应为数值", "a number is expected")) from e
    if not found.is_finite():
        raise _bad(place, Text("应为数值", "a number is expected"))
    return found


def _dominance(data: Any) -> Dominance:
    if data is None:
        return Dominance()
    d = _keys(data, "/dominance", (), ("one", "two"))
    shares = {}
    for key, value in d.items():
        if isinstance(value, bool) or not isinstance(value, int | float | str) or not 0 < float(value) <= 1:
            raise _bad(f"/dominance/{key}", Text("应在 0 与 1 之间", "it must lie between 0 and 1"))
        shares[key] = Decimal(str(value))
    return Dominance(**shares)


def _table(name: str, data: Any, place: str) -> Table:
    d = _keys(data, place, ("columns",), ("files", "subject", "min_subjects", "row_filter", "own"))
    raw = d["columns"]
    if not isinstance(raw, Mapping) or not raw:
        raise _bad(f"{place}/columns", Text("至少要有一列", "at least one column is needed"))
    columns = {n: _column(_name(n, place), c, f"{place}/columns/{n}") for n, c in raw.items()}
    if len({fold(n) for n in columns}) != len(columns):
        raise _bad(f"{place}/columns", Text("列名重复", "a column stands twice"))
    subject = None
    if d.get("subject") is not None:
        s = _keys(d["subject"], f"{place}/subject", ("column", "type"), ("max_rows",))
        if s["column"] not in columns:
            raise _bad(f"{place}/subject/column", Text("没有这一列", "there is no such column"))
        rows = s.get("max_rows")
        subject = Subject(s["column"], _text(s["type"], place), None if rows is None else _whole(rows, place))
    own = d.get("own", False)
    if not isinstance(own, bool) or (own and subject):
        raise _bad(f"{place}/own", Text("自有表不得有主体", "an own table has no subject"))
    return Table(
        name,
        columns,
        _texts(d.get("files", []), f"{place}/files"),
        subject,
        _whole(d["min_subjects"], f"{place}/min_subjects") if "min_subjects" in d else 10,
        _condition(d.get("row_filter") or "", columns, f"{place}/row_filter"),
        own,
    )


def _condition(value: Any, columns: Mapping[str, Column], place: str) -> str:
    """The policy's own condition: one expression over the table's own columns, without queries in it."""
    text = _text(value, place)
    if not text:
        return ""
    try:
        node = sqlglot.parse_one(text, read="duckdb")
    except (SqlglotError, RecursionError, ValueError) as e:
        raise _bad(place, Text("不是条件", "it is not a condition")) from e
    known = {fold(n) for n in columns}
    named = [fold(c.name) for c in node.find_all(exp.Column)]
    if not isinstance(node, exp.Condition) or node.find(exp.Query) or not named or set(named) - known:
        raise _bad(place, Text("不是该表各列上的条件", "it is not a condition on the table's columns"))
    return text


def _column(name: str, data: Any, place: str) -> Column:
    d = _keys(data, place, ("type", "uses"), ("aggregates", "mask", "bounds"))
    uses = frozenset(_texts(d["uses"], f"{place}/uses"))
    if uses - set(USES):
        raise _bad(f"{place}/uses", Text("未知的用法", "unknown use"))
    aggregates = frozenset(_texts(d.get("aggregates", []), f"{place}/aggregates"))
    if aggregates - set(AGGREGATES):
        raise _bad(f"{place}/aggregates", Text("未知的聚合函数", "unknown aggregate"))
    mask = _text(d.get("mask") or "", f"{place}/mask")
    if ("mask" in uses) != bool(mask) or (mask and mask not in MASKS):
        raise _bad(f"{place}/mask", Text("掩码缺失或未知", "the mask is missing or unknown"))
    return Column(name, _type(d["type"], f"{place}/type"), uses, aggregates, mask, _bounds(d.get("bounds"), place))


def _bounds(value: Any, place: str) -> tuple[Decimal, Decimal] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _bad(f"{place}/bounds", Text("应为下限与上限", "a least and a greatest value are expected"))
    low, high = (_number(v, f"{place}/bounds") for v in value)
    if low >= high:
        raise _bad(f"{place}/bounds", Text("下限须小于上限", "the least must be below the greatest"))
    return low, high


def _type(value: Any, place: str) -> str:
    text = re.sub(r"\s*([(),])\s*", r"\1", _text(value, place).strip().upper())
    text = _SYNONYMS.get(text, text)
    if not TYPES.match(text):
        raise _bad(place, Text("不支持的类型", "unsupported type"))
    if text.startswith("DECIMAL"):
        width, scale = (int(x) for x in text[8:-1].split(","))
        if not 0 < width <= 38 or scale > width:
            raise _bad(place, Text("不支持的类型", "unsupported type"))
    return text


def _name(value: Any, place: str) -> str:
    name = _text(value, place)
    if not 0 < len(name) <= 128 or any(ord(c) < 32 for c in name) or name.startswith("_g"):
        raise _bad(place, Text("不是合适的名称", "not a fit name"))
    return name


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise _bad(place, Text("应为文本", "text is expected"))
    return value


def _texts(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _bad(place, Text("应为文本列表", "a list of texts is expected"))
    return tuple(_text(v, place) for v in value)


def _whole(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _bad(place, Text("应为正整数", "a positive whole number is expected"))
    return value


_FOLD = {i: i + 32 for i in range(65, 91)}


def fold(name: str) -> str:
    """The name as DuckDB compares names: only ASCII letters lose their case."""
    return name.translate(_FOLD)
