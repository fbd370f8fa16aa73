"""Loads come in whole, once, and stay readable as of every snapshot."""

import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from dianchi.engines.lake import Lake
from dianchi.engines.lake.files import Writer
from dianchi.kernel.errors import Invalid, NotFound, NotPermitted

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def load(lake: Lake, table: pa.Table, batch: str, **options: object):
    return lake.commit("visits", table, table.schema, batch_id=batch, at=AT, **options)


def test_a_commit_returns_what_a_receipt_needs(lake, visits):
    snapshot = load(lake, visits, "b1", subject_column="person")
    assert (snapshot.rows, snapshot.files, snapshot.added_rows) == (3, 1, 3)
    assert snapshot.max_rows_per_subject == {"person": 2}
    assert len(snapshot.sm3) == len(snapshot.sha256) == 64
    assert snapshot.bytes == Path(lake.files("visits")[0].path).stat().st_size
    assert snapshot.at == AT


def test_appended_rows_are_read_and_older_snapshots_stay(lake, visits):
    first = load(lake, visits, "b1")
    second = load(lake, visits, "b2")
    assert lake.read("visits").num_rows == 6
    assert lake.read("visits", first.id).equals(visits)
    assert [s.id for s in lake.snapshots("visits")] == [first.id, second.id]


def test_the_bound_is_over_the_whole_snapshot_not_the_load(lake, visits):
    load(lake, visits, "b1", subject_column="person")
    assert load(lake, visits, "b2", subject_column="person").max_rows_per_subject == {"person": 4}


def test_rows_without_subject_take_the_bound_away(lake):
    table = pa.table({"person": ["甲", None]})
    assert load(lake, table, "b1", subject_column="person").max_rows_per_subject == {}


def test_replace_leaves_only_the_new_rows(lake, visits):
    first = load(lake, visits, "b1")
    load(lake, visits.slice(0, 1), "b2", mode="replace")
    assert lake.read("visits").equals(visits.slice(0, 1))
    assert lake.read("visits", first.id).num_rows == 3


def test_the_same_batch_twice_is_one_commit(lake, visits):
    once = load(lake, visits, "b1")
    assert load(lake, visits, "b1") == once
    assert lake.read("visits").num_rows == 3
    assert len(list(Path(lake.root).rglob("*.parquet"))) == 1


def test_an_empty_load_is_a_snapshot_too(lake, visits):
    snapshot = load(lake, visits.slice(0, 0), "b1", subject_column="person")
    assert (snapshot.rows, snapshot.files) == (0, 0)
    assert load(lake, visits.slice(0, 0), "b1") == snapshot
    assert lake.read("visits").equals(visits.slice(0, 0))


def test_a_load_that_fails_midway_changes_nothing(lake, visits):
    load(lake, visits, "b1")

    def broken():
        yield visits.to_batches()[0]
        yield pa.record_batch({"other": [1]})

    with pytest.raises(Invalid) as refused:
        lake.commit("visits", broken(), visits.schema, batch_id="b2", at=AT)
    assert refused.value.refusals[0].code == "lake.schema-differs"
    assert lake.read("visits").num_rows == 3
    assert len(lake.clean()) == 1
    assert lake.verify("visits") == ()


def test_large_loads_roll_over_several_files(lake):
    schema = pa.schema([pa.field("n", pa.int64(), metadata={"PARQUET:field_id": "1"})])
    writer = Writer(lake.root / "x", "load", schema, b"k" * 32, rows_per_file=40)
    batches = pa.table({"n": pa.array(range(100), pa.int64())}).to_batches(max_chunksize=7)
    assert [f.rows for f in writer.write(iter(batches))] == [40, 40, 20]


def test_new_columns_and_wider_types_are_taken_and_old_files_read_as_null(lake):
    load(lake, pa.table({"a": pa.array([1], pa.int32())}), "b1")
    load(lake, pa.table({"a": pa.array([2], pa.int64()), "b": ["x"]}), "b2")
    assert sorted(lake.read("visits").to_pylist(), key=str) == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (pa.table({"person": ["甲"]}), "lake.column-missing"),
        (pa.table({"person": ["甲"], "spend": ["10"]}), "lake.type-changed"),
        (pa.table({"person": ["甲"], "spend": ["10"], "new": [1]}), "lake.type-changed"),
    ],
)
def test_columns_never_vanish_or_change_silently(lake, visits, table, code):
    load(lake, visits, "b1")
    with pytest.raises(Invalid) as refused:
        load(lake, table, "b2")
    assert refused.value.refusals[0].code == code
    assert lake.schema("visits").equals(visits.schema)


def test_a_renamed_column_is_mapped_by_field_id(lake, visits):
    load(lake, visits, "b1")
    lake.rename("visits", "person", "visitor")
    assert lake.names("visits") == {1: "visitor", 2: "spend"}
    assert lake.read("visits", columns=["visitor"]).column("visitor").to_pylist() == ["甲", "乙", "甲"]


@pytest.mark.parametrize("code", ["../visits", "", "a b", "访问", "a/b", "a" * 101])
def test_codes_that_could_leave_the_folder_are_refused(lake, visits, code):
    with pytest.raises(Invalid) as refused:
        lake.commit(code, visits, visits.schema, batch_id="b", at=AT)
    assert refused.value.refusals[0].code == "lake.bad-code"


def test_what_is_not_there_is_not_found(lake, visits):
    with pytest.raises(NotFound):
        lake.files("nothing")
    load(lake, visits, "b1")
    with pytest.raises(NotFound):
        lake.files("visits", 42)


def test_another_master_key_opens_nothing(lake, visits):
    load(lake, visits, "b1")
    with pytest.raises(NotPermitted) as refused:
        Lake(lake.root, b"x" * 32).key("visits")
    assert refused.value.refusals[0].code == "lake.key-refused"


def _append(root: Path, writer: int) -> None:
    mine = Lake(root, b"m" * 32)
    for number in range(4):
        table = pa.table({"n": pa.array([number], pa.int64())})
        mine.commit("visits", table, table.schema, batch_id=f"{writer}-{number}", at=AT, subject_column="n")
        mine.commit("visits", table, table.schema, batch_id=f"shared-{number}", at=AT, subject_column="n")


def test_several_processes_lose_and_double_nothing(lake):
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_append, args=(lake.root, n)) for n in range(3)]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
    assert [p.exitcode for p in writers] == [0, 0, 0]
    assert len(lake.snapshots("visits")) == 3 * 4 + 4
    assert lake.read("visits").num_rows == 16
    assert lake.snapshot("visits").max_rows_per_subject == {"n": 4}
    assert lake.clean() == ()
