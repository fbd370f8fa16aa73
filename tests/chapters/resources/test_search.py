"""The search finds the same on SQLite and on PostgreSQL: words, synonyms, pinyin, initials, nothing foreign."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.factories.people import HOME
from tests.postgres import postgres_url

from dianchi.chapters.resources.catalogue import words
from dianchi.kernel.actors import Role

ROOT = Path(__file__).resolve().parents[3]
DIVISIONS, CLINICS, EPIDEMIC, SIGHTS = "云南省行政区划", "医疗机构名录", "新冠疫情逐日累计", "旅游景区名录"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program found."""
    url = postgres_url() if request.param == "postgresql" else ""
    store = {"DIANCHI_VAR": str(tmp_path_factory.mktemp("store")), "DIANCHI_DATABASE_URL": url}
    command = [sys.executable, "-m", "tests.chapters.resources.searching"]
    ran = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **store}, capture_output=True, text=True, check=False, timeout=180
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_it_finds_the_same_on_both(told: dict[str, Any]) -> None:
    found = {question: set(titles) for question, titles in told["found"].items()}
    assert found == {
        "行政区划": {DIVISIONS}, "区域": {DIVISIONS}, "xzqh": {DIVISIONS}, "xingzheng": {DIVISIONS}, "yljg": {CLINICS},
        "医院": {CLINICS}, "机构": {CLINICS}, "名录": {CLINICS, SIGHTS}, "行政 名录": set(),
        "云": {DIVISIONS, CLINICS, EPIDEMIC, SIGHTS}, "COVID": {EPIDEMIC}, "不存在的词": set(), "a'b\"c*(": set(), "的": set(),
        "划区": set(), "": {DIVISIONS, CLINICS, EPIDEMIC, SIGHTS},
    }  # fmt: skip


def test_titles_that_begin_with_the_words_come_first(told: dict[str, Any]) -> None:
    assert told["found"]["云"][0] == DIVISIONS


def test_facets_count_within_the_others(told: dict[str, Any]) -> None:
    assert told["total"] == 2
    assert dict(told["facets"]["sector"]) == {"卫生健康": 2, "民政": 1, "文化旅游": 1}
    assert dict(told["facets"]["provider"]) == {HOME[Role.SECTOR][0]: 2}
    assert dict(told["facets"]["frequency"]) == {"yearly": 1, "daily": 1}


def test_words_are_cut_and_written_in_pinyin() -> None:
    made = words.indexed("云南省行政区划", ["民政厅"], ["四级区划"]).split()
    assert {"行政区划", "区划", "政区", "xingzhengquhua", "xzqh", "民政厅", "四级"} <= set(made)
    assert len(made) == len(set(made))
    assert not [w for w in made if set(w) & set("'\"*() ")]


@pytest.mark.parametrize("title", ["䶮城", "𪚥记录", "ＡＢＣ１２３", "Ａ级景区", "··", "", "a" * 5000])
def test_rare_and_odd_titles_are_words_too(title: str) -> None:
    words.indexed(title, [title], [title])
    words.asked(title)
