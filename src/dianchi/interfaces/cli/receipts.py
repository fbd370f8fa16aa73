"""`dianchi receipt` and `dianchi bill`: check without the platform what it signed. Checking imports no Django."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, TextIO

import click

from dianchi.gate.proofs import check_bill, check_receipt
from dianchi.interfaces.cli.session import actor
from dianchi.interfaces.cli.store import json_option, open_store, show, var, var_option
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.money import plain_yuan
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
def verify(file: BinaryIO, keys: tuple[str, ...], as_json: bool) -> None:
    """核验答复或回执（交付、供数）· Check an answer, or the receipt of a delivery or a load: who signed, nothing changed."""
    fields = check_receipt(file.read(), public_lines(keys, "gate.pub"))
    if as_json:
        show({"verified": True, **fields})
        return
    click.echo("核验通过 / verified")
    for name, value in fields.items():
        click.echo(f"{name}: {value}")


def public_lines(keys: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The lines given, else those that the store publishes beside its ledger."""
    path: Path = var() / "ledger" / name
    found = keys or (tuple(path.read_text("utf-8").splitlines()) if path.exists() else ())
    if not found:
        raise NotFound(NO_KEY)
    return found


@click.group()
def bill() -> None:
    """账单：导出证明、离线核验 · Bills: export the proofs, check them offline."""


@bill.command("export")
@click.argument("code")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="文件 · The file.")
@var_option
def export(code: str, out: Path) -> None:
    """导出账单及其每一笔交付的证明 · A bill with the proof of every delivery that it counts."""
    open_store()
    from dianchi.foundation.cases.registry import get_case
    from dianchi.gate.bills import with_proofs

    found = get_case("settlement", code, actor())
    with out.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in with_proofs(found))
    click.echo(str(out))


@bill.command("verify")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option(
    "--key", "keys", multiple=True, help="账本的公钥行 · The ledger's public line (default: the store's own)."
)
@var_option
@json_option
def verify_bill(file: TextIO, keys: tuple[str, ...], as_json: bool) -> None:
    """由证明重算账单 · Recompute a bill from its proofs."""
    found = check_bill(file, public_lines(keys, "key.pub"))
    if as_json:
        show({"verified": True, **asdict(found)})
        return
    click.echo(
        f"核验通过 / verified: {found.code} · {found.calls} 次 calls · 应付 due {plain_yuan(found.amount_fen)} 元 yuan"
    )
    for what in found.other_lines:
        click.echo(f"只核对次数、未重算金额的行 / counted, not priced here: {what}")
