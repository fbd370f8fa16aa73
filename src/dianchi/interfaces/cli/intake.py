"""`dianchi intake`: what a file is, and what would be accepted of it. Needs no database."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from dianchi.kernel.errors import DomainError, Invalid

EXIT_REFUSED = Invalid.exit_code


@click.group("intake")
def intake() -> None:
    """来件：检查文件。Files that come in."""


@intake.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--contract", "contract_path", type=click.Path(path_type=Path), help="契约文件。Contract, YAML or JSON.")
@click.option("--sheet", default="", help="只读工作簿中的一张表。Read one sheet of a workbook.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。Print JSON.")
def check_file(file: Path, contract_path: Path | None, sheet: str, as_json: bool) -> None:
    """检查文件：编码、表头、列、规则，以及会被隔离的行。

    Exit 0 if clean, 11 if any row would be set aside or the file refused.
    """
    from dianchi.engines import intake as engine
    from dianchi.engines.quality import Before, load

    if not file.is_file():
        raise click.UsageError(f"没有文件：{file}。No such file.")
    if contract_path is not None and not contract_path.is_file():
        raise click.UsageError(f"没有文件：{contract_path}。No such file.")
    contract = None
    try:
        contract = load(contract_path.read_text(encoding="utf-8-sig")) if contract_path else None
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        found = engine.check(file, contract, before=Before(today), sheet=sheet)
    except UnicodeDecodeError:
        raise click.UsageError(f"契约不是 UTF-8 文本：{contract_path}。The contract is not UTF-8 text.") from None
    except DomainError as refused:
        _show_refusal(refused, as_json, file, contract)
        sys.exit(EXIT_REFUSED)
    report = as_dict(found)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else as_text(report))
    sys.exit(0 if found.clean else EXIT_REFUSED)


@intake.command("propose")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--resource", default="", help="资源名称。Name of the resource; by default that of the file.")
@click.option("--sheet", default="", help="只读工作簿中的一张表。Read one sheet of a workbook.")
@click.option("--odcs", is_flag=True, help="按开放数据契约标准输出。Write it as the Open Data Contract Standard.")
def propose(file: Path, resource: str, sheet: str, odcs: bool) -> None:
    """从文件拟出数据契约，供人核对确认。A contract as the file suggests it, for a person to confirm."""
    from dianchi.engines import intake as engine

    proposal = engine.sniff(file, sheet=sheet)
    _write(engine.suggest(file, proposal, resource or engine.code_of(file)), odcs)


@intake.command("contract")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--odcs", is_flag=True, help="按开放数据契约标准输出。Write it as the Open Data Contract Standard.")
def convert(file: Path, odcs: bool) -> None:
    """转换数据契约的写法。Rewrite a contract, from or to the Open Data Contract Standard."""
    from dianchi.engines.quality import load

    _write(load(file.read_text(encoding="utf-8-sig")), odcs)


def _write(contract: Any, odcs: bool) -> None:
    import yaml

    from dianchi.engines.quality import dump
    from dianchi.engines.quality.odcs import to_odcs

    text = yaml.safe_dump(to_odcs(contract), allow_unicode=True, sort_keys=False) if odcs else dump(contract)
    click.echo(text, nl=False)


def as_dict(found: Any) -> dict[str, Any]:
    """The outcome as the command's JSON."""
    findings = found.findings
    return {
        **_shape(found.proposal),
        "rows_received": findings.received,
        "rows_accepted": findings.accepted,
        "rows_quarantined": findings.quarantined,
        "columns": [_column(c, found.contract, found.nulls[c.name]) for c in found.proposal.columns],
        "rules": [
            {"name": r.name, "column": ",".join(r.columns), "failed": r.failed, "severity": str(r.severity)}
            for r in findings.rule_results
        ],
        "quarantine": [{"row": q["row"], "rule": q["rules"][0], "rules": q["rules"]} for q in found.quarantine],
        "drift": [_drift(d) for d in found.drift],
        "refusals": [],
        "scores": {str(dimension): str(score) for dimension, score in findings.scores.items()},
    }


def _shape(proposal: Any) -> dict[str, Any]:
    """How the file is read."""
    dialect = proposal.dialect
    return {
        "format": proposal.kind,
        "encoding": proposal.encoding,
        "dialect": {"delimiter": dialect.delimiter, "quote": dialect.quote} if dialect else None,
        "sheet": proposal.sheet or None,
        "sheets_read": [name for name, _ in proposal.tables],
        "sheets_left": [name for name in proposal.sheets if name not in dict(proposal.tables)],
        "header_rows": proposal.header_rows,
    }


def _column(column: Any, contract: Any, nulls: int) -> dict[str, Any]:
    """A column as the contract promises it, or as detection proposes it."""
    promised = next((c for c in contract.columns if c.header == column.name), column) if contract else column
    return {
        "name": column.name,
        "type": promised.type,
        "format": promised.format or column.format or None,
        "category": column.category or None,
        "confidence": column.confidence,
        "nulls": nulls,
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
    lines += [
        f"  与契约不符：{d['column']}  {d['change']}  {d['promised']} → {d['seen']}".rstrip(" →")
        for d in report["drift"]
    ]
    broken = [r for r in report["rules"] if r["failed"]]
    lines += ["", "违反的规则：" if broken else "没有违反的规则。"]
    for rule in broken:
        mark = "隔离" if rule["severity"] == "quarantine" else "提示"
        lines.append(f"  {rule['name']}  {mark}  {rule['failed']} 行")
    return "\n".join(lines)


def _show_refusal(refused: DomainError, as_json: bool, file: Path, contract: Any) -> None:
    reasons = [
        {"code": r.code, "message": str(r.message), "remedy": r.remedy and str(r.remedy)} for r in refused.refusals
    ]
    if as_json:
        click.echo(json.dumps({**_of_refused(file, contract), "refusals": reasons}, ensure_ascii=False, indent=2))
        return
    for reason in reasons:
        click.echo(f"{reason['message']}{reason['remedy'] or ''}（{reason['code']}）", err=True)


def _of_refused(file: Path, contract: Any) -> dict[str, Any]:
    """The report of a file that is refused whole: nothing is received, but what was seen of it is told."""
    from dianchi.engines import intake as engine

    blank: dict[str, Any] = {
        "format": None, "encoding": None, "dialect": None, "sheet": None, "header_rows": 0, "columns": [], "drift": [],
        "rows_received": 0, "rows_accepted": 0, "rows_quarantined": 0, "rules": [], "quarantine": [],
    }  # fmt: skip
    try:
        proposal = engine.sniff(file, contract)
        drifts = engine.drift(file, proposal, contract) if contract else ()
    except DomainError:
        return blank
    return blank | {
        **_shape(proposal),
        "columns": [_column(c, None, c.nulls) for c in proposal.columns],
        "drift": [_drift(d) for d in drifts],
    }


def _drift(found: Any) -> dict[str, str]:
    return {"column": found.column, "change": str(found.change), "promised": found.promised, "seen": found.seen}
