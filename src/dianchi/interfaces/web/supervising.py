"""What the pages of supervision show beyond the derived ones: steps of an exit, clocks of an incident, readiness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dianchi.chapters.supervision.contingencies import queries as contingencies
from dianchi.chapters.supervision.contingencies.lifecycle import ROLES
from dianchi.chapters.supervision.exits import standing
from dianchi.chapters.supervision.exits.steps import STEPS, Step
from dianchi.foundation.cases import queries
from dianchi.foundation.cases.registry import case_type
from dianchi.interfaces.web import parties, previews
from dianchi.kernel.actors import Actor
from dianchi.kernel.lifecycle import Deadline
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Done:
    """One step of an exit as it stands."""

    step: Step
    at: datetime | None
    ready: bool  # the record bears it out
    evidence: str = ""
    document_number: str = ""


def exit_steps(case: Any, at: datetime) -> dict[str, Any]:
    """The ten steps, what still stands in the way of each, the witnesses, and what stops or stopped."""
    said = {e["step"]: e for e in case.evidence}
    rows = [
        Done(s, getattr(case, s.field), standing.ready(case, s.name, at), said.get(s.name, {}).get("proof", ""),
             said.get(s.name, {}).get("document_number", ""))
        for s in STEPS
    ]  # fmt: skip
    return {
        "case": case, "rows": rows, "done": sum(r.at is not None for r in rows), "of": len(rows),
        "stops": previews.said(standing.reached(case)) if case.state == "noticed" else None,
        "certificate": case.certificate, "names": parties.names({w["organisation"] for w in case.witnesses}),
        "witnesses": case.witnesses, "begun": case.state in ("exiting", "exited"),
    }  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """One clock of an incident: running, or done in time or late."""

    deadline: Deadline
    due_at: datetime
    done_at: datetime | None
    share: int  # how much of its time has gone, in per cent
    left: Text | None = None  # to the minute: a clock of hours is not told in days

    @property
    def late(self) -> bool:
        """Whether it was done after its end."""
        return self.done_at is not None and self.done_at > self.due_at


def incident_clocks(case: Any, at: datetime) -> dict[str, Any]:
    """Every clock since discovery, those that run first."""
    running = queries.running_of([case]).get((case.lifecycle.name, case.code), [])
    clocks = [
        Clock(r.deadline, r.due_at, None, _share(case, r.deadline, r.due_at, at), left(r.due_at, at)) for r in running
    ]
    clocks += [Clock(d, due, done, 100) for d, due, done in queries.finished_dues(case)]
    return {"case": case, "clocks": clocks, "since": case.discovered_at}


def left(due_at: datetime, at: datetime) -> Text:
    """What is left of a period, or by how much it is over: days and hours, or hours and minutes."""
    minutes = int((due_at - at).total_seconds()) // 60
    zh, en = ("剩 ", "") if minutes >= 0 else ("已超 ", "over by ")
    hours, rest = divmod(abs(minutes), 60)
    days, spare = divmod(hours, 24)
    if days:
        return Text(f"{zh}{days} 天 {spare} 小时", f"{en}{days} d {spare} h" + (" left" if minutes >= 0 else ""))
    if hours:
        return Text(f"{zh}{hours} 小时 {rest} 分", f"{en}{hours} h {rest} min" + (" left" if minutes >= 0 else ""))
    return Text(f"{zh}{rest} 分钟", f"{en}{rest} min" + (" left" if minutes >= 0 else ""))


def _share(case: Any, deadline: Deadline, due_at: datetime, at: datetime) -> int:
    began = getattr(case, deadline.since) if deadline.since else case.state_since
    whole = (due_at - began).total_seconds()
    return min(100, max(0, round(100 * (at - began).total_seconds() / whole))) if whole > 0 else 100


@dataclass(frozen=True)
class Drill:
    """One drill of one party."""

    party: str
    plan: Any
    held_on: str
    what: str
    participants: int
    findings: str
    lessons: str


def emergency(actor: Actor, at: datetime) -> dict[str, Any]:
    """Open incidents with their clocks, who has a current plan, and the drills that were held."""
    kind = case_type("incidents")
    ended = ("closed", "dismissed")
    cases = list(queries.visible("incidents", actor).exclude(state__in=ended).order_by("discovered_at")[:100])
    running = queries.running_of(cases)
    open_incidents = [(c, [(r, left(r.due_at, at)) for r in running.get((kind.name, c.code), [])]) for c in cases]
    never = datetime.max.replace(tzinfo=at.tzinfo)
    open_incidents.sort(key=lambda pair: min((r.due_at for r, _ in pair[1]), default=never))
    plans = list(queries.visible("contingencies", actor).order_by("-drilled_on", "code")[:300])
    names = parties.names({p.opened_for for p in plans})
    drills = [
        Drill(names[p.opened_for], p, d["held_on"], d["drill"], d["participants"], d["findings"], d["lessons"])
        for p in plans
        for d in p.drills
    ]
    return {
        "open": open_incidents, "drills": sorted(drills, key=lambda d: d.held_on, reverse=True)[:50],
        "readiness": contingencies.readiness(at, actor.territory), "roles": dict(ROLES),
    }  # fmt: skip
