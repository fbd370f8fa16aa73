"""Intake: what departments send, read as it is; nothing lost, nothing silently changed, nothing guessed unsaid."""

from dianchi.engines.intake.check import Check, check, load
from dianchi.engines.intake.chunks import Chunk
from dianchi.engines.intake.delimited import Dialect
from dianchi.engines.intake.proposal import ColumnProposal, Proposal
from dianchi.engines.intake.reading import read, sniff

__all__ = ["Check", "Chunk", "ColumnProposal", "Dialect", "Proposal", "check", "load", "read", "sniff"]
