"""The real files, as they are, against the shipped contracts; skipped where the folder of real data is absent."""

import csv
import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

import dianchi.interfaces.cli.demo as demo
from dianchi.engines.intake import check, load
from dianchi.engines.quality import load as contract

DATA = Path(__file__).parents[4] / "shared" / "data"
CONTRACTS = Path(demo.__path__[0]) / "contracts"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real data is absent")


def promise(name):
    return contract((CONTRACTS / f"{name}.yaml").read_text(encoding="utf-8"))


def test_the_epidemic_file():
    found = check(DATA / "epidemic_daily_2020.csv", promise("epidemic_daily"))
    counts = found.findings
    assert (counts.received, counts.accepted, counts.quarantined) == (170_477, 144_038, 26_439)
    broken = {r.name: r.failed for r in counts.rule_results if r.failed}
    assert broken == {
        "city-present": 11_397,
        "city-code-present": 12_391,
        "city-code-gb2260": 14_048,
        "confirmed-not-falling": 67,
        "cured-not-falling": 109,
        "dead-not-falling": 4,
        "outcomes-within-confirmed": 824,
    }


def test_every_prefecture_of_yunnan_keeps_its_row_on_the_last_day():
    path, day = DATA / "epidemic_daily_2020.csv", dt.date(2020, 12, 8)
    _, verdicts = load(path, promise("epidemic_daily"))
    accepted = pa.concat_tables([v.accepted for v in verdicts]).to_pylist()
    columns = ("city_code", "confirmed", "cured", "dead")
    kept = [tuple(r[c] for c in columns) for r in accepted if r["date"] == day and r["province_code"] == "530000"]
    with path.open(encoding="utf-8", newline="") as file:
        lines = [r for r in csv.DictReader(file) if r["date"] == "2020-12-08" and r["province"] == "云南省"]
    expected = [
        (r["cityCode"], int(r["confirmed"]), int(r["cured"]), int(r["dead"])) for r in lines if r["cityCode"].isdigit()
    ]
    assert len(expected) == 16
    assert sorted(kept) == sorted(expected)


def test_the_divisions_file():
    counts = check(DATA / "yunnan_divisions.csv", promise("yunnan_divisions")).findings
    assert (counts.received, counts.accepted, counts.quarantined) == (1_607, 1_607, 0)
