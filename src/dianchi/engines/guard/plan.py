"""What the guard hands to the runner: our own text, what it reads, what comes out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dianchi.engines.guard.refusals import Says
from dianchi.kernel.errors import Invalid
from dianchi.kernel.text import Text


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

    def admits(self, value: Any) -> bool:
        """Whether the value is of the type and within the bounds; nothing is converted."""
        kinds = _KINDS.get(self.type.split("(")[0], (str,))
        if isinstance(value, bool) != (kinds == (bool,)) or not isinstance(value, kinds):
            return False
        if isinstance(value, str) and len(value) > self.longest:
            return False
        if isinstance(value, float) and not math.isfinite(value):
            return False
        if self.choices and value not in self.choices:
            return False
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


_KINDS: Mapping[str, tuple[type, ...]] = {
    "BOOLEAN": (bool,),
    "TINYINT": (int,),
    "SMALLINT": (int,),
    "INTEGER": (int,),
    "BIGINT": (int,),
    "HUGEINT": (int,),
    "FLOAT": (int, float),
    "DOUBLE": (int, float),
    "DECIMAL": (int, Decimal),
    "VARCHAR": (str,),
    "DATE": (date,),
    "TIMESTAMP": (datetime,),
}
VALUE = Says(
    "parameter.value",
    Text(
        "参数 {name} 缺失、未声明、类型不符或超出范围。",
        "The parameter {name} is missing, not declared, of another type or out of bounds.",
    ),
    Text("请按声明的类型与范围给出参数。", "Give it with its declared type and within its bounds."),
)


Place = tuple[str, int, int]  # a clause as it stands in the text, its line and column


@dataclass(frozen=True)
class Footprint:
    """How to learn which subjects stand behind the cells of one thresholded group (history)."""

    table: str
    keys: int
    joined: bool  # whether its own cells may overlap
    sql: str  # with a parameter $secret; columns: part, one for each key, side, list of buckets, list of weights
    place: Place = ("", 0, 0)  # of the group's condition in the text


@dataclass(frozen=True)
class Noisy:
    """A measure that leaves with noise: by how much one subject can move it, in units of `unit`, all cells together."""

    sensitivity: int
    epsilon: Decimal
    unit: Decimal = Decimal(1)
    counts: bool = False  # never below zero


@dataclass(frozen=True)
class Plan:
    """A query that may run. `counts_suppressed`: two last columns are ours (`_suppressed`, `_row`)."""

    sql: str
    dialect: str
    reads: Mapping[
        str, tuple[str, ...]
    ]  # every table it scans, with the columns that it names; none where rows are counted
    columns: tuple[OutputColumn, ...]
    parameters: Mapping[str, Parameter]
    digest: str
    counts_suppressed: bool
    footprints: tuple[Footprint, ...] = ()
    grant: str = ""
    noisy: tuple[Noisy | None, ...] = ()  # what is added to which column, where the grant asks for noise

    def bind(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the parameters, each of its type and within its bounds; raises Invalid."""
        wrong = [n for n in values if n not in self.parameters] + [n for n in self.parameters if n not in values]
        wrong += [n for n, p in self.parameters.items() if n in values and not p.admits(values[n])]
        if wrong:
            raise Invalid(*(VALUE.at(name=n) for n in dict.fromkeys(wrong)))
        return {n: values[n] for n in self.parameters}

    @property
    def compared(self) -> bool:
        """Whether its own cells must be compared with each other before anything is released."""
        return len(self.footprints) > 1 or any(f.joined for f in self.footprints)
