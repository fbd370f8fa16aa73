"""What a developer's query reads: snapshots in service, or those named; own data from the vault. Keys stay here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dianchi.chapters.resources.supply.models import Load
from dianchi.chapters.resources.supply.queries import current, loads_of
from dianchi.engines import guard
from dianchi.engines.runner import Source
from dianchi.gate import vault
from dianchi.gate.store import lake
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.law.articles import yn
from dianchi.kernel.text import Text

NO_DATA = Refusal(
    "development.no-data-in-service", Text("所申请的数据尚未投入使用", "The data asked for are not in service"), yn(3),
    Text("请待数据提供单位供数并核验后再试", "Wait until they are supplied and checked"),
)  # fmt: skip
OWN = "own.parquet"


@dataclass(frozen=True)
class Resolved:
    """A grant whose tables name their files, where each is read from, and which snapshot that is."""

    grant: guard.Grant
    sources: Mapping[str, Source]
    snapshots: Mapping[str, str]  # by code of the resource or of the own data
    codes: Mapping[str, str]  # by name of the table


def resolved(grant: guard.Grant, codes: Mapping[str, str], wanted: Mapping[str, str] | None = None) -> Resolved:
    """The snapshots in service, or the ones `wanted` by code; RuleBroken if one is not there."""
    tables, sources, snapshots = {}, {}, {}
    for name, table in grant.tables.items():
        code = codes[name]
        if table.own:
            path = vault.folder(code) / OWN
            tables[name] = replace(table, files=(str(path),))
            snapshots[code] = path.stat().st_mtime_ns.__str__() if path.exists() else ""
            sources[name] = Source((path,), _types(table), vault.key(code))
            continue
        load = _load(code, (wanted or {}).get(code))
        files = lake().files(code, int(load.snapshot))
        subject = table.subject and replace(table.subject, max_rows=load.max_rows)
        tables[name] = replace(table, files=tuple(f.path for f in files), subject=subject)
        snapshots[code] = load.snapshot
        sources[name] = Source(tuple(Path(f.path) for f in files), _types(table), lake().key(code))
    return Resolved(replace(grant, tables=tables), sources, snapshots, dict(codes))


def _load(code: str, snapshot: str | None) -> Load:
    load = current(code) if snapshot is None else next((x for x in loads_of(code) if x.snapshot == snapshot), None)
    if load is None:
        raise RuleBroken(NO_DATA)
    return load


def _types(table: guard.Table) -> dict[str, str]:
    """Every column of the table: the guard's own text needs the subject's and the filter's too."""
    return {name: column.type for name, column in table.columns.items()}
