"""Authorizations."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.authorization.authorizations.lifecycle import AUTHORIZATION
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.foundation.notices.ends import End
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

GOVERNING = frozenset({Role.BUREAU, Role.AUTHORIZER, Role.IMPLEMENTER, Role.SECTOR})


class AuthorizationQuerySet(CaseQuerySet):
    """The governing bodies see those of their territory; approved ones are public."""

    def visible_to(self, actor: Actor) -> Self:
        """Proposals to the bodies concerned, what is approved to all who take part."""
        if not actor.roles - ADMINISTRATORS:
            return self.none()
        own = self.seen_by(actor, territory=GOVERNING, everywhere=frozenset({Role.AUDITOR}))
        return (own | self.exclude(state="proposed")).distinct()


class Authorization(Case):
    """A scope of resources that may be operated, by mode, division and term."""

    lifecycle = AUTHORIZATION
    columns = ("mode",)
    words: ClassVar[dict[str, Text]] = {
        "rectify_on": Text("下一整改期限", "Next step of rectification due"),
        "carve_outs": Text("已划出的资源", "Resources carved out"), "harms": Text("危害权益标注", "Harms flagged"),
    }  # fmt: skip
    ends = (
        End("rectify_on", {"proposed", "approved", "suspended"}, "authorization.rectification-alerts",
            Text("整改事项到期", "a step of rectification is due"), spec27(24), {Role.IMPLEMENTER, Role.BUREAU}),
        End("ends_on", {"approved", "suspended"}, "agreement.expiry-alerts", Text("授权到期", "the authorization runs out"), spec27(9, 6),
            {Role.IMPLEMENTER, Role.AUTHORIZER, Role.BUREAU}),
    )  # fmt: skip

    mode = models.CharField(max_length=8)
    sector = models.CharField(max_length=40, default="")
    necessity = models.TextField(default="")
    prefecture_coordination = models.CharField(max_length=100, default="")
    resources = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    sector_document = models.CharField(max_length=100, default="")
    decision_document = models.CharField(max_length=100, default="")
    reason = models.TextField(default="")
    overlap_reason = models.TextField(default="")
    legacy = models.BooleanField(default=False)
    rectification = models.JSONField(default=list)  # steps, those done with their day and evidence
    rectify_on = models.DateField(null=True)  # by when the next open step is due
    separate_platform = models.CharField(max_length=200, default="")
    carve_outs = models.JSONField(default=list)  # into which authorization, which resource, why
    harms = models.JSONField(default=list)  # resource, interest, reason

    objects = AuthorizationQuerySet.as_manager()

    class Meta:
        db_table = "authorizations_authorization"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="authorization_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(mode="SECTOR", state="approved") | ~models.Q(sector_document=""),
                name="approved_sector_authorization_is_endorsed",
            ),
        )
