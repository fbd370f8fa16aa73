"""What detection proposes about a file; a person confirms it once, and the contract remembers."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.engines.intake.delimited import Dialect
from dianchi.engines.quality import ColumnContract, Contract


@dataclass(frozen=True)
class ColumnProposal:
    """One column as detection sees it."""

    name: str
    type: str
    format: str = ""
    clean: tuple[str, ...] = ()
    category: str = ""
    confidence: float = 0.0
    nulls: int = 0

    def contract(self) -> ColumnContract:
        """The column as a contract would hold it."""
        return ColumnContract(self.name, self.type, format=self.format, clean=self.clean, category=self.category)


@dataclass(frozen=True)
class Proposal:
    """How to read a file. Nulls are counted in the sample that detection looked at."""

    kind: str  # csv, xlsx, json, jsonl, parquet
    encoding: str  # "" where the format has none
    dialect: Dialect | None
    header_rows: int  # records before the first row of data
    columns: tuple[ColumnProposal, ...]
    sheet: str = ""
    sheets: tuple[str, ...] = ()  # all of the workbook
    tables: tuple[tuple[str, int], ...] = ()  # the sheets that are read, each with its header rows: same columns

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(c.name for c in self.columns)

    def contract(self, resource: str) -> Contract:
        """A contract that promises what was seen, for a person to correct and confirm."""
        return Contract(resource, tuple(c.contract() for c in self.columns))
