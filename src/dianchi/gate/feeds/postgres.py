"""Fetching from PostgreSQL: one read-only statement in one snapshot, streamed into a CSV file."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
from psycopg import sql

from dianchi.gate.feeds.refusals import BAD_QUERY, UNREACHABLE
from dianchi.kernel.errors import Invalid, TryLater

_TABLE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)?\Z")
_SECONDS = 3600


def fetch(
    address: str, username: str, secret: str, query: str, path: Path, watermark: str, after: str
) -> tuple[int, str]:
    """The rows of a table or query beyond the watermark into a file; how many, and the new watermark.

    TryLater if the server cannot be reached, Invalid if it refuses the statement. No message of the server is passed
    on: it may hold data.
    """
    login = {k: v for k, v in (("user", username), ("password", secret)) if v}
    try:
        with psycopg.connect(address, connect_timeout=10, autocommit=False, **login) as db:  # type: ignore[arg-type]
            db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            db.read_only = True
            return _copied(db, query, path, watermark, after)
    except psycopg.OperationalError:
        raise TryLater(UNREACHABLE) from None
    except (psycopg.Error, UnicodeError):
        raise Invalid(BAD_QUERY) from None


def _copied(
    db: psycopg.Connection[tuple[object, ...]], query: str, path: Path, watermark: str, after: str
) -> tuple[int, str]:
    db.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(sql.Literal(f"{_SECONDS}s")))
    rows = sql.SQL("SELECT * FROM {} AS source").format(_from(query))
    if watermark:
        column = sql.Identifier(watermark)
        if after:
            rows += sql.SQL(" WHERE {} > {}").format(column, sql.Literal(after))
        rows += sql.SQL(" ORDER BY {}").format(column)
    copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER, ENCODING 'UTF8')").format(rows)
    with path.open("wb") as file, db.cursor() as cursor:
        with cursor.copy(copy) as stream:
            for block in stream:
                file.write(block)
        count = cursor.rowcount
        if not watermark or count <= 0:
            return max(count, 0), after
        cursor.execute(sql.SQL("SELECT max({})::text FROM ({}) AS fetched").format(sql.Identifier(watermark), rows))
        found = cursor.fetchone()
    return count, str(found[0]) if found and found[0] is not None else after


def _from(query: str) -> sql.Composable:
    """A table by its name, or a query in brackets: what is no single query does not parse there."""
    text = query.strip().rstrip(";")
    if _TABLE.match(text):
        return sql.Identifier(*text.split("."))
    return sql.SQL("({}\n)").format(sql.SQL(text))  # type: ignore[arg-type]
