"""The text of a thresholded group: cells, what each rests on, and what is released.

base    the rows with keys, arguments, conditions and subjects (not materialised)
cells   one row for each group with every measure
exact   for each subject carried: how many there are in the cell and in every part of it, and the largest shares
released the cells that rest on enough, with every measure NULL that does not
"""

# ruff: noqa: S608 - writing SQL is what this file is for; every piece of it is quoted or our own
from __future__ import annotations

from sqlglot import exp

from dianchi.engines.guard.measures import Measure
from dianchi.engines.guard.threshold.bounds import call, value_columns
from dianchi.engines.guard.threshold.totals import Totals
from dianchi.engines.guard.total import total

LEAST_SAMPLE, SAMPLE = 5_000, 200_000  # rows in which the subjects of the cells are looked for first


class ThresholdSql(Totals):
    """Writes one threshold."""

    def parts(self) -> list[tuple[str, str, str]]:
        """The WITH queries, in order."""
        a = self.t.alias
        found = [(f"{a}b", "NOT MATERIALIZED ", self.base())]
        if self.sampled:
            found += [(f"{a}d", "MATERIALIZED ", self.cells(f"{a}b")), (f"{a}s", "MATERIALIZED ", self.sample(f"{a}b"))]
            on = " AND ".join(f"d.{k} IS NOT DISTINCT FROM s.{k}" for k in self.keys) or "TRUE"
            kept = ", ".join(f"d.{c}" for c in [*self.keys, *self.computed(), '"_rows"'])
            clear = 'd."_clear" AND coalesce(s."_clear", FALSE) AS "_clear"'
            joined = f"SELECT {kept}, {clear} FROM {a}d AS d LEFT JOIN {a}s AS s ON {on}"
            found.append((f"{a}c", "MATERIALIZED ", joined))
        else:
            found.append((f"{a}c", "MATERIALIZED ", self.cells(f"{a}b")))
        for j in range(len(self.subjects)):
            found.append((f"{a}e{j}", "MATERIALIZED ", self.exact(f"{a}b", j)))
        found.append((f"{a}v", "MATERIALIZED ", self.visible(f"{a}c", [f"{a}e{j}" for j in range(len(self.subjects))])))
        if self.flags:
            found += self.residual()
        source = f"{a}w" if self.flags else f"{a}v"
        found.append((f"{a}r", "", f'SELECT * FROM {source} WHERE "_ok"'))
        found.append((f"{a}n", "", self.suppressed()))
        return found

    def base(self) -> str:
        """Rows below the group."""
        t = self.t
        listed = [f"{self.write(k)} AS {n}" for k, n in zip(t.keys, self.keys, strict=True)]
        listed += [f"{self.argument(m)} AS x{i}" for i, m in enumerate(t.measures) if m.arg is not None]
        listed += [f"coalesce({self.write(c)}, FALSE) AS p{i}" for i, c in enumerate(t.conditions)]
        for j, s in enumerate(self.subjects):
            listed.append(f"{s} AS s{j}")
            if self.traced and not t.carries[j].own:
                listed.append(f'{s[:-1]}z" AS z{j}')
        if not self.flags and any(m.dominated for m in t.measures):
            listed += [f"hash({s}) & 3 AS e{j}" for j, s in enumerate(self.subjects) if t.carries[j].max_rows is None]
        return f"SELECT {', '.join(listed)} {self.source}"

    def argument(self, m: Measure) -> str:
        assert m.arg is not None
        node = m.arg.copy()
        for branch in node.find_all(exp.If):
            branch.set("this", total(branch.this, True))
        if m.double:
            holder = exp.Paren(this=node)
            for c in list(value_columns(holder)):
                c.replace(exp.TryCast(this=c.copy(), to=exp.DataType.build("DOUBLE"), safe=True))
            node = holder.this
        elif m.function in ("sum", "avg") and not isinstance(node, exp.Column):
            holder = exp.Paren(this=node)
            for c in list(value_columns(holder)):
                wide = "HUGEINT" if m.whole else self.t.wide.get((c.table, c.name), "")
                if wide:
                    c.replace(exp.TryCast(this=c.copy(), to=exp.DataType.build(wide, dialect="duckdb"), safe=True))
            node = holder.this
        return self.write(node, m.function not in ("sum", "avg"))

    def computed(self) -> list[str]:
        """The names of the measures, and of the counts that rounded sums follow."""
        sums = [f"{m.name}_n" for m in self.t.measures if self.round_to and m.function == "sum"]
        return [m.name for m in self.t.measures] + sums

    def cells(self, base: str) -> str:
        """Every group with its measures."""
        listed = self.keys + self.grouping_flags()
        for i, m in enumerate(self.t.measures):
            listed.append(f"{call(m, i)} AS {m.name}")
            if self.round_to and m.function == "sum":
                listed.append(f"count(x{i}) AS {m.name}_n")
        listed.append('count(*) AS "_rows"')
        if self.bounds:
            listed.append(f'coalesce({" AND ".join(self.bounds)}, FALSE) AS "_clear"')
        return f"SELECT {', '.join(listed)} FROM {base} AS b{self.group_by([])}"

    def sample(self, base: str) -> str:
        """Lower bounds on subjects from some rows, whichever: those of a part are never more than those of the whole."""
        clear = " AND ".join(self.sampled)
        tail = f" GROUP BY {', '.join(self.keys)}" if self.keys else ""
        listed = ", ".join([*self.keys, f'coalesce({clear}, FALSE) AS "_clear"'])
        rows = f"SELECT greatest({LEAST_SAMPLE}, least({SAMPLE}, {4 * self.t.least} * count(*))) FROM {self.t.alias}d"
        return f"SELECT {listed} FROM (SELECT * FROM {base} LIMIT ({rows})) AS b{tail}"

    def visible(self, cells: str, exacts: list[str]) -> str:
        """The cells with what may be shown of them."""
        shown = [f"c.{k}" for k in self.keys + self.levels]
        for i, m in enumerate(self.t.measures):
            text = f"e0.q0_{i}" if m.share else self.rounded(m)
            condition = self.condition(m, i)
            if condition and self.bounds:
                condition = f'c."_clear" OR ({condition})'
            shown.append(
                f"{text} AS {m.name}" if not condition else f"CASE WHEN {condition} THEN {text} END AS {m.name}"
            )
        ok = " AND ".join(f"coalesce(e{j}.n{j}, 0) >= {self.t.least}" for j in range(len(self.subjects)))
        ok = f'(c."_clear" OR ({ok}))' if self.bounds else ok
        shown += [f'{ok} AS "_ok"', 'c."_rows"', *(f"e{j}.n{j}" for j in range(len(self.subjects)))]
        text = f"SELECT {', '.join(shown)} FROM {cells} AS c"
        for j, e in enumerate(exacts):
            on = " AND ".join(f"c.{k} IS NOT DISTINCT FROM e{j}.{k}" for k in self.keys + self.levels) or "TRUE"
            text += f" LEFT JOIN {e} AS e{j} ON {on}"
        return text

    def rounded(self, m: Measure) -> str:
        """A measure as it is shown: with a base, counts are rounded to it and sums follow the rounded count.

        Totals are the sums of the rounded parts where one grouping set is finer than all others.
        """
        base = self.round_to
        counts = m.function in ("rows", "count")
        if not base or m.function not in ("rows", "count", "sum", "distinct", "subjects"):
            return f"c.{m.name}"
        number = f"c.{m.name}_n" if m.function == "sum" else f"c.{m.name}"
        near = f"TRY_CAST(round({number} / {base}.0) * {base} AS BIGINT)"
        finest = max(self.t.sets, key=len)
        if self.flags and (counts or m.function == "sum") and all(set(s) <= set(finest) for s in self.t.sets):
            same = [f"(c.h{i + 1} = 1 OR f.k{i + 1} IS NOT DISTINCT FROM c.k{i + 1})" for i in finest]
            level = [f"f.h{i + 1} = 0" for i in finest]
            part = f"round(f.{m.name if counts else m.name + '_n'} / {base}.0) * {base}"
            near = f"(SELECT TRY_CAST(sum({part}) AS BIGINT) FROM {self.t.alias}c AS f WHERE {' AND '.join([*level, *same])})"
        return near if m.function != "sum" else f"CAST(c.{m.name} AS DOUBLE) / nullif({number}, 0) * {near}"

    def footprint(self, j: int) -> str:
        """Rows (part, key…, side, buckets, weights) for history.

        Of each grouping set, part 0 is a whole cell as a multiset of rows, 1 as a set, others its shown conditions.
        """
        a = self.t.alias
        sets = self.t.sets if self.flags else [tuple(range(len(self.keys)))]
        shown = {
            i: " OR ".join(f"r.{m.name} IS NOT NULL" for m in self.t.measures if i in m.conditions)
            for i in range(len(self.t.conditions))
        }
        weights = ["sum(z >> 24) AS w", *(f"sum(z >> 24) FILTER (WHERE p{i}) AS w{i}" for i, m in shown.items() if m)]
        parts = []
        for n, chosen in enumerate(sets):
            keys = [f"k{i + 1}" for i in chosen]
            rows = self.sketched(f"{a}b", j, keys, weights)
            parts.append(self.sketch(1000 * n, rows, chosen, "w", "TRUE"))
            if self.t.joined or any(m.function in ("distinct", "subjects", "min", "max") for m in self.t.measures):
                listed = ", ".join([*keys, f"z{j}"])
                once = self.sketched(f"(SELECT DISTINCT {listed} FROM {a}b)", j, keys, weights[:1])
                parts.append(self.sketch(1000 * n + 1, once, chosen, "w", "TRUE"))
            parts += [self.sketch(1000 * n + 2 + i, rows, chosen, f"w{i}", m) for i, m in shown.items() if m]
        return " UNION ALL ".join(parts)

    def sketched(self, rows: str, j: int, keys: list[str], weights: list[str]) -> str:
        """The bucket sums of every cell of some keys, released or not."""
        group = [*keys, "side", "bucket"]
        listed = [*keys, "(z >> 8) & 65535 AS side", "z & 255 AS bucket", *weights]
        source = f"(SELECT *, z{j} AS z FROM {rows} AS b WHERE z{j} IS NOT NULL) AS b"
        return f"SELECT {', '.join(listed)} FROM {source} GROUP BY {', '.join(group)}"

    def sketch(self, part: int, rows: str, chosen: tuple[int, ...], weight: str, shown: str) -> str:
        """The bucket sums of the cells of one grouping set that were released."""
        r = f"{self.t.alias}r"
        on = " AND ".join(f"w.k{i + 1} IS NOT DISTINCT FROM r.k{i + 1}" for i in chosen) or "TRUE"
        level = [f"r.h{i + 1} = {0 if i in chosen else 1}" for i in range(len(self.keys))] if self.flags else []
        where = " AND ".join([*level, f"w.{weight} IS NOT NULL", f"({shown})"])
        keys = [f"r.{k}" for k in self.keys]
        listed = [*keys, "CAST(w.side AS VARCHAR) AS side"]
        lists = f"list(CAST(w.bucket AS USMALLINT)) AS buckets, list(CAST(w.{weight} AS UBIGINT)) AS weights"
        group = ", ".join([*keys, "w.side"])
        return f"SELECT {part} AS part, {', '.join(listed)}, {lists} FROM ({rows}) AS w JOIN {r} AS r ON {on} WHERE {where} GROUP BY {group}"
