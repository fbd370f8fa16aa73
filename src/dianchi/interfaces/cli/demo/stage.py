"""The stage of the demonstration: who acts, when it is, what was tried and refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dianchi.foundation.cases.perform import perform
from dianchi.foundation.identity.models import Person
from dianchi.foundation.identity.queries import actors
from dianchi.interfaces.cli.demo.people import ORGANISATIONS, PEOPLE
from dianchi.kernel.actors import PLATFORM, Actor, Role
from dianchi.kernel.errors import DomainError
from dianchi.kernel.workdays import add_workdays, is_workday, local_day

ADMINISTRATORS = ("xitong", "anquan", "audit")


@dataclass
class Stage:
    """Plays acts one after another; time goes on by minutes, and by days where the law lets days pass."""

    at: datetime
    until: datetime
    refusals: list[dict[str, str]] = field(default_factory=list)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def who(self, username: str) -> Actor:
        """The actor of a demo person."""
        if username not in self._actors:
            self._actors[username] = actors(Person.objects.get(username=username), self.at)[0]
        return self._actors[username]

    def does(self, username: str, kind: str, act: str, code: str | None = None, /, **inputs: Any) -> Any:
        """Somebody does an act; the case as it is then."""
        self.tick()
        by = PLATFORM if username == "platform" else self.who(username)
        done = perform(kind, act, by=by, at=self.at, code=code, inputs=inputs or None)
        self.revealed = done.reveal
        return done.case

    def cannot(self, username: str, kind: str, act: str, code: str | None = None, /, **inputs: Any) -> None:
        """Somebody really tries something forbidden; it must be refused."""
        try:
            self.does(username, kind, act, code, **inputs)
        except DomainError as refused:
            self.note(f"{kind}.{act}", refused)
        else:
            raise AssertionError(f"{kind}.{act} should have been refused")

    def note(self, act: str, refused: DomainError) -> None:
        """Remember what was refused and under which article."""
        for reason in refused.refusals:
            citation = str(reason.article.citation) if reason.article else ""
            self.refusals.append(
                {"act": act, "code": reason.code, "article": citation, "rules": ",".join(reason.rules)}
            )

    def tick(self, **step: int) -> None:
        """Time goes on."""
        self.at += timedelta(**(step or {"minutes": 7}))

    def workdays(self, n: int) -> None:
        """So many working days pass; the next morning at nine."""
        day = add_workdays(local_day(self.at), n)
        while not is_workday(day):
            day += timedelta(days=1)
        self.at = datetime.combine(day, datetime.min.time(), self.at.tzinfo) + timedelta(hours=9, minutes=1)


def found(stage: Stage, password: str) -> None:
    """Enrol the organisations, found the three administrators, appoint everybody else through two of them."""
    for organisation in ORGANISATIONS:
        stage.does("platform", "organisations", "enrol", uscc=organisation.uscc, name=organisation.name,
                   kind=organisation.kind, region=organisation.region)  # fmt: skip
    people = {p.username: p for p in PEOPLE}
    for username in ADMINISTRATORS:
        stage.does("platform", "memberships", "found", **_appointment(people[username], stage))
    for person in PEOPLE:
        if person.username not in ADMINISTRATORS:
            case = stage.does("xitong", "memberships", "propose", **_appointment(person, stage))
            stage.does("anquan", "memberships", "confirm", case.code)
    for account in Person.objects.all():
        account.set_password(password)
        account.save(update_fields=["password"])
    two_hats = _appointment(people["xitong"], stage) | {"role": Role.SECURITY_ADMIN.value}
    stage.cannot("xitong", "memberships", "propose", **two_hats)


def _appointment(person: Any, stage: Stage) -> dict[str, Any]:
    return {
        "username": person.username, "name": person.name, "organisation": person.uscc, "role": person.role.value,
        "valid_from": local_day(stage.at),
    }  # fmt: skip


def supply(stage: Stage, provider: str, item: str, path: Path) -> Any:
    """A department opens a load and hands the file in; the data administration verifies it."""
    from dianchi.gate.intake import receive

    load = stage.does(provider, "supply", "open", item=item)
    stage.tick()
    load = receive(load.code, path, by=stage.who(provider), at=stage.at).case
    return stage.does("shujuju", "supply", "pass", load.code, verdict="数量、摘要核对一致，隔离行已告知提供单位。")
