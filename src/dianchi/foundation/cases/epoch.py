"""One number that any act bumps: what was derived under an earlier one is asked again."""

from __future__ import annotations

from django.db.models import F

from dianchi.foundation.cases.models import Epoch


def epoch() -> int:
    """The present epoch."""
    return Epoch.objects.values_list("value", flat=True).first() or 0


def bump() -> None:
    """A new epoch, in force when the transaction of the act is."""
    if not Epoch.objects.filter(pk=1).update(value=F("value") + 1):
        Epoch.objects.get_or_create(pk=1)
        Epoch.objects.filter(pk=1).update(value=F("value") + 1)
