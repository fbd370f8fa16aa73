"""Registrations."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.resources.registration.lifecycle import ANYBODY, REGISTRATION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role

IN_FORCE = ("registered", "renewing", "cancelling")  # a pending application does not end what is registered


class RegistrationQuerySet(CaseQuerySet):
    """The registrar and supervision see all; a registrant its own; everybody what is public."""

    def visible_to(self, actor: Actor) -> Self:
        """Publicity and results are public, applications are not."""
        every = frozenset({Role.REGISTRAR, Role.BUREAU, Role.AUDITOR})
        own = self.seen_by(actor, everywhere=every)
        if actor.roles & (every | {Role.SYSTEM}):
            return own
        if not actor.roles & (ANYBODY | {Role.PRICE, Role.AUTHORIZER}):
            return self.none()
        public = models.Q(state__in=("publicity", "objection", *IN_FORCE))
        return self.filter(public | models.Q(opened_for=actor.organisation))


class Registration(Case):
    """One registration of a resource (1) or a product (2)."""

    lifecycle = REGISTRATION
    personal_fields = ("objector",)
    secret_fields = ("objector",)

    object_type = models.CharField(max_length=1)
    object_code = models.CharField(max_length=40, db_index=True)
    summary = models.TextField()
    source_statement = models.TextField()
    evidence_digest = models.CharField(max_length=64)
    risk_assessment = models.TextField()
    agreement_ends_on = models.DateField(null=True)
    notice = models.TextField(default="")
    reason = models.TextField(default="")
    publicity_from = models.DateTimeField(null=True)
    publicity_until = models.DateTimeField(null=True)
    objector = models.CharField(max_length=120, default="")
    objection = models.TextField(default="")
    objection_evidence = models.TextField(default="")
    objection_upheld = models.BooleanField(null=True)
    query_code = models.CharField(max_length=40, default="", db_index=True)
    valid_from_on = models.DateField(null=True)
    valid_to_on = models.DateField(null=True)
    renewal_opens_on = models.DateField(null=True)
    ground = models.CharField(max_length=12, default="")

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        db_table = "registration_registration"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=IN_FORCE)
                | (~models.Q(query_code="") & models.Q(valid_from_on__isnull=False, valid_to_on__isnull=False)),
                name="registered_has_code_and_term",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to_on=None) | models.Q(valid_to_on__gte=models.F("valid_from_on")),
                name="registration_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["object_type", "object_code"],
                condition=~models.Q(state__in=("refused", "cancelled", "expired")),
                name="one_live_registration_per_object",
            ),
            models.UniqueConstraint(
                fields=["query_code"], condition=~models.Q(query_code=""), name="query_code_is_unique"
            ),
        )
