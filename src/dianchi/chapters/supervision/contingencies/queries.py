"""Questions about emergency plans: which party has none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.resources.supply.models import Load
from dianchi.chapters.supervision.contingencies.lifecycle import State
from dianchi.chapters.supervision.contingencies.models import Contingency
from dianchi.foundation.cases.queries import running_of
from dianchi.foundation.organisations.queries import names


@dataclass(frozen=True)
class Readiness:
    """How a party stands: its plan, its last drill, and whether the next is overdue."""

    uscc: str
    name: str
    role: str
    plan: Contingency | None
    overdue: bool = False

    @property
    def last_drill(self) -> str:
        """The day of the last drill; empty if none was held under this plan."""
        return max((d["held_on"] for d in self.plan.drills), default="") if self.plan else ""


def readiness(at: datetime, region: str = "53") -> list[Readiness]:
    """Every party of what is in force in a territory, those without a plan first (NDR, art. 11)."""
    owed = _parties(region)
    plans = {(p.opened_for, p.role): p for p in Contingency.objects.filter(state=State.FILED)}
    running = running_of(plans.values())
    called = names({uscc for uscc, _ in owed})
    found = []
    for uscc, role in sorted(owed):
        plan = plans.get((uscc, role))
        late = plan is not None and any(r.overdue(at) for r in running.get(("contingencies", plan.code), []))
        found.append(Readiness(uscc, called.get(uscc, uscc), role, plan, late))
    return sorted(found, key=lambda r: (r.plan is not None, not r.overdue, r.role, r.uscc))


def _parties(region: str) -> set[tuple[str, str]]:
    agreements = Agreement.objects.filter(state="filed", region__startswith=region)
    owed = {(a.operator, "operator") for a in agreements} | {(a.opened_for, "implementer") for a in agreements}
    contracts = Contract.objects.filter(state="filed", agreement__in=agreements)
    owed |= {(c.developer, "developer") for c in contracts}
    return owed | {
        (s.opened_for, "provider") for s in Load.objects.filter(region__startswith=region, state="in-service")
    }
