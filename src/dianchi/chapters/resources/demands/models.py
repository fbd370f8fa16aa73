"""Demands for data."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.resources.demands.lifecycle import DEMANDS
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor
from dianchi.kernel.text import Text


class DemandQuerySet(CaseQuerySet):
    """The list of demands is known to all who take part."""

    def visible_to(self, actor: Actor) -> Self:
        """Everybody who plays a part in the business; administrators see none."""
        return self if actor.roles - ADMINISTRATORS else self.none()


class Demand(Case):
    """Data that somebody wants and nobody supplies yet."""

    lifecycle = DEMANDS
    columns = ("sector", "frequency")
    words: ClassVar[dict[str, Text]] = {"supporters": Text("附议单位", "Supported by")}

    wanted = models.TextField()
    purpose = models.TextField()
    sector = models.CharField(max_length=40)
    frequency = models.CharField(max_length=12)
    wanted_by_on = models.DateField(null=True)
    presumed_holder = models.CharField(max_length=18, default="")
    provider = models.CharField(max_length=18, default="")
    promised_on = models.DateField(null=True)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, null=True)
    ground = models.CharField(max_length=16, default="")
    answer = models.TextField(default="")
    reason = models.TextField(default="")
    supporters = models.JSONField(default=list)

    objects = DemandQuerySet.as_manager()

    class Meta:
        db_table = "demands_demand"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=("met", "closed")) | models.Q(item__isnull=False), name="met_demand_names_its_item"
            ),
        )  # fmt: skip
