"""`dianchi receipt`: check what the gate signed, without the platform. Imports no Django."""

from __future__ import annotations

from pathlib import Path

import click

from dianchi.gate.proofs import check_receipt
from dianchi.interfaces.cli.store import json_option, show, var
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.text import Text

NO_KEY = Refusal(
    "receipt.no-key", Text("没有可用来核验的公钥", "There is no public key to check with"),
    remedy=Text("请给出出口的公钥行", "Give the gate's public line with --key"),
)  # fmt: skip


@click.group()
def receipt() -> None:
    """回执：离线核验交付的答复 · Receipts: check an answer offline."""


@receipt.command("verify")
@click.argument("file", type=click.File("rb"))
@click.option("--key", "keys", multiple=True, help="出口的公钥行 · The gate's public line (default: the store's own).")
@json_option
def verify(file: click.utils.LazyFile, keys: tuple[str, ...], as_json: bool) -> None:
    """核验一份答复或回执：签名、内容、账本序号 · Check an answer or a receipt: who signed it, and that nothing changed."""
    fields = check_receipt(file.read(), public_lines(keys, "gate.pub"))
    if as_json:
        show({"verified": True, **fields})
        return
    click.echo(
        f"核验通过 / verified: {fields['product']} · {fields['at']} · 账本序号 ledger index {fields['ledger_index']}"
    )


def public_lines(keys: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The lines given, else those that the store publishes beside its ledger."""
    path: Path = var() / "ledger" / name
    found = keys or (tuple(path.read_text("utf-8").splitlines()) if path.exists() else ())
    if not found:
        raise NotFound(NO_KEY)
    return found
