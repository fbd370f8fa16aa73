"""Questions about alerts."""

from __future__ import annotations

from datetime import date

from dianchi.chapters.supervision.alerts.models import Alert


def known(on: date) -> set[tuple[str, str]]:
    """Rule and order of the alerts of a day."""
    return set(Alert.objects.filter(on=on).values_list("rule", "order"))
