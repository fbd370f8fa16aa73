"""What a call gives back, and what a refused one raises."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import pyarrow as pa


class Refused(Exception):
    """The gate refused, with every reason by code, article and remedy."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        self.code = str(problem.get("code", f"http.{status}"))
        self.refusals = list(problem.get("refusals", []))
        super().__init__(f"{self.code}: {problem.get('detail', '')}")


@dataclass(frozen=True)
class Result:
    """One delivered answer."""

    body: bytes

    @cached_property
    def told(self) -> dict[str, Any]:
        """The whole answer, numbers as they were written."""
        found: dict[str, Any] = json.loads(self.body, parse_float=Decimal)
        return found

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values."""
        return list(self.told["rows"])

    @property
    def receipt(self) -> dict[str, Any]:
        """The signed receipt."""
        return dict(self.told.get("receipt") or {})

    @property
    def suppressed_groups(self) -> int:
        """How many groups were too small to be shown."""
        return int(self.told["suppressed_groups"])

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table."""
        return pa.Table.from_pylist(self.rows)

    def to_pandas(self) -> Any:
        """The rows as a pandas data frame."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def to_polars(self) -> Any:
        """The rows as a polars data frame."""
        import polars as pl

        return pl.from_arrow(self.to_arrow())
