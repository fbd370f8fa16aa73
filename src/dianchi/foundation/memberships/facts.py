"""The facts about a membership."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.foundation.identity.models import Person
from dianchi.foundation.memberships.lifecycle import Facts
from dianchi.foundation.memberships.models import Membership
from dianchi.foundation.organisations.queries import is_active
from dianchi.kernel.actors import Actor, Role


def gather(case: Any, by: Actor, at: datetime, inputs: Any) -> Facts:
    """What the person holds already, and whether the actor is somebody else."""
    wanted = inputs if inputs is not None and hasattr(inputs, "username") else case
    if not wanted.username:
        return Facts()
    held = Membership.objects.not_over(at)  # those that begin later count: they will be held together one day
    roles = set(held.filter(username__iexact=wanted.username).values_list("role", flat=True)) | {wanted.role}
    administrators = {r for r in roles if Role._value2member_map_[r].administrator}  # type: ignore[attr-defined]
    actor = Person.objects.filter(pk=by.person).values_list("username", flat=True).first()
    return Facts(
        organisation_active=is_active(wanted.organisation),
        runs_forward=wanted.valid_to is None or wanted.valid_to >= wanted.valid_from,
        administrators=len(administrators),
        business=len(roles - administrators),
        held_by_nobody=not Membership.objects.filter(role=wanted.role).exists(),
        administrator_role=wanted.role in administrators,
        same_person=by.person == case.opened_by or (actor is not None and actor == wanted.username),
    )
