"""How the tests ask a lifecycle: its whole matrix against a list of their own, and refusals by code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import DomainError, Refusal, RuleBroken
from dianchi.kernel.lifecycle import Lifecycle
from tests.factories.people import actor

Row = tuple[str, str, str, str]  # act, state before ("" opens a case), role, state after


def rows(table: str) -> set[Row]:
    """The rows of a list of "act: before, before -> after: role role"; "-" opens a case, "=" keeps the state."""
    found = set()
    for line in filter(None, (line.strip() for line in table.splitlines())):
        act, states, roles = (part.strip() for part in line.split(":"))
        sources, after = (part.strip() for part in states.split("->"))
        for before in (s.strip() for s in sources.split(",")):
            was = "" if before == "-" else before
            found |= {(act, was, role, was if after == "=" else after) for role in roles.split()}
    return found


def matrix(lifecycle: Lifecycle[Any], facts: Any) -> set[Row]:
    """What the lifecycle allows while every guard holds, asked act by act, state by state, role by role."""
    found = set()
    for act in lifecycle.acts:
        for state in (None, *lifecycle.states):
            for role in Role:
                by = actor(role)
                if not lifecycle.refusals(act.name, state, by, facts):
                    found.add((act.name, state or "", role.value, str(lifecycle.require(act.name, state, by, facts))))
    return found


@dataclass
class Refused:
    """The refusals of what was tried."""

    refusals: list[Refusal] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        """Their codes."""
        return {refusal.code for refusal in self.refusals}

    def of(self, code: str) -> Refusal:
        """The refusal of that code."""
        return next(refusal for refusal in self.refusals if refusal.code == code)


@contextmanager
def refused(code: str, *rules: str, kind: type[DomainError] = RuleBroken) -> Iterator[Refused]:
    """What is tried inside must be refused with that code, holding these rules and citing an article."""
    seen = Refused()
    with pytest.raises(kind) as caught:
        yield seen
    seen.refusals.extend(caught.value.refusals)
    assert code in seen.codes, f"{code} is not among {sorted(seen.codes)}"
    assert set(rules) <= set(seen.of(code).rules)
    assert seen.of(code).article is not None
    assert "{" not in str(seen.of(code).message)
    assert "{" not in seen.of(code).message.en
