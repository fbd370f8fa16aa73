"""The clock of the store, read only by interfaces and jobs; a demonstration store may run ahead of the real one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.db import connection


def now() -> datetime:
    """The present moment of this store."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """How far the demonstration runs ahead; zero in a real store."""
    with connection.cursor() as cursor:  # asked at every call of the gate, where the ORM's own cost would show
        cursor.execute("SELECT ahead FROM clock_demonstration")
        found = cursor.fetchone()
    if found is None:
        return timedelta()
    return found[0] if isinstance(found[0], timedelta) else timedelta(microseconds=found[0])  # as SQLite keeps it


def is_demonstration() -> bool:
    """Whether the store was made for demonstration."""
    return bool(apps.get_model("clock", "Demonstration").objects.exists())
