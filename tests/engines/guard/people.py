"""The grant of guard.md 2 and a seeded population for it."""

from __future__ import annotations

import random
from typing import Any

import duckdb

K = 10
COLUMNS = "person_id VARCHAR, region_code VARCHAR, age INTEGER, cost DECIMAL(12,2), name VARCHAR, id_number VARCHAR"
Row = tuple[str, str, int, float | None, str, str]


def grant(**changes: Any) -> dict[str, Any]:
    """The grant as JSON; `changes` replace columns of visits."""
    columns: dict[str, Any] = {
        "person_id": {"type": "VARCHAR", "uses": ["join"]},
        "region_code": {"type": "VARCHAR", "uses": ["group", "filter"]},
        "age": {"type": "INTEGER", "uses": ["group", "filter"]},
        "cost": {"type": "DECIMAL(12,2)", "uses": ["aggregate"], "aggregates": ["count", "sum", "avg"]},
        "name": {"type": "VARCHAR", "uses": ["mask"], "mask": "surname"},
        "id_number": {"type": "VARCHAR", "uses": []},
    }
    return {
        "party": "91530100MA6N123416",
        "purpose": "INDUSTRY",
        "expires_at": "2099-01-01T00:00:00+08:00",
        "tables": {
            "visits": {
                "files": ["visits.parquet"],
                "subject": {"column": "person_id", "type": "person", "max_rows": None},
                "min_subjects": K,
                "row_filter": "region_code LIKE '5301%'",
                "columns": columns | changes,
            },
            "divisions": {
                "files": ["divisions.csv"],
                "columns": {
                    "code": {"type": "VARCHAR", "uses": ["select"]},
                    "name": {"type": "VARCHAR", "uses": ["select"]},
                },
            },
        },
    }


def rows(seed: int = 1, people: int = 400) -> list[Row]:
    """Visits of so many people: three large regions, some small ones, one that the row filter hides."""
    r = random.Random(seed)
    found: list[Row] = []
    for p in range(people):
        region = r.choice(["530102", "530103", "530111"])
        if p % 20 == 0:
            region = r.choice(["530112", "530113", "530114", "530181"])
        if p % 33 == 0:
            region = "539999"
        age = r.randint(1, 95)
        for _ in range(r.randint(1, 4)):
            cost = None if r.random() < 0.03 else r.randint(100, 50_000) / 100
            found.append((f"p{p}", region, age, cost, f"王{p}", f"53010{p}"))
    return found


def connect(visits: list[Row]) -> duckdb.DuckDBPyConnection:
    """The tables of the grant."""
    con = duckdb.connect()
    con.execute(f"CREATE TABLE visits ({COLUMNS})")
    if visits:
        con.executemany("INSERT INTO visits VALUES (?, ?, ?, ?, ?, ?)", visits)
    con.execute("CREATE TABLE divisions (code VARCHAR, name VARCHAR)")
    names = [("530102", "五华区"), ("530103", "盘龙区"), ("530111", "官渡区"), ("5301", "昆明市")]
    con.executemany("INSERT INTO divisions VALUES (?, ?)", names)
    return con


def released(con: duckdb.DuckDBPyConnection, sql: str, counted: bool) -> list[tuple[object, ...]]:
    """The rows of a plan without the columns that are ours."""
    found = con.execute(sql).fetchall()
    return [r[:-2] for r in found if r[-1] is not None] if counted else found
