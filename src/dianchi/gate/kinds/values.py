"""What a kind is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from dianchi.chapters.operation.orders.queries import LiveOrder
from dianchi.engines.guard import Parameter, Plan
from dianchi.engines.runner import Pool, Source
from dianchi.gate import values

RESERVED = "_"  # names of the gate's own parameters begin with it; a product's never do


@dataclass(frozen=True)
class Call:
    """One call as it came through a door, under an order that covers it."""

    order: LiveOrder
    slug: str
    kind: str
    settings: Mapping[str, Any]
    parameters: Mapping[str, Parameter]
    given: Mapping[str, str]
    at: datetime
    snapshots: Mapping[str, str]
    own: pa.Table | None = None  # the caller's rows, of a fusion call
    door: str = "http"
    source: str = ""  # the caller's network address

    @property
    def reserved(self) -> dict[str, str]:
        """What was given to the gate itself."""
        return {name: value for name, value in self.given.items() if name.startswith(RESERVED)}

    def bound(self) -> dict[str, Any]:
        """The values of the product's parameters; Invalid naming each that is wrong."""
        own = {name: value for name, value in self.given.items() if not name.startswith(RESERVED)}
        return values.bind(self.parameters, own)


@dataclass(frozen=True)
class Runs:
    """How the call's plan is run behind the wall."""

    plan: Plan
    name: str  # of the plan among the walled workers
    pool: Callable[[], Pool]
    sources: Mapping[str, Source]
    history: Callable[[Mapping[str, Any]], None] | None = None  # refuses what earlier answers would give away

    def run(self, bound: Mapping[str, Any]) -> pa.Table:
        """The table that the walled worker gave, the guard's own columns still in it."""
        if self.history is not None:
            self.history(bound)
        return self.pool().call(self.name, bound, only=(0,)).tables[0]


@dataclass(frozen=True)
class Outcome:
    """What may leave once it is on record."""

    table: pa.Table
    suppressed: int = 0
    hit: bool | None = None  # whether a verification matched; None for kinds that know no hits
    digest: str | None = None  # of the result, where its rows are never made values one by one
    recorded: Mapping[str, Any] = field(default_factory=dict)  # for the ledger: digests and marks, never values


def cleaned(table: pa.Table, plan: Plan) -> Outcome:
    """The table without the guard's own columns, and how many groups were suppressed."""
    if not plan.counts_suppressed:
        return Outcome(table)
    suppressed = int(table.column("_suppressed")[0].as_py() or 0) if table.num_rows else 0
    kept = table.filter(table.column("_row").is_valid())
    return Outcome(kept.drop_columns(["_suppressed", "_row"]), suppressed)
