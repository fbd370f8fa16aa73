"""The auditor finds every changed byte of everything stored, and names the first bad index."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dianchi.engines.merkle.audit import COLUMNS
from dianchi.interfaces.cli.ledger import ledger

WRITER = Path(__file__).with_name("writer.py")
ENTRIES, SEALED, BAD = 300, 280, 137
TABLES = ("ledger_entry", "ledger_head", "ledger_checkpoint")


def write(var: Path, count: int, *arguments: str) -> dict:
    done = subprocess.run([sys.executable, WRITER, str(var), str(count), *arguments], capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A ledger of 280 sealed entries (two checkpoints) and 20 more."""
    var = tmp_path_factory.mktemp("ledger")
    write(var, SEALED, "--migrate", "--group", "140", "--seal", "1")
    write(var, ENTRIES - SEALED, "--group", "20")
    db = sqlite3.connect(var / "dianchi.sqlite3", isolation_level=None)
    db.execute("PRAGMA journal_mode=DELETE")  # one file to copy
    db.close()
    return var


@pytest.fixture
def var(original, tmp_path):
    """A copy of the store in which the triggers are gone: an attacker who owns the file."""
    shutil.copytree(original, tmp_path / "var")
    with edited(tmp_path / "var") as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
    return tmp_path / "var"


class edited:  # noqa: N801
    """The store's database, open for an attacker."""

    def __init__(self, var):
        self.db = sqlite3.connect(var / "dianchi.sqlite3")

    def __enter__(self):
        self.db.execute("PRAGMA ignore_check_constraints = ON")
        return self.db

    def __exit__(self, *_):
        self.db.commit()
        self.db.close()


def verify(var, *arguments):
    """What the command says, as the JSON object and its exit code."""
    result = CliRunner(env={"DIANCHI_DATABASE_URL": ""}).invoke(
        ledger, ["verify", "--var", str(var), "--json", *arguments]
    )
    assert result.stdout, result.exception
    return json.loads(result.stdout), result.exit_code


def assert_bad(var, index):
    report, code = verify(var)
    assert (report["verified"], code) == (False, 14), report
    assert report["first_bad_index"] == index, report


def test_an_untouched_ledger_verifies(original):
    report, code = verify(original)
    assert code == 0
    assert report | {"root": ""} == {
        "entries": ENTRIES, "root": "", "verified": True, "first_bad_index": None, "problem": None, "sealed": SEALED,
    }  # fmt: skip


def changed_text(value: str) -> list[str]:
    """The text with one character changed, at its start, middle and end; or a character more or less."""
    edits = []
    for place in {0, len(value) // 2, len(value) - 1} if value else ():
        edits.append(value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :])
    return [*edits, value + " ", value[1:] if value else "x"]


@pytest.mark.parametrize("column", COLUMNS)
def test_any_edit_of_any_column_is_found_at_its_index(var, column):
    with edited(var) as db:
        (value,) = db.execute(f'SELECT "{column}" FROM ledger_entry WHERE "index" = ?', (BAD,)).fetchone()
    edits = [ENTRIES + 5] if column == "index" else [*changed_text(value), value.encode(), None]
    for edit in edits:
        if edit is None and column != "index":
            continue  # NOT NULL is held even for an attacker without the triggers
        with edited(var) as db:
            db.execute(f'UPDATE ledger_entry SET "{column}" = ? WHERE "index" = ?', (edit, BAD))
        assert_bad(var, BAD)
        if column != "index":
            with edited(var) as db:
                db.execute(f'UPDATE ledger_entry SET "{column}" = ? WHERE "index" = ?', (value, BAD))
    if column != "index":
        assert verify(var)[1] == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_of_any_cell_is_found(var, data):
    column = data.draw(st.sampled_from([c for c in COLUMNS if c != "index"]))
    index = data.draw(st.integers(0, ENTRIES - 1))
    where = f'FROM ledger_entry WHERE "index" = {index}'
    with edited(var) as db:
        (raw,) = db.execute(f'SELECT CAST("{column}" AS BLOB) {where}').fetchone()
        place = data.draw(st.integers(0, len(raw) - 1)) if raw else 0
        flipped = raw[:place] + bytes([raw[place] ^ data.draw(st.integers(1, 255))]) + raw[place + 1 :] if raw else b"x"
        update = f'UPDATE ledger_entry SET "{column}" = CAST(? AS TEXT) WHERE "index" = {index}'
        db.execute(update, (flipped,))
    assert_bad(var, index)
    with edited(var) as db:
        db.execute(update, (raw,))


