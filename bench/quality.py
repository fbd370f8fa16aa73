"""Ten rules over rows of text beside one bare scan and other tools; identifier detection in values per second.

    python bench/quality.py [--rows 2000000] [--values 1000000]

Prints one JSON object a line: figure, ours, peer, peer_name, ratio, unit, n; a peer that is not installed is named with
"absent". The bare scan types the same text columns and counts them, with no rule. Only ratios carry over.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import statistics
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from dianchi.engines.classify import classify
from dianchi.engines.quality import Contract, Inspector, load
from dianchi.engines.quality.rows import ROW, Judge

COLUMNS = """
  - {name: id, type: integer}
  - {name: name}
  - {name: age, type: integer}
  - {name: phone}
  - {name: level}
  - {name: begin, type: date}
  - {name: end, type: date}
  - {name: amount, type: "decimal(12,2)"}
"""
RULES = """
  - {name: r1, kind: not_null, column: id}
  - {name: r2, kind: not_null, column: name}
  - {name: r3, kind: range, column: age, min: 0, max: 120}
  - {name: r4, kind: set, column: level, values: [甲, 乙, 丙]}
  - {name: r5, kind: length, column: name, min: 2, max: 20}
  - {name: r6, kind: pattern, column: phone, pattern: "1[0-9]{10}"}
  - {name: r7, kind: format, column: phone, format: phone}
  - {name: r8, kind: compare, column: begin, op: "<=", with: end}
  - {name: r9, kind: range, column: amount, min: 0}
  - {name: r10, kind: unique, columns: [id]}
"""
PEERS = ("pandera", "great_expectations", "presidio_analyzer")


def table(rows: int) -> pa.Table:
    """Clean rows of text, as a reader hands them over."""
    draw = np.random.default_rng(1)
    day = pa.array([f"2020-{m:02d}-{d:02d}" for m in range(1, 13) for d in range(1, 29)])
    later = pa.array([f"2021-{m:02d}-{d:02d}" for m in range(1, 13) for d in range(1, 29)])
    cents = draw.integers(0, 10**8, rows)
    return pa.table(
        {
            "id": pa.array(np.arange(rows)).cast(pa.string()),
            "name": pa.array(["张三", "李四", "王小五"]).take(pa.array(draw.integers(0, 3, rows))),
            "age": pa.array(draw.integers(0, 100, rows)).cast(pa.string()),
            "phone": pa.array(draw.integers(13 * 10**9, 19 * 10**9, rows)).cast(pa.string()),
            "level": pa.array(["甲", "乙", "丙"]).take(pa.array(draw.integers(0, 3, rows))),
            "begin": day.take(pa.array(draw.integers(0, 336, rows))),
            "end": later.take(pa.array(draw.integers(0, 336, rows))),
            "amount": pa.array(cents).cast(pa.decimal128(19, 0)).cast(pa.string()),
            ROW: pa.array(np.arange(1, rows + 1)),
        }
    )


def timed(work: Callable[[], object], times: int = 3) -> float:
    """The median of several runs, in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def bare(contract: Contract, data: pa.Table) -> None:
    """One scan that types every column and judges nothing."""
    judge = Judge(contract, {})
    judge.connection.register("raw", data)
    judge.connection.sql(judge._staged(frozenset())).to_arrow_table()  # every value typed by the engine


def inspected(contract: Contract, data: pa.Table) -> None:
    """All ten rules with their counts and the accepted rows."""
    inspector = Inspector(contract)
    inspector.prepare(lambda: [data])
    inspector.judge(data)
    assert inspector.findings().accepted == data.num_rows


def with_pandera(data: pa.Table) -> Callable[[], object]:
    """The same ten rules on typed polars columns: pandera does not parse, so the typing is not timed."""
    import pandera.polars as pan
    import polars as pl

    frame = pl.from_arrow(data).with_columns(  # type: ignore[union-attr]
        pl.col("id", "age").cast(pl.Int64), pl.col("begin", "end").cast(pl.Date), pl.col("amount").cast(pl.Float64)
    )
    schema = pan.DataFrameSchema(
        {
            "id": pan.Column(int, unique=True, nullable=False),
            "name": pan.Column(str, pan.Check.str_length(2, 20), nullable=False),
            "age": pan.Column(int, pan.Check.in_range(0, 120)),
            "phone": pan.Column(str, [pan.Check.str_matches(p) for p in ("^1[0-9]{10}$", "^1[3-9][0-9]{9}$")]),
            "level": pan.Column(str, pan.Check.isin(["甲", "乙", "丙"])),
            "amount": pan.Column(float, pan.Check.ge(0)),
        },
        checks=pan.Check(lambda d: d.lazyframe.select(pl.col("begin") <= pl.col("end"))),
    )
    return lambda: schema.validate(frame, lazy=True)


def tell(figure: str, mine: float, peer: float, name: str, unit: str, n: int) -> None:
    """Print one figure. The ratio is ours over the peer's."""
    numbers = {"ours": round(mine, 3), "peer": round(peer, 3), "ratio": round(mine / peer, 3)}
    print(json.dumps({"figure": figure, **numbers, "peer_name": name, "unit": unit, "n": n}), flush=True)


def presidio(values: list[str]) -> float:
    """Values per second of Presidio's recognisers for identity and telephone numbers, without a language model."""
    from presidio_analyzer import Pattern, PatternRecognizer

    recognisers = [
        PatternRecognizer("CN_ID", patterns=[Pattern("id", r"\b[1-9]\d{16}[\dXx]\b", 0.5)]),
        PatternRecognizer("CN_PHONE", patterns=[Pattern("phone", r"\b1[3-9]\d{9}\b", 0.5)]),
    ]
    part = values[:20_000]
    seconds = timed(lambda: [r.analyze(v, r.supported_entities) for v in part for r in recognisers], 1)
    return len(part) / seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--values", type=int, default=1_000_000)
    options = parser.parse_args()
    there = {name: importlib.util.find_spec(name) is not None for name in PEERS}
    data = table(options.rows)
    promise = load(f"resource: r\ncolumns:{COLUMNS}rules:{RULES}")
    mine = timed(lambda: inspected(promise, data))
    scan = timed(lambda: bare(load(f"resource: r\ncolumns:{COLUMNS}"), data))
    tell("ten rules", mine, scan, "one bare scan", "s", options.rows)
    if there["pandera"]:
        tell("ten rules", mine, timed(with_pandera(data)), "pandera[polars]", "s", options.rows)
    draw = random.Random(1)
    values = [f"{draw.randrange(10**17, 10**18)}" for _ in range(options.values)]
    column = pa.table({"x": values})
    speed = options.values / timed(lambda: classify(column))
    if there["presidio_analyzer"]:
        tell("identifier detection", speed, presidio(values), "presidio recognisers", "values/s", options.values)
    else:
        print(json.dumps({"figure": "identifier detection", "ours": round(speed), "unit": "values/s"}))
    for name in (n for n, installed in there.items() if not installed):
        print(json.dumps({"peer_name": name, "absent": True}))


if __name__ == "__main__":
    main()
