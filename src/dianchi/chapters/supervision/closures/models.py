"""Closures."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.supervision.closures.lifecycle import CLOSURE
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class ClosureQuerySet(CaseQuerySet):
    """Security, supervision and the operators whose deliveries stop."""

    def visible_to(self, actor: Actor) -> Self:
        """All of them see every closure."""
        return self.seen_by(
            actor,
            everywhere=frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.BUREAU, Role.AUDITOR, Role.OPERATOR}),
        )


class Closure(Case):
    """Something is shut, from its state's time until it is reopened."""

    lifecycle = CLOSURE

    scope = models.CharField(max_length=12)
    target = models.CharField(max_length=60, default="", blank=True)
    reason = models.TextField()
    reopening_reason = models.TextField(default="")

    objects = ClosureQuerySet.as_manager()

    class Meta:
        db_table = "closures_closure"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(scope="EVERYTHING") | ~models.Q(target=""), name="closure_names_its_target"
            ),
        )
