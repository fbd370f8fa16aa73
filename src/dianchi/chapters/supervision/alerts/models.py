"""Alerts."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.chapters.supervision.alerts.lifecycle import ALERT
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role


class AlertQuerySet(CaseQuerySet):
    """The parties of the order, security and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """The consumer's and the operator's own; all for security, the territory's for supervision."""
        return self.seen_by(
            actor, territory=frozenset({Role.BUREAU}),
            everywhere=frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.AUDITOR}),
            parties={"consumer": Role.CONSUMER, "operator": Role.OPERATOR},
        )  # fmt: skip


class Alert(Case):
    """One rule that one order touched on one day."""

    lifecycle = ALERT

    rule = models.CharField(max_length=16)
    order = models.CharField(max_length=40, db_index=True)
    consumer = models.CharField(max_length=18, db_index=True)
    operator = models.CharField(max_length=18, db_index=True)
    product = models.CharField(max_length=60)
    on = models.DateField()
    figure = models.PositiveBigIntegerField()
    usual = models.PositiveBigIntegerField()
    explanation = models.TextField(default="", blank=True)
    finding = models.TextField(default="", blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        db_table = "alerts_alert"
        constraints = (models.UniqueConstraint(fields=["rule", "order", "on"], name="alert_once_a_day"),)
