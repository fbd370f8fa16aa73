"""Reading a ledger's tables with nothing but the database's own client: one snapshot, in index order, as a stream."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import quote

from dianchi.engines.merkle.audit import COLUMNS, CheckpointRow, HeadRow, Row
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.text import Text

NO_STORE = Refusal(
    "ledger.no-store",
    Text("找不到账本数据库", "There is no ledger database"),
    remedy=Text("请指定数据目录", "Name the store with --var"),
)

_BATCH = 2000
_TIMES = ("at", "recorded_at")


class Store(Protocol):
    """A ledger's tables at one moment; a context, within which nothing it answers changes."""

    def __enter__(self) -> Store: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def entries(self) -> Iterator[Row]: ...
    def heads(self) -> list[HeadRow]: ...
    def checkpoints(self) -> list[CheckpointRow]: ...


def open_store(var: Path, url: str = "") -> Store:
    """The store of a folder: the PostgreSQL database that `url` or `<var>/database.url` names, else its SQLite file."""
    with contextlib.suppress(FileNotFoundError):
        url = (var / "database.url").read_text().strip() or url
    if url:
        return PostgresStore(url)
    path = var / "dianchi.sqlite3"
    if not path.is_file():
        raise NotFound(NO_STORE)
    return SqliteStore(path)


class SqliteStore:
    """A SQLite file, read-only, also while others write to it (WAL)."""

    def __init__(self, path: Path):
        self._uri = f"file:{quote(str(path.resolve()))}?mode=ro"
        self._wal = path.with_name(path.name + "-wal")

    def __enter__(self) -> SqliteStore:
        self._db = self._connect(self._uri)
        return self

    def _connect(self, uri: str) -> sqlite3.Connection:
        db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=20)
        try:
            db.execute("BEGIN")
            db.execute("SELECT 1 FROM ledger_head").fetchall()  # the snapshot begins with the first read
        except sqlite3.OperationalError:
            db.close()
            if self._wal.exists() or "immutable" in uri:
                raise
            return self._connect(uri + "&immutable=1")  # a copy on a medium that cannot be written to
        return db

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def entries(self) -> Iterator[Row]:
        """The rows by index; text that is no UTF-8 comes with replacement characters, and so differs from its hash."""
        next_index = -1
        try:
            for row in self._entries(next_index):
                next_index = row[0]
                yield row
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            self._db.text_factory = lambda raw: raw.decode("utf-8", "replace")
            yield from self._entries(next_index)

    def _entries(self, after: int) -> Iterator[Row]:
        names = ", ".join(_sqlite_time(c) if c in _TIMES else f'"{c}"' for c in COLUMNS)
        query = f'SELECT {names} FROM ledger_entry WHERE "index" > ? ORDER BY "index"'  # noqa: S608 # nosec B608  constants only
        cursor = self._db.execute(query, (after,))
        while rows := cursor.fetchmany(_BATCH):
            yield from rows

    def heads(self) -> list[HeadRow]:
        """The head, as a list to show that there is one."""
        return self._db.execute("SELECT id, size, frontier, root FROM ledger_head").fetchall()

    def checkpoints(self) -> list[CheckpointRow]:
        """All of them, smallest first."""
        query = f"SELECT size, root, note, {_sqlite_time('at')} FROM ledger_checkpoint ORDER BY size"  # noqa: S608 # nosec B608
        return self._db.execute(query).fetchall()


def _sqlite_time(column: str) -> str:
    """The column as canonical JSON writes times, and unchanged when it is not exactly what Django stores."""
    whole = "????-??-?? ??:??:??"
    return (
        f'CASE WHEN typeof("{column}") <> \'text\' THEN "{column}" '
        f"WHEN \"{column}\" GLOB '{whole}' THEN replace(\"{column}\", ' ', 'T') || '.000000Z' "
        f"WHEN \"{column}\" GLOB '{whole}.??????' THEN replace(\"{column}\", ' ', 'T') || 'Z' "
        f'ELSE "{column}" END'
    )


class PostgresStore:
    """A PostgreSQL database, in one read-only repeatable-read transaction."""

    def __init__(self, url: str):
        self._url = url

    def __enter__(self) -> PostgresStore:
        import psycopg  # only where it is the store

        self._db = psycopg.connect(self._url)
        self._db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._db.read_only = True
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def entries(self) -> Iterator[Row]:
        """The rows by index, through a cursor of the server's."""
        names = ", ".join(_postgres_time(c) if c in _TIMES else f'"{c}"' for c in COLUMNS)
        with self._db.cursor(name="ledger") as cursor:
            cursor.itersize = _BATCH
            query = f'SELECT {names} FROM ledger_entry ORDER BY "index"'  # noqa: S608 # nosec B608  constants only
            yield from cursor.execute(_literal(query))

    def heads(self) -> list[HeadRow]:
        """The head, as a list to show that there is one."""
        return self._db.execute("SELECT id, size, frontier, root FROM ledger_head").fetchall()

    def checkpoints(self) -> list[CheckpointRow]:
        """All of them, smallest first."""
        query = f"SELECT size, root, note, {_postgres_time('at')} FROM ledger_checkpoint ORDER BY size"  # noqa: S608 # nosec B608
        return self._db.execute(_literal(query)).fetchall()


def _postgres_time(column: str) -> str:
    return f"""to_char("{column}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _literal(query: str) -> Any:
    """psycopg asks for literal queries; ours are built from constants."""
    return query
