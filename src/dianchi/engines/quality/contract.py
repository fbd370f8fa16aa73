"""A contract: the columns of a resource with their types, and the rules its rows must keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from dianchi.engines.quality import formats
from dianchi.engines.quality.refusals import BAD_COLUMN, BAD_RULE
from dianchi.kernel.errors import Invalid
from dianchi.kernel.text import Text

Argument = str | int | float | tuple[str, ...]


class Severity(StrEnum):
    """What a broken rule does to the row."""

    QUARANTINE = "quarantine"  # the row is set aside with its text and the rule's name
    WARN = "warn"  # the row stays; the break is counted


class Dimension(StrEnum):
    """The quality dimensions of GB/T 36344-2018."""

    NORMATIVE = "normative"
    COMPLETE = "complete"
    ACCURATE = "accurate"
    CONSISTENT = "consistent"
    TIMELY = "timely"
    ACCESSIBLE = "accessible"


class Kind(StrEnum):
    """The kinds of rule that exist."""

    TYPE = "type"
    NOT_NULL = "not_null"
    UNIQUE = "unique"
    RANGE = "range"
    SET = "set"
    LENGTH = "length"
    PATTERN = "pattern"
    FORMAT = "format"
    COMPARE = "compare"
    NON_DECREASING = "non_decreasing"
    REFERENCE = "reference"
    PREDICATE = "predicate"  # a condition in the guard's subset of SQL
    FRESHNESS = "freshness"  # the latest day is not older than so many days
    ROW_COUNT = "row_count"  # rows of the load, absolutely or against the load before
    DISTRIBUTION = "distribution"  # values against those of the load before (population stability index)


DIMENSION = {
    Kind.TYPE: Dimension.NORMATIVE,
    Kind.NOT_NULL: Dimension.COMPLETE,
    Kind.UNIQUE: Dimension.CONSISTENT,
    Kind.RANGE: Dimension.ACCURATE,
    Kind.SET: Dimension.NORMATIVE,
    Kind.LENGTH: Dimension.NORMATIVE,
    Kind.PATTERN: Dimension.NORMATIVE,
    Kind.FORMAT: Dimension.NORMATIVE,
    Kind.COMPARE: Dimension.CONSISTENT,
    Kind.NON_DECREASING: Dimension.ACCURATE,
    Kind.REFERENCE: Dimension.CONSISTENT,
    Kind.PREDICATE: Dimension.CONSISTENT,
    Kind.FRESHNESS: Dimension.TIMELY,
    Kind.ROW_COUNT: Dimension.COMPLETE,
    Kind.DISTRIBUTION: Dimension.ACCURATE,
}
# Which arguments each kind takes, the required ones first.
ARGUMENTS: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Kind.TYPE: ((), ()),
    Kind.NOT_NULL: ((), ()),
    Kind.UNIQUE: ((), ()),
    Kind.RANGE: ((), ("min", "max")),
    Kind.SET: (("values",), ()),
    Kind.LENGTH: ((), ("min", "max")),
    Kind.PATTERN: (("pattern",), ()),
    Kind.FORMAT: (("format",), ()),
    Kind.COMPARE: (("op", "with"), ()),
    Kind.NON_DECREASING: (("by", "order"), ()),
    Kind.REFERENCE: (("resource", "to"), ()),
    Kind.PREDICATE: (("expression",), ()),
    Kind.FRESHNESS: (("days",), ()),
    Kind.ROW_COUNT: ((), ("min", "max", "change")),
    Kind.DISTRIBUTION: ((), ("most",)),
}
OPERATORS = ("<", "<=", "=", ">=", ">", "!=", "starts_with")
WHOLE = (Kind.FRESHNESS, Kind.ROW_COUNT, Kind.DISTRIBUTION)  # kinds about a load as a whole
ACROSS = (Kind.UNIQUE, Kind.NON_DECREASING, *WHOLE)  # kinds that need more than one row
SELF = "self"  # a reference to a column of the same data
_TYPE = re.compile(r"(string|integer|double|boolean|date|timestamp|decimal\(([1-9]\d?),(\d{1,2})\))\Z")
_CLEANERS = {"trim", "halfwidth", "thousands"}


@dataclass(frozen=True)
class ColumnContract:
    """One column. Types: string, integer, double, boolean, date, timestamp, decimal(p,s)."""

    name: str
    type: str = "string"
    title: Text | str = ""
    format: str = ""  # of a string: a named format; of a date: named spellings, comma-separated (iso if empty)
    required: bool = False
    unique: bool = False
    source: str = ""  # its name in the file, if another
    clean: tuple[str, ...] = ()  # declared, never silent: trim, halfwidth, thousands
    category: str = ""
    grade: str = ""

    def __post_init__(self) -> None:
        if not self.name or len(self.name) > 128 or any(ord(c) < 32 for c in self.name):
            raise self._bad(Text("列名无效", "the name is not usable"))
        found = _TYPE.match(self.type)
        if not found or (found[2] and (int(found[2]) > 38 or int(found[3]) > int(found[2]))):
            raise self._bad(Text("没有这种类型", "there is no such type"))
        if not set(self.clean) <= _CLEANERS:
            raise self._bad(Text("没有这种清洗方式", "there is no such cleaning"))
        spellings = formats.TIMES if self.type in {"date", "timestamp"} else formats.FORMATS
        known = spellings.__contains__ if spellings is formats.TIMES else formats.is_format
        if self.format and not all(known(f) for f in self.formats):
            raise self._bad(Text("没有这种格式", "there is no such format"))

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats as a tuple."""
        return tuple(f.strip() for f in self.format.split(",")) if self.format else ()

    @property
    def header(self) -> str:
        """The column's name in the file."""
        return self.source or self.name

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type of accepted values."""
        found = _TYPE.match(self.type)
        assert found is not None
        return pa.decimal128(int(found[2]), int(found[3])) if found[2] else _ARROW[self.type]

    def _bad(self, problem: Text) -> Invalid:
        return Invalid(BAD_COLUMN.saying(column=self.name, problem=problem))


_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}


@dataclass(frozen=True)
class Rule:
    """One promise about rows. A row breaks it or keeps it; where a value is missing, only not_null is broken."""

    name: str
    kind: Kind
    columns: tuple[str, ...]
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    severity: Severity = Severity.QUARANTINE
    says: Text | str = ""
    when: str = ""  # only for rows in which this column ...
    equals: tuple[str, ...] = ()  # ... has one of these texts

    def __post_init__(self) -> None:
        required, optional = ARGUMENTS[self.kind]
        if not self.name:
            raise self.bad(Text("缺少名称", "it has no name"))
        if set(required) - set(self.arguments) or set(self.arguments) - {*required, *optional}:
            raise self.bad(Text("参数不符合规则种类", "its arguments are not those of its kind"))
        if optional and not required and not self.arguments and self.kind is not Kind.DISTRIBUTION:
            raise self.bad(Text("缺少界限", "it has no bound"))
        if self.kind is Kind.PREDICATE:
            self._take_columns_of_expression()
        if (not self.columns and self.kind not in _NONE) or (len(self.columns) > 1 and self.kind not in _SEVERAL):
            raise self.bad(Text("列的个数不对", "it has the wrong number of columns"))
        if bool(self.when) != bool(self.equals) or (self.when and self.kind in ACROSS):
            raise self.bad(Text("条件不完整或不适用", "its condition is incomplete or not for its kind"))
        if self.kind in (Kind.NON_DECREASING, *WHOLE) and self.severity is not Severity.WARN:
            raise self.bad(Text("序列和整批规则只能提示", "a rule about a series or a whole load can only warn"))
        if self.kind is Kind.COMPARE and self.arguments["op"] not in OPERATORS:
            raise self.bad(Text("没有这种比较", "there is no such comparison"))
        if self.kind is Kind.FORMAT and not all(formats.is_format(f.strip()) for f in self.text.split(",")):
            raise self.bad(Text("没有这种格式", "there is no such format"))
        if self.kind is Kind.PATTERN and not formats.is_pattern(str(self.arguments["pattern"])):
            raise self.bad(Text("不是有效的模式", "it is not a valid pattern"))

    def _take_columns_of_expression(self) -> None:
        from dianchi.engines.quality import predicate  # the parser starts slowly: only who needs it waits

        try:
            object.__setattr__(self, "columns", predicate.columns(self.text))
        except predicate.Unusable as found:
            raise self.bad(found.problem) from None

    @property
    def dimension(self) -> Dimension:
        """The dimension of GB/T 36344 that it measures."""
        return DIMENSION[self.kind]

    @property
    def text(self) -> str:
        """The argument of a rule that has one text argument."""
        return str(next(iter(self.arguments.values())))

    def bad(self, problem: Text) -> Invalid:
        """The refusal of this rule."""
        return Invalid(BAD_RULE.saying(rule=self.name, problem=problem))

    def uses(self) -> tuple[str, ...]:
        """All columns that it reads."""
        other = {Kind.COMPARE: ("with",), Kind.NON_DECREASING: ("by", "order")}.get(self.kind, ())
        more = [self.arguments[name] for name in other]
        named = [name for value in more for name in (value if isinstance(value, tuple) else (str(value),))]
        own = self.arguments.get("resource") == SELF
        target = [str(self.arguments["to"])] if own else []
        return (*self.columns, *named, *target, *([self.when] if self.when else []))


_SEVERAL = {Kind.UNIQUE, Kind.COMPARE, Kind.PREDICATE}
_NONE = {Kind.ROW_COUNT}


@dataclass(frozen=True)
class Contract:
    """What the provider promises about a resource. Columns in the order in which the lake keeps them."""

    resource: str
    columns: tuple[ColumnContract, ...]
    rules: tuple[Rule, ...] = ()
    subject: str | None = None  # the column that tells whom a row is about
    title: Text | str = ""
    grade: str = ""

    def __post_init__(self) -> None:
        names = [c.name for c in self.columns]
        for column in self.columns:
            if names.count(column.name) > 1:
                raise Invalid(BAD_COLUMN.saying(column=column.name, problem=Text("重复", "it stands twice")))
        if not names:
            raise Invalid(BAD_COLUMN.saying(column="", problem=Text("没有列", "there are no columns")))
        if self.subject is not None and self.subject not in names:
            raise Invalid(BAD_COLUMN.saying(column=self.subject, problem=Text("没有这一列", "there is none")))
        rules = [r.name for r in self.all_rules]
        for rule in self.all_rules:
            if rules.count(rule.name) > 1:
                raise rule.bad(Text("名称重复", "its name stands twice"))
            if rule.kind is Kind.FRESHNESS and not self.column(rule.columns[0]).type.startswith(("date", "timestamp")):
                raise rule.bad(Text("只适用于日期列", "it is for columns of dates"))
            if unknown := [name for name in rule.uses() if name not in names]:
                raise rule.bad(Text(f"没有列{unknown[0]}", f"there is no column {unknown[0]}"))

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """The rules that the columns imply (type, required, unique, format), then the declared ones."""
        implied: list[Rule] = []
        for column in self.columns:
            if column.type != "string":
                implied.append(Rule(f"type:{column.name}", Kind.TYPE, (column.name,)))
            if column.required:
                implied.append(Rule(f"not_null:{column.name}", Kind.NOT_NULL, (column.name,)))
            if column.type == "string" and column.format:
                implied.append(Rule(f"format:{column.name}", Kind.FORMAT, (column.name,), {"format": column.format}))
            if column.unique:
                implied.append(Rule(f"unique:{column.name}", Kind.UNIQUE, (column.name,)))
        return (*implied, *self.rules)

    def column(self, name: str) -> ColumnContract:
        """The column of that name."""
        return next(c for c in self.columns if c.name == name)

    def schema(self) -> pa.Schema:
        """The Arrow schema of accepted rows."""
        return pa.schema([pa.field(c.name, c.arrow) for c in self.columns])
