"""Sources of data."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.resources.sources.lifecycle import SOURCES
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class SourceQuerySet(CaseQuerySet):
    """The provider and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own sources; the data administration those of its territory."""
        return self.seen_by(
            actor,
            territory=frozenset({Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"opened_for": Role.PROVIDER},
        )


class Source(Case):
    """One place that data are fetched from."""

    lifecycle = SOURCES
    personal_fields = ("sealed",)
    secret_fields = ("sealed", "mapping")
    words: ClassVar[dict[str, Text]] = {
        "fetched_at": Text("最近取数时间", "Last fetched"),
        "watermark_value": Text("增量位置", "Watermark"),
    }

    kind = models.CharField(max_length=20)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, null=True)
    address = models.CharField(max_length=500, default="")
    query = models.TextField(default="")
    watermark = models.CharField(max_length=128, default="")
    since = models.CharField(max_length=60, default="")
    page = models.CharField(max_length=60, default="")
    size = models.CharField(max_length=60, default="")
    page_size = models.PositiveIntegerField(default=1000)
    username = models.CharField(max_length=200, default="")
    sealed = models.TextField(default="")  # the password or token, under the store's key
    sector = models.CharField(max_length=40, default="")
    legal_basis = models.CharField(max_length=500, default="")
    rows = models.PositiveBigIntegerField(default=0)
    watermark_value = models.CharField(max_length=200, default="")
    load = models.CharField(max_length=40, default="")
    problem = models.CharField(max_length=500, default="")
    report = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    fetched_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")

    objects = SourceQuerySet.as_manager()

    class Meta:
        db_table = "sources_source"
        indexes = (models.Index(fields=["state", "fetched_at"], name="sources_due"),)
