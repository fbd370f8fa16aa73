"""Snapshots as the rest of the platform sees them, kept in the summaries that Iceberg stores with each commit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dianchi.engines.lake.files import DataFile
from dianchi.kernel import canonical

Mode = Literal["append", "replace"]
PREFIX = "dianchi."


@dataclass(frozen=True)
class Snapshot:
    """One committed state of a resource. Rows, files, bytes and digests are those of the whole snapshot.

    The digests cover the digests of its files in order of path, as canonical JSON.
    `max_rows_per_subject` names the subject column with the greatest number of rows of one subject; it has no
    entry where the column holds nulls, because then the bound would not be sound.
    """

    id: int
    rows: int
    files: int
    bytes: int
    sm3: str
    sha256: str
    schema_version: int
    max_rows_per_subject: dict[str, int]
    batch_id: str
    at: datetime
    mode: Mode
    added_rows: int
    added_bytes: int


@dataclass(frozen=True)
class Load:
    """What one commit was asked to bring in."""

    batch_id: str
    at: datetime
    mode: Mode
    schema_version: int
    files: tuple[DataFile, ...]
    kept: tuple[DataFile, ...] = ()  # of an earlier snapshot, that the new one holds too


def digest(files: Sequence[DataFile]) -> tuple[str, str]:
    """SM3 and SHA-256 over a snapshot's or a load's files."""
    ordered = sorted(files, key=lambda f: f.path)
    return canonical.sm3([f.sm3 for f in ordered]), canonical.sha256([f.sha256 for f in ordered])


def summary(load: Load, files: Sequence[DataFile], max_rows: Mapping[str, int]) -> dict[str, str]:
    """The properties to store with the commit of a load that leaves the resource with these files."""
    sm3, sha256 = digest(files)
    facts = {
        "batch": load.batch_id,
        "at": load.at.isoformat(),
        "mode": load.mode,
        "schema": str(load.schema_version),
        "rows": str(sum(f.rows for f in files)),
        "files": str(len(files)),
        "bytes": str(sum(f.bytes for f in files)),
        "sm3": sm3,
        "sha256": sha256,
        "max-rows": json.dumps(dict(max_rows)),
        "added-rows": str(sum(f.rows for f in load.files)),
        "added-bytes": str(sum(f.bytes for f in load.files)),
    }
    return {PREFIX + name: value for name, value in facts.items()}


def from_summary(snapshot_id: int, stored: Mapping[str, str]) -> Snapshot:
    """The snapshot whose commit stored these properties."""

    def fact(name: str) -> str:
        return stored[PREFIX + name]

    return Snapshot(
        id=snapshot_id,
        rows=int(fact("rows")),
        files=int(fact("files")),
        bytes=int(fact("bytes")),
        sm3=fact("sm3"),
        sha256=fact("sha256"),
        schema_version=int(fact("schema")),
        max_rows_per_subject=json.loads(fact("max-rows")),
        batch_id=fact("batch"),
        at=datetime.fromisoformat(fact("at")),
        mode="replace" if fact("mode") == "replace" else "append",
        added_rows=int(fact("added-rows")),
        added_bytes=int(fact("added-bytes")),
    )
