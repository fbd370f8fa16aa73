"""Totals that would tell a suppressed part by subtraction; how many groups were suppressed."""

# ruff: noqa: S608 - writing SQL is what this file is for; every piece of it is quoted or our own
from __future__ import annotations

from dianchi.engines.guard.measures import chains
from dianchi.engines.guard.threshold.counts import Counts


class Totals(Counts):
    """Suppresses totals, and counts what was suppressed."""

    def suppressed(self) -> str:
        """How many groups were suppressed; told only if those together rest on enough, unless no rows were chosen."""
        a = self.t.alias
        v = f"{a}w" if self.flags else f"{a}v"
        hidden = f'(SELECT count(*) FROM {v} WHERE NOT "_ok")'
        if not self.t.predicated or not self.keys:
            return f"SELECT {hidden} AS count"
        on = " AND ".join(f"b.{k} IS NOT DISTINCT FROM v.{k}" for k in self.keys)
        finest = "" if not self.flags else " AND " + " AND ".join(f"v.{h} = 0" for h in self.levels)
        together = f'(SELECT count(DISTINCT b.s0) FROM {a}b AS b JOIN {v} AS v ON {on} WHERE NOT v."_ok"{finest})'
        return f"SELECT CASE WHEN {together} >= {self.t.least} THEN {hidden} ELSE 0 END AS count"

    def residual(self) -> list[tuple[str, str, str]]:
        """Totals that would tell a suppressed part by subtraction are suppressed too; finest level first."""
        a = self.t.alias
        found: list[tuple[str, str, str]] = []
        shown: dict[tuple[int, ...], str] = {}
        for n, level in enumerate(sorted(self.t.sets, key=len, reverse=True)):
            flags = " AND ".join(f"v.h{i + 1} = {0 if i in level else 1}" for i in range(len(self.keys)))
            body = f"SELECT * FROM {a}v AS v WHERE {flags}"
            finer = chains(self.t.sets, level)
            if finer:
                body = self.beneath(body, level, finer, shown)
            shown[level] = f"{a}l{n}"
            found.append((shown[level], "MATERIALIZED ", body))
        union = " UNION ALL ".join(f"SELECT * FROM {x}" for x in shown.values())
        found.append((f"{a}w", "MATERIALIZED ", union))
        return found

    def beneath(
        self, mine: str, level: tuple[int, ...], finer: list[list[tuple[int, ...]]], shown: dict[tuple[int, ...], str]
    ) -> str:
        """One level, less the cells whose rows outside all shown finer cells are few, along any chain of levels."""
        a, least = self.t.alias, self.t.least
        keys = [f"k{i + 1}" for i in level]
        joins, fine = "", []
        for c, chain in enumerate(finer):
            covered = " AND ".join(
                f"NOT EXISTS (SELECT 1 FROM {shown[s]} AS w WHERE w._ok"
                + "".join(f" AND w.k{i + 1} IS NOT DISTINCT FROM b.k{i + 1}" for i in s)
                + ")"
                for s in chain
            )
            counts = [f"count(DISTINCT b.s{j}) AS d{j}" for j in range(len(self.subjects))]
            listed = ", ".join([f"b.{k}" for k in keys] + counts)
            grouped = f" GROUP BY {', '.join(f'b.{k}' for k in keys)}" if keys else ""
            on = " AND ".join(f"m.{k} IS NOT DISTINCT FROM o{c}.{k}" for k in keys) or "TRUE"
            joins += f" LEFT JOIN (SELECT {listed} FROM {a}b AS b WHERE {covered}{grouped}) AS o{c} ON {on}"
            fine += [f"(coalesce(o{c}.d{j}, 0) = 0 OR o{c}.d{j} >= {least})" for j in range(len(self.subjects))]
        below = [
            f"EXISTS (SELECT 1 FROM {shown[s]} AS w WHERE (NOT w._ok OR %s)"
            + "".join(f" AND w.{k} IS NOT DISTINCT FROM m.{k}" for k in keys)
            + ")"
            for s in {s for chain in finer for s in chain}
        ]
        columns = [f"m.{c}" for c in [*self.keys, *self.levels]]
        for m in self.t.measures:
            empty = " OR ".join(x % f"w.{m.name} IS NULL" for x in below)
            always = m.function in ("rows", "subjects")
            columns.append(f"m.{m.name}" if always else f"CASE WHEN NOT ({empty}) THEN m.{m.name} END AS {m.name}")
        columns += [f'm."_ok" AND {" AND ".join(fine)} AS "_ok"', 'm."_rows"']
        columns += [f"m.n{j}" for j in range(len(self.subjects))]
        return f"SELECT {', '.join(columns)} FROM ({mine}) AS m{joins}"
