"""Who somebody is and in which capacities they act."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps

from dianchi.foundation.identity.models import Person
from dianchi.kernel.actors import Actor, Role


def actors(person: Person, at: datetime) -> list[Actor]:
    """One actor for each organisation the person may act for now, in a stable order."""
    memberships = (
        apps.get_model("memberships", "Membership").objects.in_force(at).filter(username__iexact=person.username)
    )
    roles: dict[str, set[Role]] = {}
    for uscc, role in memberships.order_by("organisation", "role").values_list("organisation", "role"):
        roles.setdefault(uscc, set()).add(Role._value2member_map_[role])  # type: ignore[arg-type]
    organisations = apps.get_model("organisations", "Organisation").objects.filter(uscc__in=roles, state="active")
    found = {o.uscc: o for o in organisations}
    return [
        Actor(person.id, person.name, uscc, found[uscc].region, frozenset(held), found[uscc].name)
        for uscc, held in roles.items() if uscc in found
    ]  # fmt: skip


def people(ids: list[str]) -> dict[str, str]:
    """Names of people by id, for showing."""
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
