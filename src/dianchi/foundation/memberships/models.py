"""Memberships on record."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.foundation.memberships.lifecycle import MEMBERSHIP
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.workdays import local_day


class MembershipQuerySet(CaseQuerySet):
    """The administrators handle memberships; nobody else sees them."""

    def visible_to(self, actor: Actor) -> Self:
        """The three administrators."""
        return self.seen_by(actor, everywhere=frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}))

    def not_over(self, at: datetime) -> Self:
        """Those that hold, may come to hold or will hold."""
        still = models.Q(valid_to=None) | models.Q(valid_to__gte=local_day(at))
        return self.filter(still, state__in=("proposed", "in-force"))

    def in_force(self, at: datetime) -> Self:
        """Those that hold on that day."""
        day = local_day(at)
        return self.filter(models.Q(valid_to=None) | models.Q(valid_to__gte=day), state="in-force", valid_from__lte=day)


class Membership(Case):
    """A person acts for an organisation in a role."""

    lifecycle = MEMBERSHIP
    personal_fields = ("name", "title", "username")

    username = models.CharField(max_length=60, db_index=True)
    name = models.CharField(max_length=60)
    organisation = models.CharField(max_length=18, db_index=True)
    role = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "memberships_membership"
        constraints = (
            models.UniqueConstraint(
                fields=["username", "organisation", "role"],
                condition=models.Q(state__in=("proposed", "in-force")),
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="membership_runs_forward",
            ),
        )
