"""The store that a command works on: `--var DIR`, DIANCHI_VAR, else ./var."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from dianchi.kernel import canonical
from dianchi.kernel.errors import DomainError, NotFound, Refusal
from dianchi.kernel.text import Text, localize

F = TypeVar("F", bound=Callable[..., Any])


def _use(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        os.environ["DIANCHI_VAR"] = str(value.resolve())


var_option = click.option(
    "--var", type=click.Path(path_type=Path, file_okay=False), callback=_use, expose_value=False, is_eager=True,
    help="数据目录 · The store (default: DIANCHI_VAR, else ./var).",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="输出机器可读格式 · Machine-readable output.")


def var() -> Path:
    """The folder of the store."""
    return Path(os.environ.get("DIANCHI_VAR", "var")).resolve()


def open_store() -> Path:
    """Set Django up on an existing store; raises NotFound where there is none."""
    folder = var()
    if not (folder / "dianchi.sqlite3").exists() and not os.environ.get("DIANCHI_DATABASE_URL"):
        message = Text("没有找到数据目录", "There is no store here")
        remedy = Text("请先运行启动命令，或指定数据目录", "Run `dianchi up` first, or name the store with --var")
        raise NotFound(Refusal("cli.no-store", message, remedy=remedy))
    set_up()
    return folder


def set_up() -> None:
    """Set Django up on the store, existing or not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dianchi.config.settings.base")
    os.environ["DIANCHI_VAR"] = str(var())
    (var() / "static").mkdir(parents=True, exist_ok=True)
    import django

    django.setup()


def language() -> str:
    """Chinese unless DIANCHI_LANG says otherwise."""
    return os.environ.get("DIANCHI_LANG", "zh")


def show(value: Any, as_json: bool = True) -> None:
    """Print a value: JSON for machines, lines for people."""
    if as_json:
        click.echo(json.dumps(canonical.plain(value), ensure_ascii=False))
        return
    for row in value if isinstance(value, list) else [value]:
        click.echo("  ".join(f"{k}={v}" for k, v in row.items()) if isinstance(row, dict) else str(row))


def told(error: DomainError) -> None:
    """Every reason as a line on standard error."""
    for reason in error.refusals:
        parts = [localize(reason.message, language()), f"[{reason.code}]"]
        if reason.article:
            parts.append(f"（{localize(reason.article.citation, language())}）")
        if reason.remedy:
            parts.append(str(localize(reason.remedy, language())))
        click.echo(" ".join(str(p) for p in parts), err=True)
