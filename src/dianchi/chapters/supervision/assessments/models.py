"""Assessments."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.supervision.assessments.lifecycle import ASSESSMENT, AUDIT, CRYPTO, FILERS, IMPORTANT, LEVEL
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class AssessmentQuerySet(CaseQuerySet):
    """Who filed it, and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those of the territory."""
        seen = self.seen_by(actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}))
        return seen | self.filter(opened_for=actor.organisation) if actor.roles & FILERS else seen


class Assessment(Case):
    """An assessment on file."""

    lifecycle = ASSESSMENT
    list_columns: ClassVar = ("kind", "subject", "assessed_on", "verdict")
    legible: ClassVar = {"officer": frozenset(FILERS)}
    words: ClassVar = {"keep_until": Text("保存至", "Kept until")}

    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=60)
    assessed_on = models.DateField()
    assessor = models.CharField(max_length=200)
    people = models.PositiveBigIntegerField(default=0)
    officer = models.CharField(max_length=60, default="")
    lawful = models.TextField()
    risk = models.TextField()
    measures = models.TextField()
    verdict = models.CharField(max_length=6)
    keep_until = models.DateField()
    sent_to = models.CharField(max_length=200, default="")
    reason = models.TextField(default="")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        db_table = "assessments_assessment"
        constraints = (
            models.UniqueConstraint(
                fields=["opened_for", "kind", "subject"],
                condition=models.Q(state__in=["filed", "reported"]),
                name="one_current_assessment_of_a_subject",
            ),
        )

    @property
    def of_important(self) -> bool:
        """Whether it assesses important data."""
        return self.kind == IMPORTANT

    @property
    def of_audit(self) -> bool:
        """Whether it is a compliance audit."""
        return self.kind == AUDIT

    @property
    def of_level(self) -> bool:
        """Whether it tests the protection level."""
        return self.kind == LEVEL

    @property
    def of_crypto(self) -> bool:
        """Whether it assesses cryptography."""
        return self.kind == CRYPTO
