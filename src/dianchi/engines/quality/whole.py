"""Rules about a load as a whole: how fresh it is, how many rows it has, whether its values spread as before."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.quality.contract import WHOLE, Contract, Kind, Rule
from dianchi.engines.quality.rows import Judged, connect

ENOUGH = 100  # fewer rows on either side prove no drift
_MOST = 0.25  # a population stability index above it is commonly read as a shift
_FLOOR = 1e-4  # share that an empty bucket is taken for


@dataclass(frozen=True)
class Before:
    """What a load is compared with; what is not known is not judged."""

    today: date | None = None
    rows: int | None = None  # accepted by the load before
    shapes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # its `shapes()`


class Whole:
    """Counts while the rows go by."""

    def __init__(self, contract: Contract, before: Before) -> None:
        self._rules = [r for r in contract.all_rules if r.kind in WHOLE]
        self._types = {c.name: c.type for c in contract.columns}
        self._before = before
        self._rows = 0
        self._latest: dict[str, date] = {}
        self._shapes: dict[str, Counter[str]] = {
            r.columns[0]: Counter() for r in self._rules if r.kind is Kind.DISTRIBUTION
        }

    def collect(self, judged: Judged) -> None:
        """Take a chunk's accepted rows into account."""
        if not self._rules:
            return
        kept = judged.values(*(c for r in self._rules for c in r.columns))
        self._rows += kept.num_rows
        for rule in self._rules:
            if rule.kind is Kind.FRESHNESS:
                self._later(rule.columns[0], pc.max(kept.column(rule.columns[0])).as_py())
        for column, shape in self._shapes.items():
            shape.update(_spread(kept.column(column), self._types[column]))

    def _later(self, column: str, found: date | datetime | str | None) -> None:
        day = found.date() if isinstance(found, datetime) else found
        if isinstance(day, date):
            self._latest[column] = max(day, self._latest.get(column, day))

    def shapes(self) -> dict[str, dict[str, int]]:
        """How the values spread, by column."""
        return {column: dict(sorted(shape.items())) for column, shape in self._shapes.items()}

    def broken(self) -> dict[str, bool]:
        """Per rule whether the load breaks it."""
        judge = {Kind.FRESHNESS: self._stale, Kind.ROW_COUNT: self._miscounted, Kind.DISTRIBUTION: self._shifted}
        return {rule.name: judge[rule.kind](rule) for rule in self._rules}

    def _stale(self, rule: Rule) -> bool:
        if self._before.today is None or not self._rows:
            return False
        latest = self._latest.get(rule.columns[0])
        return latest is None or (self._before.today - latest).days > int(str(rule.arguments["days"]))

    def _miscounted(self, rule: Rule) -> bool:
        low, high = (rule.arguments.get(name) for name in ("min", "max"))
        if (low is not None and self._rows < int(str(low))) or (high is not None and self._rows > int(str(high))):
            return True
        most, before = rule.arguments.get("change"), self._before.rows
        return most is not None and bool(before) and abs(self._rows - before) / before > float(str(most))  # type: ignore[operator]

    def _shifted(self, rule: Rule) -> bool:
        column = rule.columns[0]
        before, now = self._before.shapes.get(column, {}), self._shapes[column]
        if sum(before.values()) < ENOUGH or sum(now.values()) < ENOUGH:
            return False
        return stability(before, now) > float(str(rule.arguments.get("most", _MOST)))


def stability(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The population stability index: 0 where nothing moved."""
    index = 0.0
    for bucket in {*before, *now}:
        old = max(before.get(bucket, 0) / sum(before.values()), _FLOOR)
        new = max(now.get(bucket, 0) / sum(now.values()), _FLOOR)
        index += (new - old) * math.log(new / old)
    return index


def _spread(values: pa.ChunkedArray, kind: str) -> dict[str, int]:
    """Values by coarse bucket: numbers by magnitude, days by month, texts by a digest that tells no value."""
    bucket = "substr(md5(v), 1, 1)"
    if kind in {"date", "timestamp"}:
        bucket = "strftime(v, '%Y-%m')"
    elif kind in {"integer", "double"} or kind.startswith("decimal"):
        bucket = "CASE WHEN v = 0 THEN '0' ELSE format('{}{}', sign(v)::INT, floor(2 * log2(abs(v::DOUBLE)))::INT) END"
    elif kind == "boolean":
        bucket = "v::VARCHAR"
    with connect() as connection:
        connection.register("spread", pa.table({"v": values}))
        query = f"SELECT coalesce({bucket}, '') AS b, count(*) FROM spread GROUP BY 1"  # noqa: S608 - our own
        return {str(b): int(n) for b, n in connection.sql(query).fetchall()}
