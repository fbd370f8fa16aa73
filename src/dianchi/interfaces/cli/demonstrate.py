"""`dianchi demo`: play the whole chain into a fresh store; `dianchi clock`: let statutory days pass in a demonstration."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from dianchi.interfaces.cli.store import json_option, open_store, set_up, show, var_option
from dianchi.kernel.errors import Invalid, Refusal, RuleBroken
from dianchi.kernel.text import Text

# The chain takes about this long by the calendar; it ends a few days before now.
CHAIN = timedelta(days=146)
MAKING = "making"
NOT_FRESH = Refusal(
    "cli.store-not-fresh", Text("数据目录已存在，演示只能写入新的目录", "The folder exists already; the demonstration needs a fresh one"),
    remedy=Text("请另选目录", "Name another folder"),
)  # fmt: skip
NOT_A_DEMONSTRATION = Refusal(
    "cli.not-a-demonstration", Text("只有演示数据目录可以拨快时钟", "Only a demonstration store's clock can be moved"),
    remedy=Text("正式环境的时间不可更改", "A real store runs on real time"),
)  # fmt: skip
FILES = {"divisions": "yunnan_divisions.csv", "epidemic": "epidemic_daily_2020.csv"}


def make(folder: Path, data: Path | None) -> dict[str, Any]:
    """Make the demonstration in the folder, which is ready only once it says so; what happened, as plain values.

    The lake's catalogue knows its files by their full path, so a store is made where it will stand.
    """
    making = folder / MAKING
    if making.exists():  # an earlier attempt of ours that was cut off
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    making.touch()
    os.environ["DIANCHI_VAR"] = str(folder)
    set_up()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, interactive=False)
    report = _play(folder, data)
    connections.close_all()
    making.rename(folder / "ready")
    return report


def _play(folder: Path, data: Path | None) -> dict[str, Any]:
    from dianchi.foundation.clock.models import Demonstration
    from dianchi.foundation.ledger import ledger_key, seal
    from dianchi.interfaces.cli.demo import data as made
    from dianchi.interfaces.cli.demo.play import play
    from dianchi.interfaces.cli.demo.stage import Stage
    from dianchi.kernel.workdays import SHANGHAI

    Demonstration.objects.create(ahead=timedelta())
    now = datetime.now(UTC).astimezone(SHANGHAI)
    stage = Stage((now - CHAIN).replace(hour=9, minute=0, second=0, microsecond=0), now)
    password = _password(folder)
    with tempfile.TemporaryDirectory() as temporary:
        sources = {name: _source(name, data, Path(temporary)) for name in FILES}
        sources["visits"] = made.visits(Path(temporary))
        story = play(stage, sources, password)
    if stage.at > now:
        raise RuntimeError("the chain took longer than its calendar")
    seal(now, ledger_key(), folder / "ledger")
    return _report(folder, story, stage)


def _password(folder: Path) -> str:
    """One password for all demo people of this store, made for it; it stands in a file that only its owner reads."""
    path = folder / "keys" / "demo-password"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = f"dianchi-{secrets.token_hex(4)}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return text


def _source(name: str, data: Path | None, temporary: Path) -> Path:
    from dianchi.interfaces.cli.demo import data as made

    if data is None:
        return {"divisions": made.divisions, "epidemic": made.epidemic}[name](temporary)
    path = data / FILES[name]
    if not path.is_file():
        message = Text("数据文件夹缺少文件：{name}", "The data folder lacks a file: {name}").format(name=FILES[name])
        raise Invalid(Refusal("cli.data-missing", message, field="--data"))
    return path


def _report(folder: Path, story: Any, stage: Any) -> dict[str, Any]:
    from dianchi.engines.crypto.notes import verifiers_of
    from dianchi.engines.merkle.stores import open_store as open_ledger
    from dianchi.engines.merkle.verify import verify

    lines = verifiers_of((folder / "ledger" / "key.pub").read_text())
    ledger = verify(open_ledger(folder, os.environ.get("DIANCHI_DATABASE_URL", "")), folder / "ledger", lines, [])
    bill = story.bill
    return {
        "resources": [
            {
                "code": load.item.code, "name": name, "title": load.item.title, "rows_received": load.rows_received,
                "rows_accepted": load.rows_accepted, "rows_quarantined": load.rows_quarantined, "sm3": load.sm3,
                "rules": load.rule_results,
            }
            for name, load in story.loads.items()
        ],
        "products": [
            {"code": p.slug, "case": p.code, "rows": story.answer.rows if p.slug == story.answer.product else None}
            for p in story.products.values()
        ],
        "refusals": stage.refusals,
        "bill": {"code": bill.code, "calls": bill.calls, "unit_price_fen": bill.lines[0]["price_fen"], "amount_fen": bill.amount_fen},
        "ledger": {"entries": ledger.entries, "root": ledger.root, "verified": ledger.verified},
    }  # fmt: skip


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="真实数据文件夹 · Folder with the real files.",
)
@click.argument("store", metavar="VAR", type=click.Path(path_type=Path))
@json_option
def demo(store: Path, data: Path | None, as_json: bool) -> None:
    """演示全链条 · Play the whole chain into the fresh store VAR."""
    folder = store.resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / MAKING).exists():
        raise RuleBroken(NOT_FRESH)
    report = make(folder, data)
    if as_json:
        show(_jsonable(report))
        return
    for resource in report["resources"]:
        click.echo(
            f"{resource['title']}：收到 {resource['rows_received']}，入库 {resource['rows_accepted']}，隔离 {resource['rows_quarantined']}"
        )
    for refusal in report["refusals"]:
        click.echo(f"  ✗ {refusal['act']}  {refusal['code']}  {refusal['article']}")
    bill, ledger = report["bill"], report["ledger"]
    click.echo(f"账单：{bill['calls']} 次 × {bill['unit_price_fen']} 分 = {bill['amount_fen']} 分")
    click.echo(f"账本：{ledger['entries']} 条，根 {ledger['root']}，核验{'通过' if ledger['verified'] else '未通过'}")


def _jsonable(report: dict[str, Any]) -> Any:
    import json

    from dianchi.gate.values import to_json

    return json.loads(to_json(report))


@click.group()
def clock() -> None:
    """演示时钟 · The demonstration's clock."""


@clock.command("show")
@var_option
@json_option
def show_clock(as_json: bool) -> None:
    """当前时间 · What time it is in the store."""
    open_store()
    from dianchi.foundation import clock as ticking

    show({"now": ticking.now(), "ahead_seconds": int(ticking.offset().total_seconds())}, as_json)


@clock.command()
@click.option("--workdays", default=0, type=click.IntRange(0, 400), help="工作日 · Working days.")
@click.option("--days", default=0, type=click.IntRange(0, 2000), help="自然日 · Calendar days.")
@var_option
def advance(workdays: int, days: int) -> None:
    """拨快演示时钟 · Let statutory days pass."""
    open_store()
    from dianchi.foundation import clock as ticking
    from dianchi.foundation.clock.models import Demonstration
    from dianchi.kernel.workdays import add_workdays, local_day

    if not ticking.is_demonstration():
        raise RuleBroken(NOT_A_DEMONSTRATION)
    today = local_day(ticking.now())
    ahead = ticking.offset() + (add_workdays(today, workdays) - today) + timedelta(days=days)
    Demonstration.objects.filter(pk=1).update(ahead=ahead)
    from dianchi.interfaces.cli.worker import round_of_work

    round_of_work()
    click.echo(ticking.now().isoformat(timespec="minutes"))
    sys.stdout.flush()
