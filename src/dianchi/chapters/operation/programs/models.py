"""Programs and their versions."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.programs.lifecycle import PROGRAM
from dianchi.chapters.operation.requests.models import Request
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class ProgramQuerySet(CaseQuerySet):
    """A program is between developer, operator and implementing institution; nobody else reads a firm's queries."""

    def visible_to(self, actor: Actor) -> Self:
        """The three parties; auditors everywhere."""
        return self.seen_by(
            actor, everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip


class Program(Case):
    """A saved query under one data request, with the version that counts now."""

    lifecycle = PROGRAM
    words: ClassVar = {"note": Text("本版说明", "What this version changes"), "policy_digest": Text("数据口径摘要", "Digest of the policy"),
             "program_digest": Text("程序摘要", "Digest of the program"), "approved_by": Text("核准人", "Approved by"),
             "holdings": Text("自有数据", "Own data")}  # fmt: skip

    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=20)
    sql = models.TextField()
    parameters = models.JSONField(default=list)
    holdings = models.JSONField(default=list)  # codes of own data
    note = models.TextField(blank=True)
    edition = models.PositiveIntegerField(default=0)  # number of the version
    program_digest = models.CharField(max_length=64)  # SM3 of the text, its parameters and its tables
    policy_digest = models.CharField(max_length=64, blank=True)  # the same with the policy, when frozen
    approved_digest = models.CharField(max_length=64, blank=True)
    submitted_by = models.CharField(max_length=40, blank=True)
    approved_by = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        db_table = "programs_program"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | (models.Q(approved_digest=models.F("policy_digest")) & ~models.Q(approved_digest="")),
                name="program_approved_as_frozen",
            ),
        )


class Version(models.Model):
    """One version as it was saved: never changed, found again by its digest."""

    program_code = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    sql = models.TextField()
    parameters = models.JSONField(default=list)
    holdings = models.JSONField(default=list)
    note = models.TextField(blank=True)
    saved_by = models.CharField(max_length=40)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "programs_version"
        constraints = (models.UniqueConstraint(fields=["program_code", "number"], name="version_number_once"),)
