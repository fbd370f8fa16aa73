"""What every case has, and what the door keeps beside it: opinions, deadlines, idempotency keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models

from dianchi.kernel import canonical
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.lifecycle import Lifecycle

BOOKKEEPING = frozenset({"id", "state", "version", "state_since", "opened_at", "opened_by"})


class CaseQuerySet(models.QuerySet):
    """Who may see what. The default is nobody."""

    def visible_to(self, actor: Actor) -> Self:
        """The cases that exist for this actor."""
        return self.none()

    def seen_by(self, actor: Actor, *, territory: frozenset[Role] = frozenset(), everywhere: frozenset[Role] = frozenset(),
                parties: dict[str, Role] | None = None) -> Self:  # fmt: skip
        """The usual rule: some roles see their territory, some everything, parties see their own.

        `parties` maps a field that holds a unified social credit code to the role that the party plays.
        """
        if actor.roles & everywhere or Role.SYSTEM in actor.roles:
            return self
        seen = models.Q(pk__in=[])
        if actor.roles & territory:
            seen |= models.Q(region__startswith=actor.territory)
        for field, role in (parties or {}).items():
            if role in actor.roles:
                seen |= models.Q(**{field: actor.organisation})
        return self.filter(seen)


class Case(models.Model):
    """A case: one thing with a lifecycle. Subclasses name theirs and say who may see it."""

    lifecycle: ClassVar[Lifecycle[Any]]

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=32, db_index=True)
    version = models.PositiveIntegerField(default=0)
    region = models.CharField(max_length=6, default="530000", db_index=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=40)  # id of the person
    opened_for = models.CharField(max_length=18, db_index=True)  # organisation that opened it
    state_since = models.DateTimeField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.title} {self.code}"

    def content(self) -> dict[str, object]:
        """What the case says, without its bookkeeping; its digest binds opinions and signatures."""
        return {f.attname: getattr(self, f.attname) for f in self._meta.concrete_fields if f.name not in BOOKKEEPING}

    def digest(self) -> str:
        """SM3 of the canonical content."""
        return canonical.sm3(self.content())

    @property
    def idle(self) -> bool:
        """Whether nobody is expected to do anything, though acts with a duty start from its state."""
        return False

    def told_also(self, act: str, at: datetime) -> set[str]:
        """The organisations, beyond those the case names, that are told of an act done at that moment."""
        return set()


class Opinion(models.Model):
    """One person's opinion on a case, bound to the digest of what was reviewed; void once that changes."""

    case_type = models.CharField(max_length=40)
    case_code = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    person = models.CharField(max_length=40)
    organisation = models.CharField(max_length=18)
    favourable = models.BooleanField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_opinion"
        constraints = (
            models.UniqueConstraint(
                fields=["case_type", "case_code", "act", "digest", "person"], name="opinion_once_per_person_and_digest"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="opinion_has_a_reason"),
        )


class Due(models.Model):
    """A running or finished deadline of a case."""

    case_type = models.CharField(max_length=40)
    case_code = models.CharField(max_length=40)
    key = models.CharField(max_length=80)  # state and parameter: finds its Deadline again
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    provisional = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)  # when time last tried its act and a guard forbade it
    counted_from = models.DateTimeField(null=True)  # the moment of its `since`, if it has one
    paused_at = models.DateTimeField(null=True)  # since when the clock waits
    pauses = models.JSONField(default=list)  # every pause that is over: [from, until]

    class Meta:
        db_table = "cases_due"
        indexes = (models.Index(fields=["case_type", "case_code"]),)
        constraints = (
            models.UniqueConstraint(fields=["case_type", "case_code", "key", "state_since"], name="due_once_per_state"),
        )


class IdempotencyKey(models.Model):
    """A request that was already carried out: asked again with the same key, it answers the same."""

    person = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    request = models.CharField(max_length=64)  # SHA-256 of what was asked
    case_type = models.CharField(max_length=40)
    case_code = models.CharField(max_length=40)
    ledger_index = models.BigIntegerField(default=-1)
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_idempotency_key"
        constraints = (models.UniqueConstraint(fields=["person", "key"], name="idempotency_key_once_per_person"),)


class Epoch(models.Model):
    """One row that every act bumps: whoever keeps derived facts asks whether they are still those of today."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "cases_epoch"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="epoch_is_one_row"),)


# Registers the indexes that every table of cases gets after it is migrated; it needs the models above.
from dianchi.foundation.cases import indexes as _indexes  # noqa: E402, F401
