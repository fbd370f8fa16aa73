"""Governed group-by beside the same query on raw DuckDB over the same Parquet, in one run; compile beside sqlglot.

Prints JSON lines: figure, ours, peer, peer_name, ratio, unit, n.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dianchi.engines import guard
from dianchi.engines.guard import history
from dianchi.engines.twin import TwinColumn, make_twin

QUERY = "select region_code, age, count(*) as n, sum(cost) as s from visits group by 1, 2"
PLAIN = "select region_code, count(*) as n from visits group by 1"


def main() -> None:
    """Make the table, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "visits.parquet"
        con = duckdb.connect()
        con.execute(
            f"copy (select 'P' || (i * 7919 % {args.rows // 4})::varchar as person_id, '5301' || (i % 30)::varchar as region_code,"
            f" (hash(i) % 86)::integer as age, (hash(i + 1) % 100000 / 100.0)::decimal(12,2) as cost"
            f" from range({args.rows}) t(i)) to '{path}'"
        )
        con.execute(f"create view visits as select * from '{path}'")
        for figure, most in (("group-by, max_rows known", 4), ("group-by, max_rows unknown", None)):
            for name, sql in (("count by region", PLAIN), ("count and sum by region and age", QUERY)):
                plan = guard.compile(sql, guard.Grant.from_json(grant(most)))
                ours, peer = compare(con, plan.sql, sql, args.repeat)
                report(f"{figure}: {name}", ours, peer, "duckdb", "s", args.rows)
    compiling()
    remembering()
    twins()


def remembering() -> None:
    """One answer of 30 cells compared with 1,000 remembered ones, beside the query that gives it; sketches apart."""
    chance = np.random.default_rng(1)
    old = chance.integers(0, 2**40, (30_000, history.BUCKETS), dtype=np.uint64)[:20_000]  # the most that is kept
    for figure, kept in (("1,000 answers of one cell", old[:1_000]), ("20,000 cells", old)):
        new = [chance.integers(0, 2**40, (30, history.BUCKETS), dtype=np.uint64) for _ in range(4)]
        history.conflict(history.Cells("t", new[0]), kept, 10)  # bases are made once, and extended by each answer
        took = [seconds(lambda n=n, kept=kept: history.conflict(history.Cells("t", n), kept, 10)) for n in new[1:]]  # type: ignore[misc]
        report(f"history check of 30 cells, {figure}", statistics.median(took) * 1000, 1, "none", "ms", len(kept))


def twins() -> None:
    """A twin of a million rows beside one scan of the source by the same library."""
    rows = 1_000_000
    chance = np.random.default_rng(1)
    source = pa.table(
        {
            "person_id": [f"P{n}" for n in chance.integers(0, rows // 4, rows)],
            "county": [f"5301{n:02d}" for n in chance.integers(0, 30, rows)],
            "age": chance.integers(0, 90, rows),
            "cost": chance.random(rows) * 1000,
        }
    )
    columns = [
        TwinColumn("person_id", "citizen_id", "person", subject=True),
        *map(TwinColumn, ("county", "age", "cost")),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "source.parquet"
        pq.write_table(source, path)
        twin = seconds(lambda: make_twin([path], columns, threshold=10, seed=b"s", rows=rows))
        scan = statistics.median(
            seconds(lambda: [pc.count_distinct(c) for c in pq.read_table(path).columns]) for _ in range(3)
        )
    report("twin of a million rows", twin, scan, "one scan with distinct counts", "s", rows)


def compare(con: duckdb.DuckDBPyConnection, ours: str, peer: str, repeat: int) -> tuple[float, float]:
    """Median seconds of both, interleaved."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeat):
        for sql, kept in ((ours, times[0]), (peer, times[1])):
            kept.append(seconds(lambda sql=sql: con.execute(sql).fetchall()))  # type: ignore[misc]
    return statistics.median(times[0]), statistics.median(times[1])


def compiling() -> None:
    """A 25-line SELECT over 20 tables beside sqlglot's qualify and lineage."""
    import sqlglot
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify

    tables = {f"t{i}": {f"c{j}": "INTEGER" for j in range(20)} for i in range(20)}
    joins = "\n".join(f"join t{i} on t{i}.c0 = t{i - 1}.c0" for i in range(1, 20))
    sql = f"with a as (select t0.c1, t1.c2, t2.c3, t3.c4 as d from t0\n{joins}\nwhere t0.c5 > 3)\nselect c1, count(*) as n, sum(c2) as s, avg(d) as e from a\ngroup by c1 order by n desc limit 10"
    grant = guard.Grant.from_json(
        {
            "party": "P",
            "tables": {
                t: {"columns": {c: {"type": k, "uses": ["select"]} for c, k in cs.items()}} for t, cs in tables.items()
            },
        }
    )
    ours = [seconds(lambda n=n: guard.compile(sql + " " * n, grant)) for n in range(1, 10)]  # type: ignore[misc]

    def theirs() -> None:
        tree = qualify(sqlglot.parse_one(sql, read="duckdb"), schema=tables, dialect="duckdb")
        for name in ("c1", "n", "s", "e"):
            lineage(name, tree, tables, dialect="duckdb", copy=True)

    peer = [seconds(theirs) for _ in range(5)]
    report(
        "compile, 20 tables, 25 lines",
        statistics.median(ours) * 1000,
        statistics.median(peer) * 1000,
        "sqlglot qualify + lineage",
        "ms",
        1,
    )


def seconds(work: Callable[[], object]) -> float:
    """Processor time of this process, all threads: on a shared machine the clock on the wall says little."""
    began = time.process_time()
    work()
    return time.process_time() - began


def grant(most: int | None) -> dict[str, object]:
    """The grant of the measurement."""
    columns = {
        "person_id": {"type": "VARCHAR", "uses": ["join"]},
        "region_code": {"type": "VARCHAR", "uses": ["group", "filter"]},
        "age": {"type": "INTEGER", "uses": ["group", "filter"]},
        "cost": {"type": "DECIMAL(12,2)", "uses": ["aggregate"], "aggregates": ["count", "sum", "avg"]},
    }
    subject = {"column": "person_id", "type": "person", "max_rows": most}
    return {"party": "P", "tables": {"visits": {"subject": subject, "min_subjects": 10, "columns": columns}}}


def report(figure: str, ours: float, peer: float, peer_name: str, unit: str, n: int) -> None:
    """One line."""
    line = {
        "figure": figure,
        "ours": round(ours, 4),
        "peer": round(peer, 4),
        "peer_name": peer_name,
        "ratio": round(ours / peer, 2),
        "unit": unit,
        "n": n,
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
