"""`dianchi registration outbox`: take out what is to be reported to the registration platforms, take their receipts in."""

from __future__ import annotations

import csv
from pathlib import Path

import click

from dianchi.interfaces.cli.session import actor
from dianchi.interfaces.cli.store import json_option, open_store, show, var_option
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import NotPermitted, Refusal
from dianchi.kernel.text import Text

PLATFORMS = ("NATIONAL", "PROVINCIAL")
NOT_REGISTRAR = Refusal(
    "cli.not-the-registrar", Text("只有登记机构可以报送登记记录", "Only a registration institution reports its records"),
    remedy=Text("请以登记机构的身份登录", "Sign in for the registration institution"),
)  # fmt: skip


def _registrar() -> Actor:
    by = actor()
    if Role.REGISTRAR not in by.roles:
        raise NotPermitted(NOT_REGISTRAR)
    return by


@click.group()
def registration() -> None:
    """登记：报送与回执 · Registration: reports and receipts."""


@registration.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--platform", type=click.Choice(PLATFORMS), default=None, help="只取一个平台 · One platform only")
@click.option("--all", "everything", is_flag=True, help="含已有回执的 · Those with a receipt too")
@json_option
@var_option
def outbox(folder: Path, platform: str | None, everything: bool, as_json: bool) -> None:
    """导出待报送记录，每条一个文件 · Write every record that waits for a receipt, one file each."""
    open_store()
    from dianchi.chapters.resources.registration.queries import outbox as waiting
    from dianchi.kernel import canonical

    by = _registrar()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for report in waiting(by.territory, platform or "", waiting=not everything):
        path = folder / f"{report.serial}.json"
        path.write_bytes(canonical.dumps(report.body))
        written.append({"serial": report.serial, "platform": report.platform, "sm3": report.digest, "file": str(path)})
    show(written, as_json)


@registration.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@var_option
def receipts(file: Path, as_json: bool) -> None:
    """登记平台回执（serial,receipt_number,accepted,remark）· Take in receipts from a CSV file."""
    open_store()
    from dianchi.chapters.resources.registration.queries import report_of
    from dianchi.foundation import clock
    from dianchi.foundation.cases.perform import perform

    by = _registrar()
    kept = []
    with file.open(encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            code = report_of(row.get("serial") or "").registration.code
            done = perform("registration", "receipt", by=by, at=clock.now(), code=code, inputs=dict(row))
            kept.append({"serial": row["serial"], "index": done.index})
    show(kept, as_json)
