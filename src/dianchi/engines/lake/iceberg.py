"""The few things that are done with PyIceberg, in one place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlparse

from pyiceberg.manifest import DataFile as IcebergFile
from pyiceberg.manifest import DataFileContent, FileFormat
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot as IcebergSnapshot
from pyiceberg.typedef import Record

from dianchi.engines.lake import files as stored
from dianchi.engines.lake.files import DataFile, key_metadata
from dianchi.engines.lake.snapshots import PREFIX, Load, Snapshot, from_summary

# Retries are ours: between two attempts the batch must be looked for again, and PyIceberg's own would not.
PROPERTIES = {"format-version": "2", "commit.retry.num-retries": "0", "write.parquet.compression-codec": "zstd"}


def local(location: str) -> Path:
    """The path of a file location."""
    parsed = urlparse(location)
    return Path(unquote(parsed.path) if parsed.scheme == "file" else location)


def publish(table: Table, load: Load, facts: Mapping[str, str], key: bytes) -> int:
    """Make the load's files the table's new snapshot in one commit; CommitFailedException if another was first."""
    with table.transaction() as transaction:
        update = transaction.update_snapshot(snapshot_properties=dict(facts))
        before = _entries(table, table.current_snapshot()) if load.mode == "replace" else []
        producer = update.overwrite() if before else update.fast_append()
        for old in before:
            producer.delete_data_file(old)
        for file in (*load.kept, *load.files):
            producer.append_data_file(_iceberg_file(table, file, key))
        producer.commit()
    snapshot = table.current_snapshot()
    assert snapshot is not None
    return snapshot.snapshot_id


def history(table: Table) -> tuple[Snapshot, ...]:
    """The snapshots that led to the present one, oldest first."""
    ours = []
    for snapshot in sorted(table.metadata.snapshots, key=lambda s: s.sequence_number or 0):
        facts = snapshot.summary.additional_properties if snapshot.summary else {}
        if PREFIX + "batch" in facts:
            ours.append(from_summary(snapshot.snapshot_id, facts))
    return tuple(ours)


def plan(table: Table, snapshot_id: int) -> tuple[DataFile, ...] | None:
    """The files of a snapshot in order of path, or None if there is no such snapshot."""
    snapshot = table.snapshot_by_id(snapshot_id)
    if snapshot is None:
        return None
    found = [_ours(entry) for entry in _entries(table, snapshot)]
    return tuple(sorted(found, key=lambda f: f.path))


def referenced(table: Table) -> set[str]:
    """The paths of all files that some snapshot of the table, or its metadata log, still needs."""
    needed = {str(local(table.metadata_location))}
    needed |= {str(local(entry.metadata_file)) for entry in table.metadata.metadata_log}
    for snapshot in table.metadata.snapshots:
        needed.add(str(local(snapshot.manifest_list)))
        for manifest in snapshot.manifests(table.io):
            needed.add(str(local(manifest.manifest_path)))
            for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False):
                needed.add(str(local(entry.data_file.file_path)))
    return needed


def sync(table: Table) -> None:
    """Make the commit's metadata survive a power failure before anybody is told of it."""
    snapshot = table.current_snapshot()
    assert snapshot is not None
    paths = [local(table.metadata_location), local(snapshot.manifest_list)]
    added = [m for m in snapshot.manifests(table.io) if m.added_snapshot_id == snapshot.snapshot_id]
    for path in (*paths, *(local(m.manifest_path) for m in added), paths[0].parent):
        stored.sync(path)


def _entries(table: Table, snapshot: IcebergSnapshot | None) -> list[IcebergFile]:
    if snapshot is None:
        return []
    return [
        entry.data_file
        for manifest in snapshot.manifests(table.io)
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True)
    ]


def _iceberg_file(table: Table, file: DataFile, key: bytes) -> IcebergFile:
    """Without column bounds: the manifests are not encrypted and must not tell values."""
    return IcebergFile.from_args(
        content=DataFileContent.DATA,
        file_path=Path(file.path).as_uri(),
        file_format=FileFormat.PARQUET,
        partition=Record(),
        record_count=file.rows,
        file_size_in_bytes=file.bytes,
        sort_order_id=None,
        spec_id=table.metadata.default_spec_id,
        equality_ids=None,
        key_metadata=key_metadata(key, file),
    )


def _ours(file: IcebergFile) -> DataFile:
    facts = json.loads(file.key_metadata or b"{}")
    return DataFile(file.file_path, facts["sm3"], facts["sha256"], file.record_count, file.file_size_in_bytes)
