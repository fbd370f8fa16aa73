"""The one table of functions: each has an example, written as expected for both engines, or is refused on Spark.

What Spark answers to these texts was compared with DuckDB by `bench/spark_golden.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from dianchi.engines import guard
from dianchi.engines.guard.functions import FUNCTIONS, NAMED, find
from dianchi.engines.guard.normal import normal

COLUMNS = {
    "i": "INTEGER", "n": "INTEGER", "f": "DOUBLE", "x": "DECIMAL(12,2)", "s": "VARCHAR", "t": "VARCHAR", "d": "DATE",
    "ts": "TIMESTAMP",
}  # fmt: skip
GRANT = guard.Grant.from_json(
    {"party": "P", "tables": {"t": {"columns": {c: {"type": k, "uses": ["select"]} for c, k in COLUMNS.items()}}}}
)
FOLDER = Path(__file__).parent / "fixtures"
EXAMPLES = (FOLDER / "functions.txt").read_text("utf-8").splitlines()
GOLDEN = [line.split("\t") for line in (FOLDER / "functions.golden").read_text("utf-8").splitlines()]


def rendered(example: str) -> list[str]:
    """The example as it is written for DuckDB and for Spark, or why it is not."""
    sql = f"select {example} as v from t"
    found = [example, guard.compile(sql, GRANT).sql]
    spark = guard.explain(sql, GRANT, "en", dialect="spark")
    return [*found, spark.plan.sql if spark.plan else f"refused: {spark.refusals[0].message.en}"]


@pytest.mark.parametrize("golden", GOLDEN, ids=[g[0] for g in GOLDEN])
def test_both_engines_get_the_golden_text(golden: list[str]) -> None:
    assert rendered(golden[0]) == golden


def test_every_function_of_the_table_has_an_example() -> None:
    assert [g[0] for g in GOLDEN] == EXAMPLES
    shown = set()
    for example in EXAMPLES:
        tree = normal(sqlglot.parse_one(f"select {example}", read="duckdb"))
        for node in tree.find_all(exp.Func):
            function = find(node)
            if function is not None:
                shown.add((function.name, function.node))
    table = {(f.name, f.node) for f in (*FUNCTIONS.values(), *NAMED.values())}
    assert {n for n, _ in table - shown} - {"date_trunc", "extract", "count_if"} == set()
