"""Whether Spark answers as DuckDB does: every allowed function, the warehouse queries, and governed groups.

Two steps, since Spark lives in an environment of its own (requirements/spark.in, Java 17):

    .venv/bin/python bench/spark_golden.py write cases.json          # compiles for both engines, runs DuckDB
    SPARK_ENV/bin/python bench/spark_golden.py run cases.json        # runs Spark and compares
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TYPES = {
    "i": "INTEGER", "n": "INTEGER", "f": "DOUBLE", "x": "DECIMAL(12,2)", "s": "VARCHAR", "t": "VARCHAR", "d": "DATE",
    "ts": "TIMESTAMP",
}  # fmt: skip
ROWS = [
    (1, 3, 1.5, "10.25", "abc", "p", "2000-01-31", "2000-01-31 10:20:30"),
    (2, 7, -2.25, "-3.50", "banana", "q", "2000-02-29", "2000-02-29 23:59:59"),
    (3, None, None, None, None, "p", None, None),
    (4, -5, 0.0, "0.00", "", "q", "1999-12-31", "1999-12-31 00:00:00"),
    (5, 3, 100.125, "99.99", "昆明", "r", "2024-07-04", "2024-07-04 12:00:00"),
    (6, 12, 7.75, "7.05", "12", "r", "2001-03-01", "2001-03-01 06:07:08"),
]
QUERIES = [
    "select region_code, count(*), sum(cost), avg(cost) from visits group by 1 order by 1",
    "select region_code, age // 30 as a, count(*), sum(cost) from visits group by rollup (1, 2) order by 1, 2",
    "select d.name, count(*), sum(cost) from visits v join divisions d on d.code = v.region_code group by 1 order by 2 desc, 1",
    "select age > 50 as old, count(distinct person_id), count(*) filter (where region_code = '530102') from visits group by 1 order by 1",
    "select region_code, sum(case when age >= 60 then cost else 0 end) from visits group by 1 order by 1",
    "select region_code, n, rank() over (order by n desc) from (select region_code, count(*) as n from visits group by 1) order by 2 desc, 1 limit 3",
    "with v as (select * from visits where age < 70) select count(*), sum(cost * 2 - 1) from v",
    "select name from visits order by name limit 5",
    "select region_code, count(*) from visits group by 1 having sum(cost) > 1000 order by 1",
    "select region_code, count(*) * 1.0 / (select count(*) from visits) from visits group by 1 order by 1",
    "select count(*) from visits v where exists (select 1 from visits w where w.person_id = v.person_id and w.age > 30)",
    "select region_code, age > 40, count(*) from visits group by cube (1, 2) order by 1, 2",
]


def cases() -> tuple[dict[str, Any], list[tuple[str, str, Any]]]:
    """The tables with their rows, and every query with its grant."""
    sys.path.insert(0, str(ROOT))
    import duckdb
    from tests.engines.guard import people, tpch
    from tests.engines.guard.test_plain_equal import TPCH

    from dianchi.engines import guard

    t = {"t": {"columns": {c: {"type": k, "uses": ["select"]} for c, k in TYPES.items()}}}
    plain = guard.Grant.from_json({"party": "P", "tables": t})
    con = duckdb.connect()
    tpch.fill(con)
    tables: dict[str, Any] = {"t": [TYPES, ROWS]}
    for name in tpch.TABLES:
        tables[name] = [tpch.columns(name), con.execute(f"select * from {name}").fetchall()]
    types = dict(c.split(" ", 1) for c in people.COLUMNS.split(", "))
    tables["visits"] = [types, people.rows(1, 2000)]
    tables["divisions"] = [
        {"code": "VARCHAR", "name": "VARCHAR"},
        [("530102", "五华区"), ("530103", "盘龙区"), ("530111", "官渡区")],
    ]
    functions = (ROOT / "tests/engines/guard/fixtures/functions.txt").read_text("utf-8").splitlines()
    found = [(e, f"select {e} as v from t", plain) for e in functions]
    warehouse, protected = guard.Grant.from_json(tpch.grant()), guard.Grant.from_json(people.grant())
    found += [(f"tpch {title}", sql, warehouse) for title, sql in TPCH]
    found += [(f"governed {sql}", sql, protected) for sql in QUERIES]
    return tables, found


def write(path: Path) -> None:
    """Compile for both engines and keep DuckDB's answers."""
    import duckdb

    tables, found = cases()
    from dianchi.engines import guard

    con = duckdb.connect(config={"threads": 1})
    for name, (types, rows) in tables.items():
        con.execute(f"create table {name} ({', '.join(f'{c} {k}' for c, k in types.items())})")
        con.executemany(f"insert into {name} values ({', '.join('?' * len(types))})", rows)
    kept = []
    for title, sql, grant in found:
        plan = guard.explain(sql, grant, "en", dialect="spark")
        if plan.plan is None:
            kept.append({"title": title, "refused": plan.refusals[0].message.en})
            continue
        answer = con.execute(guard.compile(sql, grant).sql).fetchall()
        kept.append({"title": title, "sql": plan.plan.sql, "answer": [[told(v) for v in r] for r in answer]})
    data = {n: [t, [[None if v is None else str(v) for v in r] for r in rows]] for n, (t, rows) in tables.items()}
    path.write_text(json.dumps({"tables": data, "cases": kept}, ensure_ascii=False), "utf-8")


