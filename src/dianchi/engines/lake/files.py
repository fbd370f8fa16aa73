"""Data files: PyArrow writes zstd Parquet, encrypted whole (AES-256-GCM), and each file's digests are taken."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from dianchi.engines.lake.keys import key_id

ROWS_PER_FILE = 5_000_000
ROWS_PER_GROUP = 1 << 17
_CHUNK = 1 << 20


@dataclass(frozen=True)
class DataFile:
    """One immutable file of a snapshot: where it is, what it holds, and the digests that a receipt names."""

    path: str
    sm3: str
    sha256: str
    rows: int
    bytes: int


def digests(path: Path) -> tuple[str, str]:
    """Hex SM3 and SHA-256 of the file as it stands on disk, both in one reading."""
    hashes = hashlib.new("sm3"), hashlib.sha256()
    with path.open("rb") as file, ThreadPoolExecutor(len(hashes)) as pool:
        while block := file.read(_CHUNK):
            list(pool.map(lambda h, b=block: h.update(b), hashes))
    return hashes[0].hexdigest(), hashes[1].hexdigest()


def key_metadata(key: bytes, file: DataFile) -> bytes:
    """What the manifest keeps about the file's key and digests; the key itself is not in it."""
    return json.dumps({"v": 1, "key": key_id(key), "sm3": file.sm3, "sha256": file.sha256}).encode()


def decryption(key: bytes) -> Any:
    """PyArrow's decryption properties for a data key."""
    return pe.create_decryption_properties(footer_key=key)


def duckdb_key(key: bytes) -> str:
    """The key as DuckDB's add_parquet_key takes it."""
    return base64.b64encode(key).decode()


# DuckDB 2.0 cannot decrypt a column chunk of several data pages ("Computed AES tag differs"): each chunk is one page.
_ONE_PAGE: dict[str, Any] = {
    "compression": "zstd",
    "data_page_version": "1.0",
    "max_rows_per_page": ROWS_PER_GROUP,
    "data_page_size": 1 << 30,
    "dictionary_pagesize_limit": 1 << 30,
}


@dataclass(frozen=True)
class Writer:
    """Writes record batches into numbered files of one load; nothing of it is visible before the commit."""

    folder: Path
    load: str  # unique per attempt: names the files, so that an orphan tells whose it is
    schema: pa.Schema  # with field ids
    key: bytes
    rows_per_file: int = ROWS_PER_FILE

    def write(self, batches: Iterator[pa.RecordBatch]) -> tuple[DataFile, ...]:
        """Write all batches, rolling to a new file after rows_per_file rows; files are synced to disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        done: list[DataFile] = []
        pieces = _pieces(batches, self.rows_per_file)
        for number, part in enumerate(_grouped(pieces)):
            path = self.folder / f"{self.load}-{number:05d}.parquet"
            rows = self._write_one(path, part)
            sm3, sha256 = digests(path)
            done.append(DataFile(str(path), sm3, sha256, rows, path.stat().st_size))
        if done:
            sync(self.folder)
        return tuple(done)

    def _write_one(self, path: Path, batches: Iterator[pa.RecordBatch]) -> int:
        rows = 0
        encryption = pe.create_encryption_properties(footer_key=self.key)
        with (
            path.open("wb") as file,
            pq.ParquetWriter(file, self.schema, encryption_properties=encryption, **_ONE_PAGE) as writer,
        ):
            for table in _row_groups(batches, self.schema):
                rows += table.num_rows
                writer.write_table(table, row_group_size=ROWS_PER_GROUP)
        sync(path)
        return rows


def sync(path: Path) -> None:
    """Make what was written to the file or folder survive a power failure."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pieces(batches: Iterator[pa.RecordBatch], limit: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The batches cut at file borders, each with the number of its file."""
    seen = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            room = limit - seen % limit
            piece = batch.slice(start, room)
            yield seen // limit, piece
            seen, start = seen + piece.num_rows, start + piece.num_rows


def _grouped(pieces: Iterator[tuple[int, pa.RecordBatch]]) -> Iterator[Iterator[pa.RecordBatch]]:
    """One iterator of batches per file; each must be drained before the next is asked for."""
    waiting = next(pieces, None)
    while waiting is not None:
        number = waiting[0]

        def part(number: int = number) -> Iterator[pa.RecordBatch]:
            nonlocal waiting
            while waiting is not None and waiting[0] == number:
                yield waiting[1]
                waiting = next(pieces, None)

        yield part()


def _row_groups(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Small batches gathered into full row groups, so that many small ones still compress and scan well."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_PER_GROUP:
            yield pa.Table.from_batches(held).cast(schema)
            held, rows = [], 0
    if held:
        yield pa.Table.from_batches(held).cast(schema)
