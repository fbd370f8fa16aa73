"""The lake itself: commit whole or not at all, read as of any snapshot, prove every file."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError, TableAlreadyExistsError
from pyiceberg.table import Table

from dianchi.engines.lake import destruction, iceberg, loads, statistics
from dianchi.engines.lake.destruction import Destroyed
from dianchi.engines.lake.files import DataFile, Writer, decryption, digests, sync
from dianchi.engines.lake.keys import Keyring, key_id
from dianchi.engines.lake.refusals import (
    BAD_CODE,
    BUSY,
    KEY_DESTROYED,
    NO_COLUMN,
    NO_RESOURCE,
    NO_SNAPSHOT,
    SCHEMA_DIFFERS,
)
from dianchi.engines.lake.schema import FIELD_ID, arrow_schema, duckdb_type, evolve, with_field_ids
from dianchi.engines.lake.snapshots import Load, Mode, Snapshot, summary
from dianchi.kernel.errors import Invalid, NotFound, RuleBroken, TryLater

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\Z")
_NAMESPACE = "lake"
_ATTEMPTS = 20
_WRAPPED_KEY = "dianchi.wrapped-key"


class Lake:
    """Iceberg tables of encrypted Parquet under one folder, one table per resource.

    `catalog_uri` is any SQLAlchemy URI; by default the lake keeps its catalog in an SQLite file of its own.
    """

    def __init__(self, root: Path, master_key: bytes, *, catalog_uri: str | None = None) -> None:
        self.root = Path(root).absolute()
        self.root.mkdir(parents=True, exist_ok=True)
        self._keys = Keyring(master_key)
        with loads.exclusive(self.root / "locks" / "catalog"):
            self._catalog = SqlCatalog(
                "dianchi",
                uri=catalog_uri or f"sqlite:///{self.root / 'catalog.db'}",
                warehouse=self.root.as_uri(),
            )
            self._catalog.create_namespace_if_not_exists(_NAMESPACE)
        self._planned = functools.lru_cache(maxsize=256)(self._plan)

    # Writing

    def commit(
        self,
        resource_code: str,
        batches: Iterator[pa.RecordBatch] | pa.Table,
        schema: pa.Schema,
        *,
        batch_id: str,
        at: datetime,
        subject_column: str | None = None,
        mode: Mode = "append",
        onto: int | None = None,
    ) -> Snapshot:
        """Bring one load in, whole or not at all, and return the snapshot it made.

        A batch id that was committed before brings nothing in again: its snapshot is returned. `onto` appends to that
        snapshot instead of the newest, which leaves out whatever was brought in since.
        """
        if subject_column is not None and subject_column not in schema.names:
            raise Invalid(NO_COLUMN)
        table = self._table_for(resource_code, schema)
        if done := _of_batch(table, batch_id):
            return done
        with loads.begun(self.root / "writing") as name:
            key = self.key(resource_code)
            writer = Writer(self._folder(resource_code), name, with_field_ids(schema, table.schema()), key)
            files = writer.write(_checked(batches, schema))
            kept = self.files(resource_code, onto) if onto is not None else ()
            load = Load(
                batch_id, at, "replace" if onto is not None else mode, table.metadata.current_schema_id, files, kept
            )
            return self._commit(resource_code, load, subject_column)

    def _commit(self, resource_code: str, load: Load, subject: str | None) -> Snapshot:
        """Publish the written files; the check for a repeated batch holds because the parent is compared and set."""
        for _ in range(_ATTEMPTS):
            with loads.exclusive(self.root / "locks" / resource_code):
                table = self._table(resource_code)
                if done := _of_batch(table, load.batch_id):
                    _discard(load.files)
                    return done
                before = load.kept if load.mode == "replace" else self.files(resource_code)
                after = (*before, *load.files)
                facts = summary(load, after, self._max_rows(resource_code, after, subject))
                try:
                    snapshot_id = iceberg.publish(table, load, facts, self.key(resource_code))
                except CommitFailedException:
                    continue
                iceberg.sync(table)
                return self.snapshot(resource_code, snapshot_id)
        _discard(load.files)
        raise TryLater(BUSY)

    def rename(self, resource_code: str, old: str, new: str) -> None:
        """Give a column another name; its files stay as they are and are mapped by field id."""
        table = self._table(resource_code)
        if old not in [field.name for field in table.schema().fields]:
            raise NotFound(NO_COLUMN)
        with table.update_schema() as update:
            update.rename_column(old, new)

    def clean(self) -> tuple[str, ...]:
        """Remove what killed loads left behind, and tell which files; running loads keep theirs."""
        gone: list[str] = []
        for _, code in self._catalog.list_tables(_NAMESPACE):
            with loads.exclusive(self.root / "locks" / code):
                known = iceberg.referenced(self._table(code))
                for path in sorted((self.root / _NAMESPACE / code).rglob("*.*")):
                    writer = path.name.split("-")[0]
                    if str(path) not in known and not loads.alive(self.root / "writing", writer):
                        path.unlink()
                        gone.append(str(path))
        for lock in (self.root / "writing").glob("*.lock"):
            if not loads.alive(self.root / "writing", lock.stem):
                lock.unlink(missing_ok=True)
        return tuple(gone)

    def destroy(self, resource_code: str, at: datetime) -> Destroyed:
        """Destroy the resource's data key and its files for good, and tell what they were.

        A resource that was destroyed stays so: asked again, the same is told; nothing more can be loaded or read.
        """
        with loads.exclusive(self.root / "locks" / resource_code):
            table = self._table(resource_code)
            said = destruction.tombstone(table)
            if said is None:
                name = key_id(self._unwrap(resource_code, table))
                known = {f for s in table.metadata.snapshots for f in self._planned(resource_code, s.snapshot_id)}
                said = destruction.bury(table, resource_code, name, known, at, _WRAPPED_KEY)
                table = self._table(resource_code)
            destruction.purge(table, self._folder(resource_code))
        self._planned.cache_clear()
        return said

    # Reading

    def resources(self) -> tuple[str, ...]:
        """The codes of all resources in the lake."""
        return tuple(sorted(code for _, code in self._catalog.list_tables(_NAMESPACE)))

    def snapshots(self, resource_code: str) -> tuple[Snapshot, ...]:
        """All snapshots of the resource, oldest first."""
        return iceberg.history(self._table(resource_code))

    def snapshot(self, resource_code: str, snapshot_id: int | None = None) -> Snapshot:
        """One snapshot, by default the newest."""
        history = self.snapshots(resource_code)
        found = [s for s in history if snapshot_id is None or s.id == snapshot_id]
        if not found:
            raise NotFound(NO_SNAPSHOT)
        return found[-1]

    def files(self, resource_code: str, snapshot_id: int | None = None) -> tuple[DataFile, ...]:
        """The files of a snapshot, by default the newest; planned once per snapshot."""
        table = self._table(resource_code)
        head = table.metadata.current_snapshot_id if snapshot_id is None else snapshot_id
        return self._planned(resource_code, head) if head is not None else ()

    def key(self, resource_code: str) -> bytes:
        """The data key (32 bytes) that opens the resource's files; RuleBroken once it was destroyed."""
        return self._unwrap(resource_code, self._table(resource_code))

    def _unwrap(self, resource_code: str, table: Table) -> bytes:
        if _WRAPPED_KEY not in table.properties:
            raise RuleBroken(KEY_DESTROYED)
        return self._keys.unwrap(resource_code, table.properties[_WRAPPED_KEY])

    def names(self, resource_code: str) -> dict[int, str]:
        """The current column name of each field id; a file may still carry an older name."""
        return {field.field_id: field.name for field in self._table(resource_code).schema().fields}

    def types(self, resource_code: str) -> dict[int, str]:
        """The DuckDB type of each field id."""
        schema = self._table(resource_code).schema()
        kinds = arrow_schema(schema)
        return {field.field_id: duckdb_type(kinds.field(field.name).type) for field in schema.fields}

    def schema(self, resource_code: str) -> pa.Schema:
        """The current columns as Arrow types."""
        return arrow_schema(self._table(resource_code).schema())

    def read(
        self,
        resource_code: str,
        snapshot_id: int | None = None,
        columns: Sequence[str] | None = None,
        most: int | None = None,
    ) -> pa.Table:
        """The rows of a snapshot under the current column names, at most so many; for tests and small resources."""
        table = self._table(resource_code)
        wanted = [f for f in table.schema().fields if columns is None or f.name in columns]
        target = pa.schema([arrow_schema(table.schema()).field(f.name) for f in wanted])
        key = self.key(resource_code)
        parts: list[pa.Table] = []
        for file in self.files(resource_code, snapshot_id):
            if most is not None and sum(p.num_rows for p in parts) >= most:
                break
            stored = _stored(file.path, key, most)
            by_id = {int(f.metadata[FIELD_ID.encode()]): stored.column(f.name) for f in stored.schema}
            missing = functools.partial(pa.nulls, stored.num_rows)
            arrays = [by_id.get(f.field_id, missing(target.field(f.name).type)) for f in wanted]
            parts.append(pa.table(arrays, names=target.names).cast(target))
        return pa.concat_tables(parts).slice(0, most) if parts else target.empty_table()

    def verify(self, resource_code: str) -> tuple[DataFile, ...]:
        """Hash every file of every snapshot again and return those that are gone or no longer what was recorded."""
        known = {f for s in self.snapshots(resource_code) for f in self.files(resource_code, s.id)}
        bad = []
        for file in sorted(known, key=lambda f: f.path):
            path = Path(file.path)
            if not path.exists() or digests(path) != (file.sm3, file.sha256):
                bad.append(file)
        return tuple(bad)

    # Below

    def _folder(self, resource_code: str) -> Path:
        return self.root / _NAMESPACE / resource_code / "data"

    def _table(self, resource_code: str) -> Table:
        if not _CODE.match(resource_code):
            raise Invalid(BAD_CODE)
        try:
            return self._catalog.load_table((_NAMESPACE, resource_code))
        except NoSuchTableError:
            raise NotFound(NO_RESOURCE) from None

    def _table_for(self, resource_code: str, schema: pa.Schema) -> Table:
        """The resource's table with these columns, made or widened if it must be."""
        if not _CODE.match(resource_code):
            raise Invalid(BAD_CODE)
        with loads.exclusive(self.root / "locks" / resource_code):
            try:
                table = self._table(resource_code)
            except NotFound:
                table = self._create(resource_code, schema)
            try:
                evolve(table, schema)
            except CommitFailedException:  # another machine was first
                raise TryLater(BUSY) from None
            return self._table(resource_code)

    def _create(self, resource_code: str, schema: pa.Schema) -> Table:
        properties = {_WRAPPED_KEY: self._keys.wrap_new(resource_code), **iceberg.PROPERTIES}
        try:
            table = self._catalog.create_table(
                (_NAMESPACE, resource_code),
                schema,
                location=(self.root / _NAMESPACE / resource_code).as_uri(),
                properties=properties,
            )
        except TableAlreadyExistsError:
            return self._table(resource_code)
        sync(iceberg.local(table.metadata_location))
        return table

    def _plan(self, resource_code: str, snapshot_id: int) -> tuple[DataFile, ...]:
        files = iceberg.plan(self._table(resource_code), snapshot_id)
        if files is None:
            raise NotFound(NO_SNAPSHOT)
        return tuple(replace(f, path=str(iceberg.local(f.path))) for f in files)

    def _max_rows(self, resource_code: str, files: Sequence[DataFile], subject: str | None) -> dict[str, int]:
        if subject is None or not files:
            return {}
        bound = statistics.max_rows(
            files, subject, self.names(resource_code), self.types(resource_code), self.key(resource_code)
        )
        return {} if bound is None else {subject: bound}


def _of_batch(table: Table, batch_id: str) -> Snapshot | None:
    """The snapshot that the batch made, if it was committed."""
    return next((s for s in iceberg.history(table) if s.batch_id == batch_id), None)


def _checked(batches: Iterator[pa.RecordBatch] | pa.Table, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The batches, each held to the schema: same columns, same types, same order."""
    for batch in batches.to_batches() if isinstance(batches, pa.Table) else batches:
        if not batch.schema.equals(schema, check_metadata=False):
            names = sorted(set(batch.schema.names) ^ set(schema.names)) or schema.names
            raise Invalid(SCHEMA_DIFFERS.saying(columns=", ".join(names)))
        yield batch


def _stored(path: str, key: bytes, most: int | None) -> pa.Table:
    """A file as it is stored, or its first rows."""
    if most is None:
        return pq.read_table(path, decryption_properties=decryption(key), partitioning=None)
    with pq.ParquetFile(path, decryption_properties=decryption(key)) as file:
        batches = file.iter_batches(most)
        return pa.Table.from_batches([b for b in (next(batches, None),) if b is not None], file.schema_arrow)


def _discard(files: Sequence[DataFile]) -> None:
    for file in files:
        Path(file.path).unlink(missing_ok=True)
