"""Data requests."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.requests.lifecycle import REQUEST
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class RequestQuerySet(CaseQuerySet):
    """A request is between developer, operator and implementing institution."""

    def visible_to(self, actor: Actor) -> Self:
        """The three parties, the bureau of the territory, auditors."""
        return self.seen_by(
            actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip


class Request(Case):
    """A request for data items of resources, for one purpose, until a day."""

    lifecycle = REQUEST

    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=20)
    plan = models.TextField()
    tables = models.JSONField()
    ends_on = models.DateField()
    submitted_by = models.CharField(max_length=40, blank=True)
    first_reviewed_by = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    ground = models.CharField(max_length=40, blank=True)
    provisioned_at = models.DateTimeField(null=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        db_table = "requests_request"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="provisioned") | models.Q(provisioned_at__isnull=False),
                name="request_provisioned_at_a_time",
            ),
        )

    @property
    def resources(self) -> list[str]:
        """Codes of the resources asked for."""
        return [table["resource"] for table in self.tables]
