"""Yunnan's divisions: the sums, the tree, and an independent table where there is one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dianchi.kernel import divisions as d
from dianchi.kernel.codes import Level, division, division_level, division_parent
from dianchi.kernel.errors import NotFound

SHARED = Path(__file__).parents[3] / "shared" / "data" / "yunnan_divisions.csv"
COUNTIES = [14, 9, 9, 5, 11, 5, 10, 8, 10, 13, 8, 3, 12, 5, 4, 3]


def test_the_sums_of_the_dossier() -> None:
    assert [len(d.counties_of(p.code)) for p in d.PREFECTURES] == COUNTIES
    assert sum(COUNTIES) == 129
    assert [p.code for p in d.PREFECTURES] == sorted(p.code for p in d.PREFECTURES)
    assert len({p.name for p in d.DIVISIONS.values()}) == len(d.DIVISIONS) == 147


def test_every_code_agrees_with_its_level_and_parent() -> None:
    for code, one in d.DIVISIONS.items():
        assert division_level(code) is one.level
        assert (division_parent(code) or "") == one.parent
        assert d.within(code, one.parent or code)


def test_names_in_both_languages() -> None:
    assert d.name_of("5328") == "西双版纳傣族自治州"
    assert d.name_of("532800").en == "Xishuangbanna"
    assert all(p.name.en.isascii() for p in d.PREFECTURES)
    with pytest.raises(NotFound):
        d.name_of("530200")  # old Dongchuan
    with pytest.raises(NotFound):
        d.name_of("440000")


def test_within_goes_down_the_tree_only() -> None:
    assert d.within("530102", "530100")
    assert d.within("530102001", "530102")
    assert d.within("5301", "53")
    assert d.within("530000", "000000")
    assert d.within("530102", "530102000000")
    assert not d.within("530100", "530102")
    assert not d.within("530102", "530102001")
    assert not d.within("530302", "530100")
    assert not d.within("000000", "530000")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared division table is not on this machine")
def test_the_shared_table_agrees() -> None:
    with SHARED.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] != "township"]
    theirs = {division(row["code"]): (row["name"], row["level"]) for row in rows}
    ours = {one.code: (str(one.name), one.level.value) for one in d.DIVISIONS.values() if one.level is not Level.NATION}
    assert ours == theirs
