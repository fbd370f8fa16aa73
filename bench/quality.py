"""Ten rules over rows of text beside one bare scan and other tools; identifier detection in values per second.

    python bench/quality.py [--rows 2000000] [--values 1000000]

Prints one JSON object a line: figure, ours, peer, peer_name, ratio, unit, n; a peer that is not installed is named with
"absent". The bare scan types the same text columns and counts them, with no rule. Only ratios carry over.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

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
PEERS = Path(__file__).parents[1] / ".venv-bench/bin/python"


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


def tell(figure: str, mine: float, peer: float, name: str, unit: str, n: int) -> None:
    """Print one figure. The ratio is ours over the peer's."""
    numbers = {"ours": round(mine, 3), "peer": round(peer, 3), "ratio": round(mine / peer, 3)}
    print(json.dumps({"figure": figure, **numbers, "peer_name": name, "unit": unit, "n": n}), flush=True)


def peers(data: pa.Table) -> dict[str, dict[str, float]]:
    """What the peers need, each in the bench's own environment; none where that is not installed."""
    if not PEERS.exists():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        pyarrow.csv.write_csv(data.drop_columns([ROW]), path)
        script = Path(__file__).with_name("quality_peers.py")
        told = subprocess.run([PEERS, "-P", script, path], capture_output=True, text=True, check=False).stdout
    return {line.pop("peer"): line for line in map(json.loads, told.splitlines())}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--values", type=int, default=1_000_000)
    options = parser.parse_args()
    data = table(options.rows)
    promise = load(f"resource: r\ncolumns:{COLUMNS}rules:{RULES}")
    mine = timed(lambda: inspected(promise, data))
    scan = timed(lambda: bare(load(f"resource: r\ncolumns:{COLUMNS}"), data))
    tell("ten rules", mine, scan, "one bare scan", "s", options.rows)
    found = peers(data)
    for name in ("pandera", "great_expectations"):
        if name in found:
            tell("ten rules", mine, found[name]["seconds"], name, "s", options.rows)
    draw = random.Random(1)
    values = [f"{draw.randrange(10**17, 10**18)}" for _ in range(options.values)]
    column = pa.table({"x": values})
    speed = options.values / timed(lambda: classify(column))
    if "presidio engine" in found:
        engine = found["presidio engine"]["values_per_second"]
        tell("identifier detection", speed, engine, "presidio engine", "values/s", options.values)
    else:
        print(json.dumps({"figure": "identifier detection", "ours": round(speed), "unit": "values/s"}))
    for name in {"pandera", "great_expectations", "presidio engine"} - set(found):
        print(json.dumps({"peer_name": name, "absent": True}))


if __name__ == "__main__":
    main()
