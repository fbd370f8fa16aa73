"""Questions about cases of any kind: what waits for whom, what may be done, who opened what. They change nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from dianchi.foundation.cases import deadlines
from dianchi.foundation.cases.inputs import parse
from dianchi.foundation.cases.models import Case, Due, Opinion
from dianchi.foundation.cases.perform import refusals
from dianchi.foundation.cases.registry import CaseType, case_type, case_types, get_case
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.ids import new_code
from dianchi.kernel.lifecycle import Act, Deadline
from dianchi.kernel.text import Text

MANY = 2_000  # as far as lists count; beyond, "2,000+" says as much to a reader
LOOKED_THROUGH = 10_000  # latest cases of a kind that are searched for words


@dataclass(frozen=True)
class Running:
    """A deadline that runs, with what the law says about it."""

    due_at: datetime
    provisional: bool
    deadline: Deadline
    paused: bool = False  # the clock waits

    def overdue(self, at: datetime) -> bool:
        """Whether its end has passed."""
        return self.due_at <= at and not self.paused


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for an actor: a case, the acts wanted of it, and by when."""

    kind: CaseType
    case: Any
    acts: tuple[Act[Any], ...]
    running: Running | None = None

    @property
    def due_at(self) -> datetime | None:
        """When it must be done, if the law says."""
        return self.running.due_at if self.running else None


@dataclass(frozen=True)
class Offered:
    """An act as a case offers it to an actor: to be done now, or not, with every reason."""

    act: Act[Any]
    refusals: tuple[Refusal, ...] = ()
    mine: bool = True  # one of the actor's roles does it


@dataclass
class Candidate:
    """A case in a state from which one of the actor's roles owes an act; guards not yet asked."""

    kind: CaseType
    case: Any
    acts: tuple[Act[Any], ...]
    running: list[Running] = field(default_factory=list)


def waiting_for(actor: Actor, at: datetime, limit: int = 60) -> list[Waiting]:
    """What waits for the actor, most urgent first: duties from the case's state that no guard forbids now."""
    found = []
    for candidate in _candidates(actor, limit):
        open_acts = tuple(a for a in candidate.acts if _free(candidate, a, actor, at))
        if open_acts:
            running = [r for r in candidate.running if not r.deadline.of or actor.roles & r.deadline.of]
            found.append(
                Waiting(candidate.kind, candidate.case, open_acts, min(running, key=lambda r: r.due_at, default=None))
            )
    return sorted(found, key=lambda w: (w.due_at is None, w.due_at or w.case.state_since, w.case.code))


def _free(candidate: Candidate, act: Act[Any], actor: Actor, at: datetime) -> bool:
    if act.opinions and _has_given(candidate.case, act, actor):
        return False
    return not refusals(candidate.kind.name, act.name, by=actor, at=at, case=candidate.case)


def _has_given(case: Case, act: Act[Any], actor: Actor) -> bool:
    """Whether the actor's opinion on the case as it is now is in: it does not wait for the same person again."""
    return Opinion.objects.filter(
        case_type=case.lifecycle.name, case_code=case.code, act=act.name, person=actor.person, digest=case.digest()
    ).exists()


def _candidates(actor: Actor, limit: int) -> list[Candidate]:
    found: list[Candidate] = []
    soonest = _soonest(limit)
    for kind in case_types().values():
        duties = tuple(a for a in kind.lifecycle.acts if a.duty and not a.opens and a.by & actor.roles)
        if not duties:
            continue
        sources = {s.value for act in duties for s in act.sources}
        cases = _most_urgent(kind.model.objects.visible_to(actor), sources, soonest.get(kind.name, []), limit)
        found += [Candidate(kind, case, tuple(a for a in duties if case.state in a.sources)) for case in cases]
    running = running_of(c.case for c in found)
    for candidate in found:
        candidate.running = running.get((candidate.kind.name, candidate.case.code), [])
    return found


