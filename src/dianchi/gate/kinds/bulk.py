"""Data sets in bulk: computed once for a snapshot, marked once for each recipient, delivered as often as the order says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from django.conf import settings

from dianchi.chapters.operation.products.kinds import order_of
from dianchi.chapters.operation.products.models import Product
from dianchi.engines.crypto.files import secret_file
from dianchi.engines.fingerprint import Marking, mark
from dianchi.engines.runner import Limits, Statement, run
from dianchi.gate import vault
from dianchi.gate.kinds.values import Call, Outcome, Runs, cleaned
from dianchi.kernel import canonical
from dianchi.kernel.errors import NotFound

LIMITS = Limits(memory_bytes=6 << 30, seconds=300, rows=50_000_000, output_bytes=4 << 30, temp_bytes=2 << 30)
ORIGINAL = "bulk-"
_DIGITS = 12  # of a double that leave, as everywhere
_MOST_KEPT = 2
_marked: dict[str, Outcome] = {}
_lock = threading.Lock()


def answer(call: Call, runs: Runs) -> Outcome:
    """The recipient's own copy of the set."""
    call.bound()
    delivery = canonical.sm3([call.slug, runs.plan.digest, dict(call.snapshots), dict(call.settings)])
    name = f"{delivery}{call.order.consumer}"
    if runs.history is not None:
        runs.history({})
    with _lock:
        found = _marked.get(name)
        if found is None:
            found = _made(call, runs, delivery)
            while len(_marked) >= _MOST_KEPT:
                _marked.pop(next(iter(_marked)))
            _marked[name] = found
    return found


def marking_of(product: str, told: dict[str, object]) -> Marking:
    """Where marks of a product's set may go, as it was declared when the set was made."""
    tolerances = {t["column"]: Decimal(t["amount"]) for t in told["tolerances"]}  # type: ignore[attr-defined]
    return Marking(tolerances, tuple(told["totals"]), tuple(told["sorted_by"]))  # type: ignore[arg-type]


@cache
def secret() -> bytes:
    """The secret of all marks of this store."""
    return secret_file(Path(settings.DIANCHI_VAR) / "keys" / "fingerprint")


def originals(slug: str) -> Iterator[tuple[str, dict[str, object], pa.Table]]:
    """Every set of a product that was delivered: its name, what was declared, the unmarked rows."""
    root = Path(settings.DIANCHI_VAR) / "vault"
    for folder in sorted(root.glob(f"{ORIGINAL}*")) if root.exists() else ():
        try:
            about, _, rows = vault.get(folder.name).partition(b"\n")
        except NotFound:
            continue
        told = json.loads(about)
        if told["slug"] == slug:
            yield told["delivery"], told, pa.ipc.open_stream(rows).read_all()


def _made(call: Call, runs: Runs, delivery: str) -> Outcome:
    outcome = _original(call, runs, delivery)
    marked = mark(outcome.table, marking_of(call.slug, _told(call, delivery)), secret(), delivery, call.order.consumer)
    table = marked.table.combine_chunks()
    digest = canonical.sm3_bytes(_stream(table))
    return Outcome(table, outcome.suppressed, digest=digest, recorded={"mark": delivery})


def _original(call: Call, runs: Runs, delivery: str) -> Outcome:
    """The unmarked set, kept sealed: without it nobody could be named later."""
    name = f"{ORIGINAL}{delivery[:56]}"
    try:
        about, _, rows = vault.get(name).partition(b"\n")
        return Outcome(pa.ipc.open_stream(rows).read_all(), json.loads(about)["suppressed"])
    except NotFound:
        pass
    table = run([Statement(runs.plan.sql)], runs.sources, LIMITS).tables[0]
    outcome = cleaned(table, runs.plan)
    told = {**_told(call, delivery), "suppressed": outcome.suppressed}
    table = _stable(outcome.table)
    vault.put(name, json.dumps(told).encode() + b"\n" + _stream(table))
    return Outcome(table, outcome.suppressed)


def _told(call: Call, delivery: str) -> dict[str, object]:
    sql = Product.objects.values_list("sql", flat=True).get(slug=call.slug)
    return {
        "slug": call.slug, "delivery": delivery, "snapshots": dict(call.snapshots), "edition": call.order.edition,
        "tolerances": call.settings["tolerances"], "totals": call.settings["totals"], "sorted_by": order_of(sql) or (),
    }  # fmt: skip


def _stable(table: pa.Table) -> pa.Table:
    """Doubles at twelve significant digits, so that the order of a parallel sum does not show."""
    columns = [_rounded(c) if pa.types.is_floating(c.type) else c for c in table.columns]
    return pa.table(columns, names=table.column_names)


def _rounded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    numbers = column.cast(pa.float64()).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        power = _DIGITS - 1 - np.floor(np.log10(np.abs(numbers)))
        scale = 10.0 ** np.clip(np.nan_to_num(power), -300, 300)
        rounded = np.where(numbers == 0, 0.0, np.rint(numbers * scale) / scale)
    missing = ~np.isfinite(numbers)
    return pa.chunked_array([pa.array(rounded, mask=missing)])


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table, max_chunksize=65_536)
    return sink.getvalue().to_pybytes()
