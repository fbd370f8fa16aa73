"""Intake: what departments send, read as it is; nothing lost, nothing silently changed, nothing guessed unsaid."""

from dianchi.engines.intake.check import Check, check, code_of, load
from dianchi.engines.intake.chunks import Chunk
from dianchi.engines.intake.delimited import Dialect
from dianchi.engines.intake.drift import Drift, drift
from dianchi.engines.intake.proposal import ColumnProposal, Proposal
from dianchi.engines.intake.reading import read, sniff
from dianchi.engines.intake.suggest import suggest

__all__ = [
    "Check",
    "Chunk",
    "ColumnProposal",
    "Dialect",
    "Drift",
    "Proposal",
    "check",
    "code_of",
    "drift",
    "load",
    "read",
    "sniff",
    "suggest",
]
