"""What cells rest on, counted exactly, and when a measure may be shown."""

# ruff: noqa: S608 - writing SQL is what this file is for; every piece of it is quoted or our own
from __future__ import annotations

from dianchi.engines.guard.measures import Measure
from dianchi.engines.guard.threshold.bounds import Bounds, among


class Counts(Bounds):
    """Counts subjects behind cells and parts of cells."""

    def exact(self, base: str, j: int) -> str:
        """What the cells rest on, counted in subjects of one kind."""
        listed = [*self.keys, *self.grouping_flags(), f"s{j}", "count(*) AS r"]
        outer = [*self.keys, *self.levels, f"count(s{j}) AS n{j}"]
        for i, a in enumerate(self.atoms):
            listed.append(f"bool_or({a}) AS a{i}")
            outer += [f"count(s{j}) FILTER (WHERE a{i}) AS a{j}_{i}", f"count(*) FILTER (WHERE a{i}) AS z{j}_{i}"]
        for i in range(len(self.t.conditions) if not self.t.exclusive else 0):
            listed.append(f"bool_or(p{i}) AS c{i}")
            outer.append(f"count(s{j}) FILTER (WHERE c{i}) AS c{j}_{i}")
        for i, m in enumerate(self.t.measures):
            if m.function in ("rows", "subjects"):
                continue
            listed += [f"count(x{i}) AS y{i}", f"count(*){among(m)} - count(x{i}) AS w{i}"]
            outer += [f"count(s{j}) FILTER (WHERE y{i} > 0) AS y{j}_{i}"]
            if m.partial:
                outer += [
                    f"count(s{j}) FILTER (WHERE w{i} > 0) AS w{j}_{i}",
                    f"count(*) FILTER (WHERE w{i} > 0) AS q{j}_{i}",
                ]
            if m.share:
                listed.append(f"avg(CAST(x{i} AS DOUBLE)) AS q{i}")
                near = self.neighbours(m, i)
                outer += [f"list_avg({near}) AS q{j}_{i}", f"{self.shared(near)} AS h{j}_{i}"]
            if m.dominated:
                listed.append(f"abs(CAST(sum(x{i}) AS DOUBLE)) AS t{i}")
                outer += [f"max(t{i}) AS t{j}_{i}", f"list_sum(max(t{i}, 2)) AS u{j}_{i}", f"sum(t{i}) AS v{j}_{i}"]
        rows = f"{base} AS b"
        if self.bounds:  # only the cells that their bounds leave open
            listed = [f"b.{x}" if x in self.keys or x == f"s{j}" else x for x in listed]
            on = " AND ".join(f"o.{k} IS NOT DISTINCT FROM b.{k}" for k in self.keys) or "TRUE"
            names = ", ".join(self.keys) or "1 AS one"
            rows = f'(SELECT {names} FROM {self.t.alias}c WHERE NOT "_clear") AS o JOIN {base} AS b ON {on}'
        grouped = ", ".join(f"b.{k}" for k in [*self.keys, f"s{j}"]) if self.bounds else ""
        inner = (
            f"SELECT {', '.join(listed)} FROM {rows}{f' GROUP BY {grouped}' if grouped else self.group_by([f's{j}'])}"
        )
        tail = f" GROUP BY {', '.join([*self.keys, *self.levels])}" if self.keys else ""
        return f"SELECT {', '.join(outer)} FROM ({inner}) AS i{tail}"

    def neighbours(self, m: Measure, i: int) -> str:
        """The subjects' means in the block that a quantile falls into.

        Sorted subjects are cut into fixed blocks of the threshold's size (the last takes the rest), so that two
        quantiles rest on the same subjects or on none in common: shifted windows could be subtracted.
        """
        k, n = self.t.least, f"count(q{i})"
        block = f"least(TRY_CAST(floor({m.share} * ({n} - 1)) AS BIGINT) // {k}, {n} // {k} - 1)"
        last = f"CASE WHEN {block} = {n} // {k} - 1 THEN {n} ELSE {block} * {k} + {k} END"
        return f"list_slice(list_sort(list(q{i}) FILTER (WHERE q{i} IS NOT NULL)), {block} * {k} + 1, {last})"

    def shared(self, values: str) -> str:
        """Whether no subject dominates a list of values."""
        sizes = f"list_transform({values}, lambda v: abs(v))"
        return f"list_max({sizes}) <= {self.dominance.one} * list_sum({sizes})"

    def condition(self, m: Measure, i: int) -> str:
        """When a measure may be shown in a group that may be."""
        if m.function in ("rows", "subjects"):
            return ""
        terms = []
        for j in range(len(self.subjects)):
            if m.function != "distinct" or m.partial or m.conditions:
                terms.append(f"e{j}.y{j}_{i} >= {self.t.least}")
            if m.partial:
                terms.append(self.enough(f"e{j}.w{j}_{i}", f"e{j}.q{j}_{i}" if j == 0 else f"e{j}.w{j}_{i}"))
            if m.conditions:
                terms += self.parts_enough(m, j)
            if m.share:
                terms.append(f"e{j}.h{j}_{i}")
            if m.dominated:
                d = self.dominance
                terms.append(f"e{j}.t{j}_{i} <= {d.one} * e{j}.v{j}_{i} AND e{j}.u{j}_{i} <= {d.two} * e{j}.v{j}_{i}")
        return " AND ".join(terms)

    def enough(self, subjects: str, rows: str) -> str:
        return f"({subjects} >= {self.t.least} OR {rows} = 0)"

    def parts_enough(self, m: Measure, j: int) -> list[str]:
        """Every part that the conditions of the group cut it into is empty or rests on enough."""
        last = len(self.atoms) - 1
        if not self.t.exclusive:
            chosen = [f"e{j}.c{j}_{i} >= {self.t.least}" for i in m.conditions]  # nobody looks like a few
            return chosen + [
                self.enough(f"e{j}.a{j}_{i}", f"e{j}.z{j}_{i}" if j == 0 else f"e{j}.a{j}_{i}") for i in range(last + 1)
            ]
        terms = [f"e{j}.a{j}_{i} >= {self.t.least}" for i in m.conditions]
        rest = self.enough(f"e{j}.a{j}_{last}", f"e{j}.z{j}_{last}" if j == 0 else f"e{j}.a{j}_{last}")
        whole = " AND ".join(
            self.enough(f"e{j}.a{j}_{i}", f"e{j}.z{j}_{i}" if j == 0 else f"e{j}.a{j}_{i}") for i in range(last)
        )
        return [*terms, f"({rest} AND ({whole}) OR e{j}.a{j}_{last} >= {self.t.least})"]

    def grouping_flags(self) -> list[str]:
        return [f"GROUPING({k}) AS h{i}" for i, k in enumerate(self.keys, 1)] if self.flags else []

    def group_by(self, extra: list[str]) -> str:
        if self.flags:
            sets = ", ".join("(" + ", ".join([*(f"k{i + 1}" for i in s), *extra]) + ")" for s in self.t.sets)
            return f" GROUP BY GROUPING SETS ({sets})"
        listed = [*self.keys, *extra]
        return f" GROUP BY {', '.join(listed)}" if listed else ""
