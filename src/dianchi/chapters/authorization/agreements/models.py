"""Authorization agreements."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.authorization.agreements.lifecycle import AGREEMENT
from dianchi.chapters.authorization.authorizations.models import GOVERNING
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class AgreementQuerySet(CaseQuerySet):
    """The parties, the governing bodies and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """Governing bodies of the territory, the operator that is a party."""
        return self.seen_by(
            actor,
            territory=GOVERNING | {Role.PRICE},
            everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR},
        )


class Agreement(Case):
    """An agreement between an implementing institution and an operator."""

    lifecycle = AGREEMENT

    selection = models.ForeignKey("selection.Selection", on_delete=models.PROTECT)
    operator = models.CharField(max_length=18, db_index=True)
    contents = models.JSONField(default=dict)
    resources = models.JSONField(default=list)
    products = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    exception_reason = models.CharField(max_length=500, default="")
    minutes_number = models.CharField(max_length=100, default="")
    decided_on = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    countersigned_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        db_table = "agreements_agreement"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="agreement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "terminated"))
                | (~models.Q(minutes_number="") & models.Q(decided_on__isnull=False)),
                name="signed_agreement_was_decided",
            ),
        )

    @property
    def implementer(self) -> str:
        """The institution that is a party."""
        return self.opened_for
