"""Months of separate accounts."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.accounts.lifecycle import ACCOUNTS
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class AccountQuerySet(CaseQuerySet):
    """The operator's books: its own, those who supervise the operation and its prices."""

    def visible_to(self, actor: Actor) -> Self:
        """Operator and institution of the agreement, price authority and bureau of the territory, auditors."""
        return self.seen_by(
            actor, territory=frozenset({Role.PRICE, Role.AUTHORIZER, Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip


class Account(Case):
    """Revenue and cost of one agreement's month, apart from everything else the operator does."""

    lifecycle = ACCOUNTS
    words: ClassVar = {
        "revenue_fen": Text("收入（不含税）", "Revenue, net of tax"),
        "cost_fen": Text("收费产品成本", "Cost of paid products"),
        "free_cost_fen": Text("免费产品成本", "Cost of free products"),
        "result_fen": Text("收支差额", "Result"),
        "lines": Text("分产品收入", "Revenue by product"),
        "net_fen": Text("不含税收入", "Net revenue"),
    }
    list_columns: ClassVar = ("month",)

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    operator = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    month = models.CharField(max_length=7)
    costs = models.JSONField(default=list)
    note = models.TextField(default="", blank=True)
    lines = models.JSONField(default=list)  # title, calls, net_fen of each product
    revenue_fen = models.BigIntegerField(default=0)
    cost_fen = models.BigIntegerField(default=0)
    free_cost_fen = models.BigIntegerField(default=0)
    result_fen = models.BigIntegerField(default=0)
    reason = models.TextField(default="", blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        db_table = "accounts_account"
        constraints = (
            models.UniqueConstraint(fields=["agreement", "month"], name="accounts_once_a_month"),
            models.CheckConstraint(
                condition=models.Q(
                    result_fen=models.F("revenue_fen") - models.F("cost_fen") - models.F("free_cost_fen")
                ),
                name="accounts_result_is_revenue_less_cost",
            ),
        )
