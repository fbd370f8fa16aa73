"""What must be known of all rows first: which keys repeat, and what a reference to the data itself may name.

Memory is bounded by a hash and a number per row. Rows whose hash repeats are looked at again with their values, so
that a collision of hashes never condemns a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dianchi.engines.quality.contract import SELF, Kind, Rule
from dianchi.engines.quality.rows import ROW, Judge, connect

_NONE = pa.array([], pa.int64())
_NO_KEYS = pa.table({"key": pa.array([], pa.string())})


class Keys:
    """Learnt from all chunks before the first is judged."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._unique = [r for r in judge.rules if r.kind is Kind.UNIQUE]
        self._selfish = [r for r in judge.rules if r.kind is Kind.REFERENCE and r.arguments["resource"] == SELF]
        self._duplicated: dict[str, pa.Array] = {}
        self._targets: dict[str, pa.Table] = {}

    @property
    def needed(self) -> bool:
        """Whether the contract has a rule that needs it."""
        return bool(self._unique or self._selfish)

    def duplicated(self, rule: Rule) -> pa.Array:
        """The numbers of the rows whose key repeats among the rows that keep every other quarantining rule."""
        return self._duplicated.get(rule.name, _NONE)

    def targets(self, rule: Rule) -> pa.Table:
        """The texts that the rule's reference may name."""
        return self._targets.get(rule.name, _NO_KEYS)

    def learn(self, chunks: Callable[[], Iterable[pa.Table]]) -> None:
        """Read the chunks once, and again if some hash repeats."""
        candidates = self._first_reading(chunks())
        if any(len(places) for places in candidates.values()):
            self._second_reading(chunks(), candidates)

    def _first_reading(self, chunks: Iterable[pa.Table]) -> dict[str, pa.Array]:
        hashes: dict[str, list[pa.Table]] = {r.name: [] for r in self._unique}
        names: dict[str, list[pa.Table]] = {r.name: [] for r in self._selfish}
        for chunk in chunks:
            staged = self._judge.stage(chunk)
            for rule in self._unique:
                hashes[rule.name].append(self._judge.connection.sql(self._hashing(rule, staged)).to_arrow_table())
            for rule in self._selfish:
                names[rule.name].append(self._judge.connection.sql(self._naming(rule, staged)).to_arrow_table())
        for name, found in names.items():
            if found:
                self._targets[name] = pa.concat_tables(found).group_by("key").aggregate([])
        return {name: _repeated(tables) for name, tables in hashes.items()}

    def _second_reading(self, chunks: Iterable[pa.Table], candidates: dict[str, pa.Array]) -> None:
        """Judge the candidates alone, and compare the keys of those that are otherwise right."""
        keys: dict[str, list[pa.Table]] = {r.name: [] for r in self._unique}
        for chunk in chunks:
            for rule in self._unique:
                suspects = chunk.filter(pc.is_in(chunk.column(ROW), value_set=candidates[rule.name]))
                if suspects.num_rows:
                    keys[rule.name].append(self._judge.judge(suspects, _Targets(self)).values(*rule.columns))
        for name, tables in keys.items():
            if tables:
                self._duplicated[name] = _same(pa.concat_tables(tables))

    def _hashing(self, rule: Rule, staged: str) -> str:
        keys = [self._judge.names.value(c) for c in rule.columns]
        whole = " AND ".join(f"{k} IS NOT NULL" for k in keys)
        return f"SELECT place, hash({', '.join(keys)}) AS hash FROM ({staged}) WHERE {whole}"  # noqa: S608

    def _naming(self, rule: Rule, staged: str) -> str:
        target = self._judge.names.text(str(rule.arguments["to"]))
        return f"SELECT DISTINCT {target} AS key FROM ({staged}) WHERE {target} IS NOT NULL"  # noqa: S608


class _Targets:
    """Judging a candidate for repetition, where no repetition is known yet."""

    def __init__(self, keys: Keys) -> None:
        self.targets = keys.targets

    def duplicated(self, rule: Rule) -> pa.Array:
        return _NONE


def _repeated(tables: list[pa.Table]) -> pa.Array:
    """The places whose hash stands more than once."""
    if not tables:
        return _NONE
    table = pa.concat_tables(tables)
    hashes = table.column("hash").to_numpy()
    ordered = np.sort(hashes)
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(again):
        return _NONE
    return table.column("place").filter(pa.array(np.isin(hashes, again))).combine_chunks()


def _same(keys: pa.Table) -> pa.Array:
    """The places whose key, compared by value, stands more than once."""
    names = [f"k{i}" for i in range(keys.num_columns - 1)]
    columns = ", ".join(names)
    twice = f"SELECT {columns} FROM keys GROUP BY ALL HAVING count(*) > 1"  # noqa: S608 - built from our own names
    with connect() as connection:
        connection.register("keys", keys.rename_columns(["place", *names]))
        found = connection.sql(f"SELECT place FROM keys SEMI JOIN ({twice}) USING ({columns})")  # noqa: S608
        return found.to_arrow_table().column("place").combine_chunks()
