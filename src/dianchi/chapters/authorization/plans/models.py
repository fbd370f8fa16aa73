"""Implementation plans."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.authorization.authorizations.models import GOVERNING
from dianchi.chapters.authorization.plans.lifecycle import PLAN
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class PlanQuerySet(CaseQuerySet):
    """The governing bodies of the territory; approved plans also the operators who compete on them."""

    def visible_to(self, actor: Actor) -> Self:
        """Governing bodies, supervision, and operators once a plan is approved."""
        own = self.seen_by(actor, territory=GOVERNING | {Role.PRICE}, everywhere=frozenset({Role.AUDITOR}))
        if Role.OPERATOR in actor.roles:
            own = (own | self.filter(state__in=("approved", "filed"))).distinct()
        return own


class Plan(Case):
    """A plan for one authorization."""

    lifecycle = PLAN
    personal_fields = ("submitted_by",)  # the id of a person: neither recorded nor shown
    secret_fields = ("submitted_by",)

    authorization = models.ForeignKey("authorizations.Authorization", on_delete=models.PROTECT)
    contents = models.JSONField(default=dict)
    resources = models.JSONField(default=list)
    products = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    submitted_by = models.CharField(max_length=40, default="")
    minutes_number = models.CharField(max_length=100, default="")
    decided_on = models.DateField(null=True)
    reason = models.TextField(default="")

    objects = PlanQuerySet.as_manager()

    class Meta:
        db_table = "plans_plan"
        constraints = (
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="plan_ends_after_start"),
            models.CheckConstraint(
                condition=~models.Q(state__in=("approved", "filed"))
                | (~models.Q(minutes_number="") & models.Q(decided_on__isnull=False)),
                name="approved_plan_has_its_decision",
            ),
        )
