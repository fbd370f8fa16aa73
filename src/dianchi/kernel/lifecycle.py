"""Lifecycles: which acts exist, who may do them, from where to where, under which article, provided what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import NotPermitted, Refusal, RuleBroken
from dianchi.kernel.law.articles import Article
from dianchi.kernel.text import Text, join

F = TypeVar("F")


class Tone(StrEnum):
    """What a state means to a reader; the pages choose colour, icon and word from it."""

    DRAFT = "draft"
    WAITING = "waiting"
    PUBLICITY = "publicity"
    FORCE = "force"
    STOPPED = "stopped"


class CaseState(StrEnum):
    """A state with its name in both languages: `DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT`."""

    label: Text
    tone: Tone

    def __new__(cls, value: str, label: Text, tone: Tone) -> CaseState:
        state = str.__new__(cls, value)
        state._value_ = value
        state.label, state.tone = label, tone
        return state


@dataclass(frozen=True)
class Guard(Generic[F]):
    """A fact that must hold, and the reason given when it does not.

    `on_inputs` guards look at what the actor enters, so they are asked only once inputs are there.
    `naming` fills the placeholders of the refusal from the facts; `because` passes on the reasons of an engine.
    """

    holds: Callable[[F], bool]
    refusal: Refusal
    on_inputs: bool = False
    naming: Callable[[F], Mapping[str, object]] | None = None
    because: Callable[[F], tuple[Refusal, ...]] | None = None

    def reasons(self, facts: F) -> tuple[Refusal, ...]:
        """The refusal if the fact does not hold, and the reasons behind it."""
        refusal = self.unmet(facts)
        if refusal is None:
            return ()
        return (refusal, *(self.because(facts) if self.because else ()))

    def unmet(self, facts: F) -> Refusal | None:
        """The refusal if the fact does not hold."""
        if self.holds(facts):
            return None
        return self.refusal.saying(**self.naming(facts)) if self.naming else self.refusal


@dataclass(frozen=True)
class Opinions:
    """The act records one person's opinion on the case as it is now; a changed digest voids it."""

    needed: int = 2
    blinded: bool = True  # nobody sees another's opinion until all needed are in


@dataclass(frozen=True)
class Act(Generic[F]):
    """One row of a lifecycle. No sources: it opens a new case. No target: the state stays."""

    name: str  # API path, CLI verb and ledger kind share it
    title: Text  # the verb on the button
    by: Set[Role]
    sources: Set[CaseState]
    target: CaseState | None
    article: Article
    provided: tuple[Guard[Any], ...] = ()
    inputs: type | None = None  # a pydantic model: API body, web form and CLI JSON at once
    opinions: Opinions | None = None
    duty: bool = True  # false for acts that nobody waits for (withdraw, suspend, revoke)
    final: bool = False  # cannot be undone: the page asks for confirmation
    sensitive: bool = False  # refused attempts are recorded too
    document: Text | None = None  # title of the official document that the act issues
    help: Text | None = None

    @property
    def opens(self) -> bool:
        """Whether the act opens a new case."""
        return not self.sources


@dataclass(frozen=True)
class Period:
    """A span whose figure is a parameter of the law, counted as the law counts it."""

    unit: str  # "workdays", "days", "hours", "months", "years", "yearly"
    parameter: str  # key in kernel.parameters


def workdays(parameter: str) -> Period:
    """Working days, the day of the event not counted."""
    return Period("workdays", parameter)


def days(parameter: str) -> Period:
    """Calendar days; a last day that is a holiday moves to the next working day."""
    return Period("days", parameter)


def hours(parameter: str) -> Period:
    """Hours from the event, through nights and holidays; the figure may be a fraction."""
    return Period("hours", parameter)


def yearly(parameter: str) -> Period:
    """To a day of the year after, which the parameter names as "03-31"."""
    return Period("yearly", parameter)


def months(parameter: str) -> Period:
    """Months; a last day that is a holiday moves to the next working day."""
    return Period("months", parameter)


