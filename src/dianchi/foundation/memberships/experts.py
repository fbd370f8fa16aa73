"""Experts: people who hold that role, and the ties of the organisations that they act for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dianchi.foundation.affiliations.queries import related
from dianchi.foundation.identity.models import Person
from dianchi.foundation.memberships.models import Membership
from dianchi.kernel.actors import Role


def expert(username: str, at: datetime) -> str | None:
    """The id of the person with that account, who is an expert now."""
    held = Membership.objects.in_force(at).filter(username__iexact=username.strip(), role=Role.EXPERT)
    person = Person.objects.filter(username__iexact=username.strip()).first() if held.exists() else None
    return str(person.pk) if person else None


def tied(person: str, organisations: set[str], at: datetime, region: str) -> bool:
    """Whether the person acts, in whatever role, for one of the organisations or for one related to it."""
    account = Person.objects.filter(pk=person).values_list("username", flat=True).first()
    homes = set(
        Membership.objects.not_over(at).filter(username__iexact=account or "").values_list("organisation", flat=True)
    )
    return any(related(home, other, at, region) is not None for home in homes for other in organisations)


def listed(people: Iterable[str | None]) -> str:
    """Ids as one text that can be searched: ",a,b,"."""
    found = list(dict.fromkeys(p for p in people if p))
    return f",{','.join(found)}," if found else ""


def ids(text: str) -> list[str]:
    """The ids of such a text."""
    return [i for i in text.split(",") if i]
