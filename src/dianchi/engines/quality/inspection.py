"""One scan over rows of text: typed and accepted, or set aside with their text and the names of the rules they break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.quality import sql
from dianchi.engines.quality.contract import ACROSS, SELF, Contract, Dimension, Kind, Rule, Severity
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
_SAMPLES = 10


@dataclass(frozen=True)
class RuleResult:
    """How a rule fared: how many rows broke it, and the numbers of the first few."""

    name: str
    columns: tuple[str, ...]
    dimension: Dimension
    severity: Severity
    failed: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Inspection:
    """The outcome of a scan. received = accepted + quarantined, always."""

    received: int
    accepted: pa.Table  # typed, columns of the contract
    quarantined: pa.Table  # QUARANTINE: row number, names of the rules, the row's cells as a JSON object
    rule_results: tuple[RuleResult, ...]
    scores: Mapping[Dimension, Decimal]  # 0 to 1, four places; a dimension without a rule has none

    @property
    def clean(self) -> bool:
        """Whether nothing was set aside."""
        return bool(self.quarantined.num_rows == 0)


def inspect(
    table: pa.Table,
    contract: Contract,
    *,
    faulty: pa.Table | None = None,
    references: Mapping[str, pa.Table] | None = None,
) -> Inspection:
    """Judge every row of a table of text columns (and ROW, its row numbers) by the contract.

    `faulty` are rows that could not even be cut into columns, as QUARANTINE; they are received and quarantined.
    `references` are the tables that reference rules name. A key must be unique among the rows that keep every
    other quarantining rule; where it is not, all rows that share it are set aside, because nobody can say which
    one is right. Empty text is a missing value.
    """
    _require_columns(table, contract)
    with duckdb.connect(config=_CONFIG) as connection:
        scan = _Scan(connection, contract, table, references or {})
        scan.judge_rows()
        scan.judge_across()
        accepted, quarantined = scan.accepted(), scan.quarantined()
        results = scan.results()
    if faulty is not None and faulty.num_rows:
        quarantined = pa.concat_tables([quarantined, faulty.cast(QUARANTINE)]).sort_by("row")
        results = (*results, *faulty_results(faulty))
    received = accepted.num_rows + quarantined.num_rows
    assert received == table.num_rows + (faulty.num_rows if faulty is not None else 0)
    return Inspection(received, accepted, quarantined, results, scores(results, received))


def scores(results: tuple[RuleResult, ...], received: int) -> dict[Dimension, Decimal]:
    """Per dimension the mean share of rows that kept its rules."""
    kept: dict[Dimension, list[Decimal]] = {}
    for result in results:
        share = 1 - Decimal(result.failed) / received if received else Decimal(1)
        kept.setdefault(result.dimension, []).append(share)
    return {d: (sum(shares, Decimal(0)) / len(shares)).quantize(Decimal("0.0001")) for d, shares in kept.items()}


def faulty_results(faulty: pa.Table) -> tuple[RuleResult, ...]:
    """The counts of rows that the reader set aside, by rule."""
    pairs = [
        (rules[0], row) for rules, row in zip(*(faulty.column(c).to_pylist() for c in ("rules", "row")), strict=True)
    ]
    names = sorted({name for name, _ in pairs})
    by_name = {name: [row for other, row in pairs if other == name] for name in names}
    return tuple(
        RuleResult(n, (), Dimension.NORMATIVE, Severity.QUARANTINE, len(rows), tuple(rows[:_SAMPLES]))
        for n, rows in by_name.items()
    )


def _require_columns(table: pa.Table, contract: Contract) -> None:
    wanted = {c.header for c in contract.columns}
    present = {name for name in table.column_names if name != ROW}
    if wanted != present:
        nothing = Text("无", "none")
        missing, extra = sorted(wanted - present), sorted(present - wanted)
        raise Invalid(COLUMNS_DIFFER.saying(missing="、".join(missing) or nothing, extra="、".join(extra) or nothing))


class _Scan:
    """The staged query: `staged` types the text, `judged` holds rows that broke nothing alone, flags say what broke."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        contract: Contract,
        table: pa.Table,
        references: Mapping[str, pa.Table],
    ) -> None:
        self._connection, self._contract = connection, contract
        self._names = sql.Names(contract)
        self._rules = contract.all_rules
        if ROW not in table.column_names:
            table = table.append_column(ROW, pa.array(range(1, table.num_rows + 1), pa.int64()))
        self._table = table
        connection.register("raw", table)
        for position, rule in enumerate(self._rules):
            if rule.kind is Kind.REFERENCE and rule.arguments["resource"] != SELF:
                connection.register(f"reference{position}", _reference(rule, references))

    def judge_rows(self) -> None:
        """Stage one: every rule that looks at one row alone, in one pass."""
        contract, names = self._contract, self._names
        values, texts = [], []
        for column in contract.columns:
            value = sql.text(column)
            if column.type != "string":
                texts.append(f"{value} AS {names.text(column.name)}")
            values.append(f"{sql.typed(column, value)} AS {names.value(column.name)}")
        flags = [
            f"coalesce({sql.broken(rule, names, i)}, false) AS f{i}"
            for i, rule in enumerate(self._rules)
            if rule.kind not in ACROSS
        ]
        kept = ", ".join(names.value(c.name) for c in contract.columns)
        query = (
            f"WITH staged AS (SELECT {named(ROW)} AS place, {', '.join([*values, *texts])} FROM raw)"  # noqa: S608
            f" SELECT {', '.join(['place', kept, *flags])} FROM staged"
        )
        self._result = self._connection.sql(query).to_arrow_table()

    def judge_across(self) -> None:
        """Stage two: keys and series, over the rows that broke nothing alone."""
        self._bad = self._any_quarantining()
        self._connection.register("judged", self._result.filter(pc.invert(self._bad)))
        for kind, places in ((Kind.UNIQUE, sql.duplicated), (Kind.NON_DECREASING, sql.fallen)):
            for i, rule in enumerate(self._rules):
                if rule.kind is kind:
                    found = self._connection.sql(places(rule, self._names)).to_arrow_table().column("place")
                    flag = pc.is_in(self._result.column("place"), value_set=found.combine_chunks())
                    self._result = self._result.append_column(f"f{i}", flag)
            self._bad = self._any_quarantining()
            self._connection.unregister("judged")
            self._connection.register("judged", self._result.filter(pc.invert(self._bad)))

    def accepted(self) -> pa.Table:
        """The rows that broke no quarantining rule, in their order."""
        kept = self._result.filter(pc.invert(self._bad))
        columns = [kept.column(self._names.value(c.name)) for c in self._contract.columns]
        return pa.table(columns, schema=None, names=[c.name for c in self._contract.columns]).cast(
            self._contract.schema()
        )

    def quarantined(self) -> pa.Table:
        """The other rows with their text and every quarantining rule that they broke."""
        set_aside = self._table.filter(self._bad)
        flags = self._result.filter(self._bad)
        for i, rule in enumerate(self._rules):
            if rule.severity is Severity.QUARANTINE:
                set_aside = set_aside.append_column(f"__f{i}__", flags.column(f"f{i}"))
        self._connection.register("aside", set_aside)
        cells = ", ".join(f"{quoted(c.header)}, {named(c.header)}" for c in self._contract.columns)
        broken = ", ".join(
            f"CASE WHEN __f{i}__ THEN {quoted(rule.name)} END"
            for i, rule in enumerate(self._rules)
            if rule.severity is Severity.QUARANTINE
        )
        rules = f"list_filter([{broken}]::VARCHAR[], lambda x: x IS NOT NULL)"
        query = f"SELECT {named(ROW)} AS row, {rules} AS rules, json_object({cells})::VARCHAR AS raw FROM aside"  # noqa: S608
        return self._connection.sql(query).to_arrow_table().cast(QUARANTINE)

    def results(self) -> tuple[RuleResult, ...]:
        """The count of each rule, in the contract's order."""
        places = self._result.column("place")
        found = []
        for i, rule in enumerate(self._rules):
            rows = places.filter(self._result.column(f"f{i}"))
            sample = tuple(rows.slice(0, _SAMPLES).to_pylist())
            found.append(RuleResult(rule.name, rule.columns, rule.dimension, rule.severity, len(rows), sample))
        return tuple(found)

    def _any_quarantining(self) -> pa.ChunkedArray:
        """Per row whether a quarantining rule that was judged so far is broken."""
        bad = pa.chunked_array([pa.repeat(pa.scalar(False), self._result.num_rows)])
        for i, rule in enumerate(self._rules):
            if rule.severity is Severity.QUARANTINE and f"f{i}" in self._result.column_names:
                bad = pc.or_(bad, self._result.column(f"f{i}"))
        return bad


def _reference(rule: Rule, references: Mapping[str, pa.Table]) -> pa.Table:
    """The keys that a reference rule looks up, as text."""
    table = references.get(str(rule.arguments["resource"]))
    if table is None or rule.arguments["to"] not in table.column_names:
        raise Invalid(NO_REFERENCE.saying(rule=rule.name))
    return pa.table({"key": table.column(str(rule.arguments["to"])).cast(pa.string())})
