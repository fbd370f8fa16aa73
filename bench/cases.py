"""Acts per second through the one door, beside the same rows written without it; and pages over a million cases.

`python bench/cases.py [--clients 8] [--seconds 5] [--postgres]` prints one JSON object a line. The act opens a case
(an affiliation fact): parse, facts, guards, save, deadlines, epoch and ledger entry in one transaction. The peer is one
transaction of a plain INSERT and UPDATE of the same table by as many clients on the same database.

`python bench/cases.py --scale 10000 --scale 1000000 [--postgres] [--keep FOLDER]` loads so many cases with ten times as
many ledger entries in bulk and prints the 95th percentile of list, search, workbench and cockpit pages.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import os
import sys
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
PARTIES = ("91530100MA6N123416", "91530400MA6P00078R")


def _set_up(var: str, url: str) -> None:
    os.environ.update(DIANCHI_VAR=var, DIANCHI_DATABASE_URL=url, DJANGO_SETTINGS_MODULE="dianchi.config.settings.base")
    import django

    django.setup()


def _acts(var: str, url: str, seconds: float, start: Barrier, counted: mp.Queue) -> None:
    _set_up(var, url)
    from tests.factories.people import NOON

    from dianchi.foundation.cases.perform import perform
    from dianchi.kernel.actors import PLATFORM

    inputs = {
        "holder": PARTIES[0], "held": PARTIES[1], "tie": "share", "share": "0.1", "valid_from": "2026-01-01", "evidence": "bench",
    }  # fmt: skip
    perform("affiliations", "declare", by=PLATFORM, at=NOON, inputs=inputs)  # imports and connects
    start.wait(60)
    until, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        perform("affiliations", "declare", by=PLATFORM, at=NOON, inputs=inputs)
        done += 1
    counted.put(done)


def _plain(var: str, url: str, seconds: float, start: Barrier, counted: mp.Queue) -> None:
    _set_up(var, url)
    from django.db import connection, transaction
    from tests.factories.people import NOON

    connection.ensure_connection()
    start.wait(60)
    until, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        code = f"P-{os.getpid()}-{done}"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO affiliations_affiliation (code, title, state, version, region, opened_at, opened_by, opened_for,"
                " state_since, holder, held, tie, share, valid_from, evidence) VALUES"
                " (%s, 't', 'in-force', 1, '530000', %s, 'p', '', %s, %s, %s, 'share', 0.1, '2026-01-01', 'bench')",
                [code, NOON, NOON, *PARTIES],
            )
            cursor.execute("UPDATE affiliations_affiliation SET version = 2 WHERE code = %s", [code])
        done += 1
    counted.put(done)


def _rate(work, var: str, url: str, clients: int, seconds: float) -> float:
    context = mp.get_context("spawn")
    counted, start = context.Queue(), context.Barrier(clients)
    processes = [context.Process(target=work, args=(var, url, seconds, start, counted)) for _ in range(clients)]
    for process in processes:
        process.start()
    total = sum(counted.get(timeout=seconds + 120) for _ in processes)
    for process in processes:
        process.join()
    return total / seconds


def _measure(name: str, url: str, clients: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as var:
        migrate = mp.get_context("spawn").Process(target=_migrate, args=(var, url))
        migrate.start()
        migrate.join()
        ours, peer = (_rate(work, var, url, clients, seconds) for work in (_acts, _plain))
    line = {
        "figure": f"acts through the door, {clients} clients, {name}", "ours": round(ours, 1), "peer": round(peer, 1),
        "peer_name": "plain INSERT and UPDATE", "ratio": round(ours / peer, 3), "unit": "1/s", "n": int(ours * seconds),
    }  # fmt: skip
    print(json.dumps(line))


def _migrate(var: str, url: str) -> None:
    _set_up(var, url)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _scale(n: int, url: str, keep: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        var = f"{keep}/{n}" if keep else temporary
        Path(var).mkdir(parents=True, exist_ok=True)
        process = mp.get_context("spawn").Process(target=_scaled, args=(var, url, n))
        process.start()
        process.join()


def _scaled(var: str, url: str, n: int) -> None:
    _migrate(var, url)
    from bench.scale import measure
    from tests.factories.people import NOON

    measure(n, NOON)


def main() -> None:
    """Measure SQLite, and PostgreSQL where it is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--scale", type=int, action="append", default=[], help="cases in the store; may be repeated")
    parser.add_argument("--keep", default="", help="folder in which the stores of --scale stay")
    asked = parser.parse_args()
    for n in asked.scale:
        url = ""
        if asked.postgres:
            from tests.postgres import postgres_url

            url = postgres_url()
        _scale(n, url, asked.keep)
    if asked.scale:
        return
    _measure("SQLite", "", asked.clients, asked.seconds)
    if asked.postgres:
        from tests.postgres import postgres_url

        _measure("PostgreSQL", postgres_url(), asked.clients, asked.seconds)


if __name__ == "__main__":
    main()