def _soonest(limit: int) -> dict[str, list[str]]:
    """Codes of the cases whose ends come first, by kind."""
    found: dict[str, list[str]] = {}
    ends = Due.objects.filter(done_at=None).order_by("due_at").values_list("case_type", "case_code")
    for name, code in ends[: 10 * limit]:
        found.setdefault(name, []).append(code)
    return found


def _most_urgent(seen: QuerySet[Any], states: set[str], soonest: list[str], limit: int) -> list[Any]:
    """Cases in these states, those with the nearest end first, then those that have stood longest; each state is one
    walk along its index, so that it costs the same among a million.
    """
    urgent: dict[str, Any] = {}
    if soonest:
        urgent = {c.code: c for c in seen.filter(state__in=states, code__in=soonest[:limit])}
    for state in sorted(states):
        if len(urgent) < limit:
            urgent |= {c.code: c for c in seen.filter(state=state).order_by("state_since")[:limit]}
    return list(urgent.values())[:limit]


def running_of(cases: Iterable[Case]) -> dict[tuple[str, str], list[Running]]:
    """The running deadlines of several cases, by type and code, soonest first; one query for each kind of case."""
    codes: dict[str, list[str]] = {}
    for case in cases:
        codes.setdefault(case.lifecycle.name, []).append(case.code)
    found: dict[tuple[str, str], list[Running]] = {}
    for name, wanted in codes.items():
        kind = case_type(name)
        for due in Due.objects.filter(case_type=name, case_code__in=wanted, done_at=None).order_by("due_at"):
            if declared := deadlines.declared(kind, due):
                found.setdefault((name, due.case_code), []).append(
                    Running(due.due_at, due.provisional, declared, due.paused_at is not None)
                )
    return found


def finished_dues(case: Case) -> list[tuple[Deadline, datetime, datetime]]:
    """The deadlines of a case that no longer run: what was due, by when, when it was done."""
    kind = case_type(case.lifecycle.name)
    done = Due.objects.filter(case_type=kind.name, case_code=case.code).exclude(done_at=None).order_by("due_at")
    return [(d, due.due_at, due.done_at) for due in done if (d := deadlines.declared(kind, due)) and due.done_at]


def offered(case: Any, actor: Actor, at: datetime) -> list[Offered]:
    """The acts of a case's state: those the actor may do first, then those blocked, then those that others do."""
    found = []
    for act in case.lifecycle.from_state(case.state):
        mine = bool(act.by & actor.roles)
        if mine or act.by - {Role.SYSTEM}:
            found.append(Offered(act, refusals(case.lifecycle.name, act.name, by=actor, at=at, case=case), mine))
    return sorted(found, key=lambda o: (not o.mine, bool(o.refusals), not o.act.duty))


def openings(kind: CaseType, actor: Actor) -> list[Act[Any]]:
    """The acts with which the actor's roles may open a case of this kind."""
    return [act for act in kind.lifecycle.acts if act.opens and act.by & actor.roles]


def opened_by(actor: Actor, limit: int = 50) -> list[tuple[CaseType, Any]]:
    """The cases that the actor opened for the organisation, latest movement first."""
    found = [
        (kind, case)
        for kind in case_types().values()
        for case in kind.model.objects.visible_to(actor)
        .filter(opened_by=actor.person, opened_for=actor.organisation)
        .order_by("-state_since")[:limit]
    ]
    return sorted(found, key=lambda pair: pair[1].state_since, reverse=True)[:limit]


def recent(actor: Actor, limit: int = 12) -> list[tuple[CaseType, Any]]:
    """The cases that the actor may see and that moved last."""
    found = [
        (kind, case)
        for kind in case_types().values()
        if kind.chapter != "foundation"
        for case in kind.model.objects.visible_to(actor).filter(version__gt=1).order_by("-state_since")[:limit]
    ]
    return sorted(found, key=lambda pair: pair[1].state_since, reverse=True)[:limit]


def visible(name: str, actor: Actor) -> QuerySet[Any]:
    """The cases of a kind that exist for the actor."""
    found: QuerySet[Any] = case_type(name).model.objects.visible_to(actor)
    return found


