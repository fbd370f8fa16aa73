"""Data requests."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.requests.lifecycle import REQUEST
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class RequestQuerySet(CaseQuerySet):
    """A request is between developer, operator and implementing institution; providers and the sector are asked."""

    def visible_to(self, actor: Actor) -> Self:
        """The three parties, who is asked, the bureau of the territory, auditors."""
        own = self.seen_by(
            actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip
        asked = self.exclude(state__in=("draft", "returned"))
        if Role.PROVIDER in actor.roles:
            own |= asked.filter(providers__icontains=f'"{actor.organisation}"')
        if Role.SECTOR in actor.roles:
            own |= asked.filter(wants_sector=True, region__startswith=actor.territory)
        return own


class Request(Case):
    """A request for data items of resources, for one purpose, until a day."""

    lifecycle = REQUEST
    words: ClassVar[dict[str, Text]] = {
        "providers": Text("数据提供单位", "Providers"), "wants_sector": Text("须行业主管部门同意", "Sector authority must agree"),
    }  # fmt: skip

    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=20)
    plan = models.TextField()
    providers = models.JSONField(default=list)  # who supplied the resources asked for
    wants_sector = models.BooleanField(default=False)  # under a sector authorization
    submitted_at = models.DateTimeField(null=True)
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

    def content(self) -> dict[str, object]:
        """What is asked for; who reviewed it is no part of it, so that answers stay bound to it."""
        return {k: v for k, v in super().content().items() if k not in ("first_reviewed_by", "reason")}

    @property
    def resources(self) -> list[str]:
        """Codes of the resources asked for."""
        return [table["resource"] for table in self.tables]
