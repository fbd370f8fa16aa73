"""Section 5: would it run, what stops it, what would make it legal; without running and without reading data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dianchi.engines.guard.compiler import compile_text
from dianchi.engines.guard.grant import Grant
from dianchi.engines.guard.plan import Parameter, Plan
from dianchi.engines.guard.refusals import GuardRefusal
from dianchi.kernel.errors import DomainError, Refusal


@dataclass(frozen=True)
class Explanation:
    """The verdict on one query. `exit_code` is that of the command line: 0, 11 or 14."""

    plan: Plan | None
    refusals: tuple[Refusal, ...]
    exit_code: int
    lang: str = "zh"

    @property
    def allowed(self) -> bool:
        """Whether it would run."""
        return self.plan is not None

    def to_json(self) -> dict[str, Any]:
        """The shape of guard.md 6."""
        return {
            "allowed": self.allowed,
            "refusals": [told(r, self.lang) for r in self.refusals],
            "columns": [c.to_json() for c in self.plan.columns] if self.plan else [],
            "rewritten": self.plan.sql if self.plan else None,
        }


def told(refusal: Refusal, lang: str) -> dict[str, Any]:
    """Any refusal in the shape of the guard's."""
    if isinstance(refusal, GuardRefusal):
        return refusal.to_json(lang)
    return GuardRefusal(refusal.code, refusal.message, refusal.article, refusal.remedy).to_json(lang)


def explain(
    sql: str,
    grant: Grant,
    lang: str = "zh",
    *,
    parameters: Mapping[str, Parameter] | None = None,
    dialect: str = "duckdb",
) -> Explanation:
    """Judge a query."""
    try:
        return Explanation(compile_text(sql, grant, parameters, dialect), (), 0, lang)
    except DomainError as e:
        return Explanation(None, e.refusals, e.exit_code, lang)
