"""`dianchi call PRODUCT name=value …`: a product call as its consumer makes it, with the client."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from dianchi.client import Client, Refused
from dianchi.interfaces.cli.running import GATE_PORT

FORMATS = ("json", "csv", "table", "parquet", "arrow", "xlsx")


@click.command()
@click.argument("product")
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...")
@click.option(
    "--gate",
    default=f"http://127.0.0.1:{GATE_PORT}",
    show_default=True,
    envvar="DIANCHI_GATE",
    help="出口地址 · Address of the gate.",
)
@click.option("--key", envvar="DIANCHI_KEY", help="调用密钥，亦可用环境变量 DIANCHI_KEY · The key.")
@click.option("--format", "form", default="json", show_default=True, type=click.Choice(FORMATS))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="存为文件，可续传 · Into a file, with resume.",
)
@click.option(
    "--public-line",
    multiple=True,
    help="出口公钥行；给出后校验回执 · The gate's public line; receipts are then checked.",
)
@click.option(
    "--own",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="融合计算：自有数据（JSON 行数组）· Rows of a fusion call.",
)
@click.option("--sandbox", is_flag=True, help="在合成数据上试算，不计费 · On synthetic data, never charged.")
def call(
    product: str, parameters: tuple[str, ...], gate: str, key: str | None, form: str, output: Path | None,
    public_line: tuple[str, ...], own: Path | None, sandbox: bool,
) -> None:  # fmt: skip
    """调用产品 · Call a product."""
    if not key and not sandbox:
        raise click.UsageError("请用 --key 或 DIANCHI_KEY 给出密钥 · Give the key by --key or DIANCHI_KEY")
    given = dict(_pair(text) for text in parameters)
    with Client(gate, key or "", public_lines=public_line) as client:
        try:
            _do(client, product, given, form, output, own, sandbox)
        except Refused as refused:
            for reason in refused.refusals or [{"message": refused.code, "code": refused.code}]:
                click.echo(f"{reason['message']} [{reason['code']}] {reason.get('remedy') or ''}".rstrip(), err=True)
            sys.exit({401: 12, 403: 12, 404: 13, 409: 14, 422: 11, 429: 15, 503: 15}.get(refused.status, 10))


def _do(
    client: Client, product: str, given: dict[str, str], form: str, output: Path | None, own: Path | None, sandbox: bool
) -> None:
    if sandbox:
        click.echo(json.dumps(client.sandbox(product, **given), ensure_ascii=False, default=str))
        return
    if output is not None:
        _download(client, product, given, "json" if form in ("json", "table") else form, output)
        return
    result = client.fuse(product, json.loads(own.read_text("utf-8")), **given) if own else client.call(product, **given)
    if form == "json":
        click.echo(result.body.decode())
        return
    rows = result.rows
    names = list(rows[0]) if rows else []
    mark = "," if form == "csv" else "\t"
    for row in (dict(zip(names, names, strict=True)), *rows) if rows else ():
        click.echo(mark.join("" if v is None else str(v) for v in row.values()))


def _download(client: Client, product: str, given: dict[str, str], form: str, output: Path) -> None:
    quiet = not sys.stderr.isatty() or bool(os.environ.get("NO_PROGRESS"))
    with click.progressbar(length=1, label=output.name, file=sys.stderr) as bar:

        def moved(have: int, size: int) -> None:
            bar.length = size
            bar.update(have - bar.pos)

        told = client.download(product, output, format=form, progress=None if quiet else moved, **given)
    click.echo(json.dumps({n: told[n] for n in ("product", "edition", "rows", "bytes", "sha256", "ledger_index")}))


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError("参数写作 名称=值 · Write parameters as name=value")
    return name, value
