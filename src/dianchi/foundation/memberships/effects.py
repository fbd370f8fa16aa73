"""A first membership makes the account; its password is shown once."""

from __future__ import annotations

import secrets

from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.identity.models import Person
from dianchi.foundation.memberships import facts
from dianchi.foundation.memberships.lifecycle import MEMBERSHIP
from dianchi.foundation.memberships.models import Membership
from dianchi.kernel.actors import Role


def appoint(case: Membership, doing: Doing) -> None:
    """Make the account if the person has none."""
    role: Role = Role._value2member_map_[case.role]  # type: ignore[assignment]
    case.title = f"{case.name} · {role.label}"
    if not Person.objects.filter(username__iexact=case.username).exists():
        person = Person(username=case.username, name=case.name)
        doing.reveal["password"] = password = secrets.token_urlsafe(12)
        person.set_password(password)
        person.save()


CASE = CaseType(MEMBERSHIP, Membership, facts.gather, {"propose": appoint, "found": appoint}, prefix="RY")
