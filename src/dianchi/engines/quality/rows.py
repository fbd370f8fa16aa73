"""Judging rows one by one: types and every rule that looks at a single row, in one query per chunk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.quality import quick, sql
from dianchi.engines.quality.contract import ACROSS, SELF, Contract, Kind, Rule, Severity
from dianchi.engines.quality.formats import named, quoted
from dianchi.engines.quality.refusals import COLUMNS_DIFFER, NO_REFERENCE
from dianchi.kernel.errors import Invalid
from dianchi.kernel.text import Text

ROW = "__row__"  # the column of row numbers (1 is the first row of data) that stands beside the text columns
QUARANTINE = pa.schema([("row", pa.int64()), ("rules", pa.list_(pa.string())), ("raw", pa.string())])
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}


class Foreknown(Protocol):
    """What must be known of all rows before one can be judged."""

    def duplicated(self, rule: Rule) -> pa.Array:
        """The numbers of the rows whose key repeats."""

    def targets(self, rule: Rule) -> pa.Table:
        """The texts (column `key`) that a reference to the data itself may name."""


def connect() -> duckdb.DuckDBPyConnection:
    """A private in-memory engine that can load nothing."""
    return duckdb.connect(config=_CONFIG)


@dataclass(frozen=True)
class Judged:
    """A chunk with its typed values (v0…) and a flag per rule (f0…)."""

    contract: Contract
    text: pa.Table
    result: pa.Table
    connection: duckdb.DuckDBPyConnection = field(repr=False)

    @property
    def bad(self) -> pa.ChunkedArray:
        """Per row whether it broke a quarantining rule."""
        return self.result.column("bad")

    def values(self, *columns: str) -> pa.Table:
        """The row numbers and typed values of the rows that are accepted."""
        names = sql.Names(self.contract)
        wanted = self.result.select(["place", *dict.fromkeys(names.value(c) for c in columns)])
        kept = wanted.filter(pc.invert(self.bad)) if _any(self.bad) else wanted
        return pa.table(
            [kept.column("place"), *(kept.column(names.value(c)) for c in columns)], names=["place", *columns]
        )

    def accepted(self) -> pa.Table:
        """The rows that broke no quarantining rule, typed, in their order."""
        columns = [c.name for c in self.contract.columns]
        return self.values(*columns).drop_columns(["place"]).cast(self.contract.schema())

    def broken(self) -> dict[str, pa.ChunkedArray]:
        """The numbers of the rows that broke each rule."""
        places = self.result.column("place")
        return {
            rule.name: places.filter(flag) if _any(flag := self.result.column(f"f{i}")) else places.slice(0, 0)
            for i, rule in enumerate(self.contract.all_rules)
            if rule.kind not in ACROSS or rule.kind is Kind.UNIQUE
        }

    def quarantined(self) -> pa.Table:
        """The other rows with their text and every quarantining rule that they broke."""
        judging = [(i, r) for i, r in enumerate(self.contract.all_rules) if r.severity is Severity.QUARANTINE]
        if not _any(self.bad):
            return QUARANTINE.empty_table()
        aside = self.text.filter(self.bad)
        flags = self.result.filter(self.bad)
        for i, _ in judging:
            aside = aside.append_column(f"__f{i}__", flags.column(f"f{i}"))
        self.connection.register("aside", aside)
        cells = ", ".join(f"{quoted(c.header)}, {named(c.header)}" for c in self.contract.columns)
        broken = ", ".join(f"CASE WHEN __f{i}__ THEN {quoted(rule.name)} END" for i, rule in judging)
        rules = f"list_filter([{broken}]::VARCHAR[], lambda x: x IS NOT NULL)"
        query = f"SELECT {named(ROW)} AS row, {rules} AS rules, json_object({cells})::VARCHAR AS raw FROM aside"  # noqa: S608
        return self.connection.sql(query).to_arrow_table().cast(QUARANTINE)


class Judge:
    """Judges chunks by a contract; the query is built once."""

    def __init__(
        self, contract: Contract, references: Mapping[str, pa.Table], earlier: Mapping[str, pa.Table] | None = None
    ) -> None:
        self.contract, self.names, self.earlier = contract, sql.Names(contract), earlier or {}
        self.rules = contract.all_rules
        self.connection = connect()
        self._selfish: list[tuple[int, Rule]] = []
        for i, rule in enumerate(self.rules):
            if rule.kind is Kind.REFERENCE:
                if rule.arguments["resource"] == SELF:
                    self._selfish.append((i, rule))
                else:
                    self.connection.register(f"reference{i}", _reference(rule, references))
            if rule.name in self.earlier:
                keys = self.earlier[rule.name].select(list(rule.columns))
                self.connection.register(
                    f"earlier{i}", keys.rename_columns([f"k{j}" for j, _ in enumerate(rule.columns)])
                )
        self._queries: dict[tuple[frozenset[str], frozenset[str]], str] = {}

    def judge(self, text: pa.Table, known: Foreknown) -> Judged:
        """Types and flags of one chunk."""
        self.require_columns(text)
        found, kept = self._quick(text)
        for i, rule in self._selfish:
            self.connection.register(f"reference{i}", known.targets(rule))
        result = self._result(text, found, kept)
        alone = bad = result.column("bad")
        for i, rule in enumerate(self.rules):
            if rule.kind is not Kind.UNIQUE:
                continue
            taken = rule.name in self.earlier
            if not taken and not len(known.duplicated(rule)):
                result = result.append_column(f"f{i}", pa.repeat(pa.scalar(False), len(alone)))
            else:
                repeated = pc.is_in(result.column("place"), value_set=known.duplicated(rule))
                repeated = pc.or_(repeated, result.column(f"e{i}")) if taken else repeated
                flag = pc.and_(repeated, pc.invert(alone))
                result = result.append_column(f"f{i}", flag)
                bad = pc.or_(bad, flag) if rule.severity is Severity.QUARANTINE else bad
        result = result.set_column(result.column_names.index("bad"), "bad", bad)
        return Judged(self.contract, text, result, self.connection)

    def require_columns(self, table: pa.Table) -> None:
        """Invalid, naming what is missing and what is unexpected, unless the columns are those of the contract."""
        wanted = {c.header for c in self.contract.columns}
        present = {name for name in table.column_names if name != ROW}
        if wanted != present:
            nothing = Text("无", "none")
            missing, extra = sorted(wanted - present), sorted(present - wanted)
            raise Invalid(
                COLUMNS_DIFFER.saying(missing="、".join(missing) or nothing, extra="、".join(extra) or nothing)
            )

    def stage(self, text: pa.Table) -> str:
        """Make a chunk ready; the query over it that gives each row its number, values (v) and cleaned texts (x)."""
        self.require_columns(text)
        found, _ = self._quick(text)
        self._register(text, found)
        return self._staged(frozenset(found))

    def _quick(self, text: pa.Table) -> tuple[dict[str, pa.Array], frozenset[str]]:
        """The columns that need no patience, with their values, and the rules that such columns plainly keep."""
        found = {}
        for column in self.contract.columns:
            if (values := quick.typed(text.column(column.header), column)) is not None:
                found[column.name] = values
        plain = [r for r in self.rules if r.kind in (Kind.TYPE, Kind.FORMAT) and r.columns[0] in found]
        kept = {
            r.name
            for r in plain
            if r.kind is Kind.TYPE or quick.fits(text.column(self.contract.column(r.columns[0]).header), r.text)
        }
        return found, frozenset(kept)

    def _register(self, text: pa.Table, found: Mapping[str, pa.Array]) -> None:
        for name, values in found.items():
            if self.contract.column(name).type != "string":
                text = text.append_column(f"__{self.names.value(name)}__", values)
        self.connection.register("raw", text)

    def _result(self, text: pa.Table, found: dict[str, pa.Array], kept: frozenset[str]) -> pa.Table:
        """The chunk's numbers, values and flags; what is known without asking the engine is put beside its answer."""
        key = frozenset(found), kept
        query = self._queries.setdefault(key, self._rowwise(*key))
        self._register(text, found)
        answer = self.connection.sql(query).to_arrow_table() if query else None
        place = text.column(ROW)
        if answer is not None and not quick.same_rows(answer.column("place"), place):
            return self._result(text, {}, frozenset())
        clear = pa.chunked_array([pa.repeat(pa.scalar(False), text.num_rows)])
        columns = {"place": place, "bad": clear} | (
            dict(zip(answer.column_names, answer.columns, strict=True)) if answer is not None else {}
        )
        columns |= {self.names.value(name): pa.chunked_array([values]) for name, values in found.items()}
        for i, rule in enumerate(self.rules):
            if rule.kind not in ACROSS and f"f{i}" not in columns:
                columns[f"f{i}"] = clear
        return pa.table(columns)

    def _staged(self, found: frozenset[str]) -> str:
        columns = []
        for column in self.contract.columns:
            value, own = sql.text(column), self.names.value(column.name)
            if column.type != "string":
                columns.append(f"{value} AS {self.names.text(column.name)}")
                columns.append(
                    f"__{own}__ AS {own}" if column.name in found else f"{sql.typed(column, value)} AS {own}"
                )
            else:
                columns.append(f"{named(column.header) if column.name in found else value} AS {own}")
        return f"SELECT {named(ROW)} AS place, {', '.join(columns)} FROM raw"  # noqa: S608 - built from our own names

    def _rowwise(self, found: frozenset[str], kept: frozenset[str]) -> str:
        """The query for what the engine must tell; "" if that is nothing."""
        values = [self.names.value(c.name) for c in self.contract.columns if c.name not in found]
        single = [(i, r) for i, r in enumerate(self.rules) if r.kind not in ACROSS and r.name not in kept]
        flags = [f"coalesce({sql.broken(rule, self.names, i)}, false) AS f{i}" for i, rule in single]
        judging = [f"f{i}" for i, rule in single if rule.severity is Severity.QUARANTINE]
        for i, rule in enumerate(self.rules):
            if rule.name in self.earlier:
                same = " AND ".join(f"k{j} = {self.names.value(c)}" for j, c in enumerate(rule.columns))
                flags.append(f"EXISTS (SELECT 1 FROM earlier{i} WHERE {same}) AS e{i}")  # noqa: S608 - own names
        if not values and not flags:
            return ""
        bad = " OR ".join(judging) or "false"
        inner = f"SELECT {', '.join(['place', *values, *flags])} FROM ({self._staged(found)})"  # noqa: S608 - own names
        return f"SELECT *, ({bad}) AS bad FROM ({inner})"  # noqa: S608 - own names


def _any(flags: pa.ChunkedArray) -> bool:
    """Whether one of the flags is true."""
    return bool(pc.any(flags).as_py())


def _reference(rule: Rule, references: Mapping[str, pa.Table]) -> pa.Table:
    """The keys that a reference rule looks up, as text."""
    table = references.get(str(rule.arguments["resource"]))
    if table is None or rule.arguments["to"] not in table.column_names:
        raise Invalid(NO_REFERENCE.saying(rule=rule.name))
    return pa.table({"key": table.column(str(rule.arguments["to"])).cast(pa.string())}).drop_null()
