"""What the ledger costs: appends per second, and the time to verify, beside the same work without a ledger.

    python bench/ledger.py [--entries 1000000] [--seconds 3] [--postgres]

Prints one JSON object a line: figure, ours, peer, peer_name, ratio, unit, n. The peer of the appends is the same rows
put into a plain table by the same driver; the peer of the verification is SHA-256 alone over the same bytes. Only the
ratios carry over to other machines.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "foundation" / "ledger")]

from writer import configure, draft  # noqa: E402

PLAIN = 'CREATE TABLE plain AS SELECT * FROM ledger_entry WHERE "index" < 0'


def tell(figure: str, ours: float, peer: float, peer_name: str, unit: str, n: int) -> None:
    """Print one figure. The ratio is ours over the peer's."""
    numbers = {"ours": round(ours, 3), "peer": round(peer, 3), "ratio": round(ours / peer, 3)}
    print(json.dumps({"figure": figure, **numbers, "peer_name": peer_name, "unit": unit, "n": n}), flush=True)


def rows_of(count: int) -> list[list[Any]]:
    """Finished rows, as the peer inserts them."""
    from dianchi.foundation.ledger.entries import _row

    return [_row(n, draft(n))[0] for n in range(count)]


def appends(group: int, seconds: float, ledger: bool) -> tuple[int, float]:
    """Append in transactions of `group` until the time is over; how many, and how long it took."""
    from django.db import connection, transaction

    from dianchi.foundation.ledger import record_many

    marks = ", ".join(["%s"] * 17)
    drafts, rows, done = [draft(n) for n in range(group)], rows_of(group), 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        with transaction.atomic():
            if ledger:
                record_many(drafts)
            else:
                with connection.cursor() as cursor:
                    cursor.executemany(f"INSERT INTO plain VALUES ({marks})", rows)
        done += group
    return done, time.perf_counter() - began


def worker(var: str, url: str, group: int, seconds: float, ledger: bool, results: Any) -> None:
    """One writer in a process of its own."""
    configure(Path(var), url)
    results.put(appends(group, seconds, ledger))


def rate(var: Path, url: str, writers: int, group: int, seconds: float, ledger: bool) -> tuple[float, int]:
    """Appends per second by so many writers at once."""
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    arguments = (str(var), url, group, seconds, ledger, results)
    processes = [spawn.Process(target=worker, args=arguments) for _ in range(writers)]
    for process in processes:
        process.start()
    answers = [results.get(timeout=seconds + 120) for _ in processes]
    for process in processes:
        process.join()
    return sum(done / took for done, took in answers), sum(done for done, _ in answers)


def bench_appends(var: Path, url: str, name: str, seconds: float) -> None:
    """Single and grouped appends, one and eight writers."""
    for writers, group in ((1, 1), (8, 1), (1, 1000), (8, 1000)):
        ours, n = rate(var, url, writers, group, seconds, True)
        peer, _ = rate(var, url, writers, group, seconds, False)
        tell(f"ledger appends, {name}, {writers} writers, groups of {group}", ours, peer, "plain inserts", "/s", n)


def bench_verify(var: Path, entries: int) -> None:
    """Fill a store to so many entries, seal it, and verify it; beside hashing the same bytes once."""
    from django.db import connection, transaction
    from writer import AT

    from dianchi.engines.crypto.notes import verifiers_of
    from dianchi.engines.merkle.stores import open_store
    from dianchi.engines.merkle.verify import verify
    from dianchi.foundation.ledger import ledger_key, record_many, seal
    from dianchi.foundation.ledger.models import Head

    began, size = time.perf_counter(), Head.objects.get().size
    first = size
    while size < entries:
        with transaction.atomic():
            size = record_many(draft(n) for n in range(size, min(size + 5000, entries))).stop
    filled = time.perf_counter() - began
    connection.close()
    print(f"# filled {size - first} entries in {filled:.1f} s", file=sys.stderr)
    began = time.perf_counter()
    key = ledger_key()
    seal(AT, key, var / "ledger")
    print(f"# sealed in {time.perf_counter() - began:.1f} s", file=sys.stderr)

    took = []
    for _ in range(2):
        began = time.perf_counter()
        report = verify(open_store(var), var / "ledger", verifiers_of(key.public_line))
        took.append(time.perf_counter() - began)
        assert report.verified, report
    database = sqlite3.connect(var / "dianchi.sqlite3")
    began = time.perf_counter()
    for payload, body in database.execute('SELECT payload, body FROM ledger_entry ORDER BY "index"'):
        hashlib.sha256(payload.encode() + body.encode()).digest()
    peer = time.perf_counter() - began
    per_million = 1e6 / report.entries
    ours = statistics.median(took) * per_million
    tell("ledger verification per million entries", ours, peer * per_million, "sha256 of the same bytes", "s", size)


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dianchi-bench-") as folder:
        var = Path(folder)
        configure(var)
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(PLAIN)
        connection.close()
        bench_appends(var, "", "SQLite", asked.seconds)
        if asked.postgres:
            import psycopg
            from tests.postgres import postgres_url

            url = postgres_url()
            spawn = multiprocessing.get_context("spawn")
            migrating = spawn.Process(target=migrate, args=(folder, url))
            migrating.start()
            migrating.join()
            with psycopg.connect(url) as db:
                db.execute(PLAIN)
            bench_appends(var, url, "PostgreSQL", asked.seconds)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE plain")
        bench_verify(var, asked.entries)


def migrate(var: str, url: str) -> None:
    """Make the tables, in a process of its own."""
    configure(Path(var), url)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
