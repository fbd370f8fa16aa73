"""What a department may see and keep of its loads: the signed receipt, snapshots as of any load, rows set aside."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import datetime
from typing import Any

import pyarrow as pa

from dianchi.chapters.resources.supply.models import Load
from dianchi.chapters.resources.supply.queries import current, forgotten_from, loads_of
from dianchi.engines.quality.yaml import from_dict
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.gate import intake, receipts, uploads
from dianchi.gate.store import lake
from dianchi.kernel import canonical
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import Invalid, NotFound, NotPermitted, Refusal
from dianchi.kernel.law.articles import default, spec27
from dianchi.kernel.text import Text

FORMAT = "dianchi-supply-receipt-v1"
FIRST = 50  # rows shown of a snapshot or of what was set aside
NO_RECEIPT = Refusal(
    "supply.no-receipt", Text("尚未接收文件，没有回执", "No file was received yet; there is no receipt"), default()
)
NOT_YOURS = Refusal(
    "supply.rows-not-yours", Text("数据内容只供数据提供单位查看", "Only the provider may read the rows"), spec27(21),
    Text("请查看快照的行数和得分", "See the counts and scores of the snapshots"),
)  # fmt: skip
NOTHING_MENDED = Refusal(
    "supply.nothing-mended", Text("没有修正任何一行", "No row was mended"), default(), field="rows"
)
_TOLD = (
    "batch", "source_name", "channel", "rows_received", "rows_accepted", "rows_quarantined", "bytes_received", "sm3",
    "sha256", "snapshot", "onto", "schema_version", "rule_results", "scores",
)  # fmt: skip


def receipt(load_code: str, *, by: Actor) -> dict[str, Any]:
    """The receipt as a signed statement that anybody can check offline with the gate's public line."""
    load: Load = get_case("supply", load_code, by)
    if load.received_at is None:
        raise NotFound(NO_RECEIPT)
    fields = {
        "format": FORMAT, "load": load.code, "resource": load.item.code, "title": load.item.title,
        "provider": load.opened_for, "received_at": load.received_at,
        "contract": canonical.sm3(load.item.contract), **{name: getattr(load, name) for name in _TOLD},
    }  # fmt: skip
    return receipts.sign(fields)


def history(load: Load) -> list[dict[str, Any]]:
    """Every load of the resource with its snapshot, latest first; the one in service is marked."""
    serving = current(load.item.code)
    return [{"load": each, "serving": each == serving} for each in loads_of(load.item.code) if each.snapshot]


def rows_as_of(load_code: str, *, by: Actor) -> pa.Table:
    """The first rows of the snapshot that a load made, for its provider."""
    load = get_case("supply", load_code, by)
    if load.opened_for != by.organisation:
        raise NotPermitted(NOT_YOURS)
    if not load.snapshot:
        raise NotFound(NO_RECEIPT)
    return lake().read(load.item.code, int(load.snapshot), most=FIRST)


def set_aside(load_code: str, *, by: Actor) -> dict[str, Any]:
    """The rows set aside with their cells, as far as they could be cut into cells; until when they are kept."""
    load = get_case("supply", load_code, by)
    found = intake.quarantined(load_code, by=by)
    headers = [c.header for c in from_dict(load.item.contract).columns]
    rows = []
    for row in found.slice(0, FIRST).to_pylist():
        cells = _cells(row["raw"])
        rows.append({**row, "cells": [cells.get(h) or "" for h in headers] if cells is not None else None})
    return {"headers": headers, "rows": rows, "total": found.num_rows, "until": forgotten_from(load)}


def _cells(raw: str) -> dict[str, str] | None:
    try:
        cells = json.loads(raw)
    except ValueError:
        return None
    return cells if isinstance(cells, dict) else None


def as_csv(load_code: str, *, by: Actor) -> bytes:
    """All rows set aside as a file to mend and send again: row number, rules, then the columns as they came."""
    load = get_case("supply", load_code, by)
    headers = [c.header for c in from_dict(load.item.contract).columns]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["__row__", "__rules__", *headers])
    for row in intake.quarantined(load_code, by=by).to_pylist():
        cells = _cells(row["raw"])
        values = [cells.get(h) or "" for h in headers] if cells is not None else [row["raw"]]
        writer.writerow([row["row"], ";".join(row["rules"]), *values])
    return out.getvalue().encode("utf-8-sig")


def resubmit(load_code: str, rows: list[list[str]], *, by: Actor, at: datetime) -> Load:
    """Send mended rows again: a load of its own, whose rows join those of the load that it corrects."""
    load = get_case("supply", load_code, by)
    headers = [c.header for c in from_dict(load.item.contract).columns]
    if not rows or any(len(row) != len(headers) for row in rows):
        raise Invalid(NOTHING_MENDED)
    opened: Load = perform("supply", "open", by=by, at=at, inputs={"item": load.item.code, "corrects": load.code}).case
    out = io.StringIO()
    csv.writer(out).writerows([headers, *rows])
    data = out.getvalue().encode()
    upload = uploads.begin(
        opened.code, f"{load.code}-corrected.csv", len(data), canonical.sm3_bytes(data), by=by, at=at
    )
    for start in range(0, len(data), uploads.PIECE):
        piece = data[start : start + uploads.PIECE]
        uploads.add(opened.code, upload.key, start, piece, hashlib.sha256(piece).hexdigest(), by=by)
    uploads.finish(opened.code, upload.key, by=by, at=at)
    return opened
