"""Bills."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.settlement.lifecycle import BILL
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class BillQuerySet(CaseQuerySet):
    """The parties, the price authority and auditors."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever pays or is paid, and supervision of prices."""
        return self.seen_by(
            actor,
            everywhere=frozenset({Role.AUDITOR, Role.PRICE}),
            parties={"consumer": Role.CONSUMER, "operator": Role.OPERATOR},
        )


class Bill(Case):
    """What an order owes for some days, or what is taken back of such a bill; the database keeps it as it was drawn."""

    lifecycle = BILL
    words: ClassVar = {
        "net_fen": Text("不含税金额", "Net amount"),
        "tax_percent": Text("税率（%）", "Tax rate (%)"),
        "tax_fen": Text("税额", "Tax"),
        "amount_fen": Text("应付金额", "Amount due"),
        "invoice": Text("开票信息", "Data for the tax invoice"),
        "ground": Text("争议事由", "Ground of the dispute"),
    }
    list_columns: ClassVar = ("from_on", "to_on")
    secret_fields: ClassVar = ("through_index", "through_correction")

    paper = models.CharField(max_length=8, default="INVOICE")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credits")
    consumer = models.CharField(max_length=18, db_index=True)
    operator = models.CharField(max_length=18, db_index=True)
    from_on = models.DateField()
    to_on = models.DateField(db_index=True)
    lines = models.JSONField(default=list)  # what, quantity, price (yuan), amount_fen
    calls = models.BigIntegerField(default=0)
    net_fen = models.BigIntegerField(default=0)
    tax_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    tax_fen = models.BigIntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)
    invoice = models.JSONField(default=dict)
    credit_fen = models.PositiveBigIntegerField(default=0)
    credit_ground = models.CharField(max_length=8, default="", blank=True)
    note = models.TextField(default="", blank=True)
    through_index = models.BigIntegerField(default=-1)  # the last ledger index metered for the order when drawn
    through_correction = models.BigIntegerField(default=0)  # the last correction taken in
    payment_reference = models.CharField(max_length=80, default="")
    ground = models.CharField(max_length=8, default="", blank=True)
    reason = models.TextField(default="")
    upheld = models.BooleanField(null=True)
    answer = models.TextField(default="", blank=True)

    objects = BillQuerySet.as_manager()

    class Meta:
        db_table = "settlement_bill"
        constraints = (
            models.CheckConstraint(condition=models.Q(to_on__gte=models.F("from_on")), name="bill_days_in_order"),
            models.UniqueConstraint(
                fields=["order", "from_on"], condition=models.Q(paper="INVOICE"), name="bill_once_per_order_and_day"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen=models.F("net_fen") + models.F("tax_fen")), name="bill_is_net_and_tax"
            ),
            models.CheckConstraint(
                condition=models.Q(paper="INVOICE", corrects=None)
                | models.Q(paper="CREDIT", corrects__isnull=False, amount_fen__lt=0),
                name="bill_or_credit_note",
            ),
        )
