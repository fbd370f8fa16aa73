"""A product's answer on synthetic twins: the sample on its page and the sandbox to develop against. No real row is read
for it beyond what a twin may know; nothing is charged, and every answer says that it is synthetic.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from dianchi.chapters.operation.products import lifecycle as kinds
from dianchi.chapters.operation.products.queries import live, program
from dianchi.engines import guard
from dianchi.engines.runner import Limits, Statement, run
from dianchi.gate import values
from dianchi.gate.kinds.values import RESERVED, cleaned
from dianchi.gate.sources import resolved
from dianchi.gate.twins import twins
from dianchi.kernel import canonical
from dianchi.kernel.errors import Refusal, RuleBroken, TryLater
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

LIMITS = Limits(seconds=10, rows=10_000, output_bytes=16 << 20, threads=1)
SAMPLE_ROWS = 20
NO_SANDBOX = Refusal(
    "gate.no-sandbox", Text("该形态的产品没有沙箱", "Products of this kind have no sandbox"), default(),
    Text("请查看产品的接口说明", "See the product's interface description"),
)  # fmt: skip
BUSY = Refusal("gate.sandbox-busy", Text("沙箱繁忙", "The sandbox is busy"), remedy=Text("请稍后再试", "Try again"))
_slots = threading.Semaphore(2)
_answered: dict[str, pa.Table] = {}


@dataclass(frozen=True)
class Synthetic:
    """An answer that is about nobody."""

    product: str
    edition: int
    table: pa.Table

    def to_json(self) -> bytes:
        """As the real answer, marked."""
        rows = values.rows(self.table)
        return values.to_json(
            {"product": self.product, "edition": self.edition, "synthetic": True, "rows": rows, "suppressed_groups": 0}
        )


def sandbox(slug: str, given: Mapping[str, str], at: datetime) -> Synthetic:
    """What the product answers on the twins of its data; raises as a call does, keys and orders apart."""
    product = live(slug)
    if product.kind in (kinds.FUSION, kinds.BULK, kinds.MODEL):
        raise RuleBroken(NO_SANDBOX)
    what = program(product, at)
    bound = values.bind(what.parameters, {k: v for k, v in given.items() if not k.startswith(RESERVED)})
    name = canonical.sm3([what.digest, {k: str(v) for k, v in bound.items()}])
    if name not in _answered:
        if not _slots.acquire(timeout=5):
            raise TryLater(BUSY)
        try:
            table = _run(product, what, bound)
        finally:
            _slots.release()
        if len(_answered) > 256:
            _answered.clear()
        _answered[name] = table
    return Synthetic(slug, product.edition, _shaped(product.kind, _answered[name]))


def sample(slug: str, at: datetime) -> Synthetic:
    """A few rows of the sandbox's answer to plausible parameters."""
    what = program(live(slug), at)
    found = sandbox(slug, {name: str(example(p)) for name, p in what.parameters.items()}, at)
    return Synthetic(found.product, found.edition, found.table.slice(0, SAMPLE_ROWS))


def example(parameter: guard.Parameter) -> Any:
    """A value that a parameter admits."""
    if parameter.choices:
        return parameter.choices[0]
    if parameter.most is not None:
        return parameter.most
    if parameter.least is not None:
        return parameter.least
    usual = {"DATE": date(2025, 6, 30), "BIGINT": 1, "VARCHAR": "530100"}
    return usual.get(parameter.type, Decimal(1))


def _run(product: Any, what: Any, bound: Mapping[str, Any]) -> pa.Table:
    plan = guard.compile(what.sql, what.grant, what.parameters)  # what is known of real subjects does not hold here
    data = twins(
        product.request.code, resolved(what.grant, what.tables), plan.reads, every=True
    )  # nobody has ordered it: no table is read as it is
    return cleaned(run([Statement(plan.sql, bound)], data.sources, LIMITS).tables[0], plan).table


def _shaped(kind: str, table: pa.Table) -> pa.Table:
    return pa.table({"match": [table.num_rows > 0]}) if kind == kinds.VERIFICATION else table
