"""Product calls per second, identified, metered and recorded, beside Datasette serving the same rows without any of it.

`python bench/gate.py [--calls 256] [--datasette .venv-bench/bin/datasette]` makes a demonstration store, starts the gate and
Datasette on loopback, and asks both with the same client at 1, 16 and 64 connections. One JSON object a line.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

GATE, PEER = 18_301, 18_302
CALL = "/gate/v1/products/prefecture-epidemic-summary?date="
DAYS = [f"2020-{month:02}-{day:02}" for month in range(2, 12) for day in range(1, 29)]  # each call asks for another
ASK = "/peer/answer.json?_shape=objects&_size=100"


def ask(port: int, paths: Sequence[str], headers: Mapping[str, str], connections: int, calls: int) -> float:
    """Calls per second over so many kept connections, the paths in turn; every answer must be 200."""
    each, failures = max(1, calls // connections), []

    def client(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for n in range(first, first + each):
            connection.request("GET", paths[n % len(paths)], headers=dict(headers))
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                failures.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=client, args=(n * each,)) for n in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"answers other than 200: {failures[:5]}")
    return each * connections / (time.perf_counter() - began)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/healthz" if port == GATE else "/")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing serves port {port}")


def _key(store: Path, environment: Mapping[str, str]) -> str:
    """A fresh key of the demonstration's order, through the command line as its consumer would."""
    tool = [sys.executable, "-m", "dianchi.interfaces.cli.main"]
    password = (store / "keys" / "demo-password").read_text()

    def run(*arguments: str, given: str = "") -> str:
        done = subprocess.run(
            [*tool, *arguments], input=given, capture_output=True, text=True, env=dict(environment), check=True
        )
        return done.stdout

    run("sign-in", "yonghu", "--password-stdin", given=password + "\n")
    order = json.loads(run("cases", "list", "orders", "--json"))[0]["code"]
    return str(json.loads(run("act", "orders", order, "rotate-key", "--json"))["reveal"]["api_key"])


def main() -> None:
    """Measure both and print the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=256)
    parser.add_argument("--datasette", default=".venv-bench/bin/datasette")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "var"
        environment = {**os.environ, "DIANCHI_VAR": str(store), "XDG_STATE_HOME": folder}
        tool = [sys.executable, "-m", "dianchi.interfaces.cli.main"]
        made = subprocess.run(
            [*tool, "demo", str(store), "--json"], capture_output=True, text=True, env=environment, check=True
        )
        rows = json.loads(made.stdout)["products"][0]["rows"]
        key = _key(store, environment)
        peer = Path(folder) / "peer.db"
        with sqlite3.connect(peer) as database:
            names = list(rows[0])
            database.execute(f"CREATE TABLE answer ({', '.join(names)})")
            marks = ", ".join("?" * len(names))
            database.executemany(f"INSERT INTO answer VALUES ({marks})", [tuple(r.values()) for r in rows])
        servers = [
            subprocess.Popen([*tool, "gate", "--port", str(GATE)], env=environment),
            subprocess.Popen([asked.datasette, "serve", str(peer), "--port", str(PEER)], stdout=subprocess.DEVNULL),
        ]
        try:
            for port in (GATE, PEER):
                _wait(port)
            held = {"Authorization": f"Bearer {key}"}
            days = [CALL + day for day in DAYS]
            ask(GATE, days[-5:], held, 1, 5)
            for said, paths in (("each asks for another day", days), ("all ask for one day", days[:1])):
                for connections in (1, 16, 64):
                    ours = ask(GATE, paths, held, connections, asked.calls)
                    theirs = ask(PEER, [ASK], {}, connections, asked.calls)
                    line = {
                        "figure": f"product calls, {connections} connections, {said}", "ours": round(ours, 1),
                        "peer": round(theirs, 1), "peer_name": "Datasette", "ratio": round(ours / theirs, 2),
                        "unit": "1/s", "n": asked.calls,
                    }  # fmt: skip
                    print(json.dumps(line), flush=True)
        finally:
            for server in servers:
                server.terminate()
                server.wait(10)


if __name__ == "__main__":
    main()
