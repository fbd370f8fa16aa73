"""A job gives the right rows, keeps its limits, and says why it ended in words without data."""

from __future__ import annotations

import datetime as dt
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engines.runner.conftest import intrude

from dianchi.engines.runner import Limits, Source, Statement, process, run
from dianchi.kernel.errors import Invalid, NotFound, RuleBroken, TryLater

MIB = 1 << 20
SLOW = "SELECT count(*) FROM range(999999) a, range(999999) b WHERE a.range * b.range < 7"
WIDE = "SELECT sum(length(repeat(id::VARCHAR, 300000))) FROM t, range(100)"


def test_results_come_in_the_order_of_the_statements(people, host):
    ran = run(
        [
            Statement("SELECT id, grp FROM t WHERE id = $id", {"id": 8}),
            Statement("SELECT grp, count(*) AS n FROM t GROUP BY grp ORDER BY grp"),
        ],
        {"t": people},
    )
    assert ran.tables[0].to_pylist() == [{"id": 8, "grp": 1}]
    assert ran.tables[1].column("n").to_pylist() == [143] * 6 + [142]
    assert 0 < ran.seconds < 60
    assert ran.peak_bytes > 10 * MIB
    assert {"process", "rlimits", "engine-lock"} <= set(ran.walls.held)


def test_parameters_are_bound_as_values(people):
    values = {"d": dt.date(2026, 1, 2), "m": Decimal("1.50"), "s": "'; DROP VIEW t; --", "n": None}
    ran = run([Statement("SELECT $d AS d, $m AS m, $s AS s, $n AS n", values)], {"t": people})
    assert ran.tables[0].to_pylist() == [values]


def test_only_mapped_columns_exist(people):
    with pytest.raises(Invalid, match=r"runner\.failed"):
        run([Statement("SELECT real FROM t")], {"t": people})
    with pytest.raises(Invalid, match=r"runner\.failed"):
        run([Statement("SELECT g FROM t")], {"t": people})


def test_text_files_keep_leading_zeros_and_lose_what_has_not_the_type(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('code,n,"odd ""name"""\n0053,1,x\n0087,many,y\n', encoding="utf-8")
    source = Source((file,), {"code": "VARCHAR", "n": "INTEGER", "odd": "VARCHAR"}, names={"odd": 'odd "name"'})
    ran = run([Statement("SELECT * FROM t ORDER BY code")], {"t": source})
    assert ran.tables[0].to_pylist() == [{"code": "0053", "n": 1, "odd": "x"}, {"code": "0087", "n": None, "odd": "y"}]


def test_several_files_are_one_table(tmp_path):
    for n in range(3):
        pq.write_table(pa.table({"id": [n]}), tmp_path / f"{n}.parquet")
    source = Source(tuple(tmp_path / f"{n}.parquet" for n in range(3)), {"id": "BIGINT"})
    assert run([Statement("SELECT sum(id) AS s FROM t")], {"t": source}).tables[0]["s"].to_pylist() == [3]


@pytest.mark.parametrize(
    ("sql", "limits", "code"),
    [
        (SLOW, {"seconds": 0.3}, "timeout"),
        ("SELECT id FROM t", {"rows": 999}, "too-many-rows"),
        ("SELECT repeat('x', 1000) AS x FROM t", {"output_bytes": 100_000}, "too-large"),
        (WIDE, {"memory_bytes": 64 * MIB}, "out-of-memory"),
        ("SELECT list(a.range) FROM range(100000000) a", {"memory_bytes": 128 * MIB}, "out-of-memory"),
        (
            "SELECT x FROM (SELECT md5(range::VARCHAR) AS x FROM range(3000000)) ORDER BY x OFFSET 2999999",
            {"memory_bytes": 96 * MIB, "temp_bytes": MIB},
            "temp-full",
        ),
    ],
)  # fmt: skip
def test_a_job_over_its_limits_is_refused_by_code(people, host, sql, limits, code):
    with pytest.raises(RuleBroken) as caught:
        run([Statement(sql)], {"t": people}, Limits(**{"seconds": 20, **limits}))
    assert caught.value.refusals[0].code == f"runner.{code}"


def test_the_words_of_the_engine_reach_nobody(people):
    with pytest.raises(Invalid) as caught:
        run([Statement("SELECT error('the salary is ' || id) FROM t")], {"t": people})
    assert "salary" in caught.value.log.text
    assert "salary" not in str(caught.value) + repr(caught.value) + repr(vars(caught.value))


@pytest.mark.parametrize("name", ["gone.parquet", "*.parquet"])
def test_files_that_are_not_there_are_refused(tmp_path, name):
    (tmp_path / "x.parquet").touch()
    with pytest.raises(NotFound, match=r"runner\.file-missing"):
        run([Statement("SELECT 1")], {"t": Source((tmp_path / name,), {"id": "BIGINT"})})


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {"id": "BIGINT) FROM x; --"}},
        {"columns": {}},
        {"files": ()},
        {"key": b"short"},
        {"key": b"\xff" * 16},
    ],
)
def test_a_source_that_is_not_well_formed_is_refused(tmp_path, wrong):
    with pytest.raises(Invalid):
        Source(**{"files": (tmp_path / "x.parquet",), "columns": {"id": "BIGINT"}, **wrong})


def test_a_crashed_job_leaves_nothing_and_says_so(people, host):
    with pytest.raises(TryLater) as caught:
        intrude("import os\nos.abort()", {"t": people})
    assert caught.value.refusals[0].code == "runner.crashed"
    assert "status" in caught.value.log.text
    assert _left_over() == []


OWNER = """
from dianchi.engines.runner import Limits, process
from dianchi.engines.runner.inside import Spec
walled = process.Walled(Spec((), {}, Limits(seconds=300), probe="import time\\ntime.sleep(300)"))
print(process.zygote()._process.pid, flush=True)
walled.answer(process.deadline(walled.limits))
"""


def test_a_killed_owner_takes_its_jobs_along():
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True) as owner:
        family = int(owner.stdout.readline())
        assert _until(lambda: len(_left_over(family)) == 1)
        owner.kill()
    assert _until(lambda: _left_over(family) == [])
    assert _until(lambda: not pathlib.Path(f"/proc/{family}/cmdline").exists())


def test_the_zygote_is_started_again_when_it_was_killed(people):
    process.zygote()._process.kill()
    process.zygote()._process.wait()
    assert run([Statement("SELECT 1 AS one")], {"t": people}).tables[0]["one"].to_pylist() == [1]


def _left_over(family=None):
    """Temporary directories of jobs of a zygote."""
    family = family or process.zygote()._process.pid
    return list(pathlib.Path(tempfile.gettempdir()).glob(f"dianchi-job-{family}-*"))


def _until(holds, seconds=20):
    end, tick = time.monotonic() + seconds, threading.Event()
    while not holds():
        if time.monotonic() > end:
            return False
        tick.wait(0.02)
    return True


def test_a_job_that_nobody_wants_any_more_is_killed(people):
    began, wanted = time.monotonic(), [False, False, True]
    with pytest.raises(RuleBroken, match=r"runner\.stopped"):
        run([Statement(SLOW)], {"t": people}, Limits(seconds=30), stopped=lambda: wanted.pop(0))
    assert time.monotonic() - began < 10


def test_a_job_that_is_wanted_runs_to_its_end(people):
    assert run([Statement("SELECT 1 AS x")], {"t": people}, stopped=lambda: False).tables[0].num_rows == 1
