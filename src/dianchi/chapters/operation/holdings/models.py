"""Own data of developers: what is known of them; the data themselves are behind the gate."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.holdings.lifecycle import HOLDING
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class HoldingQuerySet(CaseQuerySet):
    """Own data are between the developer and the operator that approves them."""

    def visible_to(self, actor: Actor) -> Self:
        """The two parties; auditors see the case, and like everybody else never a row."""
        return self.seen_by(
            actor,
            everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER},
        )


class Holding(Case):
    """One table of a developer's own."""

    lifecycle = HOLDING
    words: ClassVar = {"file_name": Text("文件名", "File"), "findings": Text("扫描发现", "Findings of the scan"),
             "destroyed_at": Text("销毁时间", "Destroyed at")}  # fmt: skip

    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    source_statement = models.TextField()
    proof_number = models.CharField(max_length=100)
    columns = models.JSONField()
    personal_information = models.BooleanField(default=False)
    consent = models.TextField(blank=True)
    use = models.TextField()
    submitted_by = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    sm3 = models.CharField(max_length=64, blank=True)
    findings = models.JSONField(default=list)
    received_at = models.DateTimeField(null=True)
    destroyed_files = models.PositiveIntegerField(null=True)
    destroyed_bytes = models.PositiveBigIntegerField(null=True)
    method = models.CharField(max_length=200, blank=True)
    destroyed_at = models.DateTimeField(null=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        db_table = "holdings_holding"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="in-use") | ~models.Q(sm3=""), name="holding_in_use_was_received"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="destroyed") | models.Q(destroyed_at__isnull=False),
                name="holding_destroyed_at_a_time",
            ),
        )
