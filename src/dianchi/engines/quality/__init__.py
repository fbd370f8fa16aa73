"""Quality: what a resource promises (its contract), and one scan that says which rows keep the promise."""

from dianchi.engines.quality.contract import ColumnContract, Contract, Dimension, Rule, Severity
from dianchi.engines.quality.inspection import Findings, Inspection, Inspector, RuleResult, Verdict, inspect
from dianchi.engines.quality.rows import QUARANTINE, ROW
from dianchi.engines.quality.whole import Before
from dianchi.engines.quality.yaml import dump, load

__all__ = [
    "QUARANTINE",
    "ROW",
    "Before",
    "ColumnContract",
    "Contract",
    "Dimension",
    "Findings",
    "Inspection",
    "Inspector",
    "Rule",
    "RuleResult",
    "Severity",
    "Verdict",
    "dump",
    "inspect",
    "load",
]
