"""Files of the demonstration: real ones from a folder, or generated ones of the same shape, dirt included."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from dianchi.kernel.divisions import PREFECTURES, counties_of

SEED = 20261123
VISITS, VISITORS = 200_000, 60_000
LAST_DAY = date(2020, 12, 8)
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.array(list("10X98765432"))
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文和木刀普沐"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国志文云飞思远海波晓燕学慧宇浩然子涵欣怡梓轩雨桐"


def divisions(folder: Path) -> Path:
    """Yunnan's divisions down to the counties, as the statistics bureau codes them."""
    rows = [("53", "云南省", "province", "")]
    for prefecture in PREFECTURES:
        rows.append((prefecture.code[:4], str(prefecture.name), "prefecture", "53"))
        rows += [(c.code, str(c.name), "county", prefecture.code[:4]) for c in counties_of(prefecture.code)]
    return _write(folder / "yunnan_divisions.csv", ("code", "name", "level", "parent_code"), rows)


def epidemic(folder: Path) -> Path:
    """Cumulative counts by day and city, with totals among the cities, odd codes and series that fall."""
    random, rows = Random(SEED), []  # noqa: S311 - made-up counts, not secrets
    counts = {p.code: [0, 0, 0] for p in PREFECTURES}
    day = date(2020, 1, 20)
    while day <= LAST_DAY:
        for count in counts.values():
            count[0] += random.random() < 0.04
            count[1] = min(count[0], count[1] + (random.random() < 0.05))
        if random.random() < 0.01:
            counts[random.choice(PREFECTURES).code][1] = 0  # a series that goes down
        total = [sum(c[i] for c in counts.values()) for i in range(3)]
        rows.append((day, "", "", "", "", total[0], 0, total[1], total[2]))
        rows.append((day, "云南省", "530000", "", "", total[0], 0, total[1], total[2]))
        rows += [(day, "云南省", "530000", p.name, p.code, *_of(counts[p.code])) for p in PREFECTURES]
        if day >= date(2020, 3, 16):
            rows.append((day, "云南省", "530000", "境外输入", "5300y0", 1, 0, 0, 0))
        day += timedelta(days=1)
    head = ("date", "province", "provinceCode", "city", "cityCode", "confirmed", "suspected", "cured", "dead")
    return _write(folder / "epidemic_daily_2020.csv", head, rows)


def _of(count: list[int]) -> tuple[int, int, int, int]:
    return count[0], 0, count[1], count[2]


def visits(folder: Path) -> Path:
    """Tourist visits of made-up persons whose citizen IDs pass their check digit; some rows are dirty."""
    random = np.random.default_rng(SEED)
    ids, names, phones = _persons(random)
    who = random.integers(0, VISITORS, VISITS)
    where = random.choice(len(PREFECTURES), VISITS, p=_popularity())
    days = random.integers(0, 365, VISITS)
    spend = np.round(random.gamma(2.0, 420.0, VISITS), 2)
    person = ids[who].astype(object)
    wrong = random.choice(VISITS, 37, replace=False)
    person[wrong] = [text[:-1] + ("1" if text[-1] != "1" else "2") for text in person[wrong]]
    amount = np.char.mod("%.2f", spend).astype(object)
    negative = random.choice(VISITS, 12, replace=False)
    amount[negative] = ["-" + text for text in amount[negative]]
    start = np.datetime64("2025-01-01")
    table = pa.table({
        "visit_id": np.char.mod("V%07d", np.arange(1, VISITS + 1)),
        "person_id": pa.array(person, pa.string()),
        "name": pa.array(names[who].astype(object), pa.string()),
        "phone": pa.array(phones[who].astype(object), pa.string()),
        "prefecture_code": pa.array([PREFECTURES[i].code for i in where], pa.string()),
        "visited_on": np.datetime_as_string(start + days.astype("timedelta64[D]"), unit="D"),
        "spend": pa.array(amount, pa.string()),
    })  # fmt: skip
    path = folder / "tourist_visits.csv"
    pa_csv.write_csv(table, path, pa_csv.WriteOptions(quoting_style="needed"))
    return path


def _popularity() -> np.ndarray:
    shares = np.array([30, 6, 5, 4, 3, 18, 3, 2, 5, 7, 3, 12, 20, 4, 0.02, 3])
    return shares / shares.sum()


def _persons(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    homes = np.array(
        [c.code for p in PREFECTURES for c in counties_of(p.code)] + ["510104", "110101", "440305", "310101"]
    )
    born = np.datetime64("1945-01-01") + random.integers(0, 365 * 65, VISITORS).astype("timedelta64[D]")
    birth = np.char.replace(np.datetime_as_string(born, unit="D"), "-", "")
    order = np.char.mod("%03d", random.integers(1, 1000, VISITORS))
    first = np.char.add(np.char.add(homes[random.integers(0, len(homes), VISITORS)], birth), order)
    digits = first.view("U1").reshape(VISITORS, 17).astype(int)
    ids = np.char.add(first, _CHECKS[(digits @ _WEIGHTS) % 11])
    surname, given = np.array(list(_SURNAMES)), np.array(list(_GIVEN))
    names = np.char.add(
        surname[random.integers(0, len(surname), VISITORS)], given[random.integers(0, len(given), VISITORS)]
    )
    twice = random.random(VISITORS) < 0.7
    names = np.where(twice, np.char.add(names, given[random.integers(0, len(given), VISITORS)]), names)
    prefix = np.array(["138", "139", "150", "152", "187", "188", "136", "199"])[random.integers(0, 8, VISITORS)]
    phones = np.char.add(prefix, np.char.mod("%08d", random.integers(0, 10**8, VISITORS)))
    return ids, names, phones


def _write(path: Path, head: tuple[str, ...], rows: list[tuple[object, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path
