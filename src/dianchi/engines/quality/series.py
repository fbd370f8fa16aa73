"""Series that should not fall: collected from the accepted rows, compared when all are in."""

from __future__ import annotations

import pyarrow as pa

from dianchi.engines.quality.contract import Contract, Kind, Rule
from dianchi.engines.quality.rows import Judged, connect


class Series:
    """Collects what the non_decreasing rules of a contract compare."""

    def __init__(self, contract: Contract) -> None:
        self._rules = [r for r in contract.all_rules if r.kind is Kind.NON_DECREASING]
        self._collected: dict[str, list[pa.Table]] = {r.name: [] for r in self._rules}

    def collect(self, judged: Judged) -> None:
        """Keep a chunk's keys, order and values."""
        for rule in self._rules:
            columns = (*_keys(rule), str(rule.arguments["order"]), rule.columns[0])
            self._collected[rule.name].append(judged.values(*columns))

    def fallen(self) -> dict[str, list[int]]:
        """Per rule the numbers of the rows whose value is below the one before it in its series."""
        return {rule.name: self._fallen(rule) for rule in self._rules if self._collected[rule.name]}

    def _fallen(self, rule: Rule) -> list[int]:
        keys = [f"k{i}" for i, _ in enumerate(_keys(rule))]
        table = pa.concat_tables(self._collected[rule.name]).rename_columns(["place", *keys, "moment", "value"])
        window = f"OVER (PARTITION BY {', '.join(keys)} ORDER BY moment, place)"
        steps = f"SELECT place, value < lag(value) {window} AS fell FROM series WHERE value IS NOT NULL"  # noqa: S608
        with connect() as connection:
            connection.register("series", table)
            found = connection.sql(f"SELECT place FROM ({steps}) WHERE fell ORDER BY place").fetchall()  # noqa: S608
        return [int(row[0]) for row in found]


def _keys(rule: Rule) -> tuple[str, ...]:
    by = rule.arguments["by"]
    return by if isinstance(by, tuple) else (str(by),)
