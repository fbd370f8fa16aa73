"""`dianchi guard`: try the governed SQL compiler on a grant and its files, without the rest of the platform."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from dianchi.engines.guard import Grant
from dianchi.engines.guard.explain import explain as judge
from dianchi.engines.guard.history import FileStore
from dianchi.interfaces.cli.guard_run import MARK, Desk
from dianchi.kernel.errors import Invalid, RuleBroken

_GRANT = click.option(
    "--grant", "grant_file", required=True, type=click.Path(path_type=Path), help="授权书 / the grant"
)
_SQL = click.option("--sql", help="查询文本 / the query")
_FILE = click.option("--file", "file", type=click.Path(path_type=Path), help="查询文件 / a file with the query")
_LANG = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
_JSONL = click.option("--jsonl", is_flag=True, help="标准输入每行一个查询 / one query a line on standard input")
_DIALECT = click.option("--dialect", type=click.Choice(["duckdb", "spark"]), default="duckdb")


@click.group()
def guard() -> None:
    """查询规则：解释与试运行 / Governed SQL: explain and run."""


@guard.command("explain")
@_GRANT
@_SQL
@_FILE
@_LANG
@_JSONL
@_DIALECT
@click.option("--json", "as_json", is_flag=True, help="机器可读输出 / machine-readable")
def explain_command(
    grant_file: Path, sql: str | None, file: Path | None, lang: str, jsonl: bool, dialect: str, as_json: bool
) -> None:
    """不运行，只说明是否允许及理由 / Say whether a query is allowed, and why, without running it."""
    grant = Grant.from_json(grant_file)

    def answer(text: str) -> tuple[dict[str, Any], int]:
        found = judge(text, grant, lang, dialect=dialect)
        return found.to_json(), found.exit_code

    if jsonl:
        _lines(answer)
        return
    told, code = answer(_text(sql, file))
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _plainly(told, lang))
    sys.exit(code)


@guard.command("run")
@_GRANT
@_SQL
@_FILE
@_LANG
@_JSONL
@_DIALECT
@click.option("--history", type=click.Path(path_type=Path), help="历史目录 / the directory of remembered answers")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv", "arrow"]), default="table")
def run_command(
    grant_file: Path,
    sql: str | None,
    file: Path | None,
    lang: str,
    jsonl: bool,
    dialect: str,
    history: Path | None,
    form: str,
) -> None:
    """编译、执行并给出结果 / Compile, run and show the result."""
    grant = Grant.from_json(grant_file)
    desk = Desk(grant, FileStore(history) if history else None, lang, dialect, datetime.now(UTC))

    def answer(text: str) -> tuple[dict[str, Any], int]:
        return desk.answer(text)

    if jsonl:
        _lines(answer)
        return
    told, code = answer(_text(sql, file))
    if code:
        click.echo(dumps(told) if form == "json" else _plainly(told, lang), err=form != "json")
    elif form == "json":
        click.echo(dumps(told))
    elif form == "csv":
        click.echo(_csv(told), nl=False)
    elif form == "arrow":
        sys.stdout.buffer.write(desk.arrow())
    else:
        click.echo(_table(told, lang))
    sys.exit(code)


def dumps(value: Any) -> str:
    """JSON with decimals as exact numbers."""
    text = json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    return re.sub(f'"{MARK}(-?[0-9.]+){MARK}"', r"\1", text)


def _text(sql: str | None, file: Path | None) -> str:
    if (sql is None) == (file is None):
        raise click.UsageError("--sql 与 --file 须给且仅给一个 / give either --sql or --file")
    if sql is not None:
        return sql
    assert file is not None
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise click.UsageError(f"无法读取 / cannot read {file}") from e


def _lines(answer: Callable[[str], tuple[dict[str, Any], int]]) -> None:
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            text, key = asked["sql"], asked.get("id")
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError):
            click.echo(
                dumps(
                    {
                        "id": None,
                        "allowed": False,
                        "refusals": [{"code": "query.line-malformed"}],
                        "columns": [],
                        "rewritten": None,
                    }
                )
            )
            continue
        told, _ = answer(text)
        click.echo(dumps({"id": key, **told}))


def _plainly(told: dict[str, Any], lang: str) -> str:
    zh = lang == "zh"
    if told["allowed"]:
        lines = ["允许" if zh else "Allowed"]
        lines += [
            f"  {c['name']} {c['type']} ← {', '.join(c['sources']) or '-'} ({c['declassified_by']})"
            for c in told["columns"]
        ]
        return "\n".join([*lines, told["rewritten"] or ""])
    lines = ["拒绝" if zh else "Refused"]
    for r in told["refusals"]:
        place = f" {r['line']}:{r['col']} {r['clause']}" if r.get("line") else ""
        lines.append(f"  [{r['code']}]{place} {r.get('message') or ''}")
        if r.get("remedy"):
            lines.append(f"    → {r['remedy']}")
    return "\n".join(lines)


def _csv(told: dict[str, Any]) -> str:
    out = io.StringIO()
    names = [c["name"] for c in told["columns"]]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([["" if r[n] is None else r[n] for n in names] for r in told["rows"]])
    return out.getvalue()


def _table(told: dict[str, Any], lang: str) -> str:
    names = [c["name"] for c in told["columns"]]
    lines = ["\t".join(names), *("\t".join("" if r[n] is None else str(r[n]) for n in names) for r in told["rows"])]
    n = told["suppressed_groups"]
    if n:
        lines.append(f"（另有 {n} 组因人数不足未显示）" if lang == "zh" else f"({n} further groups suppressed)")
    return "\n".join(lines)


__all__ = ["Invalid", "RuleBroken", "guard"]
