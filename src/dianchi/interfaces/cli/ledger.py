"""`dianchi ledger`: verify the record without the platform, seal it, and take out a proof.

`verify` imports no Django: it reads the tables with the database's own client and trusts only the Merkle engine.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from dianchi.engines.crypto.notes import verifiers_of
from dianchi.engines.merkle.note import NoteVerifier
from dianchi.engines.merkle.stores import open_store
from dianchi.engines.merkle.verify import verify
from dianchi.kernel.errors import DomainError, Invalid, RuleBroken

var_option = click.option(
    "--var", envvar="DIANCHI_VAR", default="var", type=click.Path(path_type=Path), help="数据目录 / the store"
)
json_option = click.option("--json", "as_json", is_flag=True, help="机器可读输出 / machine-readable")


@click.group()
def ledger() -> None:
    """账本：核验、封存、取证明 / The ledger: verify, seal, prove."""


@ledger.command("verify")
@var_option
@json_option
@click.option("--key", "keys", multiple=True, help="可信公钥行 / a trusted public line instead of the store's own")
@click.option(
    "--checkpoint",
    "pinned",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="自行留存的检查点 / a checkpoint kept outside",
)
def verify_command(var: Path, as_json: bool, keys: tuple[str, ...], pinned: tuple[Path, ...]) -> None:
    """逐条重算并核对全部账本 / Recompute and compare every entry, root, checkpoint and tile."""
    with _refusals():
        store = open_store(var, os.environ.get("DIANCHI_DATABASE_URL", ""))
        verifiers = _verifiers(keys or _public_lines(var / "ledger"))
        report = verify(store, var / "ledger", verifiers, [path.read_text() for path in pinned])
    if as_json:
        click.echo(report.to_json())
    elif report.verified:
        click.echo(f"账本完整：{report.entries} 条记录，其中 {report.sealed} 条已封存，根 {report.root}")
        click.echo(f"The ledger is whole: {report.entries} entries, {report.sealed} of them sealed, root {report.root}")
    else:
        click.echo(f"{report.message} [{report.problem}]", err=True)
        click.echo(report.message.en, err=True)
    sys.exit(0 if report.verified else RuleBroken.exit_code)


@ledger.command("seal")
@var_option
@json_option
def seal_command(var: Path, as_json: bool) -> None:
    """封存至今全部记录 / Sign a checkpoint over all that is recorded."""
    with _refusals():
        _django(var)
        from dianchi.foundation.ledger import ledger_key, seal

        sealed = seal(datetime.now(UTC), ledger_key(), var / "ledger")
    if as_json:
        click.echo(json.dumps({"size": sealed.size, "root": sealed.root} if sealed else {"size": 0, "root": None}))
    else:
        click.echo(sealed.note if sealed else "账本为空 / The ledger is empty")


@ledger.command("proof")
@click.argument("index", type=click.IntRange(min=0))
@var_option
def proof_command(index: int, var: Path) -> None:
    """取出一条记录的可离线核验的证明 / A proof of one entry, to be checked offline (C2SP tlog-proof)."""
    with _refusals():
        _django(var)
        from dianchi.foundation.ledger import inclusion_proof

        click.echo(inclusion_proof(index).to_text(), nl=False)


def _public_lines(directory: Path) -> tuple[str, ...]:
    path = directory / "key.pub"
    return tuple(path.read_text("utf-8", "replace").splitlines()) if path.exists() else ()


def _verifiers(lines: tuple[str, ...]) -> tuple[NoteVerifier, ...]:
    try:
        return tuple(verifier for line in lines for verifier in verifiers_of(line))
    except Invalid:
        return ()  # the report says that there is no key


class _refusals:  # noqa: N801  used as a statement
    """Show an anticipated refusal as its sentences and leave with its exit code."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, DomainError):
            for refusal in error.refusals:
                click.echo(f"{refusal.message} / {refusal.message.en} [{refusal.code}]", err=True)
            sys.exit(error.exit_code)


def _django(var: Path) -> None:
    os.environ["DIANCHI_VAR"] = str(var)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dianchi.config.settings.base")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
