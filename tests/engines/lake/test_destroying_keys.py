"""Destroying a resource: no file of the lake holds its key afterwards, and what was destroyed is told by digest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.engines.lake.conftest import AT, MASTER

from dianchi.engines.lake import Lake
from dianchi.engines.lake import destruction as module
from dianchi.engines.lake.keys import key_id
from dianchi.kernel.errors import Invalid, RuleBroken

WRAPPED = "dianchi.wrapped-key"


def loaded(lake: Lake, visits: pa.Table, code: str = "visits") -> None:
    for batch in ("one", "two"):
        lake.commit(code, visits, visits.schema, batch_id=batch, at=AT)


def test_the_key_is_gone_from_every_file(lake: Lake, visits: pa.Table) -> None:
    loaded(lake, visits)
    key, files = lake.key("visits"), lake.files("visits")
    said = lake.destroy("visits", AT)
    assert (said.key_id, said.files, said.rows, said.at) == (key_id(key), 2, 6, AT)
    assert said.sm3 == tuple(f.sm3 for f in files)
    assert not any(Path(f.path).exists() for f in files)
    texts = [p.read_bytes() for p in lake.root.rglob("*") if p.is_file()]
    assert not any(WRAPPED.encode() in t or key in t for t in texts)


def test_nothing_can_be_read_or_loaded_any_more(lake: Lake, visits: pa.Table) -> None:
    loaded(lake, visits)
    lake.destroy("visits", AT)
    for attempt in (
        lambda: lake.key("visits"),
        lambda: lake.read("visits"),
        lambda: lake.commit("visits", visits, visits.schema, batch_id="three", at=AT),
    ):
        with pytest.raises(RuleBroken) as refused:
            attempt()
        assert refused.value.refusals[0].code == "lake.key-destroyed"
        assert refused.value.refusals[0].rules == ("R52",)
    assert len(lake.snapshots("visits")) == 2  # that they were is still known
    assert {Path(f.path).name for f in lake.verify("visits")} == {Path(f.path).name for f in lake.files("visits")}


def test_other_resources_live_on(lake: Lake, visits: pa.Table) -> None:
    loaded(lake, visits)
    loaded(lake, visits, "stays")
    lake.destroy("visits", AT)
    assert lake.read("stays").num_rows == 6
    assert lake.clean() == ()


def test_asked_again_it_tells_the_same(lake: Lake, visits: pa.Table) -> None:
    loaded(lake, visits)
    said = lake.destroy("visits", AT)
    again = Lake(lake.root, MASTER).destroy("visits", AT.replace(year=2027))
    assert again == said


def test_a_destruction_that_died_half_way_is_taken_up_again(
    lake: Lake, visits: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(lake, visits)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "purge", killed)
        with pytest.raises(KeyboardInterrupt):
            lake.destroy("visits", AT)
    with pytest.raises(RuleBroken):
        lake.key("visits")
    said = lake.destroy("visits", AT)
    assert said.files == 2
    assert not any(WRAPPED.encode() in p.read_bytes() for p in lake.root.rglob("*") if p.is_file())
    assert not list(lake.root.rglob("*.parquet"))


@pytest.mark.parametrize("key", [b"", b"m" * 16, b"m" * 31])
def test_without_a_whole_key_nothing_is_stored(tmp_path: Path, key: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        Lake(tmp_path / "other", key)
    assert refused.value.refusals[0].code == "lake.master-key-shape"
    assert refused.value.refusals[0].rules == ("R69",)
