"""kill -9 at fifteen points of a load: nothing or everything is there, and running it again completes it."""

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from dianchi.engines.lake import Lake

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
POINTS = 15

# The child counts the calls that it makes in the lake and in PyIceberg's commit, and kills itself at the n-th.
CHILD = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import pyarrow as pa
from dianchi.engines.lake import Lake
import dianchi.engines.lake.lake as module

die_at, calls = int(sys.argv[2]), 0

def count(frame, event, argument):
    global calls
    if event in ("call", "c_call"):
        name = frame.f_code.co_filename
        if "engines/lake" in name or "pyiceberg/catalog" in name or "pyiceberg/table/update" in name:
            calls += 1
            if calls == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

lake = Lake(Path(sys.argv[1]), b"m" * 32)
table = pa.table({"person": ["a", "b", "a"] * 50})
sys.setprofile(count)
lake.commit("visits", table, table.schema, batch_id="b2", at=datetime(2026, 11, 2, tzinfo=UTC), subject_column="person")
sys.setprofile(None)
print(calls)
"""


def run(root: Path, die_at: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", CHILD, str(root), str(die_at)], capture_output=True, text=True)


def prepared(root: Path) -> Lake:
    lake = Lake(root, b"m" * 32)
    table = pa.table({"person": ["a"]})
    lake.commit("visits", table, table.schema, batch_id="b1", at=AT, subject_column="person")
    return lake


@pytest.fixture(scope="module")
def calls(tmp_path_factory) -> int:
    root = tmp_path_factory.mktemp("whole")
    prepared(root)
    done = run(root, 0)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.parametrize("point", range(1, POINTS + 1))
def test_a_killed_load_is_all_or_nothing_and_can_be_run_again(tmp_path, calls, point):
    lake = prepared(tmp_path)
    died = run(tmp_path, calls * point // (POINTS + 1))
    assert died.returncode == -signal.SIGKILL
    assert lake.read("visits").num_rows in {1, 151}
    assert lake.verify("visits") == ()
    lake.clean()
    known = {f.path for f in lake.files("visits")}
    assert {str(p) for p in Path(tmp_path).rglob("*.parquet")} == known
    assert list((tmp_path / "writing").glob("*")) == []
    table = pa.table({"person": ["a", "b", "a"] * 50})
    again = lake.commit("visits", table, table.schema, batch_id="b2", at=AT, subject_column="person")
    assert (again.rows, again.max_rows_per_subject) == (151, {"person": 101})
    assert len(lake.snapshots("visits")) == 2
