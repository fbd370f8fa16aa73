"""Emptying the ledger between tests that commit. Django's own flush leaves it alone, as it must."""

from __future__ import annotations

from django.db import connection

from dianchi.engines.merkle.tree import EMPTY_ROOT


def empty_ledger() -> None:
    """Take the guards off, empty the ledger, put the guards back; for `django_db(transaction=True)` tests."""
    with connection.cursor() as cursor:
        guards: list[tuple[str, str]] = []
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 7) = 'ledger_'"
            )
            guards = cursor.fetchall()
            for name, _ in guards:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE left(tgname, 7) = 'ledger_'")
            guards = cursor.fetchall()
            for table, name in guards:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        cursor.execute("DELETE FROM ledger_entry")
        cursor.execute("DELETE FROM ledger_checkpoint")
        cursor.execute("UPDATE ledger_head SET size = 0, frontier = '', root = %s", [EMPTY_ROOT.hex()])
        for table_or_name, sql_or_name in guards:
            if connection.vendor == "sqlite":
                cursor.execute(sql_or_name)
            else:
                cursor.execute(f"ALTER TABLE {table_or_name} ENABLE ALWAYS TRIGGER {sql_or_name}")
