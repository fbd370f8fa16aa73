"""Complaints."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.supervision.complaints.kinds import INFORMATION
from dianchi.chapters.supervision.complaints.lifecycle import COMPLAINT, HANDLERS, Supplied
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class ComplaintQuerySet(CaseQuerySet):
    """The administration, the body that handles it, and who brought it forward under an account."""

    def visible_to(self, actor: Actor) -> Self:
        """The one complained of does not see who complains."""
        seen = self.seen_by(actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}))
        if actor.roles & HANDLERS:
            seen |= self.filter(handler=actor.organisation)
        return seen | self.filter(opened_by=actor.person, opened_for=actor.organisation)


class Complaint(Case):
    """Somebody brings something forward and is owed an answer."""

    lifecycle = COMPLAINT
    list_columns: ClassVar = ("kind", "against")
    personal_fields: ClassVar = ("name", "contact", "text", "supplements")
    legible: ClassVar = {field: HANDLERS | {Role.AUDITOR} for field in ("text", "supplements")} | {
        field: frozenset({Role.BUREAU}) for field in ("name", "contact")
    }
    secret_fields: ClassVar = ("receipt",)
    rows: ClassVar = {"supplements": Supplied}
    words: ClassVar = {
        "counts_from": Text("收到时间", "Received at"), "extended_from": Text("延期自", "Extended from"),
        "answered_at": Text("答复时间", "Answered at"), "transferred_at": Text("移送时间", "Handed over at"),
        "supplements": Text("补充材料", "Supplements"), "reviews": Text("申请复核次数", "Reviews asked for"),
    }  # fmt: skip

    kind = models.CharField(max_length=12)
    against = models.CharField(max_length=200, default="")
    text = models.TextField()
    name = models.CharField(max_length=60, default="")
    contact = models.CharField(max_length=120, default="")
    consent = models.BooleanField(default=False)
    receipt = models.CharField(max_length=64, default="")  # SHA-256 of the secret that shows how it stands
    counts_from = models.DateTimeField()
    handler = models.CharField(max_length=18, default="", db_index=True)
    note = models.TextField(default="")
    reason = models.TextField(default="")
    question = models.TextField(default="")
    supplements = models.JSONField(default=list)
    finding = models.TextField(default="")
    extension = models.TextField(default="")
    extended_from = models.DateTimeField(null=True)
    transferred_to = models.CharField(max_length=200, default="")
    transferred_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="")
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    reviews = models.PositiveSmallIntegerField(default=0)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        db_table = "complaints_complaint"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(name="", contact="") | models.Q(consent=True), name="complaint_uses_names_by_consent"
            ),
        )

    @property
    def complaint_clock(self) -> bool:
        """Whether the clock of complaints runs."""
        return self.kind != INFORMATION

    @property
    def information_clock(self) -> bool:
        """Whether the first clock of a request for information runs."""
        return self.kind == INFORMATION and self.extended_from is None

    @property
    def extension_clock(self) -> bool:
        """Whether its extension runs."""
        return self.extended_from is not None
