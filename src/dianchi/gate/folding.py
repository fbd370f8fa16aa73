"""Folding another platform in, by its CKAN API: its datasets become drafts of the catalogue, its data loads.

Nothing is guessed: what a person must decide stays a draft, and what did not come stands in the report with its reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow.compute as pc

from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.catalogue.states import FREQUENCIES
from dianchi.chapters.resources.sources.models import Source
from dianchi.chapters.resources.supply.models import Load
from dianchi.engines import intake as reading
from dianchi.engines.quality import Contract
from dianchi.engines.quality.yaml import to_dict
from dianchi.foundation.cases.perform import perform
from dianchi.gate import intake
from dianchi.gate.feeds.refusals import NOT_DATA
from dianchi.gate.feeds.web import Web
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import DomainError, Invalid

_PER_PAGE = 100
_READABLE = ("csv", "tsv", "xlsx", "xls", "json", "jsonl", "parquet", "txt")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
CAME, DRAFTED, LEFT = "已并入", "已拟目录", "未并入"
_SQL = {"integer": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP"}


class Outcome(Protocol):
    """What a fetch came to, as far as folding writes it."""

    rows: int
    load: str
    report: list[dict[str, str]]
    mapping: dict[str, str]


def fold(source: Source, web: Web, folder: Path, by: Actor, at: datetime, outcome: Outcome) -> None:
    """Go through every dataset of the other platform; each gets one line in the report."""
    for dataset in datasets(web, source.address):
        name = str(dataset.get("name") or dataset.get("id") or "")
        line = {"name": name, "title": str(dataset.get("title") or name), "outcome": LEFT, "reason": "", "item": ""}
        try:
            line |= _one(source, web, folder, by, at, dataset, outcome)
        except DomainError as refused:
            line["reason"] = "；".join(f"{r.message}（{r.code}）" for r in refused.refusals)[:400]
        outcome.report.append(line)


def datasets(web: Web, address: str) -> Iterator[dict[str, Any]]:
    """All datasets, page by page."""
    start = 0
    while True:
        asked = {"rows": str(_PER_PAGE), "start": str(start), "sort": "name asc"}
        body, _ = web.get(f"{address.rstrip('/')}/api/3/action/package_search", asked)
        try:
            found = json.loads(body)["result"]["results"]
        except (ValueError, KeyError, TypeError):
            raise Invalid(NOT_DATA) from None
        yield from found
        start += len(found)
        if len(found) < _PER_PAGE:
            return


def _one(
    source: Source, web: Web, folder: Path, by: Actor, at: datetime, dataset: dict[str, Any], outcome: Outcome
) -> dict[str, str]:
    name = str(dataset.get("name") or dataset.get("id"))
    readable = [
        r for r in dataset.get("resources") or () if str(r.get("format", "")).lower() in _READABLE and r.get("url")
    ]
    if not readable:
        return {"reason": "没有可识别格式的数据文件"}
    path = folder / f"{name.replace('/', '_')[:80]}.{str(readable[0]['format']).lower()}"
    web.download(str(readable[0]["url"]), path)
    more = f"；另有 {len(readable) - 1} 个数据文件未并入" if len(readable) > 1 else ""
    item = Item.objects.filter(code=outcome.mapping.get(name, "-")).first()
    if item is None:
        proposal = reading.sniff(path)
        drafted = _draft(source, dataset, path, proposal, by, at)
        outcome.mapping[name] = drafted
        return {"outcome": DRAFTED, "item": drafted, "reason": f"待提供单位核定分类分级并发布后取数{more}"}
    if item.state != "published":
        return {"outcome": DRAFTED, "item": item.code, "reason": f"目录尚未发布，发布后取数{more}"}
    code, rows = receive(item, path, by, at, "ckan")
    outcome.rows, outcome.load = outcome.rows + rows, code
    return {"outcome": CAME, "item": item.code, "reason": f"{rows} 行{more}"}


def receive(item: Any, path: Path, by: Actor, at: datetime, channel: str, *, added: bool = False) -> tuple[str, int]:
    """Receive the file into a load of the resource, the open one that is left from a failed fetch or a new one."""
    left = Load.objects.filter(item=item, state="opened", opened_by=by.person, added=added).first()
    case = left or perform("supply", "open", by=by, at=at, inputs={"item": item.code, "added": added}).case
    done = intake.receive(case.code, path, by=by, at=at, source_name=path.name, channel=channel).case
    return str(done.code), int(done.rows_received)


def _draft(source: Source, dataset: dict[str, Any], path: Path, proposal: Any, by: Actor, at: datetime) -> str:
    """A draft of the catalogue with what the other platform tells; grade and uses are left to a person."""
    contract = named(reading.suggest(path, proposal, str(dataset.get("name") or "dataset")[:100]))
    said = str(dataset.get("notes") or dataset.get("title") or "")
    extras = {str(e.get("key")): str(e.get("value")) for e in dataset.get("extras") or () if isinstance(e, dict)}
    frequency = extras.get("frequency", "")
    inputs = {
        "title": str(dataset.get("title") or dataset["name"])[:200], "summary": f"{said[:1900]}（由其他平台并入，待核定）",
        "sector": source.sector, "legal_basis": source.legal_basis, "attribute": "CONDITIONAL",
        "ground": "由其他平台并入，授权条件待提供单位核定",
        "update_frequency": frequency if frequency in dict(FREQUENCIES) else "irregular",
        "items": [
            {"name": c.name, "title": str(c.title or c.name)[:80], "type": _SQL.get(c.type, _kind(c.type)), "uses": []}
            for c in contract.columns
        ],
        "contract": to_dict(contract),
    }  # fmt: skip
    return str(perform("catalogue", "draft", by=by, at=at, inputs=inputs).case.code)


def named(contract: Contract) -> Contract:
    """The contract with names that queries can use; what a file calls otherwise keeps its header as source and title."""
    new = {c.name: c.name if _NAME.fullmatch(c.name) else f"column_{i}" for i, c in enumerate(contract.columns, 1)}
    columns = tuple(replace(c, name=new[c.name], source=c.header, title=c.title or c.header) for c in contract.columns)
    rules = tuple(
        replace(
            rule,
            columns=tuple(new[c] for c in rule.columns),
            arguments={k: new.get(str(v), v) if k == "with" else v for k, v in rule.arguments.items()},
        )
        for rule in contract.rules
    )
    return replace(contract, columns=columns, rules=rules)


def _kind(kind: str) -> str:
    return kind.upper() if kind.startswith("decimal") else "VARCHAR"


def greatest(path: Path, column: str) -> str:
    """The greatest text in a column of a file; "" if it has no such column."""
    proposal = reading.sniff(path)
    found = ""
    for chunk in reading.read(path, proposal):
        if column in chunk.rows.column_names:
            found = max(found, pc.max(chunk.rows.column(column)).as_py() or "")
    return found
