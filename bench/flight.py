"""A whole set over Flight SQL by an unchanged ADBC client, identified, marked, recorded and metered, beside a local read.

`python bench/flight.py [--rows 1000000] [--tls]` makes a store of its own, puts a resource of so many rows and eight columns into
the lake, delivers it once (computed, marked, sealed) and then times deliveries against reading the same rows from a local
Parquet file with DuckDB into Arrow. One JSON object a line; the ratio is time over time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "dianchi.config.settings.test"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

COLUMNS = ("code", "day", "area", "kind", "amount", "price", "score", "road")
TIMES = 3


def rows(count: int) -> pa.Table:
    """So many rows about nobody: eight columns of texts, dates, whole numbers and decimals."""
    with duckdb.connect() as connection:
        return connection.sql(
            f"""SELECT printf('%08d', i) AS code, DATE '2020-01-01' + (i % 2000)::INTEGER AS day,
            '53' || printf('%04d', i % 129) AS area, 'K' || (i % 40) AS kind, (i * 7919) % 100000 AS amount,
            ((i * 104729) % 10000000 / 100)::DECIMAL(12, 2) AS price, (i % 977)::BIGINT AS score,
            '滇池路' || (i % 5000) || '号' AS road FROM range({count}) t(i)"""
        ).to_arrow_table()


def a_product(folder: Path, table: pa.Table) -> Any:
    """The rows in the lake and a product that is all of them."""
    from tests.factories import operation as make
    from tests.factories import resources
    from tests.factories.people import actor

    from dianchi.gate import intake
    from dianchi.kernel.actors import Role

    types = {"day": "DATE", "amount": "BIGINT", "price": "DECIMAL(12,2)", "score": "BIGINT"}
    items = [resources.column(n, n, types.get(n, "VARCHAR")) for n in COLUMNS]
    named = {"DATE": "date", "BIGINT": "integer", "DECIMAL(12,2)": "decimal(12,2)"}
    contract = {"resource": "set", "columns": [
        {"name": n, **({"type": named[types[n]]} if n in types else {})} for n in COLUMNS]}  # fmt: skip
    item = resources.a_published_item(**resources.item_inputs(items=items, contract=contract))
    load = resources.an_open_load(item)
    pyarrow.csv.write_csv(table, folder / "set.csv")
    provider = actor(Role.PROVIDER)
    intake.receive(load.code, folder / "set.csv", by=provider, at=resources.LONG_AGO)
    load = resources.do("supply", "pass", Role.BUREAU, load.code, verdict=resources.SAID)
    applied = resources.application(item.code, title=item.title, evidence_digest=load.sm3)
    resources.registered(resources.do("registration", "apply", provider, **applied).code)
    contract_case = make.a_contract_in_force(make.an_agreement(item))
    request = make.a_provisioned_request(
        contract_case, tables=[make.table(item.code, name="set_", fields=list(COLUMNS))]
    )
    tolerances = [{"column": "price", "amount": "0.01"}]
    return make.a_priced_product(
        request,
        sql=f"select {', '.join(COLUMNS)} from set_ order by code",
        parameters=[],
        kind="BULK",
        tolerances=tolerances,
    )


def timed(work: Callable[[], int], count: int) -> float:
    """The least seconds of some tries; each must give every row."""
    best = float("inf")
    for _ in range(TIMES):
        began = time.perf_counter()
        assert work() == count
        best = min(best, time.perf_counter() - began)
    return best


def main() -> None:
    """Build, deliver, measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--tls", action="store_true")
    asked = parser.parse_args()
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    with tempfile.TemporaryDirectory() as folder:
        settings.DIANCHI_VAR = Path(folder) / "var"
        settings.DIANCHI_VAR.mkdir()
        settings.DATABASES["default"]["NAME"] = settings.DIANCHI_VAR / "bench.sqlite3"
        call_command("migrate", verbosity=0)
        measure(Path(folder), asked.rows, asked.tls)


def measure(folder: Path, count: int, tls: bool) -> None:
    """The figures."""
    from tests.factories import operation as make
    from tests.factories.people import NOON

    from dianchi.foundation import clock
    from dianchi.interfaces.flight.server import Server

    clock.now = lambda: NOON
    table = rows(count)
    local = folder / "local.parquet"
    pq.write_table(table, local, compression="zstd")
    key = make.a_key(make.an_active_order(a_product(folder, table), quota_calls=1000))
    options, scheme = {}, "grpc"
    if tls:
        from tests.interfaces.flight.test_flight import certificate

        cert, private = certificate()
        options, scheme = {"tls_certificates": [(cert, private)]}, "grpc+tls"
    with Server(f"{scheme}://127.0.0.1:0", **options) as server:
        import adbc_driver_flightsql.dbapi as adbc

        held = {"adbc.flight.sql.authorization_header": f"Bearer {key}"}
        if tls:
            held["adbc.flight.sql.client_option.tls_root_certs"] = cert.decode()

        def by_adbc() -> int:
            with adbc.connect(f"{scheme}://localhost:{server.port}", db_kwargs=held, autocommit=True) as connection:
                cursor = connection.cursor()
                cursor.execute('SELECT * FROM "visits-by-prefecture"')
                return sum(batch.num_rows for batch in cursor.fetch_record_batch())

        def by_read() -> int:
            with duckdb.connect() as connection:
                return sum(b.num_rows for b in connection.sql(f"FROM '{local}'").to_arrow_reader(65_536))

        began = time.perf_counter()
        assert by_adbc() == count
        first = time.perf_counter() - began
        theirs, ours = timed(by_read, count), timed(by_adbc, count)
    line = {
        "figure": f"bulk by ADBC{' over TLS' if tls else ''}", "rows": count, "ours_s": round(ours, 3),
        "local_read_s": round(theirs, 3), "ratio": round(ours / theirs, 2), "first_delivery_s": round(first, 2),
        "mb": round(table.nbytes / 1e6),
    }  # fmt: skip
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
