"""Acts on scenarios change nothing but what is entered."""

from __future__ import annotations

from dianchi.chapters.operation.scenarios import facts
from dianchi.chapters.operation.scenarios.lifecycle import SCENARIO
from dianchi.chapters.operation.scenarios.models import Scenario
from dianchi.foundation.cases.registry import CaseType

CASE = CaseType(SCENARIO, Scenario, facts.gather, prefix="CJ")
