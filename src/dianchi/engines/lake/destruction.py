"""Ending a resource: its data key is destroyed wherever the lake keeps it, then its files; what stays is a tombstone.

Iceberg keeps a table's earlier metadata files, and each of them holds the wrapped key. Destroying means that no file of
the lake holds it any more: the tombstone is committed first, so that a run that dies can be taken up again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pyiceberg.table import Table

from dianchi.engines.lake import files as stored
from dianchi.engines.lake.files import DataFile
from dianchi.engines.lake.iceberg import local
from dianchi.kernel import canonical

TOMBSTONE = "dianchi.destroyed"


@dataclass(frozen=True)
class Destroyed:
    """What was destroyed of a resource. The digests are those of the encrypted files, in order of path."""

    resource: str
    key_id: str
    at: datetime
    files: int
    rows: int
    bytes: int
    sm3: tuple[str, ...]
    digest: str  # SM3 of the digests as canonical JSON


def tombstone(table: Table) -> Destroyed | None:
    """What the table says of its destruction; None if it lives."""
    text = table.properties.get(TOMBSTONE)
    if text is None:
        return None
    said = json.loads(text)
    return Destroyed(**{**said, "at": datetime.fromisoformat(said["at"]), "sm3": tuple(said["sm3"])})


def bury(table: Table, resource: str, key: str, known: Iterable[DataFile], at: datetime, wrapped: str) -> Destroyed:
    """Commit the tombstone in place of the wrapped key; `wrapped` is the property's name, `key` the key's public id."""
    ordered = sorted(known, key=lambda f: f.path)
    digests = tuple(f.sm3 for f in ordered)
    said = Destroyed(
        resource, key, at, len(ordered), sum(f.rows for f in ordered), sum(f.bytes for f in ordered), digests,
        canonical.sm3(list(digests)),
    )  # fmt: skip
    with table.transaction() as transaction:
        transaction.remove_properties(wrapped)
        transaction.set_properties({TOMBSTONE: json.dumps(asdict(said) | {"at": at.isoformat()})})
    stored.sync(local(table.metadata_location))
    return said


def purge(table: Table, folder: Path) -> None:
    """Overwrite and remove every earlier metadata file, then remove the data files; done twice, it is done."""
    current = local(table.metadata_location)
    for path in sorted(current.parent.glob("*.metadata.json")):
        if path != current:
            _overwrite(path)
            path.unlink()
    for path in sorted(folder.rglob("*.parquet")):
        path.unlink()
    for emptied in (current.parent, folder):
        if emptied.exists():
            stored.sync(emptied)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
