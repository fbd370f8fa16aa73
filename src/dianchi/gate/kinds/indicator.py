"""Indicators: one figure."""

from __future__ import annotations

from dianchi.gate.kinds.values import Call, Outcome, Runs, cleaned
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

NOT_ONE = Refusal(
    "gate.indicator-not-one-figure",
    Text("指标产品的结果不是一个数值，停止交付", "The indicator came to something else than one figure; nothing is delivered"),
    spec27(21), Text("请联系运营机构修改产品", "Ask the operator to mend the product"), ("R45",),
)  # fmt: skip


def answer(call: Call, runs: Runs) -> Outcome:
    """The one figure, or none where too few subjects stand behind it."""
    outcome = cleaned(runs.run(call.bound()), runs.plan)
    if outcome.table.num_rows > 1 or outcome.table.num_columns != 1:
        raise RuleBroken(NOT_ONE)
    return outcome
