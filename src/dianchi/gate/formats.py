"""One answer in the format that a caller accepts: JSON, CSV, Arrow, Parquet, Excel. The values are the same in all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dianchi.gate import values
from dianchi.gate.release import Answer
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

NOT_ACCEPTABLE = Refusal(
    "gate.format-not-offered", Text("不提供所要求的格式", "The format asked for is not offered"),
    remedy=Text("请接受所列格式之一", "Accept application/json, text/csv, Arrow, Parquet or Excel"), field="Accept",
)  # fmt: skip
JSON, CSV = "application/json", "text/csv"
ARROW, PARQUET = "application/vnd.apache.arrow.stream", "application/vnd.apache.parquet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Encoded:
    """A body with its type."""

    body: bytes
    media_type: str


def negotiated(accept: str, usual: str = JSON) -> str:
    """The offered format that an Accept header likes best; Invalid if it likes none."""
    if not accept.strip():
        return usual
    best, liked = "", 0.0
    for part in accept.split(",")[:50]:
        name, *rest = (piece.strip() for piece in part.split(";"))
        quality = next((_quality(r[2:]) for r in rest if r.startswith("q=")), 1.0)
        found = _match(name.lower(), usual)
        if found and quality > liked:
            best, liked = found, quality
    if not best:
        raise Invalid(NOT_ACCEPTABLE)
    return best


def encoded(answer: Answer, media_type: str) -> Encoded:
    """The answer as bytes of that type."""
    return Encoded(_ENCODERS[media_type](answer), media_type)


def stable(table: pa.Table) -> pa.Table:
    """The table with doubles as every door tells them: twelve significant digits, no NaN."""
    columns = [_stable(column) if pa.types.is_floating(column.type) else column for column in table.columns]
    return pa.table(columns, names=table.column_names)


def page(table: pa.Table, start: int, size: int) -> pa.Table:
    """The rows of one page."""
    return table.slice(start, size)


def csv_of(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    """RFC 4180 in UTF-8 with a header; null is nothing between two commas."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return sink.getvalue().encode()


def ipc(table: pa.Table) -> bytes:
    """An Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def with_receipt(answer: Answer, table: pa.Table) -> pa.Table:
    """The table with the receipt in its metadata, where Arrow and Parquet readers find it."""
    about = {"dianchi.product": answer.product, "dianchi.edition": str(answer.edition),
             "dianchi.ledger_index": str(answer.ledger_index), "dianchi.result_digest": answer.result_digest,
             "dianchi.suppressed_groups": str(answer.suppressed_groups),
             "dianchi.receipt": json.dumps(answer.receipt, ensure_ascii=False)}  # fmt: skip
    return table.replace_schema_metadata(about)


def _stable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    told = [None if (v := values.plain(x)) is None else float(v) for x in column.to_pylist()]
    return pa.chunked_array([pa.array(told, pa.float64())])


def _cell(value: Any) -> Any:
    return "" if value is None else {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _csv(answer: Answer) -> bytes:
    return csv_of(answer.rows, answer.table.column_names)


def _arrow(answer: Answer) -> bytes:
    return ipc(with_receipt(answer, stable(answer.table)))


def _parquet(answer: Answer) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(with_receipt(answer, stable(answer.table)), sink, compression="zstd")
    return bytes(sink.getvalue())


def _xlsx(answer: Answer) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("结果")
    sheet.append(answer.table.column_names)
    for row in answer.rows:
        sheet.append([_sheet_cell(sheet, v) for v in row.values()])
    about = book.create_sheet("凭据")
    for name, value in answer.receipt.get("fields", {}).items():
        about.append([name, json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)])
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def _sheet_cell(sheet: Any, value: Any) -> Any:
    """Texts stay texts: what begins like a formula must not become one."""
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _match(name: str, usual: str) -> str:
    if name == "*/*":
        return usual
    if name.endswith("/*"):
        return next((offered for offered in _ENCODERS if offered.startswith(name[:-1])), "")
    return name if name in _ENCODERS else ""


_ENCODERS: Mapping[str, Callable[[Answer], bytes]] = {
    JSON: Answer.to_json, CSV: _csv, ARROW: _arrow, PARQUET: _parquet, XLSX: _xlsx,
}  # fmt: skip
