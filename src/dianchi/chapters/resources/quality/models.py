"""Quality tickets."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.resources.quality.lifecycle import QUALITY
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class TicketQuerySet(CaseQuerySet):
    """Who raised it, who must mend it, and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """The raiser's organisation, the provider, the data administration of the territory."""
        raised = {Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER}
        own = self.seen_by(
            actor,
            territory=frozenset({Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"provider": Role.PROVIDER},
        )
        if actor.roles & raised:
            own = own | self.filter(opened_for=actor.organisation)
        return own


class Ticket(Case):
    """One quality issue of one resource."""

    lifecycle = QUALITY
    personal_fields = ("fixed_by",)  # the id of a person: neither recorded nor shown
    secret_fields = ("fixed_by",)

    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT)
    provider = models.CharField(max_length=18, db_index=True)
    description = models.TextField()
    load = models.ForeignKey("supply.Load", on_delete=models.PROTECT, null=True)
    rules = models.JSONField(default=dict)
    rechecked_load = models.CharField(max_length=40, default="")
    rechecked = models.JSONField(default=dict)
    answer = models.TextField(default="")
    fixed_by = models.CharField(max_length=40, default="")

    objects = TicketQuerySet.as_manager()

    class Meta:
        db_table = "quality_ticket"
