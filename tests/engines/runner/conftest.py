from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dianchi.engines.runner import Limits, Source, process
from dianchi.engines.runner.inside import Spec

MIB = 1 << 20


@pytest.fixture(scope="session")
def people(tmp_path_factory):
    """A table of a thousand rows whose column "real" is not granted."""
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    pq.write_table(
        pa.table({"id": list(range(1000)), "g": [i % 7 for i in range(1000)], "real": ["张三"] * 1000}), path
    )
    return Source((path,), {"id": "BIGINT", "grp": "INTEGER"}, names={"grp": "g"})


@pytest.fixture(params=["every wall", "no namespaces"])
def host(request, monkeypatch):
    """The host as it is, and one that allows no namespaces."""
    if request.param == "every wall":
        missing = process.walls().missing
        if "mount" in missing:
            pytest.skip(f"this host allows no namespaces: {missing['mount']}")
        yield process.zygote()
        return
    poorer = process.Zygote("mount")
    monkeypatch.setattr(process, "zygote", lambda instead_of=None: poorer)
    yield poorer
    poorer.close()


def intrude(code, sources, limits=None):
    """Run Python inside the wall as somebody would who has taken the engine over; returns what it put in `seen`."""
    limits = limits or Limits(memory_bytes=256 * MIB, seconds=10, temp_bytes=16 * MIB)
    walled = process.Walled(Spec((), sources, limits, probe=code))
    try:
        answer = walled.answer(process.deadline(limits))
    finally:
        walled.end()
    return json.loads(answer.tables[0]["probe"][0].as_py())
