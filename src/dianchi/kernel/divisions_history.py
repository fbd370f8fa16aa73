"""Yunnan's county codes by year: counties that became districts or cities got new codes (GB/T 2260 amendments)."""

from __future__ import annotations

from functools import cache

from dianchi.kernel.codes import NATION
from dianchi.kernel.divisions import PREFECTURES, YUNNAN, counties_of

FIRST_YEAR = 2009  # from here on the list is complete
# The code before, the code after, the first year at whose end the new one was in use.
CHANGES = (
    ("532522", "532503", 2010),  # 蒙自
    ("532621", "532601", 2010),  # 文山
    ("530121", "530114", 2011),  # 呈贡
    ("532526", "532504", 2013),  # 弥勒
    ("533421", "533401", 2014),  # 香格里拉
    ("530522", "530581", 2015),  # 腾冲
    ("530421", "530403", 2015),  # 江川
    ("530328", "530303", 2016),  # 沾益
    ("530122", "530115", 2016),  # 晋宁
    ("533321", "533301", 2016),  # 泸水
    ("530321", "530304", 2018),  # 马龙
    ("530630", "530681", 2018),  # 水富
    ("530422", "530481", 2019),  # 澄江
    ("532331", "532302", 2021),  # 禄丰
)


@cache
def codes_in(year: int) -> frozenset[str]:
    """The six-digit codes in use at the end of a year: nation, province, prefectures, counties."""
    codes = {NATION, YUNNAN}
    for prefecture in PREFECTURES:
        codes |= {prefecture.code, *(c.code for c in counties_of(prefecture.code))}
    for before, after, since in CHANGES:
        if year < since:
            codes = codes - {after} | {before}
    return frozenset(codes)
