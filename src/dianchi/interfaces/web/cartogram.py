"""Yunnan as tiles: the sixteen prefectures about where they lie, each with a tile for every county, in code order.

A cartogram of our own: no boundary is drawn, so no surveyed map is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dianchi.kernel.divisions import PREFECTURES, Division, counties_of
from dianchi.kernel.text import Text

# Column and row on a grid of five by five.
PLACES: Mapping[str, tuple[int, int]] = {
    "533400": (2, 1), "530600": (5, 1),
    "533300": (1, 2), "530700": (2, 2), "532300": (3, 2), "530100": (4, 2), "530300": (5, 2),
    "530500": (1, 3), "532900": (2, 3), "530400": (4, 3),
    "533100": (1, 4), "530900": (2, 4), "530800": (3, 4), "532500": (4, 4), "532600": (5, 4),
    "532800": (3, 5),
}  # fmt: skip
LONG = {"西双版纳傣族自治州": "西双版纳"}  # the one autonomous division whose first word has four characters
STEPS = 5  # shades of colour beside none


@dataclass(frozen=True)
class Tile:
    """One county, or the prefecture itself."""

    division: Division
    name: Text
    value: float | None
    shade: int  # 0 for nothing, up to STEPS


@dataclass(frozen=True)
class Block:
    """One prefecture with its counties and its place on the grid."""

    whole: Tile
    counties: tuple[Tile, ...]
    column: int
    row: int


def short(division: Division) -> Text:
    """A name that fits a tile: the county without its rank, an autonomous one by its first word."""
    zh = str(division.name)
    cut = LONG.get(zh, zh[:2]) if "自治" in zh else zh[:-1] if len(zh) > 2 else zh
    en = division.name.en
    return Text(cut, en if en != zh else cut)


def blocks(value: Callable[[str], float | None]) -> list[Block]:
    """All prefectures, in code order; shades are shared by equal parts of the largest value among the counties."""
    counties = {p.code: counties_of(p.code) for p in PREFECTURES}
    most = max((value(c.code) or 0 for found in counties.values() for c in found), default=0)
    whole = max((value(p.code) or 0 for p in PREFECTURES), default=0)
    return [
        Block(
            _tile(p, value(p.code), whole),
            tuple(_tile(c, value(c.code), most) for c in counties[p.code]),
            *PLACES[p.code],
        )
        for p in PREFECTURES
    ]


def _tile(division: Division, value: float | None, most: float) -> Tile:
    shade = 0 if not value or value <= 0 or most <= 0 else max(1, -int(-STEPS * value // most))
    return Tile(division, short(division), value, shade)