def recompute(db, index, **changes):
    """Rewrite an entry the way an insider would: body, digests and leaf hash all fit again."""
    from dianchi.engines.merkle.tree import leaf_hash

    (body,) = db.execute('SELECT body FROM ledger_entry WHERE "index" = ?', (index,)).fetchone()
    value = json.loads(body) | changes
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for column, content in {**changes, "body": text, "leaf_hash": leaf_hash(text.encode()).hex()}.items():
        db.execute(f'UPDATE ledger_entry SET "{column}" = ? WHERE "index" = ?', (content, index))


def rebuild_head(db):
    """Let the head fit whatever the entries now say."""
    from dianchi.engines.merkle.tree import Frontier

    tree = Frontier()
    tree.extend(bytes.fromhex(h) for (h,) in db.execute('SELECT leaf_hash FROM ledger_entry ORDER BY "index"'))
    values = (tree.size, tree.to_text(), tree.root().hex())
    db.execute("UPDATE ledger_head SET size = ?, frontier = ?, root = ?", values)


def test_a_consistent_rewriting_of_a_sealed_entry_is_found_by_its_tile(var):
    with edited(var) as db:
        recompute(db, 200, role="bureau")
        rebuild_head(db)
    assert_bad(var, 200)


def test_and_by_its_checkpoint_when_the_tiles_are_rewritten_or_gone(var):
    shutil.rmtree(var / "ledger" / "tile")
    with edited(var) as db:
        recompute(db, 200, role="bureau")
        rebuild_head(db)
    assert_bad(var, 140)  # nothing vouches for what follows the checkpoint of 140


def test_a_rewriting_without_the_head_is_found(var):
    with edited(var) as db:
        recompute(db, 290, role="bureau")
    report, code = verify(var)
    assert (code, report["problem"]) == (14, "head-differs")
    assert SEALED <= report["first_bad_index"] <= 290


def test_a_deleted_entry_is_found(var):
    with edited(var) as db:
        db.execute('DELETE FROM ledger_entry WHERE "index" = 57')
    assert_bad(var, 57)


def test_a_cut_tail_is_found_by_the_head(var):
    with edited(var) as db:
        db.execute('DELETE FROM ledger_entry WHERE "index" >= 295')
    assert_bad(var, 295)


def test_a_cut_tail_is_found_once_sealed_even_with_a_rebuilt_head(var):
    with edited(var) as db:
        db.execute('DELETE FROM ledger_entry WHERE "index" >= 270')
        rebuild_head(db)
    report, code = verify(var)
    assert (code, report["verified"]) == (14, False)
    assert report["first_bad_index"] <= 270


def test_a_cut_tail_is_found_when_its_checkpoint_row_is_cut_too(var):
    shutil.rmtree(var / "ledger" / "tile")
    with edited(var) as db:
        db.execute('DELETE FROM ledger_entry WHERE "index" >= 270')
        db.execute("DELETE FROM ledger_checkpoint WHERE size > 270")
        rebuild_head(db)
    assert_bad(var, 270)  # the published checkpoint knows better


