"""Distribution runs."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.distribution.lifecycle import DISTRIBUTION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class DistributionQuerySet(CaseQuerySet):
    """The parties of the agreement, those who approve and supervise, and whoever gets a share."""

    def visible_to(self, actor: Actor) -> Self:
        """A beneficiary sees the run it has a share in."""
        seen = self.seen_by(
            actor, territory=frozenset({Role.AUTHORIZER, Role.BUREAU, Role.PRICE}), everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip
        if not actor.roles & {Role.PROVIDER, Role.DEVELOPER}:
            return seen
        return seen | self.filter(beneficiaries__contains=f"|{actor.organisation}|")


class Run(Case):
    """The net revenue of an agreement's months, and who gets what of it."""

    lifecycle = DISTRIBUTION
    words: ClassVar = {
        "net_fen": Text("可分配净收入", "Net revenue to distribute"),
        "result": Text("分配结果", "Result"),
        "beneficiary": Text("分配对象", "Beneficiary"),
        "contribution": Text("贡献量", "Contribution"),
        "party": Text("类别", "Party"),
        "form": Text("形式", "Form"),
        "opinion": Text("意见", "Opinion"),
    }
    list_columns: ClassVar = ("from_month", "to_month")
    secret_fields: ClassVar = ("beneficiaries",)

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    operator = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    from_month = models.CharField(max_length=7)
    to_month = models.CharField(max_length=7)
    shares = models.JSONField(default=list)
    values = models.JSONField(default=list)
    net_fen = models.BigIntegerField(default=0)
    result = models.JSONField(default=list)  # beneficiary, name, party, form, contribution, amount_fen
    beneficiaries = models.TextField(default="")  # their codes between bars, for finding the run by one
    opinion = models.TextField(default="", blank=True)
    payments = models.JSONField(default=list)
    reason = models.TextField(default="", blank=True)

    objects = DistributionQuerySet.as_manager()

    class Meta:
        db_table = "distribution_run"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(to_month__gte=models.F("from_month")), name="distribution_runs_forward"
            ),
        )
