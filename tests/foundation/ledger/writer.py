"""A process of its own that writes a ledger: `python writer.py VAR COUNT [--url URL] [--group N] [--migrate] [--seal]`.

It knows the ledger's app alone, with the database options of the platform's settings, so that tests and the bench can
start eight of it at once on either database. Prints the indexes it was given, as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

AT = datetime(2026, 11, 23, 1, 30, 0, 250000, tzinfo=UTC)


def configure(var: Path, url: str = "") -> None:
    """Django with the ledger and nothing else."""
    import django
    from django.conf import settings

    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 60, "init_command": pragmas}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": var / "dianchi.sqlite3", "OPTIONS": options}
    if url:
        import psycopg

        parts = psycopg.conninfo.conninfo_to_dict(url)
        names = {"NAME": "dbname", "USER": "user", "HOST": "host"}
        database = {"ENGINE": "django.db.backends.postgresql", **{k: parts[v] for k, v in names.items()}}
    settings.configure(
        DATABASES={"default": database}, INSTALLED_APPS=["dianchi.foundation.ledger"], DIANCHI_VAR=var, USE_TZ=True,
        TIME_ZONE="Asia/Shanghai", SECRET_KEY="only for tests", DIANCHI_LEDGER_ORIGIN="dianchi.example/test",
    )  # fmt: skip
    django.setup()


def draft(number: int, who: str = "w"):
    """An entry with every column filled, with characters that JSON escapes."""
    from dianchi.foundation.ledger import Draft

    return Draft(
        kind="agreements.sign",
        case_type="agreements",
        case_id=f"协议-{who}-{number}",
        by=f"person-{number % 7}",
        organisation="91530000MA6K3YXN0P",
        role="operator",
        at=AT + timedelta(seconds=number) if number % 3 else AT.replace(microsecond=0),
        recorded_at=AT + timedelta(seconds=number + 1),
        article="SPEC27.9",
        rules=("R33", "R34"),
        from_state='dra"ft\\',
        to_state="sign\ted",
        outcome="refused" if number % 5 == 0 else "done",
        payload={"inputs": {"理由": "公共利益优先", "编号": number}, "digest": "0" * 64},
    )


def main() -> None:
    """Write as the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("var", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--url", default="")
    parser.add_argument("--who", default="w")
    parser.add_argument("--group", type=int, default=1)
    parser.add_argument("--migrate", action="store_true")
    parser.add_argument("--seal", type=int, default=0, help="seal after every so many groups, and at the end")
    asked = parser.parse_args()
    asked.var.mkdir(parents=True, exist_ok=True)
    configure(asked.var, asked.url)
    from django.core.management import call_command
    from django.db import transaction

    from dianchi.foundation import ledger

    if asked.migrate:
        call_command("migrate", verbosity=0)
    indexes, began = [], time.perf_counter()
    for place, start in enumerate(range(0, asked.count, asked.group), 1):
        drafts = [draft(n, asked.who) for n in range(start, min(asked.count, start + asked.group))]
        with transaction.atomic():
            indexes += ledger.record_many(drafts)
        if asked.seal and (place % asked.seal == 0 or start + asked.group >= asked.count):
            ledger.seal(AT + timedelta(seconds=place), ledger.ledger_key(), asked.var / "ledger")
    json.dump({"seconds": time.perf_counter() - began, "indexes": indexes}, sys.stdout)


if __name__ == "__main__":
    main()
