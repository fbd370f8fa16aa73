"""From a CSV file to an encrypted, checked, classified, committed snapshot, beside plain PyArrow CSV to Parquet.

    python bench/lake.py [--rows 10000000] [--folder DIR]

Prints one JSON object a line: figure, ours, peer, peer_name, ratio, unit, n. Each side runs in its own process, one
after the other; the greatest resident memory is that of the process. Only the ratios carry over to other machines.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq

CONTRACT = """
resource: visits
columns:
  - {name: id, type: integer, required: true}
  - {name: date, type: date, required: true}
  - {name: city}
  - {name: product}
  - {name: amount, type: "decimal(12,2)"}
  - {name: qty, type: integer}
  - {name: phone, format: phone}
  - {name: code, format: division6}
  - {name: score, type: double}
  - {name: at, type: timestamp}
rules:
  - {name: qty-in-range, kind: range, column: qty, min: 0, max: 100}
"""
CITIES = ("昆明市", "曲靖市", "玉溪市", "大理州", "红河州")
BLOCK = 200_000


def write_csv(path: Path, rows: int) -> None:
    """A file of the shape that stack.md measured with."""
    random = np.random.default_rng(1)
    days = [f"2020-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)]
    with path.open("w", encoding="utf-8") as file:
        file.write("id,date,city,product,amount,qty,phone,code,score,at\n")
        for start in range(0, rows, BLOCK):
            n = min(BLOCK, rows - start)
            limits = (10**6, 99, 10**10, 1000, len(days), len(CITIES), 86_399)
            for i, (fen, qty, phone, score, day, city, second) in enumerate(
                zip(*(random.integers(0, limit, n).tolist() for limit in limits), strict=True), start
            ):
                clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
                amount, number = f"{fen // 100}.{fen % 100:02d}", f"13{phone % 10**9:09d}"
                file.write(f"{i},{days[day]},{CITIES[city]},产品{qty},{amount},{qty},{number},5301{qty:02d},")
                file.write(f"{score / 10},2020-01-02 {clock}\n")


def plain(source: Path, folder: Path) -> int:
    """The peer: PyArrow reads the CSV as a stream and writes zstd Parquet."""
    writer, rows = None, 0
    with pyarrow.csv.open_csv(source) as reader:
        for batch in reader:
            writer = writer or pq.ParquetWriter(folder / "plain.parquet", batch.schema, compression="zstd")
            writer.write_batch(batch)
            rows += batch.num_rows
    assert writer is not None
    writer.close()
    return rows


def ours(source: Path, folder: Path) -> int:
    """Detect, classify, judge by the contract, encrypt, digest, commit."""
    from dianchi.engines.intake import load, sniff
    from dianchi.engines.lake import Lake
    from dianchi.engines.quality import load as contract

    promise = contract(CONTRACT)
    inspector, verdicts = load(source, promise, sniff(source, promise))
    batches = (batch for verdict in verdicts for batch in verdict.accepted.to_batches())
    lake = Lake(folder / "lake", b"k" * 32)
    snapshot = lake.commit("visits", batches, promise.schema(), batch_id="b1", at=datetime.now(UTC))
    assert inspector.findings().accepted == snapshot.rows
    return snapshot.rows


def _measure(work: Callable[[Path, Path], int], source: Path, folder: Path, out: multiprocessing.Queue) -> None:  # type: ignore[type-arg]
    began = time.perf_counter()
    rows = work(source, folder)
    seconds = time.perf_counter() - began
    out.put((seconds, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def apart(work: Callable[[Path, Path], int], source: Path, folder: Path) -> tuple[float, int, float]:
    """Seconds, rows and MiB of the work in a fresh process."""
    spawn = multiprocessing.get_context("spawn")
    out = spawn.Queue()
    process = spawn.Process(target=_measure, args=(work, source, folder, out))
    process.start()
    found: tuple[float, int, float] = out.get()
    process.join()
    return found


def tell(figure: str, mine: float, peer: float, unit: str, n: int) -> None:
    """Print one figure. The ratio is ours over the peer's."""
    numbers = {"ours": round(mine, 2), "peer": round(peer, 2), "ratio": round(mine / peer, 2)}
    print(json.dumps({"figure": figure, **numbers, "peer_name": "PyArrow CSV to Parquet", "unit": unit, "n": n}))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        source = folder / "visits.csv"
        write_csv(source, options.rows)
        plain(source, folder)  # both sides find the file in the page cache
        peer_seconds, peer_rows, peer_memory = apart(plain, source, folder)
        seconds, rows, memory = apart(ours, source, folder)
        assert rows == peer_rows == options.rows
        tell("csv to committed snapshot", seconds, peer_seconds, "s", rows)
        tell("greatest resident memory", memory, peer_memory, "MiB", rows)


if __name__ == "__main__":
    main()
