"""The clock of the store, read only by interfaces and jobs; a demonstration store may run ahead of the real one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.apps import apps


def now() -> datetime:
    """The present moment of this store."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """How far the demonstration runs ahead; zero in a real store."""
    ahead = apps.get_model("clock", "Demonstration").objects.values_list("ahead", flat=True).first()
    return ahead or timedelta()


def is_demonstration() -> bool:
    """Whether the store was made for demonstration."""
    return bool(apps.get_model("clock", "Demonstration").objects.exists())
