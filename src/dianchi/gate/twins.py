"""Synthetic twins of what a request grants, made once for a snapshot and kept beside the lake."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.conf import settings

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.engines.crypto.files import secret_file
from dianchi.engines.guard import Table
from dianchi.engines.quality.contract import ColumnContract
from dianchi.engines.quality.yaml import from_dict
from dianchi.engines.runner import Source
from dianchi.engines.twin import TwinColumn, make_twin
from dianchi.gate.sources import Resolved
from dianchi.gate.store import lake
from dianchi.kernel import canonical

ROWS = 10_000
_ABOUT = "direct-identifier"


@dataclass(frozen=True)
class Twins:
    """Where each table is read from in place of the real data, and which of them are synthetic."""

    sources: Mapping[str, Source]
    made: tuple[str, ...]


def twins(request: str, data: Resolved, wanted: Mapping[str, Any], *, every: bool = False) -> Twins:
    """A twin of every protected table that a query reads; free tables and own data are read as they are.

    `every`: free tables too, for those who may not read them either.
    """
    found, made = {}, []
    for name in wanted:
        table = data.grant.tables[name]
        if table.own or (table.subject is None and not every):
            found[name] = data.sources[name]
        else:
            found[name] = _twin(request, table, data.codes[name], data.snapshots[data.codes[name]])
            made.append(name)
    return Twins(found, tuple(made))


def _twin(request: str, table: Table, code: str, snapshot: str) -> Source:
    columns = _columns(table, code)
    what = [request, code, snapshot, table.min_subjects, [[c.name, c.made, c.space, c.quasi] for c in columns]]
    path = Path(settings.DIANCHI_VAR) / "twins" / f"{canonical.sm3(what)}.parquet"
    if not path.exists():
        files = [Path(f.path) for f in lake().files(code, int(snapshot))]
        seed = hmac.digest(secret_file(Path(settings.DIANCHI_VAR) / "keys" / "twin-seed"), request.encode(), "sha256")
        made = make_twin(files, columns, threshold=table.min_subjects, seed=seed, rows=ROWS, key=lake().key(code))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{canonical.sm3(str(id(made)))[:8]}")
        pq.write_table(made.table, draft)
        draft.replace(path)
    return Source((path,), {c.name: table.columns[c.name].type for c in columns})


def _columns(table: Table, code: str) -> list[TwinColumn]:
    """What may be named, and what the guard itself reads; how each is made up follows its contract and its use."""
    entry = item(code)
    agreed = {c.name: c for c in from_dict(entry.contract).columns} if entry and entry.contract else {}
    about = {c["name"]: c.get("category", "") for c in entry.items} if entry else {}
    subject = table.subject.column if table.subject else ""
    found = []
    for name, column in table.columns.items():
        contract = agreed.get(name) or ColumnContract(name)
        key = name == subject or "join" in column.uses
        made = TwinColumn.of(contract, subject=name == subject, space=_space(table, contract, name) if key else "",
                             quasi=about.get(name) == "quasi-identifier")  # fmt: skip
        if about.get(name) == _ABOUT and not made.made:  # nobody's name or number is learned, whatever its format
            made = TwinColumn(name, "name" if "name" in name else "text")
        found.append(made)
    return found


def _space(table: Table, contract: ColumnContract, name: str) -> str:
    """Keys of one kind join across the twins of one request."""
    if table.subject and name == table.subject.column:
        return table.subject.type
    return contract.category or contract.format or name
