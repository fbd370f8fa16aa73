"""Development agreements."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from dianchi.chapters.operation.contracts.lifecycle import CONTENTS, CONTRACT
from dianchi.chapters.operation.developers.models import Admission
from dianchi.chapters.operation.scenarios.models import Scenario
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.foundation.notices.ends import End
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.law.articles import yn
from dianchi.kernel.text import Text


class ContractQuerySet(CaseQuerySet):
    """An agreement is for its parties and those who watch over them."""

    def visible_to(self, actor: Actor) -> Self:
        """Operator, developer, the implementing institution that authorized the operator, bureau, auditors."""
        return self.seen_by(
            actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip


class Contract(Case):
    """An agreement between an operator and a developer, inside one authorization agreement."""

    lifecycle = CONTRACT
    words: ClassVar[dict[str, Text]] = {
        "signatures": Text("电子签名", "Electronic signatures"), "signed_digest": Text("签署内容摘要", "Digest signed"),
    }  # fmt: skip
    ends = (
        End("ends_on", {"filed"}, "agreement.expiry-alerts", Text("开发利用协议到期", "the development agreement runs out"), yn(4),
            {Role.OPERATOR, Role.DEVELOPER}),
    )  # fmt: skip

    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    admission = models.ForeignKey(Admission, on_delete=models.PROTECT)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT)
    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    resources = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    output_forms = models.TextField(blank=True)
    environment = models.TextField(blank=True)
    fees = models.TextField(blank=True)
    rights = models.TextField(blank=True)
    security = models.TextField(blank=True)
    prohibitions = models.TextField(blank=True)
    exit = models.TextField(blank=True)
    disputes = models.TextField(blank=True)
    exclusive = models.BooleanField(default=False)
    exclusive_reason = models.TextField(blank=True)
    tied_to = models.CharField(max_length=500, blank=True)
    signatures = models.JSONField(default=list)
    signed_digest = models.CharField(max_length=64, blank=True)  # SM3 of the text that the developer signed
    reason = models.TextField(blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        db_table = "contracts_contract"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="contract_term_runs_forward"
            ),
            models.CheckConstraint(
                condition=~models.Q(operator=models.F("developer")), name="contract_has_two_parties"
            ),
        )

    def terms(self) -> dict[str, Any]:
        """What is signed."""
        return {
            "code": self.code, "title": self.title, "operator": self.operator, "developer": self.developer,
            "scenario": self.scenario.code, "agreement": self.agreement.code, "resources": list(self.resources),
            "starts_on": str(self.starts_on), "ends_on": str(self.ends_on), "exclusive": self.exclusive,
            "exclusive_reason": self.exclusive_reason, **{name: getattr(self, name) for name, _ in CONTENTS},
        }  # fmt: skip

    @property
    def missing(self) -> tuple[Text, ...]:
        """Contents that are still empty."""
        return tuple(label for field, label in CONTENTS if not getattr(self, field))
