"""Whether an output repeats rows of its source: copies, near copies, and rows that a key leads back to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb
import pyarrow as pa

from dianchi.engines.disclosure.evidence import Evidence
from dianchi.engines.disclosure.report import Outcome, outcome, unproven
from dianchi.kernel.text import Text

_SOURCE = Text("来源数据", "rows of the source")
_MOST_COLUMNS = 64


@dataclass(frozen=True)
class Similarity:
    """At most a share of the output's rows repeat a row of the source.

    A copy agrees with a source row in every shared column, a near copy in all but one (of at least three); a linked
    row holds a combination of the `keys` that a single source row has. Values are compared as trimmed text, so that
    a change of type hides nothing. Fewer than `least_columns` shared columns are no row.
    """

    keys: tuple[str, ...] = ()
    least_columns: int = 2
    most: Decimal = Decimal(0)

    def __call__(self, output: pa.Table, evidence: Evidence) -> Outcome:
        if evidence.source is None:
            return unproven("similarity", _SOURCE)
        source = evidence.source.column_names
        pairs = [(name, evidence.renamed.get(name, name)) for name in output.column_names]
        shared = [(name, inside) for name, inside in pairs if inside in source][:_MOST_COLUMNS]
        counts = {"rows": output.num_rows, "shared_columns": len(shared), "copies": 0, "near_copies": 0, "linked": 0}
        with duckdb.connect(config={"python_enable_replacements": "false"}) as engine:
            engine.register("given", output)
            engine.register("original", evidence.source)
            self._normalise(engine, shared)
            if len(shared) >= self.least_columns:
                counts["copies"], counts["near_copies"] = _copies(engine, len(shared))
            key = [n for n, (name, _) in enumerate(shared) if name in self.keys]
            if key:
                counts["linked"] = _linked(engine, key)
        worst = max(counts["copies"], counts["near_copies"], counts["linked"])
        words = (
            Text("输出与来源数据的行不相似。", "The output does not repeat rows of its source."),
            Text("有{copies}行与来源数据相同，{near_copies}行近似，{linked}行可由键值追溯到唯一来源行。",
                 "{copies} rows are copies of source rows, {near_copies} nearly so, {linked} lead back to one by a key."),
        )  # fmt: skip
        parameters = {"keys": self.keys, "least_columns": self.least_columns, "most": self.most}
        failed = worst > self.most * output.num_rows
        return outcome("similarity", failed=failed, words=words, parameters=parameters, counts=counts)

    @staticmethod
    def _normalise(engine: duckdb.DuckDBPyConnection, shared: list[tuple[str, str]]) -> None:
        for table, side in (("given", 0), ("original", 1)):
            columns = ", ".join(f"trim({_quoted(pair[side])}::VARCHAR) AS c{n}" for n, pair in enumerate(shared))
            engine.execute(f"CREATE TEMP TABLE {table}_rows AS SELECT {columns or '1 AS none'} FROM {table}")  # noqa: S608


def _copies(engine: duckdb.DuckDBPyConnection, width: int) -> tuple[int, int]:
    """Output rows equal to a source row in every column, and in all but one."""
    columns = _list(range(width))
    engine.execute(f"CREATE TEMP TABLE numbered AS SELECT row_number() OVER () AS n, {columns} FROM given_rows")  # noqa: S608
    whole = _matching(engine, list(range(width)))
    near: set[int] = set()
    if width >= 3:
        for left_out in range(width):
            near |= _matching(engine, [n for n in range(width) if n != left_out])
    return len(whole), len(near - whole)


def _matching(engine: duckdb.DuckDBPyConnection, columns: list[int]) -> set[int]:
    names = _list(columns)
    equal = " AND ".join(f"g.c{n} IS NOT DISTINCT FROM o.c{n}" for n in columns)
    some = " OR ".join(f"g.c{n} IS NOT NULL" for n in columns)
    found = engine.execute(
        f"SELECT g.n FROM numbered g SEMI JOIN (SELECT DISTINCT {names} FROM original_rows) o ON {equal} WHERE {some}"  # noqa: S608
    )
    return {row[0] for row in found.fetchall()}


def _linked(engine: duckdb.DuckDBPyConnection, key: list[int]) -> int:
    """Output rows whose key one source row alone has."""
    names = _list(key)
    equal = " AND ".join(f"g.c{n} = o.c{n}" for n in key)
    unique = f"SELECT {names} FROM original_rows GROUP BY {names} HAVING count(*) = 1"  # noqa: S608
    row = engine.execute(f"SELECT count(*) FROM given_rows g SEMI JOIN ({unique}) o ON {equal}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _list(columns: list[int] | range) -> str:
    return ", ".join(f"c{n}" for n in columns)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
