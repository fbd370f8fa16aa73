"""Orders, their keys, and one row for each delivered answer."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.operation.orders.lifecycle import ORDER
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class OrderQuerySet(CaseQuerySet):
    """The parties and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """The consumer's own, the operator's, those of a developer's products; auditors all."""
        return self.seen_by(
            actor,
            everywhere=frozenset({Role.AUDITOR}),
            parties={"opened_for": Role.CONSUMER, "operator": Role.OPERATOR, "developer": Role.DEVELOPER},
        )


class Order(Case):
    """A consumer uses a product."""

    lifecycle = ORDER

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT)
    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    purpose = models.CharField(max_length=20)
    use = models.TextField()
    quota_calls = models.PositiveIntegerField()
    ends_on = models.DateField()
    source_seen = models.BooleanField(default=False)
    reason = models.TextField(default="")

    objects = OrderQuerySet.as_manager()

    class Meta:
        db_table = "orders_order"
        constraints = (
            models.CheckConstraint(condition=models.Q(source_seen=True), name="order_knows_its_source"),
            models.CheckConstraint(
                condition=~models.Q(opened_for=models.F("operator")), name="operator_does_not_order"
            ),
        )

    @property
    def consumer(self) -> str:
        """The organisation that ordered."""
        return self.opened_for


class ApiKey(models.Model):
    """A key of an order: only the SHA-256 of its 256-bit secret is kept."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_api_key"
        constraints = (
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(revoked_at=None), name="one_live_key_per_order"
            ),
        )


class Usage(models.Model):
    """One delivered answer, metered in the transaction of its record; the database refuses to change or delete it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="usage")
    product = models.CharField(max_length=60)  # public name
    edition = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)
    rows = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    billable = models.BooleanField()
    price_fen = models.PositiveBigIntegerField()
    ledger_index = models.BigIntegerField(unique=True)
    request_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)

    class Meta:
        db_table = "orders_usage"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(billable=True) | models.Q(price_fen=0), name="unbilled_usage_costs_nothing"
            ),
        )
