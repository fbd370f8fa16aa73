"""Loads."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.resources.supply.lifecycle import SUPPLY
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class LoadQuerySet(CaseQuerySet):
    """The provider and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """Loads of one's own resources; the data administration those of its territory."""
        return self.seen_by(
            actor,
            territory=frozenset({Role.BUREAU, Role.IMPLEMENTER}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"opened_for": Role.PROVIDER},
        )


class Load(Case):
    """One load of one resource."""

    lifecycle = SUPPLY

    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT)
    note = models.CharField(max_length=300, default="")
    batch = models.CharField(max_length=80, default="")
    source_name = models.CharField(max_length=200, default="")
    rows_received = models.PositiveBigIntegerField(null=True)
    rows_accepted = models.PositiveBigIntegerField(null=True)
    rows_quarantined = models.PositiveBigIntegerField(null=True)
    bytes_received = models.PositiveBigIntegerField(null=True)
    sm3 = models.CharField(max_length=64, default="")
    sha256 = models.CharField(max_length=64, default="")
    snapshot = models.CharField(max_length=40, default="")
    schema_version = models.PositiveIntegerField(null=True)
    max_rows = models.PositiveIntegerField(null=True)
    rule_results = models.JSONField(default=list)
    scores = models.JSONField(default=dict)
    received_at = models.DateTimeField(null=True)
    in_service_at = models.DateTimeField(null=True)
    verdict = models.TextField(default="")

    objects = LoadQuerySet.as_manager()

    class Meta:
        db_table = "supply_load"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(rows_received=None)
                | models.Q(rows_received=models.F("rows_accepted") + models.F("rows_quarantined")),
                name="received_is_accepted_and_quarantined",
            ),
            models.UniqueConstraint(
                fields=["batch"], condition=~models.Q(batch="") & ~models.Q(state="rejected"), name="one_load_per_file"
            ),
        )
