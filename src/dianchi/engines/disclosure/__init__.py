"""Output checks: what an output would disclose, judged by evidence that only the platform has.

`check(output, checks, evidence)` runs each check and returns a record of verdicts and counts that holds no value of
the data. Methods: threshold, (n,k) dominance and p% rule as in the Handbook on Statistical Disclosure Control;
checklist of dossier C.13.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from dianchi.engines.disclosure.cells import Dominance, MinimumSubjects, PPercent, Zeros
from dianchi.engines.disclosure.evidence import Contributions, Evidence
from dianchi.engines.disclosure.identifiers import Identifiers
from dianchi.engines.disclosure.report import Outcome, Report, Verdict
from dianchi.engines.disclosure.similarity import Similarity
from dianchi.engines.disclosure.totals import DerivableTotals

__all__ = [
    "Check",
    "Contributions",
    "DerivableTotals",
    "Dominance",
    "Evidence",
    "Identifiers",
    "MinimumSubjects",
    "Outcome",
    "PPercent",
    "Report",
    "Similarity",
    "Verdict",
    "Zeros",
    "check",
]


class Check(Protocol):
    """A check is called with the output and the evidence."""

    def __call__(self, output: pa.Table, evidence: Evidence) -> Outcome: ...


def check(output: pa.Table, checks: Sequence[Check], evidence: Evidence | None = None) -> Report:
    """Run every check on the output; a report without checks has not passed."""
    known = evidence or Evidence()
    return Report(tuple(each(output, known) for each in checks), output.num_rows, output.num_columns)
