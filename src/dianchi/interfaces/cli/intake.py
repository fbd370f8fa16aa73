"""`dianchi intake`: what a file is, and what would be accepted of it. Needs no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from dianchi.kernel.errors import DomainError, Invalid

EXIT_REFUSED = Invalid.exit_code


@click.group("intake")
def intake() -> None:
    """来件：检查文件。Files that come in."""


@intake.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--contract", "contract_path", type=click.Path(path_type=Path), help="契约文件。Contract, YAML or JSON.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。Print JSON.")
def check_file(file: Path, contract_path: Path | None, as_json: bool) -> None:
    """检查文件：编码、表头、列、规则，以及会被隔离的行。

    Exit 0 if clean, 11 if any row would be set aside or the file refused.
    """
    from dianchi.engines import intake as engine
    from dianchi.engines.quality import load

    if not file.is_file():
        raise click.UsageError(f"没有文件：{file}。No such file.")
    if contract_path is not None and not contract_path.is_file():
        raise click.UsageError(f"没有文件：{contract_path}。No such file.")
    try:
        contract = load(contract_path.read_text(encoding="utf-8-sig")) if contract_path else None
        found = engine.check(file, contract)
    except UnicodeDecodeError:
        raise click.UsageError(f"契约不是 UTF-8 文本：{contract_path}。The contract is not UTF-8 text.") from None
    except DomainError as refused:
        _show_refusal(refused, as_json)
        sys.exit(EXIT_REFUSED)
    report = as_dict(found)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else as_text(report))
    sys.exit(0 if found.clean else EXIT_REFUSED)


def as_dict(found: Any) -> dict[str, Any]:
    """The outcome as the command's JSON."""
    proposal, findings = found.proposal, found.findings
    dialect = proposal.dialect
    return {
        "format": proposal.kind,
        "encoding": proposal.encoding,
        "dialect": {"delimiter": dialect.delimiter, "quote": dialect.quote} if dialect else None,
        "sheet": proposal.sheet or None,
        "header_rows": proposal.header_rows,
        "rows_received": findings.received,
        "rows_accepted": findings.accepted,
        "rows_quarantined": findings.quarantined,
        "columns": [_column(c, found) for c in proposal.columns],
        "rules": [
            {"name": r.name, "column": ",".join(r.columns), "failed": r.failed, "severity": str(r.severity)}
            for r in findings.rule_results
        ],
        "quarantine": [{"row": q["row"], "rule": q["rules"][0], "rules": q["rules"]} for q in found.quarantine],
        "scores": {str(dimension): str(score) for dimension, score in findings.scores.items()},
    }


def _column(column: Any, found: Any) -> dict[str, Any]:
    """A column as the contract promises it, or as detection proposes it."""
    promised = next((c for c in found.contract.columns if c.header == column.name), column)
    return {
        "name": column.name,
        "type": promised.type,
        "format": promised.format or column.format or None,
        "category": column.category or None,
        "confidence": column.confidence,
        "nulls": found.nulls[column.name],
    }


def as_text(report: dict[str, Any]) -> str:
    """The outcome for a person at a terminal."""
    lines = [
        f"格式 {report['format']}  编码 {report['encoding'] or '—'}  表头行数 {report['header_rows']}",
        f"收到 {report['rows_received']} 行 = 接受 {report['rows_accepted']} 行 + 隔离 {report['rows_quarantined']} 行",
        "",
        "列：",
    ]
    for column in report["columns"]:
        about = f"{column['category']}（{column['confidence']:.2f}）" if column["category"] else ""
        kind = column["type"] + (f" / {column['format']}" if column["format"] else "")
        lines.append(f"  {column['name']}  {kind}  缺失 {column['nulls']}  {about}".rstrip())
    broken = [r for r in report["rules"] if r["failed"]]
    lines += ["", "违反的规则：" if broken else "没有违反的规则。"]
    for rule in broken:
        mark = "隔离" if rule["severity"] == "quarantine" else "提示"
        lines.append(f"  {rule['name']}  {mark}  {rule['failed']} 行")
    return "\n".join(lines)


def _show_refusal(refused: DomainError, as_json: bool) -> None:
    reasons = [
        {"code": r.code, "message": str(r.message), "remedy": r.remedy and str(r.remedy)} for r in refused.refusals
    ]
    if as_json:
        click.echo(json.dumps({"refusals": reasons}, ensure_ascii=False, indent=2))
        return
    for reason in reasons:
        click.echo(f"{reason['message']}{reason['remedy'] or ''}（{reason['code']}）", err=True)