def run(path: Path) -> None:
    """Run on Spark, compare, print what differs and how many agree."""
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StringType, StructField, StructType

    kept = json.loads(path.read_text("utf-8"))
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    for name, (types, rows) in kept["tables"].items():
        text = StructType([StructField(c, StringType()) for c in types])
        frame = spark.createDataFrame([tuple(r) for r in rows], text)
        kinds = {"VARCHAR": "STRING"}
        frame.selectExpr(*(f"cast({c} as {kinds.get(k, k)}) as {c}" for c, k in types.items())).coalesce(
            1
        ).createOrReplaceTempView(name)
    counts = {"agree": 0, "differ": 0, "fail": 0, "refused": 0}
    for case in kept["cases"]:
        if "refused" in case:
            counts["refused"] += 1
            continue
        try:
            answer = [[told(v) for v in r] for r in spark.sql(case["sql"]).collect()]
        except Exception as e:
            counts["fail"] += 1
            print("FAIL", case["title"][:100], "|", str(e).splitlines()[0][:200])
            continue
        if " over " in case["title"] and "order by" not in case["title"].split(")")[-1]:  # in no order
            answer, case["answer"] = (sorted(x, key=str) for x in (answer, case["answer"]))
        if len(answer) == len(case["answer"]) and all(
            near(a, b) for r, q in zip(answer, case["answer"], strict=True) for a, b in zip(r, q, strict=True)
        ):
            counts["agree"] += 1
        else:
            counts["differ"] += 1
            print("DIFFER", case["title"][:100], "|", answer[:6], "|", case["answer"][:6])
    print(json.dumps(counts))


def told(v: Any) -> Any:
    """A value as JSON, dates and times as text."""
    if v is None or isinstance(v, bool | int | str):
        return v
    if isinstance(v, float):
        return v if math.isfinite(v) else str(v)
    if hasattr(v, "isoformat"):
        text = v.isoformat()
        return text.removesuffix("T00:00:00")
    if isinstance(v, list):
        return [told(x) for x in v]
    try:
        return float(v)
    except (TypeError, ValueError):
        return str(v)


def near(a: Any, b: Any) -> bool:
    """Equal, numbers to nine digits."""
    if isinstance(a, int | float) and isinstance(b, int | float) and isinstance(a, bool) == isinstance(b, bool):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b


if __name__ == "__main__":
    {"write": write, "run": run}[sys.argv[1]](Path(sys.argv[2]))
