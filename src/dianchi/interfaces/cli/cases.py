"""Cases and acts, derived from the lifecycles: `dianchi cases list products`, `dianchi act products CODE approve`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from dianchi.interfaces.cli.session import actor
from dianchi.interfaces.cli.store import json_option, language, open_store, show, var_option
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text


@click.group()
def cases() -> None:
    """事项：列表、详情、可办动作、时间线 · Cases: list, show, acts, timeline."""


@cases.command()
@var_option
@json_option
def types(as_json: bool) -> None:
    """事项种类及其动作 · Kinds of case and their acts."""
    open_store()
    from dianchi.foundation.cases.registry import case_types

    rows = [
        {"type": k.name, "title": str(k.lifecycle.title), "acts": ",".join(a.name for a in k.lifecycle.acts)}
        for k in case_types().values()
    ]
    show(rows, as_json)


@cases.command("list")
@click.argument("kind")
@click.option("--state", default="", help="状态 · State.")
@click.option("--query", "-q", default="", help="编号或名称 · Code or name.")
@click.option("--limit", default=50, type=click.IntRange(1, 1000), show_default=True)
@var_option
@json_option
def list_(kind: str, state: str, query: str, limit: int, as_json: bool) -> None:
    """您可见的事项 · The cases that you may see."""
    open_store()
    from dianchi.foundation.cases import present
    from dianchi.foundation.cases.queries import visible

    found = visible(kind, actor()).order_by("-id")
    if state:
        found = found.filter(state=state)
    if query:
        found = found.filter(title__icontains=query) | found.filter(code__icontains=query)
    rows = [present.summary(case, language()) for case in found[:limit]]
    if as_json:
        show(rows)
    else:
        for row in rows:
            click.echo(f"{row['code']}  {row['state_label']}  {row['title']}")


@cases.command("show")
@click.argument("kind")
@click.argument("code")
@var_option
@json_option
def show_(kind: str, code: str, as_json: bool) -> None:
    """事项详情 · A case with its facts."""
    open_store()
    from dianchi.foundation.cases import present
    from dianchi.foundation.cases.registry import get_case

    show(present.detail(get_case(kind, code, actor()), language()), as_json)


@cases.command("acts")
@click.argument("kind")
@click.argument("code")
@var_option
@json_option
def available(kind: str, code: str, as_json: bool) -> None:
    """可办动作及不能办理的理由 · Available acts, and why others are blocked."""
    open_store()
    from dianchi.foundation import clock
    from dianchi.foundation.cases import present
    from dianchi.foundation.cases.registry import get_case

    by = actor()
    rows = present.acts(get_case(kind, code, by), by, clock.now(), language())
    if as_json:
        show(rows)
        return
    for row in rows:
        click.echo(f"{'✓' if row['allowed'] else '✗'} {row['act']}  {row['title']}  {row['article']}")
        for reason in row["refusals"]:
            click.echo(f"    {reason['message']} {reason['remedy'] or ''}".rstrip())


@cases.command()
@click.argument("kind")
@click.argument("code")
@var_option
@json_option
def timeline(kind: str, code: str, as_json: bool) -> None:
    """时间线 · What the ledger says of a case."""
    open_store()
    from dianchi.foundation.cases import present
    from dianchi.foundation.cases.registry import get_case

    rows = present.timeline(get_case(kind, code, actor()), language())
    if as_json:
        show(rows)
    else:
        for row in rows:
            click.echo(f"#{row['index']}  {row['at']}  {row['title']}  {row['article']}")


def _inputs(text: str | None) -> Any:
    if text is None:
        return None
    raw = click.get_text_stream("stdin").read() if text == "-" else text
    try:
        if not raw.lstrip().startswith(("{", "[")):
            raw = Path(raw).read_text("utf-8")
        return json.loads(raw)
    except (OSError, ValueError):
        raise Invalid(
            Refusal(
                "cli.not-json",
                Text("输入不是有效的 JSON，或文件无法读取", "The input is not valid JSON, or the file cannot be read"),
                field="--json-input",
            )
        ) from None


@click.command()
@click.argument("kind")
@click.argument("code")
@click.argument("verb", metavar="ACT")
@click.option("--json-input", "given", help="填写内容：文件、- 或 JSON 文本 · Inputs: a file, - or JSON text.")
@click.option("--key", default=None, help="幂等键 · Idempotency key.")
@click.option("--version", type=int, default=None, help="看到的版本 · The version that you saw.")
@var_option
@json_option
def act(
    kind: str, code: str, verb: str, given: str | None, key: str | None, version: int | None, as_json: bool
) -> None:
    """办理动作；新建时编号写 new · Do an act; to open a case write `new` for its code."""
    open_store()
    from dianchi.foundation import clock
    from dianchi.foundation.cases import present
    from dianchi.foundation.cases.perform import perform

    done = perform(
        kind,
        verb,
        by=actor(),
        at=clock.now(),
        code=None if code == "new" else code,
        inputs=_inputs(given),
        version=version,
        key=key,
    )
    if as_json:
        show({"case": present.detail(done.case, language()), "ledger_index": done.index, "reveal": done.reveal})
        return
    row = present.summary(done.case, language())
    click.echo(f"{row['code']}  {row['state_label']}  #{done.index}")
    for name, value in done.reveal.items():
        click.echo(f"{name}: {value}")
