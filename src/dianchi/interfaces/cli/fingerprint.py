"""`dianchi fingerprint trace FILE`: whose copy of a bulk set a file is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import click

from dianchi.interfaces.cli.store import json_option, open_store, show, var_option
from dianchi.kernel.errors import Invalid, NotFound, Refusal
from dianchi.kernel.text import Text

UNREADABLE = Refusal(
    "fingerprint.file-unreadable", Text("无法读取该文件", "The file cannot be read"),
    remedy=Text("请提供列式文件、文本表格或电子表格", "Give a CSV, Parquet, Arrow or Excel file"),
)  # fmt: skip
NOTHING_SENT = Refusal(
    "fingerprint.nothing-delivered", Text("该产品没有批量交付记录", "No bulk set of this product was delivered"),
    remedy=Text("请核对产品的公开名称", "Check the public name of the product"),
)  # fmt: skip


@click.group()
def fingerprint() -> None:
    """批量交付的标记 · Marks of bulk deliveries."""


@fingerprint.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--product", required=True, help="产品公开名称 · Public name of the product.")
@click.option(
    "--error", default=1e-6, show_default=True, help="容许的错误概率 · Most probability of naming anybody wrongly."
)
@var_option
@json_option
def trace(file: Path, product: str, error: float, as_json: bool) -> None:
    """一份外泄文件是发给谁的 · Name the recipient of a copy, with the probability of being wrong."""
    open_store()
    from dianchi.chapters.operation.orders.queries import consumers_of
    from dianchi.engines.fingerprint import trace as traced
    from dianchi.foundation.organisations.queries import names
    from dianchi.gate.kinds import bulk

    copy, recipients, found = _table(file), consumers_of(product), []
    sets = list(bulk.originals(product))
    if not sets:
        raise NotFound(NOTHING_SENT)
    for delivery, told, original in sets:
        finding = traced(
            copy, original, bulk.marking_of(product, told), bulk.secret(), delivery, recipients, error / len(sets)
        )
        found += [
            {"recipient": s.recipient, "name": str(names({s.recipient}).get(s.recipient, "")), "error": s.error * len(sets),
             "delivery": delivery[:16], "snapshots": told["snapshots"], "channels": s.channels,
             "rows": finding.rows, "matched": finding.matched}
            for s in finding.suspects
        ]  # fmt: skip
    found.sort(key=lambda row: row["error"])
    if as_json:
        show({"recipients": found, "looked_at": len(recipients), "sets": len(sets)})
        return
    for row in found:
        click.echo(
            f"{row['recipient']}  {row['name']}  错误概率 · error {row['error']:.1e}  {row['matched']}/{row['rows']}"
        )
    if not found:
        click.echo("未能指认任何接收方 · Nobody can be named")


def _table(file: Path) -> Any:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    data = file.read_bytes()
    try:
        if data[:4] == b"PAR1":
            return pq.read_table(io.BytesIO(data))
        if data[:4] == b"PK\x03\x04":
            from python_calamine import CalamineWorkbook

            head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
            columns = zip(*[[str(v) for v in row] for row in rows], strict=True)
            return pa.table(dict(zip(map(str, head), map(list, columns), strict=True)))
        if data[:6] == b"ARROW1":
            return pa.ipc.open_file(io.BytesIO(data)).read_all()
        if data[:4] == b"\xff\xff\xff\xff":
            return pa.ipc.open_stream(io.BytesIO(data)).read_all()
        names = pyarrow.csv.open_csv(io.BytesIO(data)).schema.names
        as_text = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
        return pyarrow.csv.read_csv(io.BytesIO(data), convert_options=as_text)
    except (pa.ArrowException, OSError, ValueError):
        raise Invalid(UNREADABLE) from None
