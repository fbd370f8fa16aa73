"""Who is told: everybody who acts in a role now, and those of them to whom a case exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from datetime import datetime
from typing import Any

from django.db import models

from dianchi.foundation.cases.registry import CaseType
from dianchi.foundation.identity.models import Person
from dianchi.foundation.identity.queries import actors
from dianchi.foundation.memberships.models import Membership
from dianchi.foundation.organisations.models import Organisation
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role


class Staff:
    """Everybody who acts now, read once for a round."""

    def __init__(self, at: datetime):
        held: dict[tuple[str, str], set[Role]] = {}
        for username, uscc, role in Membership.objects.in_force(at).values_list("username", "organisation", "role"):
            held.setdefault((username.lower(), uscc), set()).add(Role._value2member_map_[role])  # type: ignore[arg-type]
        people = {p.username.lower(): p for p in Person.objects.all()}
        bodies = {o.uscc: o for o in Organisation.objects.filter(state="active")}
        self.actors = tuple(
            Actor(people[u].pk, people[u].name, uscc, bodies[uscc].region, frozenset(roles), bodies[uscc].name)
            for (u, uscc), roles in sorted(held.items(), key=lambda pair: pair[0])
            if u in people and uscc in bodies
        )

    def in_roles(self, roles: Set[Role]) -> Iterator[Actor]:
        """Those who play one of the roles."""
        return (a for a in self.actors if a.roles & roles)

    def of(self, organisations: Set[str]) -> Iterator[Actor]:
        """Those who act for one of the organisations in a business role."""
        return (a for a in self.actors if a.organisation in organisations and a.roles - ADMINISTRATORS)


def seeing(kind: CaseType, case: Any, wanted: Iterable[Actor]) -> Iterator[Actor]:
    """Those of them to whom the case exists; asked once for each organisation and set of roles."""
    known: dict[tuple[str, Set[Role]], bool] = {}
    for actor in wanted:
        key = (actor.organisation, actor.roles)
        if key not in known:
            known[key] = kind.model.objects.visible_to(actor).filter(pk=case.pk).exists()  # type: ignore[attr-defined]
        if known[key]:
            yield actor


def parties(case: Any) -> set[str]:
    """The organisations that a case names."""
    columns = [f for f in case._meta.concrete_fields if isinstance(f, models.CharField) and f.max_length == 18]
    return {value for f in columns if (value := getattr(case, f.attname))}


def actor_for(person: str, organisation: str, at: datetime) -> Actor | None:
    """The person in that capacity, if it is still held."""
    found = Person.objects.filter(pk=person).first()
    held = actors(found, at) if found else []
    return next((a for a in held if a.organisation == organisation), None)
