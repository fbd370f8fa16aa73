"""People who can sign in, appointed through the door."""

from __future__ import annotations

from dianchi.foundation.cases.perform import perform
from dianchi.foundation.identity.models import Person
from dianchi.kernel.actors import Role
from tests.factories.people import HOME, NOON, actor, enrol

PASSWORD = "a-lake-and-a-gate"
BUSINESS = tuple(HOME)


def account(role: Role, *, organisation: str = "", username: str = "", name: str = "普秀英") -> Person:
    """A person with a password who holds the role at its home organisation, or at the one named."""
    home, title, kind = HOME.get(role, HOME[Role.BUREAU])
    enrol(home, title, kind)
    person, new = Person.objects.get_or_create(username=username or f"of.{role.value}", defaults={"name": name})
    if new:
        person.set_password(PASSWORD)
        person.save()
    appoint(person, role, organisation or home)
    return person


def appoint(person: Person, role: Role, organisation: str) -> None:
    """Proposed by the system administrator, confirmed by the security administrator."""
    inputs = {
        "username": person.username, "name": person.name, "organisation": organisation, "role": role.value,
        "valid_from": "2020-01-01",
    }  # fmt: skip
    proposed = perform("memberships", "propose", by=actor(Role.SYSTEM_ADMIN), at=NOON, inputs=inputs).case
    perform("memberships", "confirm", by=actor(Role.SECURITY_ADMIN), at=NOON, code=proposed.code)
