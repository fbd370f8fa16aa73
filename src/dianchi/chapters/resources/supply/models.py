"""Loads."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.resources.supply.lifecycle import SUPPLY
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


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
    secret_fields = ("shapes",)  # how values spread: of use to the next load alone
    words: ClassVar[dict[str, Text]] = {
        "forgotten_at": Text("隔离行清除时间", "Rows set aside were deleted"),
    }

    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT)
    note = models.CharField(max_length=300, default="")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    added = models.BooleanField(default=False)
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
    shapes = models.JSONField(default=dict)
    channel = models.CharField(max_length=20, default="command")
    onto = models.CharField(max_length=40, default="")
    forgotten_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")
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


class Upload(models.Model):
    """A file on its way in from a browser, piece by piece; its bytes lie under <store>/uploads."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE)
    key = models.CharField(max_length=32, unique=True)
    file_name = models.CharField(max_length=200)
    mark = models.CharField(max_length=64)  # by which the browser knows the same file again
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    problem = models.JSONField(default=list)  # why it was refused, for its provider

    class Meta:
        db_table = "supply_upload"
        constraints = (
            models.CheckConstraint(condition=models.Q(offset__lte=models.F("size")), name="upload_within_its_size"),
            models.UniqueConstraint(
                fields=["load", "mark"], condition=models.Q(finished_at=None), name="one_upload_per_file"
            ),
        )
