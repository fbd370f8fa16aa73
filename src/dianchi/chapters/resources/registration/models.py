"""Registrations, the objections to them, and what is reported of them to the registration platforms."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.resources.registration.lifecycle import REGISTRATION
from dianchi.chapters.resources.registration.states import ANYBODY, ENDED, IN_FORCE, OPEN_TO_THE_PUBLIC
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text

_ENDED = tuple(s.value for s in ENDED)
_IN_FORCE = tuple(s.value for s in IN_FORCE)
_PUBLIC = tuple(s.value for s in (*OPEN_TO_THE_PUBLIC, *IN_FORCE))


class RegistrationQuerySet(CaseQuerySet):
    """The registrar and supervision see all; registrants their own; everybody what is public."""

    def visible_to(self, actor: Actor) -> Self:
        """Publicity and results are public, applications are not."""
        every = frozenset({Role.REGISTRAR, Role.BUREAU, Role.AUDITOR})
        own = self.seen_by(actor, everywhere=every)
        if actor.roles & (every | {Role.SYSTEM}):
            return own
        if not actor.roles & (ANYBODY | {Role.PRICE, Role.AUTHORIZER}):
            return self.none()
        public = models.Q(state__in=_PUBLIC)
        # Ended ones too: whoever registered it must still be able to read why it ended.
        mine = models.Q(opened_for=actor.organisation) | models.Q(joint_codes__contains=actor.organisation)
        return self.filter(public | mine)


class Registration(Case):
    """One registration of a resource (1) or a product (2)."""

    lifecycle = REGISTRATION
    secret_fields = ("joint_codes", "certificate", "certificate_index")
    columns = ("object_type",)
    words: ClassVar[dict[str, Text]] = {
        "received_at": Text("收齐申请时间", "Application complete since"),
        "joined": Text("已确认的共同登记主体", "Joint registrants that have confirmed"),
        "evidence_index": Text("存证账本序号", "Ledger index of the evidence"),
        "petitioner": Text("申请更正单位", "Who asked for the correction"),
        "edition": Text("登记版次", "Edition of the registration"),
    }

    object_type = models.CharField(max_length=1)
    object_code = models.CharField(max_length=40, db_index=True)
    summary = models.TextField()
    source_statement = models.TextField()
    situation = models.TextField(default="")
    product_info = models.TextField(default="")
    scenario = models.TextField(default="")
    evidence_digest = models.CharField(max_length=64)
    evidence_index = models.BigIntegerField(null=True)
    risk_assessment = models.TextField()
    storage = models.CharField(max_length=300, default="")
    internal_review = models.CharField(max_length=300, default="")
    agreement_ends_on = models.DateField(null=True)
    co_registrants = models.JSONField(default=list)
    joint_codes = models.TextField(default="")  # the same as one text: who may see it is asked of the database
    joint_basis = models.CharField(max_length=300, default="")
    joined = models.JSONField(default=list)
    agent = models.CharField(max_length=120, default="")
    commitment = models.BooleanField(default=False)
    received_at = models.DateTimeField(null=True)
    registrar = models.CharField(max_length=18, default="")
    notice = models.TextField(default="")
    reason = models.TextField(default="")
    expert_opinion = models.TextField(default="")
    publicity_from = models.DateTimeField(null=True)
    publicity_until = models.DateTimeField(null=True)
    query_code = models.CharField(max_length=40, default="", db_index=True)
    valid_from_on = models.DateField(null=True)
    valid_to_on = models.DateField(null=True)
    renewal_opens_on = models.DateField(null=True)
    change_kind = models.CharField(max_length=12, default="")
    basis = models.CharField(max_length=12, default="")
    basis_document = models.CharField(max_length=300, default="")
    petitioner = models.CharField(max_length=18, default="")
    proposal = models.JSONField(default=dict)  # what a change or correction under review would put on record
    ground = models.CharField(max_length=12, default="")
    fault = models.CharField(max_length=12, default="")
    edition = models.PositiveIntegerField(default=0)
    certificate = models.JSONField(default=dict)  # the statement of the last certificate
    certificate_index = models.BigIntegerField(null=True)  # of its entry in the ledger

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        db_table = "registration_registration"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=_IN_FORCE)
                | (~models.Q(query_code="") & models.Q(valid_from_on__isnull=False, valid_to_on__isnull=False)),
                name="registered_has_code_and_term",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to_on=None) | models.Q(valid_to_on__gte=models.F("valid_from_on")),
                name="registration_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["object_type", "object_code"],
                condition=~models.Q(state__in=_ENDED),
                name="one_live_registration_per_object",
            ),
            models.UniqueConstraint(
                fields=["query_code"], condition=~models.Q(query_code=""), name="query_code_is_unique"
            ),
        )


class Objection(models.Model):
    """One objection to a registration in publicity. Who objected is for the registrar alone."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="objections")
    number = models.PositiveIntegerField()
    objector = models.CharField(max_length=120)
    person = models.CharField(max_length=40)
    organisation = models.CharField(max_length=18)
    objection = models.TextField()
    evidence = models.TextField()
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "registration_objection"
        constraints = (
            models.UniqueConstraint(fields=["registration", "number"], name="objection_number_once"),
            models.CheckConstraint(
                condition=~models.Q(objector="") & ~models.Q(evidence=""), name="objection_has_name_and_evidence"
            ),
            models.CheckConstraint(
                condition=models.Q(upheld__isnull=True, decided_at__isnull=True)
                | models.Q(upheld__isnull=False, decided_at__isnull=False),
                name="objection_is_decided_or_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.registration_id} {self.number}"


class Report(models.Model):
    """One record for a registration platform, as it goes out; its receipt when it has come."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="reports")
    serial = models.CharField(max_length=60, unique=True)
    platform = models.CharField(max_length=12)
    event = models.CharField(max_length=24)  # the act that it reports
    body = models.JSONField()
    digest = models.CharField(max_length=64)  # SM3 of the canonical body
    made_at = models.DateTimeField()
    receipt_number = models.CharField(max_length=80, default="")
    receipt_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    remark = models.CharField(max_length=500, default="")

    class Meta:
        db_table = "registration_report"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(receipt_at__isnull=True, accepted__isnull=True)
                | models.Q(receipt_at__isnull=False, accepted__isnull=False),
                name="report_has_a_whole_receipt_or_none",
            ),
        )

    def __str__(self) -> str:
        return self.serial
