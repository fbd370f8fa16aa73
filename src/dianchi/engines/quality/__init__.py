"""Quality: what a resource promises (its contract), and one scan that says which rows keep the promise."""

from dianchi.engines.quality.contract import ColumnContract, Contract, Dimension, Rule, Severity
from dianchi.engines.quality.inspection import Inspection, RuleResult, inspect
from dianchi.engines.quality.yaml import dump, load

__all__ = [
    "ColumnContract",
    "Contract",
    "Dimension",
    "Inspection",
    "Rule",
    "RuleResult",
    "Severity",
    "dump",
    "inspect",
    "load",
]
