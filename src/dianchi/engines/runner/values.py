"""What the runner is given and what it gives back: frozen values, nothing else crosses the wall."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from dianchi.engines.runner import refusals
from dianchi.kernel.errors import Invalid

MIB = 1 << 20
PARQUET, CSV = "parquet", "csv"
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_ ]*(\(\s*\d+\s*(,\s*\d+\s*)?\))?[A-Za-z0-9_ ]*(\[\])*")


@dataclass(frozen=True)
class Source:
    """Files of one table and the columns of it that a job may see; a column without a mapping does not exist.

    `columns` maps the exposed name to its DuckDB type, `names` the exposed name to the name inside the files where
    the two differ. `key` is the footer key of Parquet modular encryption: 32 bytes, or 16 or 24 ASCII bytes.
    """

    files: tuple[Path, ...]
    columns: Mapping[str, str]
    key: bytes | None = field(default=None, repr=False)
    names: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        wrong = [kind for kind in self.columns.values() if not _TYPE.fullmatch(kind)]
        if wrong or not self.columns or not self.files:
            raise Invalid(refusals.SOURCE_MALFORMED)
        if self.key is not None and not (len(self.key) == 32 or (len(self.key) in (16, 24) and self.key.isascii())):
            raise Invalid(refusals.KEY_MALFORMED)

    @property
    def format(self) -> str:
        """CSV if every file's name says so, else Parquet."""
        return CSV if all(Path(f).suffix.lower() == ".csv" for f in self.files) else PARQUET


@dataclass(frozen=True)
class Statement:
    """One SELECT that the guard rendered, with the values of its `$name` parameters."""

    sql: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """The most that one job may use; a figure of our own, set per deployment and per grant."""

    memory_bytes: int = 1024 * MIB  # of the engine and its result, above an idle worker
    seconds: float = 60.0  # by the clock on the wall, from start to last byte
    rows: int = 1_000_000  # of each result
    output_bytes: int = 256 * MIB  # of all results together, as Arrow IPC
    temp_bytes: int = 512 * MIB  # for spilling; held in memory where the temporary directory is private
    threads: int = 2

    def __post_init__(self) -> None:
        if min(self.memory_bytes, self.seconds, self.rows, self.output_bytes, self.temp_bytes, self.threads) <= 0:
            raise Invalid(refusals.LIMITS_MALFORMED)


@dataclass(frozen=True)
class Walls:
    """Which walls stand around a job on this host; `missing` says why one could not be built, for operators."""

    held: tuple[str, ...]
    missing: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, wall: str) -> bool:
        return wall in self.held


@dataclass(frozen=True)
class Ran:
    """The results of a job in the order of its statements, and what they took."""

    tables: tuple[pa.Table, ...]
    seconds: float  # from the call to the last byte, wall start-up included
    peak_bytes: int  # greatest resident size of the walled process; 0 where it was not taken
    walls: Walls
