"""What the platform knows about an output and its reader does not: how many stand behind each row, and of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True)
class Contributions:
    """For each row of the output what its greatest subjects contribute to one measure, as absolute amounts.

    `total` is the sum of the absolute contributions; `largest[0]` the greatest subject's, `largest[1]` the second's.
    """

    total: pa.Array
    largest: tuple[pa.Array, ...]


@dataclass(frozen=True)
class Evidence:
    """Arrays are aligned with the output's rows; what is not given cannot be checked, and counts as failed.

    `source` holds rows of the protected source; its columns are compared with the output's of the same name, or of
    the name in `renamed` (output's name: source's name).
    """

    subjects: pa.Array | None = None  # distinct protected subjects behind each row
    contributions: Mapping[str, Contributions] = field(default_factory=dict)  # measure: who makes it up
    source: pa.Table | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
