"""The register of what is done with data as an asset."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.supervision.finance.lifecycle import FINANCE
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class FinanceQuerySet(CaseQuerySet):
    """Who declared it, the institution, supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """Their own, those under their agreements, those of the territory."""
        seen = self.seen_by(
            actor,
            territory=frozenset({Role.BUREAU, Role.PRICE}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"opened_for": Role.OPERATOR},
        )
        return (
            seen
            | self.seen_by(actor, parties={"opened_for": Role.DEVELOPER})
            | self.seen_by(actor, parties={"institution": Role.IMPLEMENTER})
        )


class Assetization(Case):
    """A pledge, financing, equity contribution or booking."""

    lifecycle = FINANCE
    list_columns: ClassVar = ("kind", "amount_fen", "counterparty")
    words: ClassVar = {"institution": Text("实施机构", "Institution"), "approved_on": Text("批准日期", "Approved on")}

    kind = models.CharField(max_length=10)
    object = models.CharField(max_length=10)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True)
    institution = models.CharField(max_length=18, db_index=True)
    resources = models.JSONField(default=list)
    amount_fen = models.PositiveBigIntegerField()
    counterparty = models.CharField(max_length=200)
    valuation = models.TextField()
    purpose = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    executed_on = models.DateField(null=True)
    minutes_number = models.CharField(max_length=60, default="")
    opinion = models.TextField(default="")
    approved_on = models.DateField(null=True)
    contract_number = models.CharField(max_length=60, default="")
    reason = models.TextField(default="")

    objects = FinanceQuerySet.as_manager()

    class Meta:
        db_table = "finance_assetization"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="registered")
                | models.Q(approved_on__isnull=False, executed_on__gte=models.F("approved_on")),
                name="assetization_is_approved_first",
            ),
        )
