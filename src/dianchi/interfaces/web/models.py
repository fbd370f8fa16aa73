"""What the pages keep of their own: half-filled forms."""

from __future__ import annotations

from typing import Any

from django.db import models


class Draft(models.Model):
    """A form that somebody has begun; gone once it is submitted. Holds no passwords and no personal fields."""

    person = models.CharField(max_length=40)
    organisation = models.CharField(max_length=18)
    case_type = models.CharField(max_length=40)
    case_code = models.CharField(max_length=40, blank=True)  # empty: a case to be opened
    act = models.CharField(max_length=40)
    values: Any = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "web_draft"
        constraints = (
            models.UniqueConstraint(
                fields=["person", "organisation", "case_type", "case_code", "act"], name="draft_once_per_form"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_type} {self.act}"
