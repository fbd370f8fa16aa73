"""Settings of parameters with their history."""

from __future__ import annotations

from typing import Self

from django.db import models

from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.foundation.parameters.lifecycle import PARAMETER
from dianchi.kernel.actors import OFFICIALS, Actor, Role


class SettingQuerySet(CaseQuerySet):
    """Officials and the security administrator read the figures."""

    def visible_to(self, actor: Actor) -> Self:
        """Everybody who applies or audits the figures."""
        return self.seen_by(actor, everywhere=frozenset(OFFICIALS | {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}))


class Setting(Case):
    """A figure set for a region; the latest one in force counts."""

    lifecycle = PARAMETER

    key = models.CharField(max_length=80)
    value = models.CharField(max_length=80)
    reason = models.TextField()

    objects = SettingQuerySet.as_manager()

    class Meta:
        db_table = "parameters_setting"
        constraints = (
            models.UniqueConstraint(
                fields=["key", "region"],
                condition=models.Q(state="in-force"),
                name="one_setting_per_parameter_and_region",
            ),
        )