def test_a_checkpoint_kept_outside_finds_what_was_erased_everywhere(var, tmp_path):
    kept = tmp_path / "kept"
    shutil.copy(var / "ledger" / "checkpoint", kept)
    key = (var / "ledger" / "key.pub").read_text().strip()
    shutil.rmtree(var / "ledger")
    with edited(var) as db:
        db.execute('DELETE FROM ledger_entry WHERE "index" >= 200')
        db.execute("DELETE FROM ledger_checkpoint")
        rebuild_head(db)
    assert verify(var)[1] == 0  # nothing is left that could tell
    report, code = verify(var, "--key", key, "--checkpoint", str(kept))
    assert (code, report["first_bad_index"]) == (14, 200)


@pytest.mark.parametrize("column", ["size", "root", "note", "at"])
def test_any_edit_of_a_checkpoint_is_found(var, column):
    with edited(var) as db:
        (value,) = db.execute(f'SELECT "{column}" FROM ledger_checkpoint WHERE size = 140').fetchone()
    for edit in [139, 141] if column == "size" else changed_text(value):
        with edited(var) as db:
            rows = db.execute(
                f'UPDATE ledger_checkpoint SET "{column}" = ? WHERE "{column}" = ?', (edit, value)
            ).rowcount
        assert rows == 1
        assert verify(var)[1] == 14
        with edited(var) as db:
            db.execute(f'UPDATE ledger_checkpoint SET "{column}" = ? WHERE "{column}" = ?', (value, edit))
    assert verify(var)[1] == 0


@pytest.mark.parametrize("column", ["id", "size", "frontier", "root"])
def test_any_edit_of_the_head_is_found(var, column):
    with edited(var) as db:
        (value,) = db.execute(f'SELECT "{column}" FROM ledger_head').fetchone()
        db.execute(f'UPDATE ledger_head SET "{column}" = ?', (value - 1 if isinstance(value, int) else value[::-1],))
    assert verify(var)[1] == 14


def test_every_edited_published_file_is_found(var):
    files = sorted(path for path in (var / "ledger").rglob("*") if path.is_file())
    assert {"checkpoint", "key.pub", "000", "24"} <= {path.name for path in files}
    for path in files:
        whole = path.read_bytes()
        for place in {0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 2, len(whole) - 1}:
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
            assert verify(var)[1] == 14, (path, place)
        if path.name != "key.pub":  # there the last byte is a newline that no line needs
            path.write_bytes(whole[:-1])
            assert verify(var)[1] == 14, path
        path.unlink()
        assert verify(var)[1] == 14, path
        path.write_bytes(whole)
    assert verify(var)[1] == 0


def test_a_changed_tile_names_the_entry(var):
    bundle = var / "ledger" / "tile" / "entries" / "000"
    whole = bundle.read_bytes()
    bundle.write_bytes(whole.replace("协议-w-99".encode(), "协议-w-98".encode(), 1))
    assert_bad(var, 99)


def test_it_reads_while_a_writer_holds_the_log_open(var):
    db = sqlite3.connect(var / "dianchi.sqlite3", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA wal_autocheckpoint=0")
    db.execute("UPDATE ledger_entry SET role = role || '!' WHERE \"index\" = 12")  # stands in the WAL alone
    db.execute("BEGIN IMMEDIATE")
    assert (var / "dianchi.sqlite3-wal").stat().st_size
    assert_bad(var, 12)
    db.close()


def test_verify_needs_no_django(original):
    script = (
        "import sys; from dianchi.interfaces.cli.ledger import ledger\n"
        f"try: ledger(['verify', '--var', {str(original)!r}])\n"
        "except SystemExit as done: assert done.code == 0\n"
        "assert 'django' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, env={**os.environ, "DIANCHI_DATABASE_URL": ""}
    )


def test_a_missing_store_is_said_so(tmp_path):
    result = CliRunner().invoke(ledger, ["verify", "--var", str(tmp_path)])
    assert (result.exit_code, "ledger.no-store" in result.stderr) == (13, True)
