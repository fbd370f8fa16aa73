"""What the guard hands to the runner: our own text, what it reads, what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OutputColumn:
    """One column of the result, where it comes from, and what declassified it."""

    name: str
    type: str
    sources: tuple[str, ...]
    declassified_by: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As explain shows it."""
        return {
            "name": self.name,
            "type": self.type,
            "sources": list(self.sources),
            "declassified_by": ", ".join(self.declassified_by) or "free",
        }


@dataclass(frozen=True)
class Parameter:
    """A named parameter with its type and bounds; bound as a value, never as text."""

    name: str
    type: str
    least: Any = None
    most: Any = None
    choices: tuple[Any, ...] = ()
    longest: int = 200


@dataclass(frozen=True)
class Footprint:
    """How to learn which subjects stand behind the cells of one thresholded group (history)."""

    table: str
    keys: int
    joined: bool  # whether its own cells may overlap
    sql: str  # with a parameter $secret; columns: part, one for each key, bucket, weight


@dataclass(frozen=True)
class Plan:
    """A query that may run. `counts_suppressed`: two last columns are ours (`_suppressed`, `_row`)."""

    sql: str
    dialect: str
    reads: Mapping[str, tuple[str, ...]]
    columns: tuple[OutputColumn, ...]
    parameters: Mapping[str, Parameter]
    digest: str
    counts_suppressed: bool
    footprints: tuple[Footprint, ...] = ()
    grant: str = ""

    @property
    def compared(self) -> bool:
        """Whether its own cells must be compared with each other before anything is released."""
        return len(self.footprints) > 1 or any(f.joined for f in self.footprints)
