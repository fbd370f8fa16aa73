"""Disclosures."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.supervision.disclosure.lifecycle import DISCLOSURE
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role
from dianchi.kernel.text import Text


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
        return own | self.filter(state__in=("published", "replaced"))


class Disclosure(Case):
    """A body's pack for a year."""

    lifecycle = DISCLOSURE
    words: ClassVar = {
        "edition": Text("版次", "Edition"),
        "checks": Text("核对结果", "Checks"),
        "drafted_by": Text("起草人", "Drafted by"),
        "published_by": Text("审定人", "Approved by"),
        "digest_sm3": Text("内容摘要", "Digest"),
        "drafted_at": Text("起草时间", "Drafted at"),
    }
    list_columns: ClassVar = ("year",)
    secret_fields: ClassVar = ("year_ended_on",)

    year = models.PositiveSmallIntegerField()
    year_ended_on = models.DateField(null=True)  # from when the yearly day is counted
    role = models.CharField(max_length=12)  # implementer or operator
    edition = models.PositiveSmallIntegerField(default=1)
    contact = models.CharField(max_length=120, default="", blank=True)
    note = models.TextField(default="", blank=True)
    pack = models.JSONField(default=dict)
    checks = models.JSONField(default=list)  # what, said, found
    digest_sm3 = models.CharField(max_length=64, default="", blank=True)  # of the pack as published
    drafted_at = models.DateTimeField(null=True)
    drafted_by = models.CharField(max_length=40, default="", blank=True)
    published_by = models.CharField(max_length=40, default="", blank=True)
    correction = models.TextField(default="", blank=True)
    published_at = models.DateTimeField(null=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        db_table = "disclosure_disclosure"
        constraints = (
            models.UniqueConstraint(
                fields=["opened_for", "role", "year"],
                condition=~models.Q(state="replaced"),
                name="one_disclosure_a_year",
            ),
            models.UniqueConstraint(
                fields=["opened_for", "role", "year", "edition"], name="disclosure_edition_numbered"
            ),
        )
