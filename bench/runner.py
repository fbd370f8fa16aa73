"""What the walls cost: a job beside a bare Python process, and calls of a pooled plan; prints medians."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dianchi.engines.runner import Limits, Pool, Source, Statement, run, walls

ROWS, CALLS = 20_000, 1000


def median(work: Callable[[], object], times: int) -> float:
    """Milliseconds of one run."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def pooled(source: Source) -> None:
    """Calls of one plan, from one thread and from four."""
    with Pool(2, Limits(threads=1)) as pool:
        pool.register("point", [Statement("SELECT id, s FROM t WHERE id = $id::BIGINT")], {"t": source})
        pool.register(
            "group", [Statement("SELECT g, count(*) AS n, sum(id)::BIGINT AS s FROM t GROUP BY g")], {"t": source}
        )
        for name, given in (("point", {"id": 5}), ("group", {})):
            first = median(lambda n=name, g=given: pool.call(n, g), 1)
            print(f"{name}: first {first:.1f} ms, then {median(lambda n=name, g=given: pool.call(n, g), CALLS):.2f} ms")
        pool.forget("group")
        threads = [
            threading.Thread(target=lambda: [pool.call("point", {"id": n}) for n in range(500)]) for _ in range(4)
        ]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"point from 4 threads: {2000 / (time.perf_counter() - began):.0f} calls/s")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        table = {"id": range(ROWS), "g": [n % 20 for n in range(ROWS)], "s": [f"x{n}" for n in range(ROWS)]}
        pq.write_table(pa.table(table), path)
        source = Source((path,), {"id": "BIGINT", "g": "INTEGER", "s": "VARCHAR"})
        print(f"zygote: {median(walls, 1):.0f} ms, walls: {', '.join(walls().held)}")
        bare = median(lambda: subprocess.run([sys.executable, "-I", "-S", "-c", "pass"], check=True), 20)
        job = median(lambda: run([Statement("SELECT count(*) FROM t")], {"t": source}), 20)
        print(f"bare process {bare:.1f} ms, walled job {job:.1f} ms, difference {job - bare:.1f} ms (goal: 150)")
        pooled(source)


if __name__ == "__main__":
    main()
