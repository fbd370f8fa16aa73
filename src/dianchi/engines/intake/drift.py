"""Drift: in what a file differs from its contract as a whole, named column by column."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dianchi.engines.intake.proposal import Proposal
from dianchi.engines.intake.reading import sample
from dianchi.engines.quality import Contract, inspect
from dianchi.engines.quality.contract import Kind, Severity
from dianchi.kernel.text import Text

ENOUGH = 20  # values from which a type that none of them has is no accident


class Change(StrEnum):
    """How a column differs."""

    MISSING = "missing"
    UNEXPECTED = "unexpected"
    TYPE = "type"  # no value has the promised type
    FORMAT = "format"  # no value has the promised format or spelling


NAMES = {
    Change.MISSING: Text("缺少列", "column missing"),
    Change.UNEXPECTED: Text("多出列", "column unexpected"),
    Change.TYPE: Text("类型改变", "type changed"),
    Change.FORMAT: Text("格式改变", "format changed"),
}


@dataclass(frozen=True)
class Drift:
    """One difference: what the contract promises and what the file shows."""

    column: str
    change: Change
    promised: str = ""
    seen: str = ""


def drift(path: Path, proposal: Proposal, contract: Contract) -> tuple[Drift, ...]:
    """Every difference, columns first; types and formats are compared only if the columns agree."""
    wanted, present = [c.header for c in contract.columns], list(proposal.names)
    found = [Drift(name, Change.MISSING) for name in wanted if name not in present]
    found += [Drift(name, Change.UNEXPECTED) for name in present if name not in wanted]
    return tuple(found) if found else _by_column(path, proposal, contract)


def _by_column(path: Path, proposal: Proposal, contract: Contract) -> tuple[Drift, ...]:
    rows = sample(path, proposal)
    bare = Contract(contract.resource, contract.columns)
    found = inspect(rows, bare)
    seen = {c.name: c for c in proposal.columns}
    drifts = []
    for rule in (r for r in bare.all_rules if r.kind in (Kind.TYPE, Kind.FORMAT) and r.severity is Severity.QUARANTINE):
        column = contract.column(rule.columns[0])
        values = rows.num_rows - rows.column(column.header).null_count
        failed = next(r.failed for r in found.rule_results if r.name == rule.name)
        if values < ENOUGH or failed < values:
            continue
        now, spelt = seen[column.header], rule.kind is Kind.FORMAT or seen[column.header].type == column.type
        change = Change.FORMAT if spelt else Change.TYPE
        promised, shown = (column.format, now.format) if spelt else (column.type, now.type)
        drifts.append(Drift(column.header, change, promised, shown))
    return tuple(drifts)
