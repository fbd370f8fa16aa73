"""Objections to catalogue entries."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.resources.objections.lifecycle import OBJECTIONS
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class ObjectionQuerySet(CaseQuerySet):
    """Who objected, the provider of the resource, and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own objections, those against one's own resources, and for the data administration its territory's."""
        own = self.seen_by(
            actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
            parties={"provider": Role.PROVIDER},
        )  # fmt: skip
        return own | self.filter(opened_for=actor.organisation) if actor.organisation else own


class Objection(Case):
    """One objection to a catalogue entry."""

    lifecycle = OBJECTIONS
    columns = ("aspect",)
    words: ClassVar[dict[str, Text]] = {"edition": Text("异议针对的版次", "Edition objected to")}

    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT)
    provider = models.CharField(max_length=18, default="")
    edition = models.PositiveIntegerField(default=0)
    aspect = models.CharField(max_length=12)
    statement = models.TextField()
    suggestion = models.TextField(default="")
    evidence = models.TextField(default="")
    answer = models.TextField(default="")
    reason = models.TextField(default="")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        db_table = "objections_objection"