@dataclass(frozen=True)
class Deadline:
    """What must happen by when while a case is in a state; `then` is "remind" or an act that time performs.

    It goes on running through the states of `also`, and stands still in those of `pauses`, which then are recorded.
    """

    state: CaseState
    period: Period
    article: Article
    asks: Text  # what is due
    of: Set[Role]  # who owes it
    then: str = "remind"
    clock: str = ""  # id in kernel.law.rules.CLOCKS: "E3"
    since: str = ""  # field or property of the case from which it counts; empty: from entering the state
    when: str = ""  # property of the case that must hold for it to run; asked again after every act
    also: Set[CaseState] = frozenset()  # further states through which it runs on
    pauses: Set[CaseState] = frozenset()  # states in which the clock waits

    @property
    def states(self) -> Set[CaseState]:
        """The states in which it runs or waits."""
        return {self.state, *self.also, *self.pauses}


@dataclass(frozen=True)
class Lifecycle(Generic[F]):
    """All acts and deadlines of one kind of case."""

    name: str
    title: Text
    states: type[CaseState]
    acts: tuple[Act[F], ...]
    deadlines: tuple[Deadline, ...] = ()
    _by_name: Mapping[str, Act[F]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {act.name: act for act in self.acts}
        if len(by_name) != len(self.acts):
            raise ValueError(f"{self.name}: two acts share a name")
        for deadline in self.deadlines:
            if deadline.then != "remind" and Role.SYSTEM not in by_name[deadline.then].by:
                raise ValueError(f"{self.name}: time may not perform {deadline.then}")
        object.__setattr__(self, "_by_name", by_name)

    def act(self, name: str) -> Act[F]:
        """The act of that name; KeyError if there is none."""
        return self._by_name[name]

    def state(self, value: str | None) -> CaseState:
        """The state of that value; StopIteration if there is none."""
        return next(s for s in self.states if s == value)

    @property
    def opening(self) -> Act[F]:
        """The act that opens a case."""
        return next(act for act in self.acts if act.opens)

    def from_state(self, state: str) -> tuple[Act[F], ...]:
        """The acts that start from a state, in the order declared."""
        return tuple(act for act in self.acts if state in act.sources)

    def refusals(
        self, name: str, state: str | None, by: Actor, facts: F, *, with_inputs: bool = True
    ) -> tuple[Refusal, ...]:
        """Every reason why the actor cannot do the act now; none means it may be done."""
        act = self.act(name)
        reasons = [r for r in (self._role(act, by), self._state(act, state)) if r]
        if not reasons:
            asked = (g for g in act.provided if with_inputs or not g.on_inputs)
            reasons = [r for g in asked for r in g.reasons(facts)]
        return tuple(reasons)

    def require(self, name: str, state: str | None, by: Actor, facts: F) -> CaseState:
        """The state after the act; raises NotPermitted or RuleBroken with all reasons."""
        act = self.act(name)
        if role := self._role(act, by):
            raise NotPermitted(role)
        if reasons := self.refusals(name, state, by, facts):
            raise RuleBroken(*reasons)
        return act.target or self.state(state)

    def _role(self, act: Act[F], by: Actor) -> Refusal | None:
        if by.roles & act.by:
            return None
        message = Text("不能{act}：此事项由{roles}办理", "Cannot {act}: this is done by {roles}")
        roles = join(tuple(r.label for r in Role if r in act.by))
        remedy = Text("请由相应机构的经办人办理", "Ask the responsible body's officer to do it")
        return Refusal(f"{self.name}.not-your-role", message.format(act=act.title, roles=roles), act.article, remedy)

    def _state(self, act: Act[F], state: str | None) -> Refusal | None:
        if (act.opens and state is None) or (state is not None and state in act.sources):
            return None
        now = self.state(state).label if state is not None else Text("未建立", "not opened")
        wanted = join(tuple(s.label for s in self.states if s in act.sources))
        message = Text("不能{act}：当前状态为“{now}”", "Cannot {act}: the state is “{now}”")
        remedy = Text("该事项须在“{wanted}”状态下办理", "It can be done in the state “{wanted}”")
        return Refusal(
            f"{self.name}.wrong-state",
            message.format(act=act.title, now=now),
            act.article,
            remedy.format(wanted=wanted),
        )
