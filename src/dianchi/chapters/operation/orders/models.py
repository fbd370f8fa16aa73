"""Orders, their keys, and one row for each delivered answer."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.operation.orders.lifecycle import ORDER
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


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
    words: ClassVar = {
        "contract_digest": Text("合同内容摘要", "Digest of the contract"),
        "accepted_at": Text("合同成立时间", "Contract since"),
    }

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT)
    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    purpose = models.CharField(max_length=20)
    use = models.TextField()
    quota_calls = models.PositiveIntegerField()
    quota_rows = models.PositiveBigIntegerField(null=True)
    quota_bytes = models.PositiveBigIntegerField(null=True)
    ends_on = models.DateField()
    source_seen = models.BooleanField(default=False)
    prepaid = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True)
    contract_digest = models.CharField(max_length=64, default="", blank=True)  # SM3 of what both sides agreed
    ground = models.CharField(max_length=12, default="", blank=True)
    reason = models.TextField(default="")
    top_up_fen = models.PositiveBigIntegerField(default=0)
    top_up_reference = models.CharField(max_length=80, default="", blank=True)

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
    """A key of an order: only the SHA-256 of its 256-bit secret is kept. Beside the current one, a rotated one may
    still work until it retires.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    retires_at = models.DateTimeField(null=True)  # it was rotated, and works until then
    expires_at = models.DateTimeField(null=True)
    networks = models.JSONField(default=list)  # from where it may be used; anywhere if empty
    doors = models.JSONField(default=list)  # through which doors; all if empty
    signing_key = models.CharField(max_length=120, default="")  # "ed25519:…" or "sm2:…" in base64: calls must be signed
    certificate = models.CharField(max_length=64, default="")  # SHA-256 of the client certificate that must be shown

    class Meta:
        db_table = "orders_api_key"
        constraints = (
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(revoked_at=None, retires_at=None), name="one_current_key_per_order"
            ),
        )


class AccessToken(models.Model):
    """A short-lived stand-in for a key, got with OAuth 2 client credentials; it ends with its key."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="tokens")
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "orders_access_token"


class Nonce(models.Model):
    """A signed request that was accepted; the same signature is not accepted twice."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="nonces")
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "orders_nonce"
        constraints = (models.UniqueConstraint(fields=["key", "nonce"], name="nonce_used_once"),)


class Probe(models.Model):
    """How often an order verified a subject on a day, and how often it matched; the subject is a salted hash."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="probes")
    on = models.DateField()
    subject = models.CharField(max_length=64)
    tries = models.PositiveIntegerField(default=0)
    hits = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "orders_probe"
        constraints = (models.UniqueConstraint(fields=["order", "on", "subject"], name="one_probe_count_a_day"),)


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
    call_id = models.CharField(max_length=64, null=True)  # the caller's own name of the call, if it gave one

    class Meta:
        db_table = "orders_usage"
        constraints = (
            models.UniqueConstraint(
                fields=["order", "call_id"], condition=models.Q(call_id__isnull=False), name="one_usage_per_call_id"
            ),
            models.CheckConstraint(
                condition=models.Q(billable=True) | models.Q(price_fen=0), name="unbilled_usage_costs_nothing"
            ),
        )


class Meter(models.Model):
    """What an order has used so far; whoever counts a delivery holds this row until it is durable."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="meter")
    calls = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()

    class Meta:
        db_table = "orders_meter"


class Deposit(models.Model):
    """What moves the balance of a prepaid order: paid in, billed, paid back; the database refuses to change it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deposits")
    kind = models.CharField(max_length=8)  # DEPOSIT, BILL or REFUND
    amount_fen = models.BigIntegerField()  # negative for what leaves
    reference = models.CharField(max_length=80)
    at = models.DateTimeField()
    through_index = models.BigIntegerField(null=True)  # use up to here is in the bill

    class Meta:
        db_table = "orders_deposit"


class Correction(models.Model):
    """A charged answer taken back; it stands beside the usage, which is never changed, and is billed once."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="corrections")
    ledger_index = models.BigIntegerField(unique=True)  # of the usage
    calls = models.IntegerField(default=-1)
    price_fen = models.PositiveBigIntegerField()
    why = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "orders_correction"
