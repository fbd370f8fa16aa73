"""What the database itself guarantees, on SQLite and on a real PostgreSQL: one history, dense, never changed."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from tests.postgres import postgres_url

from dianchi.interfaces.cli.ledger import ledger

WRITER = Path(__file__).with_name("writer.py")
WRITERS, EACH = 8, 24


@dataclass
class Place:
    """A store on one of the two databases."""

    var: Path
    url: str
    connect: Callable[[], sqlite3.Connection | psycopg.Connection]
    refused: type[Exception]

    def writer(self, count: int, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, WRITER, str(self.var), str(count), "--url", self.url, *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def write(self, count: int, *arguments: str) -> list[int]:
        process = self.writer(count, *arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
        return json.loads(out)["indexes"]

    def verify(self) -> tuple[dict, int]:
        runner = CliRunner(env={"DIANCHI_DATABASE_URL": self.url})
        result = runner.invoke(ledger, ["verify", "--var", str(self.var), "--json"])
        return json.loads(result.stdout), result.exit_code


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request, tmp_path):
    if request.param == "sqlite":
        path = tmp_path / "dianchi.sqlite3"
        return Place(tmp_path, "", lambda: sqlite3.connect(path), sqlite3.IntegrityError)
    url = postgres_url()
    return Place(tmp_path, url, lambda: psycopg.connect(url), psycopg.errors.RestrictViolation)


def test_eight_writers_at_once_make_one_history(place):
    place.write(0, "--migrate")
    writers = [place.writer(EACH, "--who", f"w{n}", "--group", str(n % 3 + 1), "--seal", "5") for n in range(WRITERS)]
    given = []
    for process in writers:
        out, err = process.communicate(timeout=180)
        assert process.returncode == 0, err.decode()
        given.append(json.loads(out)["indexes"])
    assert sorted(index for indexes in given for index in indexes) == list(range(WRITERS * EACH))
    assert all(indexes == sorted(indexes) for indexes in given)
    report, code = place.verify()
    assert (code, report["entries"], report["sealed"]) == (0, WRITERS * EACH, WRITERS * EACH), report


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE ledger_entry SET role = 'other' WHERE "index" = 3""",
        """UPDATE ledger_entry SET "index" = 30 WHERE "index" = 9""",
        """DELETE FROM ledger_entry WHERE "index" = 9""",
        """DELETE FROM ledger_entry""",
        """INSERT INTO ledger_entry SELECT * FROM ledger_entry WHERE "index" = 4""",
        """UPDATE ledger_checkpoint SET note = '' """,
        """DELETE FROM ledger_checkpoint""",
        """INSERT INTO ledger_checkpoint SELECT size - 1, root, note, "at" FROM ledger_checkpoint""",
        """UPDATE ledger_head SET size = size - 1""",
        """DELETE FROM ledger_head""",
        """INSERT INTO ledger_head VALUES (2, 0, '', '')""",
    ],
)
def test_the_database_refuses_change(place, statement):
    place.write(10, "--migrate", "--group", "5", "--seal", "2")
    db = place.connect()
    with pytest.raises(place.refused):
        db.execute(statement)
    db.rollback()
    db.close()
    assert place.verify()[1] == 0


def test_sqlite_refuses_replacing(tmp_path):
    place = Place(tmp_path, "", lambda: sqlite3.connect(tmp_path / "dianchi.sqlite3"), sqlite3.IntegrityError)
    place.write(5, "--migrate", "--seal", "1")
    for table in ("ledger_entry", "ledger_checkpoint", "ledger_head"):
        db = place.connect()
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        db.close()


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_checkpoint", "ledger_head"])
def test_postgresql_refuses_truncate_even_to_a_replica(tmp_path, table):
    url = postgres_url()
    place = Place(tmp_path, url, lambda: psycopg.connect(url), psycopg.errors.RestrictViolation)
    place.write(5, "--migrate")
    db = place.connect()
    db.execute("SET session_replication_role = replica")
    with pytest.raises(place.refused):
        db.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.postgres
def test_edits_on_postgresql_are_found(tmp_path):
    url = postgres_url()
    place = Place(tmp_path, url, lambda: psycopg.connect(url), psycopg.errors.RestrictViolation)
    place.write(40, "--migrate", "--group", "20", "--seal", "1")
    assert place.verify()[1] == 0
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_change")
        for column in ("kind", "payload", "body", "leaf_hash", "rules", "to_state"):
            old = db.execute(f"SELECT {column} FROM ledger_entry WHERE index = 17").fetchone()[0]
            new = old[:-1] + chr(ord(old[-1]) ^ 1)
            db.execute(f"UPDATE ledger_entry SET {column} = %s WHERE index = 17", (new,))
            report, code = place.verify()
            assert (code, report["first_bad_index"]) == (14, 17), report
            db.execute(f"UPDATE ledger_entry SET {column} = %s WHERE index = 17", (old,))
        for column in ("at", "recorded_at"):
            db.execute(f"UPDATE ledger_entry SET {column} = {column} + interval '1 microsecond' WHERE index = 17")
            assert place.verify()[0]["first_bad_index"] == 17
            db.execute(f"UPDATE ledger_entry SET {column} = {column} - interval '1 microsecond' WHERE index = 17")
        assert place.verify()[1] == 0
        db.execute("DELETE FROM ledger_entry WHERE index = 39")
        assert place.verify()[0]["first_bad_index"] == 39
