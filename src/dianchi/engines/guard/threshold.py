"""The text of a thresholded group: cells, what each rests on, and what is released.

base    the rows with keys, arguments, conditions and subjects (not materialised)
cells   one row for each group with every measure
exact   for each subject carried: how many there are in the cell and in every part of it, and the largest shares
released the cells that rest on enough, with every measure NULL that does not
"""

# ruff: noqa: S608 - writing SQL is what this file is for; every piece of it is quoted or our own
from __future__ import annotations

from collections.abc import Callable
from itertools import product

from sqlglot import exp

from dianchi.engines.guard.grant import Dominance
from dianchi.engines.guard.measures import Measure, Threshold, chains
from dianchi.engines.guard.total import total

SAMPLE = 100_000  # rows in which the subjects of a cell are looked for first


class ThresholdSql:
    """Writes one threshold."""

    def __init__(
        self,
        t: Threshold,
        write: Callable[..., str],
        subjects: list[str],
        source: str,
        dominance: Dominance,
        round_to: int | None,
        traced: bool = False,
    ) -> None:
        self.traced = traced
        self.t, self.write, self.source, self.dominance, self.round_to = t, write, source, dominance, round_to
        own = [f'"{a}"."{c}"' for a, c in (x.hidden.split(".", 1) for x in t.carries if x.own)]
        self.subjects = subjects + own
        self.flags = len(t.sets) > 1
        self.keys = [f"k{i}" for i in range(1, len(t.keys) + 1)]
        self.levels = [f"h{i}" for i in range(1, len(t.keys) + 1)] if self.flags else []
        self.atoms = self._atoms()
        self.sampled: list[str] = []
        self.bounds = [] if self.flags else self._bounds()

    # --- parts

    def parts(self) -> list[tuple[str, str, str]]:
        """The WITH queries, in order."""
        a = self.t.alias
        found = [(f"{a}b", "NOT MATERIALIZED ", self.base())]
        if self.sampled:
            found += [(f"{a}s", "MATERIALIZED ", self.sample(f"{a}b")), (f"{a}d", "MATERIALIZED ", self.cells(f"{a}b"))]
            on = " AND ".join(f"d.{k} IS NOT DISTINCT FROM s.{k}" for k in self.keys) or "TRUE"
            joined = f'SELECT d.* REPLACE (d."_clear" AND coalesce(s."_clear", FALSE) AS "_clear") FROM {a}d AS d LEFT JOIN {a}s AS s ON {on}'
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
            struct = self.traced and not t.carries[j].own
            listed += [f"({s}).s AS s{j}", f"{s} AS z{j}"] if struct else [f"{s} AS s{j}"]
        if not self.flags and any(m.dominated for m in t.measures):
            listed += [
                f"hash({'(' + s + ').s' if self.traced and not t.carries[j].own else s}) & 3 AS e{j}"
                for j, s in enumerate(self.subjects)
                if t.carries[j].max_rows is None
            ]
        return f"SELECT {', '.join(listed)} {self.source}"

    def argument(self, m: Measure) -> str:
        assert m.arg is not None
        node = m.arg.copy()
        for branch in node.find_all(exp.If):
            branch.set("this", total(branch.this, True))
        if m.double:
            holder = exp.Paren(this=node)
            for c in list(_value_columns(holder)):
                c.replace(exp.TryCast(this=c.copy(), to=exp.DataType.build("DOUBLE"), safe=True))
            node = holder.this
        elif m.function in ("sum", "avg") and not isinstance(node, exp.Column):
            holder = exp.Paren(this=node)
            for c in list(_value_columns(holder)):
                wide = "HUGEINT" if m.whole else self.t.wide.get((c.table, c.name), "")
                if wide:
                    c.replace(exp.TryCast(this=c.copy(), to=exp.DataType.build(wide, dialect="duckdb"), safe=True))
            node = holder.this
        return self.write(node, m.function not in ("sum", "avg"))

    def cells(self, base: str) -> str:
        """Every group with its measures."""
        listed = self.keys + self.grouping_flags()
        for i, m in enumerate(self.t.measures):
            listed.append(f"{_call(m, i)} AS {m.name}")
        listed.append('count(*) AS "_rows"')
        if self.bounds:
            listed.append(f'coalesce({" AND ".join(self.bounds)}, FALSE) AS "_clear"')
        return f"SELECT {', '.join(listed)} FROM {base} AS b{self.group_by([])}"

    def sample(self, base: str) -> str:
        """Lower bounds on subjects from some rows, whichever: those of a part are never more than those of the whole."""
        clear = " AND ".join(self.sampled)
        tail = f" GROUP BY {', '.join(self.keys)}" if self.keys else ""
        listed = ", ".join([*self.keys, f'coalesce({clear}, FALSE) AS "_clear"'])
        return f"SELECT {listed} FROM (SELECT * FROM {base} LIMIT {SAMPLE}) AS b{tail}"

    def exact(self, base: str, j: int) -> str:
        """What the cells rest on, counted in subjects of one kind."""
        listed = [*self.keys, *self.grouping_flags(), f"s{j}", "count(*) AS r"]
        outer = [*self.keys, *self.levels, f"count(s{j}) AS n{j}"]
        for i, a in enumerate(self.atoms):
            listed.append(f"bool_or({a}) AS a{i}")
            outer += [f"count(s{j}) FILTER (WHERE a{i}) AS a{j}_{i}", f"count(*) FILTER (WHERE a{i}) AS z{j}_{i}"]
        for i, m in enumerate(self.t.measures):
            if m.function in ("rows", "subjects"):
                continue
            listed += [f"count(x{i}) AS y{i}", f"count(*){_among(m)} - count(x{i}) AS w{i}"]
            outer += [f"count(s{j}) FILTER (WHERE y{i} > 0) AS y{j}_{i}"]
            if m.partial:
                outer += [
                    f"count(s{j}) FILTER (WHERE w{i} > 0) AS w{j}_{i}",
                    f"count(*) FILTER (WHERE w{i} > 0) AS q{j}_{i}",
                ]
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

    def visible(self, cells: str, exacts: list[str]) -> str:
        """The cells with what may be shown of them."""
        shown = [f"c.{k}" for k in self.keys + self.levels]
        for i, m in enumerate(self.t.measures):
            text = self.rounded(m)
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

    def footprint(self, j: int) -> str:
        """Rows (part, key…, side, bucket, weight) for history.

        Of each grouping set, part 0 is a whole cell as a multiset of rows, 1 as a set, others its shown conditions.
        """
        from dianchi.engines.guard.history import BUCKETS

        a = self.t.alias
        sets = self.t.sets if self.flags else [tuple(range(len(self.keys)))]
        parts = []
        for n, chosen in enumerate(sets):
            on = " AND ".join(f"b.k{i + 1} IS NOT DISTINCT FROM r.k{i + 1}" for i in chosen) or "TRUE"
            where = (
                " AND ".join(f"r.h{i + 1} = {0 if i in chosen else 1}" for i in range(len(self.keys)))
                if self.flags
                else "TRUE"
            )
            keys = [f"r.{k}" for k in self.keys]
            rows = f"FROM {a}b AS b JOIN {a}r AS r ON {on} WHERE {where}"
            parts.append(self.sketch(1000 * n, f"SELECT {', '.join([*keys, f'b.z{j} AS z'])} {rows}", BUCKETS))
            parts.append(
                self.sketch(1000 * n + 1, f"SELECT DISTINCT {', '.join([*keys, f'b.z{j} AS z'])} {rows}", BUCKETS)
            )
            for i in range(len(self.t.conditions)):
                shown = [f"r.{m.name} IS NOT NULL" for m in self.t.measures if i in m.conditions]
                if shown:
                    parts.append(
                        self.sketch(
                            1000 * n + 2 + i,
                            f"SELECT {', '.join([*keys, f'b.z{j} AS z'])} {rows} AND b.p{i} AND ({' OR '.join(shown)})",
                            BUCKETS,
                        )
                    )
        return " UNION ALL ".join(parts)

    def sketch(self, part: int, rows: str, buckets: int) -> str:
        """The bucket sums of some rows."""
        keys = [*self.keys, "z.b AS side", f"CAST(hash(z.s, $secret) % {buckets} AS INTEGER) AS bucket"]
        weight = "sum(hash(z.s, z.r, $secret) % 9007199254740992) AS weight"
        group = ", ".join([*self.keys, "side", "bucket"])
        return f"SELECT {part} AS part, {', '.join(keys)}, {weight} FROM ({rows}) AS w GROUP BY {group}"

    # --- conditions

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
            return [
                self.enough(f"e{j}.a{j}_{i}", f"e{j}.z{j}_{i}" if j == 0 else f"e{j}.a{j}_{i}") for i in range(last + 1)
            ]
        terms = [f"e{j}.a{j}_{i} >= {self.t.least}" for i in m.conditions]
        rest = self.enough(f"e{j}.a{j}_{last}", f"e{j}.z{j}_{last}" if j == 0 else f"e{j}.a{j}_{last}")
        whole = " AND ".join(
            self.enough(f"e{j}.a{j}_{i}", f"e{j}.z{j}_{i}" if j == 0 else f"e{j}.a{j}_{i}") for i in range(last)
        )
        return [*terms, f"({rest} AND ({whole}) OR e{j}.a{j}_{last} >= {self.t.least})"]

    def _atoms(self) -> list[str]:
        n = len(self.t.conditions)
        if not n:
            return []
        if self.t.exclusive:
            rest = " AND ".join(f"NOT p{i}" for i in range(n))
            return [f"p{i}" for i in range(n)] + [rest]
        return [
            " AND ".join(f"p{i}" if yes else f"NOT p{i}" for i, yes in enumerate(signs))
            for signs in product((True, False), repeat=n)
        ]

    # --- what can be cleared without counting subjects

    def _bounds(self) -> list[str]:
        """Aggregates that, if true, prove a cell sound; only cells that they leave open are counted exactly."""
        found: list[str] = []
        for j, carry in enumerate(self.t.carries):
            into = found if carry.max_rows is not None else self.sampled
            into.append(self.at_least(j, ""))
            for a in self.atoms:
                into.append(self.at_least(j, a))
            for i, m in enumerate(self.t.measures):
                if m.function in ("rows", "subjects"):
                    continue
                if m.arg is not None:
                    into.append(self.at_least(j, f"x{i} IS NOT NULL"))
                if m.partial:
                    found.append(f"count(*){_among(m)} = count(x{i})")
                if m.dominated:
                    found.append(self.spread(j, i))
        return found or ["TRUE"]

    def at_least(self, j: int, where: str) -> str:
        """True only if at least so many subjects stand behind the rows: by their number, or counted in the sample."""
        only = f" FILTER (WHERE {where})" if where else ""
        most = self.t.carries[j].max_rows
        if most is not None:
            return f"count(*){only} >= {self.t.least * most}"
        return f"count(DISTINCT s{j}){only} >= {self.t.least}"

    def spread(self, j: int, i: int) -> str:
        """True only if no subject dominates: by the greatest row, or by sums over shares of the subjects."""
        d, most = self.dominance, self.t.carries[j].max_rows
        whole = (
            f"abs(CAST(sum(x{i}) AS DOUBLE))"
            if self.t.measures[i].function == "sum"
            else f"abs(avg(x{i}) * count(x{i}))"
        )
        if most is not None:
            largest = f"greatest(CAST(max(x{i}) AS DOUBLE), -CAST(min(x{i}) AS DOUBLE))"
            return f"{most} * {largest} <= {d.one} * {whole} AND {2 * most} * {largest} <= {d.two} * {whole}"
        shares = [f"coalesce(CAST(sum(CASE WHEN e{j} = {n} THEN abs(x{i}) END) AS DOUBLE), 0)" for n in range(4)]
        one = " AND ".join(f"{s} <= {d.one} * {whole}" for s in shares)
        two = " AND ".join(f"{a} + {b} <= {d.two} * {whole}" for n, a in enumerate(shares) for b in shares[n + 1 :])
        return f"{one} AND {two}"

    # --- grouping

    def grouping_flags(self) -> list[str]:
        return [f"GROUPING({k}) AS h{i}" for i, k in enumerate(self.keys, 1)] if self.flags else []

    def group_by(self, extra: list[str]) -> str:
        if self.flags:
            sets = ", ".join("(" + ", ".join([*(f"k{i + 1}" for i in s), *extra]) + ")" for s in self.t.sets)
            return f" GROUP BY GROUPING SETS ({sets})"
        listed = [*self.keys, *extra]
        return f" GROUP BY {', '.join(listed)}" if listed else ""

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
        replaced = [f'm."_ok" AND {" AND ".join(fine)} AS "_ok"']
        for m in self.t.measures:
            if m.function not in ("rows", "subjects"):
                empty = " OR ".join(x % f"w.{m.name} IS NULL" for x in below)
                replaced.append(f"CASE WHEN NOT ({empty}) THEN m.{m.name} END AS {m.name}")
        return f"SELECT m.* REPLACE ({', '.join(replaced)}) FROM ({mine}) AS m{joins}"

    def rounded(self, m: Measure) -> str:
        if self.round_to and m.function in ("rows", "count", "distinct", "subjects"):
            return f"TRY_CAST(round(c.{m.name} / {self.round_to}.0) * {self.round_to} AS BIGINT)"
        return f"c.{m.name}"


def _among(m: Measure) -> str:
    """The rows that a measure's conditions choose."""
    return f" FILTER (WHERE {' AND '.join(f'p{c}' for c in m.conditions)})" if m.conditions else ""


def _call(m: Measure, i: int) -> str:
    if m.function == "rows":
        return "count(*)"
    if m.function == "distinct":
        return f"count(DISTINCT x{i})"
    return f"{m.function}(x{i})"


def _value_columns(holder: exp.Expr) -> list[exp.Column]:
    """The columns that give the value of an argument, not those in its conditions."""
    found, stack = [], [holder.this]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Column):
            found.append(node)
        elif isinstance(node, exp.If):
            stack.append(node.args["true"])
        elif isinstance(node, exp.Case):
            stack += node.args["ifs"] + ([node.args["default"]] if node.args.get("default") is not None else [])
        elif not isinstance(node, exp.Extract | exp.Year | exp.Month | exp.Day | exp.DateDiff | exp.Quarter | exp.Week):
            stack += list(node.iter_expressions())
    return found
