"""People and their API tokens. What they may do is in the memberships; here is only who they are."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    """Finds people by their account name."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person of an account name, whatever its case."""
        return self.get(username__iexact=username)


class Person(AbstractBaseUser):
    """A person with one account; never shared, never a default one."""

    id = models.CharField(primary_key=True, max_length=32)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    objects = People()

    class Meta:
        db_table = "identity_person"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """A new person gets an id that says nothing."""
        self.id = self.id or uuid.uuid4().hex
        super().save(*args, **options)


class Token(models.Model):
    """An API token of a person acting for one organisation: only the SHA-256 of its secret is kept."""

    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    organisation = models.CharField(max_length=18)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_token"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_expires_later"
            ),
        )
