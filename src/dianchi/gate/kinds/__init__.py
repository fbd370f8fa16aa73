"""How each kind of product answers a call: admit, run behind the wall, shape; `release` records and delivers.

Every kind ends in one `Outcome`, so that record, meter, receipt and every door know nothing of kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from dianchi.chapters.operation.products import lifecycle as products
from dianchi.gate.kinds.values import Call, Outcome, Runs

__all__ = ["REPEATABLE", "Call", "Outcome", "Runs", "evaluate"]

_WHERE: Mapping[str, str] = {
    products.QUERY: "query", products.REPORT: "query", products.INDICATOR: "indicator",
    products.VERIFICATION: "verification", products.MODEL: "scoring", products.BULK: "bulk",
    products.FUSION: "fusion",
}  # fmt: skip

# The same plan, snapshots and parameters come to the same result, and no call is checked by itself.
REPEATABLE = frozenset({products.QUERY, products.REPORT, products.INDICATOR})


def evaluate(call: Call, runs: Runs) -> Outcome:
    """What a call comes to; raises the kernel's errors. Nothing has been recorded or metered yet."""
    answer: Callable[[Call, Runs], Outcome] = import_module(f"{__name__}.{_WHERE[call.kind]}").answer
    return answer(call, runs)