def counted(cases: QuerySet[Any], most: int = MANY) -> int:
    """How many there are, counting no further than one beyond `most`."""
    return cases.order_by().values("pk")[: most + 1].count()


def state_counts(kind: CaseType, cases: QuerySet[Any], *, few: bool = False) -> dict[str, int]:
    """How many cases stand in each state, each counted as far as `counted` counts; `few` are counted in one go."""
    if few:
        return dict(cases.order_by().values_list("state").annotate(Count("pk")))
    return {str(state.value): counted(cases.filter(state=state.value)) for state in kind.lifecycle.states}


def overdue_codes(name: str, at: datetime) -> QuerySet[Any]:
    """Codes of the cases of a kind whose deadline has passed while it still runs."""
    return Due.objects.filter(case_type=name, done_at=None, paused_at=None, due_at__lte=at).values("case_code")


def find(actor: Actor, words: str, limit: int = 20) -> list[tuple[CaseType, Any]]:
    """Cases of any kind whose code or title holds the words; an exact code comes first."""
    found = []
    for kind in case_types().values():
        cases = kind.model.objects.visible_to(actor)
        found += [(kind, case) for case in holding(cases, words).order_by("-state_since")[:limit]]
    return sorted(found, key=lambda pair: pair[1].code.lower() != words.lower())[:limit]


def holding(cases: QuerySet[Any], words: str, within: int = LOOKED_THROUGH) -> QuerySet[Any]:
    """The cases of one kind whose code is, or whose title or code holds, the words: by its code among all of them, by
    words among the latest ones, so that looking costs the same whatever the store holds.
    """
    latest = cases.order_by("-state_since").values("pk")[:within]
    named = Q(code__icontains=words) | Q(title__icontains=words)
    found: QuerySet[Any] = cases.filter(Q(code__iexact=words) | (Q(pk__in=latest) & named))
    return found


def choosable(name: str, actor: Actor, limit: int = 300) -> list[Any]:
    """The cases of a kind that the actor may name in a form, those in force first."""
    cases = list(visible(name, actor).order_by("-state_since")[:limit])
    return sorted(cases, key=lambda c: c.lifecycle.state(c.state).tone.value != "force")


def titled(name: str, codes: Iterable[str], actor: Actor) -> dict[str, str]:
    """Titles by code of those cases that the actor may see."""
    return dict(visible(name, actor).filter(code__in=list(codes)).values_list("code", "title"))


def rehearse(name: str, act: str, *, by: Actor, at: datetime, code: str | None = None,
             inputs: object = None) -> tuple[Refusal, ...]:  # fmt: skip
    """Why the act with these inputs would be refused now, changing nothing; raises Invalid for malformed inputs."""
    kind = case_type(name)
    row = act_of(kind, act)
    given = parse(row, inputs)
    if row.opens:
        case: Any = kind.model(
            code=new_code(kind.prefix, at), region=by.region, opened_at=at, opened_by=by.person,
            opened_for=by.organisation, state_since=at,
        )  # fmt: skip
    else:
        case = get_case(name, code or "", by)
    return kind.lifecycle.refusals(act, case.state or None, by, kind.facts(case, by, at, given))


def act_of(kind: CaseType, name: str) -> Act[Any]:
    """The act of that name; raises NotFound."""
    found = next((a for a in kind.lifecycle.acts if a.name == name), None)
    if found is None:
        raise NotFound(Refusal("cases.no-such-act", Text("没有这个事项动作", "There is no such act")))
    return found


def next_actors(case: Any, running: Iterable[Running]) -> list[Role]:
    """The roles from whom the next step is expected: those who owe a running deadline, else those of the duties."""
    if case.idle:
        return []
    owed = {role for r in running for role in r.deadline.of}
    wanted = owed or {role for act in case.lifecycle.from_state(case.state) if act.duty for role in act.by}
    return [role for role in Role if role in wanted]
