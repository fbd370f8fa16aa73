"""What proves a cell sound without counting its subjects: numbers of rows, samples, sums over shares."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from sqlglot import exp

from dianchi.engines.guard.grant import Dominance
from dianchi.engines.guard.measures import Measure, Threshold


def among(m: Measure) -> str:
    """The rows that a measure's conditions choose."""
    return f" FILTER (WHERE {' AND '.join(f'p{c}' for c in m.conditions)})" if m.conditions else ""


def call(m: Measure, i: int) -> str:
    if m.function == "rows":
        return "count(*)"
    if m.share:
        return "NULL"  # from the subjects' means
    if m.function == "distinct":
        return f"count(DISTINCT x{i})"
    return f"{m.function}(x{i})"


def value_columns(holder: exp.Expr) -> list[exp.Column]:
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


class Bounds:
    """The parts of one threshold, and the bounds on them."""

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
        self.bounds = [] if self.flags or any(m.share for m in t.measures) else self._bounds()

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
                    into.append(self.at_least(j, f"x{i} IS NOT NULL", f"x{i}"))
                if m.partial:
                    found.append(f"count(*){among(m)} = count(x{i})")
                if m.dominated:
                    found.append(self.spread(j, i))
        return found or ["TRUE"]

    def at_least(self, j: int, where: str, counted: str = "*") -> str:
        """True only if at least so many subjects stand behind the rows: by their number, or counted in the sample."""
        only = f" FILTER (WHERE {where})" if where else ""
        most = self.t.carries[j].max_rows
        if most is not None:
            return f"count({counted}){only if counted == '*' else ''} >= {self.t.least * most}"
        return f"count(DISTINCT hash(s{j})){only or f' FILTER (WHERE s{j} IS NOT NULL)'} >= {self.t.least}"

    def spread(self, j: int, i: int) -> str:
        """True only if no subject dominates: by the greatest row, or by sums over shares of the subjects."""
        d, most = self.dominance, self.t.carries[j].max_rows
        whole = (
            f"abs(CAST(sum(x{i}) AS DOUBLE))"
            if self.t.measures[i].function == "sum"
            else f"abs(avg(x{i}) * count(x{i}))"
        )
        measure = self.t.measures[i]  # of the least whole number there is no absolute value
        size = f"abs(CAST(x{i} AS DOUBLE))" if measure.whole else f"abs(x{i})"
        if most is not None:
            largest = f"CAST(max({size}) AS DOUBLE)"
            return f"{most} * {largest} <= {d.one} * {whole} AND {2 * most} * {largest} <= {d.two} * {whole}"
        shares = [f"coalesce(CAST(sum(CASE WHEN e{j} = {n} THEN {size} END) AS DOUBLE), 0)" for n in range(4)]
        one = " AND ".join(f"{s} <= {d.one} * {whole}" for s in shares)
        two = " AND ".join(f"{a} + {b} <= {d.two} * {whole}" for n, a in enumerate(shares) for b in shares[n + 1 :])
        return f"{one} AND {two}"
