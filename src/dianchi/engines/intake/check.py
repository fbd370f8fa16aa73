"""A file against its contract, or against what detection makes of it, without a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dianchi.engines.intake.drift import Drift, drift
from dianchi.engines.intake.flow import ahead, gathered
from dianchi.engines.intake.proposal import Proposal
from dianchi.engines.intake.reading import read, sniff
from dianchi.engines.quality import Before, Contract, Findings, Inspector, Verdict


@dataclass(frozen=True)
class Check:
    """The outcome. Nulls are counted over the whole file, by header."""

    proposal: Proposal
    contract: Contract
    findings: Findings
    nulls: Mapping[str, int]
    quarantine: tuple[dict[str, object], ...]  # the first rows set aside: row, rules, raw
    drift: tuple[Drift, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether every row would be accepted."""
        return self.findings.quarantined == 0


def load(
    path: Path,
    contract: Contract,
    proposal: Proposal | None = None,
    references: Mapping[str, pa.Table] | None = None,
    before: Before | None = None,
    earlier: Mapping[str, pa.Table] | None = None,
) -> tuple[Inspector, Iterator[Verdict]]:
    """Read and judge a file in bounded memory: drain the verdicts, then ask the inspector for its findings."""
    proposal = proposal or sniff(path, contract)
    inspector = Inspector(contract, references, before, earlier)

    def verdicts() -> Iterator[Verdict]:
        if inspector.looks_ahead:
            inspector.prepare(lambda: (chunk.rows for chunk in read(path, proposal)))
        for chunk in ahead(gathered(read(path, proposal))):
            yield inspector.judge(chunk.rows, chunk.faulty)

    return inspector, ahead(verdicts())


def check(
    path: Path,
    contract: Contract | None = None,
    *,
    references: Mapping[str, pa.Table] | None = None,
    before: Before | None = None,
    first: int = 100,
    sheet: str = "",
) -> Check:
    """Judge every row of the file. Without a contract the proposal is the measure. Invalid if refused as a whole."""
    proposal = sniff(path, contract, sheet=sheet)
    promise = contract or proposal.contract(code_of(path))
    drifts = drift(path, proposal, contract) if contract else ()
    inspector = Inspector(promise, references, before)
    if inspector.looks_ahead:
        inspector.prepare(lambda: (chunk.rows for chunk in read(path, proposal)))
    nulls = dict.fromkeys(proposal.names, 0)
    aside: list[dict[str, object]] = []
    for chunk in ahead(gathered(read(path, proposal))):
        for name in nulls:
            nulls[name] += chunk.rows.column(name).null_count
        verdict = inspector.judge(chunk.rows, chunk.faulty)
        aside.extend(verdict.quarantined.slice(0, first - len(aside)).to_pylist())
    return Check(proposal, promise, inspector.findings(), nulls, tuple(aside), drifts)


def code_of(path: Path) -> str:
    """A code for the resource that a file holds, from its name."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in Path(path).stem) or "file"
