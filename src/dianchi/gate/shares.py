"""Delta Sharing, reading: each order for a set without parameters is a share; its key is the recipient's token.

The protocol is that of delta-io/delta-sharing: lists, metadata and a query answer whose files are our signed links.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pyarrow as pa

from dianchi.chapters.operation.products import lifecycle as products
from dianchi.foundation.cases.figures import value
from dianchi.gate import door, formats, keys, release, spool
from dianchi.gate import schemas as answers
from dianchi.gate.http import Reply, Request
from dianchi.kernel import canonical
from dianchi.kernel.errors import NotFound, Refusal, RuleBroken
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

SCHEMA = "default"
_LINES = "application/x-ndjson; charset=utf-8"
NO_SHARE = Refusal("gate.no-such-share", Text("没有这个共享，或不属于您", "There is no such share, or it is not yours"))
NOT_A_SET = Refusal(
    "gate.not-a-set", Text("只有不带参数的统计数据集可以共享读取", "Only sets without parameters can be read as a share"),
    spec27(21), Text("请用其他通道调用", "Call it at another door"),
)  # fmt: skip


def _list(items: list[dict[str, Any]]) -> Reply:
    return Reply(200, json.dumps({"items": items}).encode(), "application/json; charset=utf-8")


def shares(request: Request, at: datetime) -> Reply:
    """The one share that the token opens."""
    name = _slug(request, at)
    return _list([{"name": name, "id": name}])


def share(request: Request, name: str, at: datetime) -> Reply:
    """The share of that name."""
    _mine(request, name, at)
    return Reply(200, json.dumps({"share": {"name": name, "id": name}}).encode())


def schemas(request: Request, name: str, at: datetime) -> Reply:
    """It has one schema."""
    _mine(request, name, at)
    return _list([{"name": SCHEMA, "share": name}])


def tables(request: Request, name: str, at: datetime) -> Reply:
    """And one table, called as the product is."""
    _mine(request, name, at)
    return _list([{"name": name, "schema": SCHEMA, "share": name, "shareId": name, "id": f"{name}.{SCHEMA}.{name}"}])


def version(request: Request, name: str, table: str, at: datetime) -> Reply:
    """The version of the table: it grows with its snapshots and editions."""
    return Reply(200, b"", headers={"delta-table-version": str(_version(_ready(request, name, table, at)))})


def metadata(request: Request, name: str, table: str, at: datetime) -> Reply:
    """Protocol and schema."""
    ready = _ready(request, name, table, at)
    return _lines([_PROTOCOL, _metadata(name, answers.of(ready))], _version(ready))


def query(request: Request, name: str, table: str, at: datetime) -> Reply:
    """Deliver the set into a file, recorded and metered as any other delivery, and say where it is."""
    ready = _ready(request, name, table, at)
    credentials = request.credentials("file")
    call_id = request.headers.get("idempotency-key", "")
    answer = door.call(door.Asked(credentials, name, {}, call_id=call_id), at)
    body = formats.encoded(answer, formats.PARQUET).body
    kept = spool.keep(
        spool.name_of(answer.ledger_index), [body], order=keys.order_of(credentials, at), slug=name,
        media_type=formats.PARQUET, until=spool.ends(at, int(value("gate.file-hours"))), receipt=answer.receipt,
    )  # fmt: skip
    address = f"http://{request.headers.get('host', 'localhost')}"
    file = {
        "url": address + spool.link(kept), "id": kept.sha256[:32], "partitionValues": {}, "size": kept.size,
        "stats": json.dumps({"numRecords": answer.table.num_rows}), "expirationTimestamp": int(kept.ends.timestamp() * 1000),
    }  # fmt: skip
    return _lines([_PROTOCOL, _metadata(name, formats.stable(answer.table).schema), {"file": file}], _version(ready))


def _ready(request: Request, name: str, table: str, at: datetime) -> release.Prepared:
    _mine(request, name, at)
    if table != name:
        raise NotFound(NO_SHARE)
    ready = door.prepared(request.credentials("file"), name, at)
    if ready.parameters or ready.kind not in (products.QUERY, products.BULK, products.INDICATOR):
        raise RuleBroken(NOT_A_SET)
    return ready


def _mine(request: Request, name: str, at: datetime) -> None:
    if _slug(request, at) != name:
        raise NotFound(NO_SHARE)


def _slug(request: Request, at: datetime) -> str:
    credentials = request.credentials("file")
    keys.admit(credentials, at)
    return keys.product_of(credentials, at)


def _version(ready: release.Prepared) -> int:
    digest = canonical.sm3([ready.order.edition, dict(ready.snapshots)])
    return ready.order.edition * 10**9 + int(digest[:7], 16)


def _metadata(name: str, schema: pa.Schema) -> dict[str, Any]:
    fields = [{"name": f.name, "type": _spark(f.type), "nullable": True, "metadata": {}} for f in schema]
    text = json.dumps({"type": "struct", "fields": fields})
    return {"metaData": {"id": canonical.sm3(name)[:32], "format": {"provider": "parquet"}, "schemaString": text,
                         "partitionColumns": []}}  # fmt: skip


def _spark(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    named = {"string": "string", "large_string": "string", "int8": "byte", "int16": "short", "int32": "integer",
             "int64": "long", "double": "double", "float": "float", "bool": "boolean", "date32[day]": "date"}  # fmt: skip
    return named.get(str(kind), "timestamp" if pa.types.is_timestamp(kind) else "string")


def _lines(lines: list[dict[str, Any]], number: int) -> Reply:
    body = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
    return Reply(200, body, _LINES, {"delta-table-version": str(number)})


_PROTOCOL = {"protocol": {"minReaderVersion": 1}}
_AT = r"/sharing/shares/([a-z0-9-]{1,60})"
_TABLE = rf"{_AT}/schemas/{SCHEMA}/tables/([a-z0-9-]{{1,60}})"
ROUTES = (
    ("GET", r"/sharing/shares", shares),
    ("GET", _AT, share),
    ("GET", rf"{_AT}/schemas", schemas),
    ("GET", rf"{_AT}/schemas/{SCHEMA}/tables", tables),
    ("GET", rf"{_AT}/all-tables", tables),
    ("GET", rf"{_TABLE}/version", version),
    ("GET", rf"{_TABLE}/metadata", metadata),
    ("POST", rf"{_TABLE}/query", query),
)
