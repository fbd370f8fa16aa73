"""Authorization agreements."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from dianchi.chapters.authorization.agreements.lifecycle import AGREEMENT
from dianchi.chapters.authorization.authorizations.models import GOVERNING
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.foundation.notices.ends import End
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text


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
    words: ClassVar[dict[str, Text]] = {
        "milestone_on": Text("下一履约节点", "Next milestone due"), "reported_at": Text("节点报告时间", "Milestone reported"),
        "signatures": Text("电子签名", "Electronic signatures"),
    }  # fmt: skip
    ends = (
        End("ends_on", {"filed"}, "agreement.expiry-alerts", Text("授权运营协议到期，请提前办理续约或者退出", "the agreement runs out; renew it or prepare the exit"),
            spec27(14, 9), {Role.IMPLEMENTER, Role.OPERATOR, Role.BUREAU}),
        End("milestone_on", {"filed"}, "agreement.milestone-alerts", Text("履约节点到期", "a milestone is due"), spec27(13),
            {Role.IMPLEMENTER, Role.OPERATOR, Role.BUREAU}),
    )  # fmt: skip

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
    kind = models.CharField(max_length=10, default="NEW")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="successors")
    milestones = models.JSONField(default=list)  # with what was reported and found
    milestone_on = models.DateField(null=True)  # the next that is due
    reported_at = models.DateTimeField(null=True)  # since when one waits to be checked
    signatures = models.JSONField(default=list)
    ground = models.CharField(max_length=20, default="", blank=True)
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

    def terms(self) -> dict[str, Any]:
        """What is signed."""
        return {
            "code": self.code, "title": self.title, "institution": self.opened_for, "operator": self.operator,
            "selection": self.selection.code, "kind": self.kind, "contents": self.contents, "resources": self.resources,
            "products": self.products, "starts_on": str(self.starts_on), "ends_on": str(self.ends_on),
            "exception_reason": self.exception_reason,
            "milestones": [{k: m[k] for k in ("name", "due_on", "measure")} for m in self.milestones],
        }  # fmt: skip

    @property
    def implementer(self) -> str:
        """The institution that is a party."""
        return self.opened_for
