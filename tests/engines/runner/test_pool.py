"""The pool answers many calls from workers that stay, replaces those that do not, and ends all of them."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dianchi.engines.runner import Limits, Pool, Statement, run
from dianchi.kernel.errors import Invalid, NotFound, RuleBroken, TryLater

POINT = [Statement("SELECT id, grp FROM t WHERE id = $id::BIGINT", {"id": 0})]
SLOW = [
    Statement("SELECT count(*) AS n FROM range($rows::BIGINT) a, range($rows::BIGINT) b WHERE a.range + b.range = 7")
]


@pytest.fixture
def pool():
    with Pool(2) as opened:
        yield opened


def test_calls_bind_their_parameters(pool, people):
    pool.register("point", POINT, {"t": people})
    assert [pool.call("point", {"id": n}).tables[0].to_pylist() for n in (3, 9)] == [
        [{"id": 3, "grp": 3}],
        [{"id": 9, "grp": 2}],
    ]
    assert pool.call("point").tables[0].to_pylist() == [{"id": 0, "grp": 0}]


def test_every_type_comes_the_same_way_whether_few_rows_or_many(pool, people):
    sql = """SELECT $n::INTEGER AS i, id, 1.50::DECIMAL(12, 2) AS d, 'x' || id AS s, DATE '2026-01-02' AS day,
        id / 3 AS f, TIMESTAMP '2026-01-02 03:04:05.678' AS at, id > 5 AS b, NULL::INTEGER AS nothing, sum(id) OVER () AS huge,
        [id] AS list, TIMESTAMPTZ '2026-01-02 03:04:05+08' AS zoned FROM t WHERE id < $n ORDER BY id"""
    plain = sql.split("[id]")[0].rstrip().rstrip(",") + " FROM t WHERE id < $n ORDER BY id"
    for name, text in (("nested", sql), ("plain", plain)):
        pool.register(name, [Statement(text)], {"t": people})
        for n in (10, 10, 0, 700, 10):
            expected = run([Statement(text, {"n": n})], {"t": people}).tables[0]
            assert pool.call(name, {"n": n}).tables[0].equals(expected)


def test_the_schema_follows_the_parameters_type(pool, people):
    pool.register("echo", [Statement("SELECT $v AS v")], {"t": people})
    for value in (1, 2, "x", Decimal("1.5"), dt.date(2026, 1, 1), "y"):
        assert pool.call("echo", {"v": value}).tables[0]["v"].to_pylist() == [value]


def test_a_late_call_is_refused_and_the_next_one_answered(people):
    with Pool(1, Limits(seconds=0.4, threads=1)) as pool:
        pool.register("slow", SLOW, {"t": people})
        assert pool.call("slow", {"rows": 8}).tables[0]["n"].to_pylist() == [8]
        with pytest.raises(RuleBroken, match=r"runner\.timeout"):
            pool.call("slow", {"rows": 10_000_000})
        assert pool.call("slow", {"rows": 8}).tables[0]["n"].to_pylist() == [8]


def test_a_worker_that_died_is_replaced(pool, people):
    pool.register("point", POINT, {"t": people})
    pool.call("point", {"id": 1})
    worker = pool._plans["point"].idle[0]
    worker.walled._control.shutdown(1)  # as if its owner had gone: the supervisor kills it
    worker.walled._report()
    with pytest.raises(TryLater, match=r"runner\.crashed"):
        pool.call("point", {"id": 1})
    assert pool.call("point", {"id": 1}).tables[0].num_rows == 1


def test_a_worker_out_of_memory_harms_no_later_call(people):
    with Pool(1, Limits(memory_bytes=64 << 20, threads=1)) as pool:
        pool.register("wide", [Statement("SELECT length(list(repeat('x', $n))) AS n FROM range(200)")], {"t": people})
        assert pool.call("wide", {"n": 3}).tables[0]["n"].to_pylist() == [200]
        with pytest.raises(RuleBroken, match=r"runner\.out-of-memory"):
            pool.call("wide", {"n": 5_000_000})
        assert pool.call("wide", {"n": 3}).tables[0]["n"].to_pylist() == [200]


def test_many_threads_share_few_workers(people):
    with Pool(2) as pool:
        pool.register("point", POINT, {"t": people})
        wrong = []

        def caller(start):
            for n in range(start, start + 40):
                if pool.call("point", {"id": n}).tables[0]["id"].to_pylist() != [n]:
                    wrong.append(n)

        threads = [threading.Thread(target=caller, args=(n * 100,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert pool._live <= 2


def test_more_plans_than_workers(people):
    with Pool(2) as pool:
        for n in range(5):
            pool.register(f"p{n}", [Statement(f"SELECT {n} AS n")], {"t": people})
        for _ in range(2):
            assert [pool.call(f"p{n}").tables[0]["n"].to_pylist() for n in range(5)] == [[n] for n in range(5)]
        assert pool._live == 2


def test_a_new_version_replaces_the_plan(pool, people):
    pool.register("p", [Statement("SELECT 1 AS n")], {"t": people})
    pool.call("p")
    pool.register("p", [Statement("SELECT 2 AS n")], {"t": people})
    assert pool.call("p").tables[0]["n"].to_pylist() == [2]
    assert pool._live == 1


def test_small_sources_are_read_once(people, tmp_path):
    file = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": [1]}), file)
    source = type(people)((file,), {"id": "BIGINT"})
    with Pool(1) as pool:
        pool.register("kept", [Statement("SELECT * FROM t")], {"t": source})
        pool.call("kept")
        file.unlink()
        assert pool.call("kept").tables[0]["id"].to_pylist() == [1]


def test_forgotten_unknown_and_closed_are_refused(people):
    pool = Pool(1)
    with pytest.raises(NotFound, match=r"runner\.not-registered"):
        pool.call("p")
    pool.register("p", POINT, {"t": people})
    pool.call("p")
    pool.forget("p")
    with pytest.raises(NotFound, match=r"runner\.not-registered"):
        pool.call("p")
    pool.close()
    with pytest.raises(TryLater, match=r"runner\.closed"):
        pool.call("p")
    assert pool._live == 0


def test_a_plan_that_cannot_be_opened_is_refused_each_time(pool, people):
    pool.register("p", [Statement("SELECT nothing FROM nowhere")], {"t": people})
    for _ in range(3):
        with pytest.raises(Invalid, match=r"runner\.failed"):
            pool.call("p")
