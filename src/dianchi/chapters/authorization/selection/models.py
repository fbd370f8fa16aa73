"""Operator selections."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.authorization.authorizations.models import GOVERNING
from dianchi.chapters.authorization.selection.lifecycle import SELECTION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class SelectionQuerySet(CaseQuerySet):
    """Selections are open: governing bodies, supervision and operators see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Governing bodies of the territory; operators see every announcement."""
        return self.seen_by(actor, territory=GOVERNING, everywhere=frozenset({Role.AUDITOR, Role.OPERATOR}))


class Selection(Case):
    """The choice of an operator under a plan."""

    lifecycle = SELECTION

    plan = models.ForeignKey("plans.Plan", on_delete=models.PROTECT)
    method = models.CharField(max_length=16)
    legal_basis = models.CharField(max_length=500, default="")
    criteria = models.TextField()
    candidates = models.JSONField(default=list)
    publicity_until = models.DateTimeField(null=True)
    operator = models.CharField(max_length=18, default="")
    reason = models.TextField(default="")

    objects = SelectionQuerySet.as_manager()

    class Meta:
        db_table = "selection_selection"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="determined") | ~models.Q(operator=""),
                name="determined_selection_has_operator",
            ),
        )
