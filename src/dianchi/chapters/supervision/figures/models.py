"""Figures as they were taken: pages read them and count nothing themselves, so they are as fast with a million cases."""

from __future__ import annotations

from django.db import models


class Snapshot(models.Model):
    """All figures of one moment, by division code; only the latest ones are kept."""

    taken_at = models.DateTimeField(db_index=True)
    epoch = models.PositiveBigIntegerField()  # of the cases, when it was taken
    milliseconds = models.PositiveIntegerField()  # that it took
    figures = models.JSONField()  # division code → figure → [sum, parts]
    months = models.JSONField()  # division code → series → month → sum
    articles = models.JSONField()  # provision → refusals
    steps = models.JSONField()  # act → [days, times]

    class Meta:
        db_table = "figures_snapshot"
