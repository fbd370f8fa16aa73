"""Disclosures."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.supervision.disclosure.lifecycle import DISCLOSURE
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role


class DisclosureQuerySet(CaseQuerySet):
    """What is published is public; drafts are the body's own and supervision's."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, published ones, and all for supervision."""
        if not actor.roles - ADMINISTRATORS:
            return self.none()
        own = self.seen_by(
            actor,
            territory=frozenset({Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"opened_for": Role.IMPLEMENTER},
        ) | self.seen_by(actor, parties={"opened_for": Role.OPERATOR})
        return (own | self.filter(state__in=("published", "replaced"))).distinct()


class Disclosure(Case):
    """A body's pack for a year."""

    lifecycle = DISCLOSURE

    year = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=12)  # implementer or operator
    note = models.TextField(default="")
    pack = models.JSONField(default=dict)
    correction = models.TextField(default="")
    published_at = models.DateTimeField(null=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        db_table = "disclosure_disclosure"
        constraints = (
            models.UniqueConstraint(
                fields=["opened_for", "role", "year"],
                condition=models.Q(state="published"),
                name="one_disclosure_a_year",
            ),
        )
