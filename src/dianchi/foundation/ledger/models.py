"""What the ledger stores. The tables, their checks and their triggers are written by hand in the first migration.

They are not managed by Django: `flush` and `sqlflush` must not be able to empty the ledger, and the guarantees (dense
indexes, no update, no delete, a head that only grows) are the database's own, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Outcome(models.TextChoices):
    """How the attempt ended."""

    DONE = "done"
    REFUSED = "refused"


class Entry(models.Model):
    """One act that was done, or one attempt that was refused. No foreign keys: the record outlives what it is about."""

    index = models.BigIntegerField(primary_key=True)  # dense, from 0
    kind = models.TextField()  # lifecycle and act: "agreements.sign"
    case_type = models.TextField()
    case_id = models.TextField()
    by = models.TextField()  # salted hash of the person, or "" for the system
    organisation = models.TextField()  # USCC
    role = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    article = models.TextField()
    rules = models.TextField()  # "R33 R34"
    from_state = models.TextField()
    to_state = models.TextField()
    outcome = models.TextField(choices=Outcome.choices)
    payload = models.TextField()  # canonical JSON: what the act changed and its inputs
    body = models.TextField()  # canonical JSON of all the above but the payload, which stands in it by its digests
    leaf_hash = models.TextField()  # hex, RFC 6962 leaf hash of the body

    class Meta:
        managed = False
        db_table = "ledger_entry"
        ordering: ClassVar = ["index"]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class Head(models.Model):
    """The one row that says how long the log is; whoever appends holds it."""

    id = models.SmallIntegerField(primary_key=True)  # always 1
    size = models.BigIntegerField()
    frontier = models.TextField()  # hex, largest peak first
    root = models.TextField()  # hex

    class Meta:
        managed = False
        db_table = "ledger_head"

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


class Checkpoint(models.Model):
    """A size and root that the ledger's key has signed."""

    size = models.BigIntegerField(primary_key=True)
    root = models.TextField()  # hex
    note = models.TextField()  # C2SP checkpoint, as published
    at = models.DateTimeField()  # to the second, bound by the note's cosignature

    class Meta:
        managed = False
        db_table = "ledger_checkpoint"
        ordering: ClassVar = ["size"]

    def __str__(self) -> str:
        return f"{self.size} {self.root}"
