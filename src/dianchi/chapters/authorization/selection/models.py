"""Operator selections and the experts' scores."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.authorization.authorizations.models import GOVERNING
from dianchi.chapters.authorization.selection.lifecycle import SELECTION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class SelectionQuerySet(CaseQuerySet):
    """Selections are open: governing bodies, supervision and operators see them, experts those they score."""

    def visible_to(self, actor: Actor) -> Self:
        """Governing bodies of the territory; operators see every announcement."""
        own = self.seen_by(actor, territory=GOVERNING, everywhere=frozenset({Role.AUDITOR, Role.OPERATOR}))
        return (
            (own | self.filter(experts__contains=f",{actor.person},")).distinct() if Role.EXPERT in actor.roles else own
        )


class Selection(Case):
    """The choice of an operator under a plan."""

    lifecycle = SELECTION
    personal_fields = ("experts",)
    secret_fields = ("experts",)
    words: ClassVar[dict[str, Text]] = {"bids": Text("投标人", "Bidders")}

    plan = models.ForeignKey("plans.Plan", on_delete=models.PROTECT)
    reruns = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    method = models.CharField(max_length=16)
    legal_basis = models.CharField(max_length=500, default="")
    criteria = models.TextField()
    weights = models.JSONField(default=list)
    opens_at = models.DateTimeField(null=True)
    invited = models.JSONField(default=list)
    consultation = models.TextField(default="")
    bids = models.JSONField(default=list)  # who has bid, known once the bids are opened
    experts = models.TextField(default="", blank=True)  # ",id,id,"
    candidates = models.JSONField(default=list)
    publicity_until = models.DateTimeField(null=True)
    operator = models.CharField(max_length=18, default="")
    conditions = models.JSONField(default=list)
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

    def content(self) -> dict[str, object]:
        """What the selection says; who scores is no part of it."""
        return {k: v for k, v in super().content().items() if k != "experts"}


class Score(models.Model):
    """One expert's points; shown to nobody until the evaluation."""

    selection = models.ForeignKey(Selection, on_delete=models.PROTECT)
    person = models.CharField(max_length=40)
    organisation = models.CharField(max_length=18)
    points = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "selection_score"
        constraints = (models.UniqueConstraint(fields=["selection", "person"], name="one_score_of_each_expert"),)
