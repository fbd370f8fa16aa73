"""Password login with lockout, and API tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db import transaction

from dianchi.foundation.cases.figures import value
from dianchi.foundation.identity.models import Person, Token
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import NotPermitted, Refusal, TryLater
from dianchi.kernel.law.articles import cite
from dianchi.kernel.text import Text

WRONG = Refusal(
    "identity.wrong-credentials", Text("账号或口令不对", "The account or the password is wrong"), cite("GBT22239"),
    Text("请核对后重试；多次失败后账号会暂时锁定", "Check and try again; after several failures the account is locked for a while"),
)  # fmt: skip
LOCKED = Refusal(
    "identity.locked", Text("账号因多次登录失败已暂时锁定", "The account is locked for a while after several failures"),
    cite("GBT22239"), Text("请稍后再试，或请系统管理员核实身份", "Try later or ask the system administrator"),
)  # fmt: skip
BAD_TOKEN = Refusal(
    "identity.bad-token", Text("访问令牌无效、已过期或已吊销", "The token is unknown, expired or revoked"),
    cite("GBT22239"), Text("请重新签发令牌", "Issue a new token"),
)  # fmt: skip


def sign_in(username: str, password: str, at: datetime) -> Person:
    """The person, if the password is right and the account is not locked; raises NotPermitted or TryLater."""
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(username__iexact=username).first()
        if person is None:
            make_password(password)  # takes as long as a wrong password does
            outcome: Refusal | None = WRONG
        elif person.locked_until and person.locked_until > at:
            outcome = LOCKED
        else:
            outcome = None if person.check_password(password) else WRONG
            _count(person, at, failed=outcome is not None)
    if outcome is LOCKED:
        raise TryLater(LOCKED)
    if outcome or person is None:
        raise NotPermitted(WRONG)
    return person


def _count(person: Person, at: datetime, *, failed: bool) -> None:
    person.failures = person.failures + 1 if failed else 0
    person.locked_until = None
    if person.failures >= int(value("security.lock-after-failures")):
        person.failures = 0
        person.locked_until = at + timedelta(minutes=int(value("security.lock-minutes")))
    person.save(update_fields=["failures", "locked_until"])


def issue_token(person: Person, organisation: str, at: datetime, lasts: timedelta = timedelta(hours=12)) -> str:
    """A new token text "dt_<prefix>.<secret>"; shown once."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    Token.objects.create(
        prefix=prefix,
        digest=_digest(secret),
        person=person,
        organisation=organisation,
        created_at=at,
        expires_at=at + lasts,
    )
    return f"dt_{prefix}.{secret}"


def actor_of_token(text: str, at: datetime) -> Actor:
    """The actor that a token stands for; raises NotPermitted."""
    from dianchi.foundation.identity.queries import actors

    prefix, _, secret = text.removeprefix("dt_").partition(".")
    token = Token.objects.select_related("person").filter(prefix=prefix, revoked_at=None, expires_at__gt=at).first()
    if token is None or not secrets.compare_digest(token.digest, _digest(secret)):
        raise NotPermitted(BAD_TOKEN)
    acting = [a for a in actors(token.person, at) if a.organisation == token.organisation]
    if not acting:
        raise NotPermitted(BAD_TOKEN)
    return acting[0]


def revoke_token(text: str, at: datetime) -> None:
    """End a token before its time; an unknown or ended one stays what it is."""
    prefix, _, secret = text.removeprefix("dt_").partition(".")
    Token.objects.filter(prefix=prefix, digest=_digest(secret), revoked_at=None).update(revoked_at=at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Backend(BaseBackend):
    """Lets Django's session machinery find the person; signing in itself goes through `sign_in`."""

    def get_user(self, user_id: Any) -> Person | None:
        """The person of a session."""
        return Person.objects.filter(pk=user_id).first()
