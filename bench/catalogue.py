"""Searching a catalogue of 100,000 items: milliseconds of each kind of question, on SQLite and on PostgreSQL.

    .venv/bin/python bench/catalogue.py [--items 100000] [--json]        # SQLite in a temporary folder
    DIANCHI_DATABASE_URL=postgresql://… .venv/bin/python bench/catalogue.py

Every question is asked as the pages and the CKAN interface ask it: count, facets, one page of twenty, in one process.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

THEMES = [
    "人口",
    "户籍",
    "婚姻",
    "社保",
    "医保",
    "公积金",
    "不动产",
    "企业",
    "信用",
    "许可",
    "处罚",
    "税收",
    "就业",
    "教育",
    "学校",
    "医院",
    "疫苗",
    "疫情",
    "游客",
    "景区",
    "酒店",
    "客运",
    "公路",
    "公交",
    "电力",
    "供水",
    "燃气",
    "气象",
    "水质",
    "空气质量",
    "土地",
    "农业",
    "林业",
    "畜牧",
    "矿产",
    "能源",
    "招标",
    "财政",
    "养老",
    "低保",
]
KINDS = ["基本信息", "名录", "统计", "明细", "登记", "变更记录", "检查结果", "预警", "台账", "目录"]
QUESTIONS = (
    {"words": ""}, {"words": "游客"}, {"words": "昆明市不动产登记"}, {"words": "zwmz"}, {"words": "xzcf"}, {"words": "yiyuan"},
    {"words": "公司"}, {"words": "信息"}, {"words": "信息", "region": "530100"}, {"words": "", "sector": "医院"},
    {"words": "不存在的词语组合"},
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dianchi-bench-") as folder:
        os.environ |= {"DIANCHI_VAR": folder, "DJANGO_SETTINGS_MODULE": "dianchi.config.settings.base"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        made = _fill(given.items)
        found = [_ask(question) for question in QUESTIONS]
    report = {"items": given.items, "filled_seconds": round(made, 1), "questions": found}
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
        return
    print(f"{given.items} items filled in {made:.1f} s")
    for one in found:
        print(
            f"{one['milliseconds']:8.1f} ms ({one['cpu_milliseconds']:.1f} of processor) {one['total']:>7} {one['question']}"
        )


def _fill(many: int) -> float:
    """Items as departments would name them, straight into the tables: their acts are measured elsewhere."""
    from dianchi.chapters.resources.catalogue.models import Item, SearchEntry
    from dianchi.chapters.resources.catalogue.states import FREQUENCIES
    from dianchi.kernel.divisions import DIVISIONS

    began, chance = time.perf_counter(), random.Random(4)
    places = [d for d in DIVISIONS.values() if d.code.startswith("53")]
    at = datetime(2026, 1, 5, tzinfo=UTC)
    names = itertools.cycle(itertools.product(places, THEMES, KINDS))
    common = {"summary": "", "update_frequency": "monthly", "attribute": "ALLOWED", "legal_basis": "条例", "state": "published",
              "grade": "GENERAL-1", "opened_at": at, "opened_by": "", "state_since": at}  # fmt: skip
    for start in range(0, many, 5000):
        items = []
        for i in range(start, min(start + 5000, many)):
            place, theme, kind = next(names)
            items.append(Item(code=f"ML-{i:06}", title=f"{place.name}{theme}{kind}", sector=theme, region=place.code,
                              opened_for=f"11530000MB1A{i % 200:06}", items=[{"name": "code", "title": f"{theme}编号"}],
                              **(common | {"update_frequency": chance.choice(FREQUENCIES)[0]})))  # fmt: skip
        items = Item.objects.bulk_create(items)
        SearchEntry.objects.bulk_create(_entry(item, at) for item in items)
    return time.perf_counter() - began


def _entry(item: Any, at: datetime) -> Any:
    """Its search entry; the words of a title are put together from those of its parts, which saves most of the time."""
    from dianchi.chapters.resources.catalogue.models import SearchEntry
    from dianchi.kernel.divisions import DIVISIONS

    place = str(DIVISIONS[item.region].name)
    said = f"{_words(place)} {_words(item.title.removeprefix(place))} {item.code.lower()}"
    return SearchEntry(item=item, code=item.code, title=item.title, provider=item.opened_for, region=item.region, sector=item.sector,
                       frequency=item.update_frequency, grade=item.grade, open=True, changed_at=at + timedelta(minutes=item.pk),
                       words=" ".join(dict.fromkeys(said.split())))  # fmt: skip


@cache
def _words(text: str) -> str:
    from dianchi.chapters.resources.catalogue import words

    return words.indexed(text, [], [])


def _ask(question: dict[str, str]) -> dict[str, Any]:
    from dianchi.chapters.resources.catalogue import queries

    taken, cpu, found = [], [], None
    for _ in range(5):
        began, used = time.perf_counter(), time.process_time()
        found = queries.search(queries.Asked(**question), open_only=True)
        taken.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - used))
    assert found is not None
    return {
        "question": question,
        "total": found.total,
        "milliseconds": round(statistics.median(taken), 1),
        "cpu_milliseconds": round(statistics.median(cpu), 1),
    }


if __name__ == "__main__":
    main()
