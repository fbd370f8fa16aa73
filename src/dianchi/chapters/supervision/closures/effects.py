"""A closure is called by what it shuts."""

from __future__ import annotations

from dianchi.chapters.supervision.closures import facts
from dianchi.chapters.supervision.closures.lifecycle import CLOSURE, SCOPES
from dianchi.chapters.supervision.closures.models import Closure
from dianchi.foundation.cases.registry import CaseType, Doing


def shut(case: Closure, doing: Doing) -> None:
    """Name scope and target."""
    case.title = f"{dict(SCOPES)[case.scope]} {case.target}".strip()


CASE = CaseType(CLOSURE, Closure, facts.gather, {"shut": shut}, prefix="GT")
