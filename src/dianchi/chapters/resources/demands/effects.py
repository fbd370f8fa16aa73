"""What the acts of a demand change besides its state."""

from __future__ import annotations

from dianchi.chapters.resources.demands import facts
from dianchi.chapters.resources.demands.lifecycle import DEMANDS
from dianchi.chapters.resources.demands.models import Demand
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.canonical import plain


def support(case: Demand, doing: Doing) -> None:
    """One more organisation wants the same."""
    said = {"organisation": doing.by.organisation, "note": doing.inputs.note, "supported_at": plain(doing.at)}
    case.supporters = [*case.supporters, said]


CASE = CaseType(DEMANDS, Demand, facts.gather, {"support": support}, prefix="XQ")
