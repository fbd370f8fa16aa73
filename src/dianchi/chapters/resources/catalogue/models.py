"""Catalogue items."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.resources.catalogue.lifecycle import CATALOGUE
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role


class ItemQuerySet(CaseQuerySet):
    """What is published is known to all who take part; drafts to the provider and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """Published items, one's own, and for the data administration those of its territory."""
        if not actor.roles - ADMINISTRATORS:
            return self.none()
        own = self.seen_by(
            actor,
            territory=frozenset({Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"opened_for": Role.PROVIDER},
        )
        return (own | self.filter(state="published")).distinct()


class Item(Case):
    """One resource of one department."""

    lifecycle = CATALOGUE
    personal_fields = ("submitted_by",)  # the id of a person: neither recorded nor shown
    secret_fields = ("submitted_by",)

    summary = models.TextField()
    sector = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=12, default="none")
    subject_column = models.CharField(max_length=64, default="")
    min_subjects = models.PositiveIntegerField(default=0)
    update_frequency = models.CharField(max_length=12)
    attribute = models.CharField(max_length=12)
    ground = models.CharField(max_length=500, default="")
    legal_basis = models.CharField(max_length=500)
    state_secret = models.BooleanField(default=False)
    shared_in = models.BooleanField(default=False)
    sharer_consent = models.CharField(max_length=100, default="")
    items = models.JSONField(default=list)
    contract = models.JSONField(default=dict)
    grade = models.CharField(max_length=12, default="")
    grading_basis = models.TextField(default="")
    risk_assessment = models.TextField(default="")
    graded_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=40, default="")
    reason = models.TextField(default="")

    objects = ItemQuerySet.as_manager()

    class Meta:
        db_table = "catalogue_item"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | (~models.Q(grade__in=("", "CORE")) & models.Q(state_secret=False)),
                name="published_item_is_graded_not_core_not_secret",
            ),
        )

    @property
    def provider(self) -> str:
        """The department that holds it."""
        return self.opened_for
