"""Differential privacy, where a grant asks for it: whole-number noise on every measure, spent from a budget.

One subject has at most `max_rows` rows and every row is in one cell, so it moves all cells of a count together by at
most max_rows (of a sum of values clamped to [a, b]: max_rows · max(|a|, |b|)). Discrete Laplace noise (Canonne, Kamath
and Steinke, The Discrete Gaussian for Differential Privacy, 2020; OpenDP) of that over epsilon gives epsilon-
differential privacy to the values of the cells shown; which cells are shown is decided by the threshold and is not
covered. An answer's epsilon is shared by its measures. The caller keeps the budget: `cost` says what an answer takes,
the caller writes that down durably, only then may `noisy` be called and its result leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlglot import exp

from dianchi.engines.guard.decide import digits
from dianchi.engines.guard.grant import Grant
from dianchi.engines.guard.label import Labeller
from dianchi.engines.guard.measures import Measure, Threshold
from dianchi.engines.guard.plan import Noisy, Plan
from dianchi.engines.guard.refusals import Says
from dianchi.engines.guard.tree import Block
from dianchi.engines.guard.trouble import Trouble
from dianchi.kernel.errors import RuleBroken
from dianchi.kernel.text import Text

FORM = Says(
    "noise.form",
    Text(
        "该授权的结果须加噪声，只能直接输出分组键与计数、限幅求和。",
        "Answers of this grant carry noise: only keys, counts and clamped sums, directly as outputs.",
    ),
    Text(
        "请只输出分组键、计数和求和，再自行计算其余。",
        "Write SELECT key, count(*), sum(column) … GROUP BY key, and compute the rest from these.",
    ),
)
UNBOUNDED = Says(
    "noise.unbounded",
    Text(
        "不知每个主体最多几行或该列取值范围，无法确定噪声。",
        "How many rows a subject has, or the range of the column, is not known; the noise cannot be set.",
    ),
    Text(
        "请联系平台补充 max_rows 或该列的 bounds，且不要联接受保护的表。",
        "Ask for `max_rows` or the column's `bounds`, and join no protected tables.",
    ),
)
SPENT = Says(
    "noise.budget-spent",
    Text(
        "该授权对这批数据的隐私预算不足：本次需要 {cost}，剩余 {left}。",
        "The privacy budget is not enough: {cost} needed, {left} left.",
    ),
    Text("请使用已得到的结果，或待数据更新。", "Use the answers you have, or wait for new data."),
)


def noisy_columns(labeller: Labeller, grant: Grant, trouble: Trouble) -> tuple[Noisy | None, ...]:
    """For each output what noise it gets; refuses what noise cannot be given to. Clamps the sums of the threshold."""
    root = labeller.bound.root
    if grant.noise is None or not labeller.thresholds:
        return ()
    t = labeller.thresholds.get(id(root))
    if t is None or len(labeller.thresholds) != 1 or not isinstance(root, Block) or not _direct(root, t):
        raise trouble.stop(FORM, root.node)
    carry = t.carries[0]
    if len(t.carries) != 1 or carry.max_rows is None or len(t.sets) != 1:
        raise trouble.stop(UNBOUNDED, root.node)
    by_name = {m.name: m for m in t.measures}
    asked = [by_name.get(o.name) for o in root.outputs]
    share = grant.noise.epsilon / max(1, sum(m is not None for m in asked))
    found = {m.name: _one(m, labeller, grant, share, carry.max_rows, trouble) for m in asked if m is not None}
    clamped = tuple(found[m.name][0] if m.name in found else m for m in t.measures)
    labeller.thresholds[id(root)] = replace(t, measures=clamped)
    return tuple(None if m is None else found[m.name][1] for m in asked)


def _direct(b: Block, t: Threshold) -> bool:
    """Whether the outputs are keys and measures as they are, and nothing looks at the measures."""
    plain = all(isinstance(o, exp.Column) and o.table == t.alias for o in b.outputs)
    sorted_by = all(isinstance(o.key, exp.Column) and o.key.name.startswith("k") for o in b.order)
    return (
        plain
        and sorted_by
        and not (b.having or b.qualify or b.limit or b.offset or b.distinct or b.distinct_on or t.conditions)
    )


def _one(
    m: Measure, labeller: Labeller, grant: Grant, epsilon: Decimal, rows: int, trouble: Trouble
) -> tuple[Measure, Noisy]:
    """A measure with its values clamped, and the noise it gets."""
    if m.function in ("rows", "count", "distinct"):
        return m, Noisy(rows, epsilon, counts=True)
    arg = m.arg
    leaf = labeller.rels[arg.table].columns[arg.name].sym.leaf if isinstance(arg, exp.Column) else None
    if m.function != "sum" or leaf is None or arg is None:
        raise trouble.stop(FORM, arg)
    column = grant.tables[leaf.table].columns[leaf.column]
    exact = digits(column.type)
    if column.bounds is None or exact is None:
        raise trouble.stop(UNBOUNDED, arg, leaf.name)
    low, high = column.bounds
    unit = Decimal(1).scaleb(-exact[1])
    least = exp.Least(this=exp.Literal.number(str(high)), expressions=[arg.copy()], ignore_nulls=True)
    within = exp.Greatest(this=exp.Literal.number(str(low)), expressions=[least], ignore_nulls=True)
    there = exp.Not(this=exp.Is(this=arg.copy(), expression=exp.Null()))
    clamped = exp.Case(ifs=[exp.If(this=there, true=within)])
    return replace(m, arg=clamped), Noisy(int(rows * max(abs(low), abs(high)) / unit), epsilon, unit)


def cost(plan: Plan, left: Decimal) -> Decimal:
    """What the answer to a plan takes from a budget; raises RuleBroken if less is left."""
    needed = sum((n.epsilon for n in plan.noisy if n is not None), Decimal(0))
    if needed > left:
        raise RuleBroken(SPENT.at(cost=needed, left=left))
    return needed


def noisy(plan: Plan, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The rows of a plan's result (its own columns only) with noise on the measures; counts never below zero."""
    found = [list(r) for r in rows]
    for i, n in enumerate(plan.noisy):
        values = [r[i] for r in found]
        here = [j for j, v in enumerate(values) if v is not None]
        if n is None or not here:
            continue
        whole = [int(Decimal(str(values[j])) / n.unit) for j in here]
        for j, v in zip(here, _laplace(whole, n), strict=True):
            found[j][i] = max(0, v) if n.counts else v * n.unit if n.unit != 1 else v
    return found


def _laplace(values: list[int], n: Noisy) -> list[int]:
    """Discrete Laplace noise on a vector of whole numbers."""
    import opendp.prelude as dp

    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    measurement = dp.m.make_laplace(*space, scale=float(n.sensitivity / n.epsilon))
    return [int(v) for v in measurement(values)]
