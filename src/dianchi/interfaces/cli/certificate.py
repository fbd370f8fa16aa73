"""`dianchi certificate check`: check a registration certificate offline, with nothing but the ledger's public key."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dianchi.chapters.resources.registration import checking
from dianchi.interfaces.cli.store import json_option, language
from dianchi.kernel.errors import Invalid, Refusal, RuleBroken
from dianchi.kernel.text import Text, localize

NO_KEY = Refusal(
    "certificates.no-key", Text("没有可信的公钥，不能核验", "Without a trusted public key nothing can be checked"),
    remedy=Text("请用公钥文件或公钥行指明登记平台的账本公钥", "Name the platform's public key with --key or --key-file"),
)  # fmt: skip


@click.group()
def certificate() -> None:
    """登记凭证：离线核验 · Registration certificates: check them offline."""


@certificate.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, help="可信公钥行 · a trusted public line")
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="公钥文件（key.pub）· the platform's key.pub",
)
@json_option
def check(file: Path, keys: tuple[str, ...], key_file: Path | None, as_json: bool) -> None:
    """核验登记凭证文件 · Check a certificate: exit 0 if all holds, 14 if not."""
    lines = [*keys, *(key_file.read_text("utf-8", "replace").splitlines() if key_file else ())]
    trusted = checking.verifiers(lines)
    if not trusted:
        raise Invalid(NO_KEY)
    said = checking.read(file.read_bytes())
    findings = checking.check(said, trusted)
    good = all(f.holds for f in findings)
    if as_json:
        made = {"valid": good, "findings": {f.name: f.holds for f in findings}, "statement": said["statement"]}
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{'✓' if finding.holds else '✗'} {localize(finding.text, language())}")
        if good:
            statement = said["statement"]
            for name in ("query_code", "title", "valid_from_on", "valid_to_on", "edition"):
                click.echo(f"  {name}: {statement.get(name)}")
    sys.exit(0 if good else RuleBroken.exit_code)
