"""The body of a call: parameters, and for a fusion call the caller's rows as JSON, CSV, Arrow or Parquet."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from dianchi.gate import formats
from dianchi.gate.http import NOT_JSON, Request
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

BAD_TABLE = Refusal(
    "gate.own-table-malformed", Text("无法读取所附的数据", "The rows sent cannot be read"),
    remedy=Text("请按产品声明的各列提交", "Send them with the columns that the product declares"), field="own",
)  # fmt: skip


def read(request: Request) -> tuple[dict[str, str], pa.Table | None]:
    """What was given and the caller's rows; Invalid where neither can be read."""
    kind = request.headers.get("content-type", formats.JSON).partition(";")[0].strip().lower()
    if kind == formats.JSON:
        body = request.json()
        given, rows = body.get("parameters") or {}, body.get("own")
        if not isinstance(given, dict) or not (rows is None or isinstance(rows, list)):
            raise Invalid(NOT_JSON)
        texts = {**request.query, **{str(name): _text(value) for name, value in given.items()}}
        return texts, None if rows is None else _of_rows(rows)
    try:
        return dict(request.query), _READERS[kind](request.body)
    except (KeyError, pa.ArrowException, OSError, ValueError):
        raise Invalid(BAD_TABLE) from None


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(NOT_JSON)
    return str(value)


def _of_rows(rows: list[Any]) -> pa.Table:
    """Every value as text: what it is, the product's declared columns say."""
    if not all(isinstance(row, dict) for row in rows):
        raise Invalid(BAD_TABLE)
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    columns = [pa.array([_cell(row.get(name)) for row in rows], pa.string()) for name in names]
    return pa.table(columns, names=names)


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict | list):
        raise Invalid(BAD_TABLE)
    return str(value)


def _csv(body: bytes) -> pa.Table:
    options = pa.csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False)
    return pa.csv.read_csv(io.BytesIO(body), convert_options=options)


_READERS = {
    formats.CSV: _csv,
    formats.ARROW: lambda body: pa.ipc.open_stream(body).read_all(),
    formats.PARQUET: lambda body: pq.read_table(pa.BufferReader(body)),
}
