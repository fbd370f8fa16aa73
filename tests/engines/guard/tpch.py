"""A small warehouse with the tables of the TPC-H benchmark, made from a seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

import duckdb

TABLES = {
    "region": "r_regionkey INTEGER, r_name VARCHAR",
    "nation": "n_nationkey INTEGER, n_name VARCHAR, n_regionkey INTEGER",
    "supplier": "s_suppkey INTEGER, s_name VARCHAR, s_address VARCHAR, s_nationkey INTEGER, s_phone VARCHAR, s_acctbal DECIMAL(12,2), s_comment VARCHAR",
    "customer": "c_custkey INTEGER, c_name VARCHAR, c_nationkey INTEGER, c_phone VARCHAR, c_acctbal DECIMAL(12,2), c_mktsegment VARCHAR, c_address VARCHAR, c_comment VARCHAR",
    "part": "p_partkey INTEGER, p_name VARCHAR, p_mfgr VARCHAR, p_brand VARCHAR, p_type VARCHAR, p_size INTEGER, p_container VARCHAR, p_retailprice DECIMAL(12,2)",
    "partsupp": "ps_partkey INTEGER, ps_suppkey INTEGER, ps_availqty INTEGER, ps_supplycost DECIMAL(12,2)",
    "orders": "o_orderkey INTEGER, o_custkey INTEGER, o_orderstatus VARCHAR, o_totalprice DECIMAL(12,2), o_orderdate DATE, o_orderpriority VARCHAR, o_shippriority INTEGER, o_comment VARCHAR",
    "lineitem": "l_orderkey INTEGER, l_partkey INTEGER, l_suppkey INTEGER, l_linenumber INTEGER, l_quantity DECIMAL(12,2), l_extendedprice DECIMAL(12,2), l_discount DECIMAL(12,2), l_tax DECIMAL(12,2), l_returnflag VARCHAR, l_linestatus VARCHAR, l_shipdate DATE, l_commitdate DATE, l_receiptdate DATE, l_shipmode VARCHAR, l_shipinstruct VARCHAR",
}


def columns(table: str) -> dict[str, str]:
    """Names and types of a table's columns."""
    import re

    return {m[1]: m[2] for m in re.finditer(r"(\w+) (DECIMAL\(12,2\)|\w+)", TABLES[table])}


def grant(subject: bool = False) -> dict[str, object]:
    """Everything `select`; with `subject`, customers are persons all the same."""
    tables: dict[str, dict[str, object]] = {}
    for t in TABLES:
        tables[t] = {"columns": {n: {"type": k, "uses": ["select"]} for n, k in columns(t).items()}}
    if subject:
        tables["customer"]["subject"] = {"column": "c_custkey", "type": "person"}
        tables["orders"]["subject"] = {"column": "o_custkey", "type": "person"}
    return {"party": "P", "tables": tables}


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """Create and fill the tables."""
    r = random.Random(7)
    for name, cols in TABLES.items():
        con.execute(f"CREATE TABLE {name} ({cols})")
    day = date(1992, 1, 1)
    regions = ["AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"]
    nations = ["FRANCE", "GERMANY", "BRAZIL", "CANADA", "SAUDI ARABIA", "CHINA", "INDIA", "JAPAN"]
    rows: dict[str, list[tuple[object, ...]]] = {
        "region": list(enumerate(regions)),
        "nation": [(i, n, i % 5) for i, n in enumerate(nations)],
        "supplier": [
            (
                i,
                f"Supplier#{i}",
                f"addr {i}",
                r.randrange(8),
                f"{10 + i}-555",
                r.randrange(100000) / 100,
                "Customer Complaints" if i % 9 == 0 else "fine",
            )
            for i in range(20)
        ],
        "customer": [
            (
                i,
                f"Customer#{i}",
                r.randrange(8),
                f"{r.randrange(10, 34)}-{i}",
                r.randrange(-9999, 99999) / 100,
                r.choice(["BUILDING", "MACHINERY", "AUTOMOBILE"]),
                f"street {i}",
                "x",
            )
            for i in range(60)
        ],
        "part": [
            (
                i,
                r.choice(["green forest", "red rose", "dark green"]) + f" {i}",
                f"Manufacturer#{i % 5}",
                f"Brand#{r.randrange(11, 15)}",
                r.choice(["PROMO BRUSHED BRASS", "STANDARD STEEL", "ECONOMY ANODIZED STEEL", "MEDIUM POLISHED TIN"]),
                r.randrange(1, 50),
                r.choice(["SM CASE", "MED BOX", "LG PKG"]),
                r.randrange(90000, 200000) / 100,
            )
            for i in range(50)
        ],
        "partsupp": [
            (p, s, r.randrange(1, 9999), r.randrange(100, 100000) / 100)
            for p in range(50)
            for s in r.sample(range(20), 4)
        ],
    }
    orders, lines = [], []
    for o in range(400):
        d = day + timedelta(days=r.randrange(2400))
        orders.append(
            (
                o,
                r.randrange(50),
                r.choice("OFP"),
                r.randrange(1000, 40000000) / 100,
                d,
                r.choice(["1-URGENT", "2-HIGH", "3-MEDIUM"]),
                0,
                r.choice(["special requests", "ok"]),
            )
        )
        for n in range(r.randrange(1, 5)):
            p, s = rows["partsupp"][r.randrange(200)][:2]
            ship = d + timedelta(days=r.randrange(1, 120))
            lines.append(
                (
                    o,
                    p,
                    s,
                    n,
                    r.randrange(1, 51),
                    r.randrange(1000, 100000) / 10,
                    r.randrange(0, 11) / 100,
                    r.randrange(0, 9) / 100,
                    r.choice("RAN"),
                    r.choice("OF"),
                    ship,
                    d + timedelta(days=r.randrange(30, 90)),
                    ship + timedelta(days=r.randrange(1, 30)),
                    r.choice(["MAIL", "SHIP", "AIR"]),
                    r.choice(["DELIVER IN PERSON", "NONE"]),
                )
            )
    rows |= {"orders": orders, "lineitem": lines}
    for name, values in rows.items():
        con.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(values[0]))})", values)
