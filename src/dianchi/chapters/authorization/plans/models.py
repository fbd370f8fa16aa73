"""Implementation plans."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.authorization.authorizations.models import GOVERNING
from dianchi.chapters.authorization.plans.lifecycle import PLAN
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class PlanQuerySet(CaseQuerySet):
    """The governing bodies of the territory, who is asked for an opinion; approved plans also those who compete."""

    def visible_to(self, actor: Actor) -> Self:
        """Governing bodies, supervision, invited experts, consulted departments, operators once it is approved."""
        own = self.seen_by(actor, territory=GOVERNING | {Role.PRICE}, everywhere=frozenset({Role.AUDITOR}))
        if Role.OPERATOR in actor.roles:
            own |= self.filter(state__in=("approved", "filed", "superseded"))
        if Role.EXPERT in actor.roles:
            own |= self.filter(experts__contains=f",{actor.person},")
        if actor.roles & {Role.PROVIDER, Role.REGISTRAR}:
            own |= self.filter(departments__icontains=f'"{actor.organisation}"').exclude(state="draft")
        return own.distinct()


class Plan(Case):
    """A plan for one authorization."""

    lifecycle = PLAN
    personal_fields = ("submitted_by", "experts")  # ids of persons: neither recorded nor shown
    secret_fields = ("submitted_by", "experts")
    words: ClassVar[dict[str, Text]] = {"departments": Text("征求意见的部门", "Departments consulted")}

    authorization = models.ForeignKey("authorizations.Authorization", on_delete=models.PROTECT)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    contents = models.JSONField(default=dict)
    argument = models.JSONField(default=dict)
    resources = models.JSONField(default=list)
    products = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    submitted_by = models.CharField(max_length=40, default="")
    experts = models.TextField(default="", blank=True)  # ",id,id,": who is invited and has not stepped back
    departments = models.JSONField(default=list)
    adoption = models.TextField(default="")
    fair_competition = models.TextField(default="")
    minutes_number = models.CharField(max_length=100, default="")
    decided_on = models.DateField(null=True)
    deliberation = models.TextField(default="")
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
            models.UniqueConstraint(
                fields=["replaces"], condition=~models.Q(state="rejected"), name="plan_replaced_by_one"
            ),
        )

    def content(self) -> dict[str, object]:
        """What the plan says: who is invited to speak on it is no part of it, so that opinions stay bound to it."""
        return {k: v for k, v in super().content().items() if k not in ("experts", "departments", "reason")}
