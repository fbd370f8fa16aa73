"""Indexes that every table of cases has: lists, workbenches and counts walk along them whatever the store holds."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate

from dianchi.foundation.cases.models import Case

# By the last movement, and by state and last movement; the key breaks ties as the lists do.
COLUMNS = {"moved": "state_since DESC, id ASC", "state_moved": "state, state_since DESC, id ASC"}


def ensure(sender: Any, using: str = "default", **_: Any) -> None:
    """After an app is migrated: the indexes of its cases, if they are not there yet."""
    for model in sender.get_models():
        if issubclass(model, Case):
            table = model._meta.db_table
            with connections[using].cursor() as cursor:
                for name, columns in COLUMNS.items():
                    cursor.execute(f'CREATE INDEX IF NOT EXISTS "{table}_{name}" ON "{table}" ({columns})')


post_migrate.connect(ensure, dispatch_uid="dianchi.cases.indexes")
