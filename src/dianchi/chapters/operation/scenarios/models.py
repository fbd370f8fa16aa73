"""Scenarios."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.operation.scenarios.lifecycle import SCENARIO, State
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role


class ScenarioQuerySet(CaseQuerySet):
    """Its parties and the bureau see a scenario from the start, everybody in business once it is published."""

    def visible_to(self, actor: Actor) -> Self:
        """Published scenarios are a call to all."""
        seen = self.seen_by(
            actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "opened_for": Role.DEVELOPER},
        )  # fmt: skip
        return seen if actor.roles <= ADMINISTRATORS else seen | self.filter(state__in=(State.PUBLISHED, State.CLOSED))


class Scenario(Case):
    """A purpose for which data are to be combined into a product."""

    lifecycle = SCENARIO

    operator = models.CharField(max_length=18, db_index=True)
    purpose = models.CharField(max_length=20)
    sector = models.CharField(max_length=60)
    problem = models.TextField()
    users = models.CharField(max_length=300)
    demand = models.JSONField()
    social_data = models.JSONField(default=list)
    path = models.CharField(max_length=12)
    output_form = models.CharField(max_length=200)
    output_kind = models.CharField(max_length=16, default="statistics")
    irreversible = models.BooleanField(default=True)
    benefit = models.TextField()
    risk = models.TextField()
    personal_information = models.BooleanField(default=False)
    legal_basis = models.CharField(max_length=500, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField(blank=True)
    ground = models.CharField(max_length=40, blank=True)
    criteria = models.TextField(blank=True)
    weights = models.JSONField(default=list)
    responses_until = models.DateField(null=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        db_table = "scenarios_scenario"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="scenario_term_runs_forward"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="rejected") | ~models.Q(ground=""), name="scenario_rejected_on_a_ground"
            ),
        )

    @property
    def resources(self) -> list[str]:
        """Codes of the resources it asks for."""
        return [demand["resource"] for demand in self.demand]
