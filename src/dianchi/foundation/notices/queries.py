"""Questions about notices, and the few things that a person changes about one's own."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet

from dianchi.foundation.notices.models import Address, Feed, Notice
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

BAD_ADDRESS = Refusal(
    "notices.bad-address", Text("电子邮箱地址的格式不对", "The e-mail address is not well formed"),
    remedy=Text("请核对后重新填写", "Check it and enter it again"), field="email",
)  # fmt: skip


def of(actor: Actor) -> QuerySet[Notice]:
    """The actor's notices in this capacity, latest first."""
    return Notice.objects.filter(person=actor.person, organisation=actor.organisation).order_by("-at", "-id")


def unread(actor: Actor) -> int:
    """How many of them have not been read."""
    return of(actor).filter(read_at=None).count()


def read(actor: Actor, at: datetime, pk: int | None = None) -> None:
    """One of them has been read, or all."""
    mine = of(actor).filter(read_at=None)
    (mine.filter(pk=pk) if pk is not None else mine).update(read_at=at)


def address(actor: Actor) -> Address | None:
    """Where the person is written to, if anywhere."""
    return Address.objects.filter(person=actor.person).first()


def write_to(actor: Actor, email: str, mode: str, language: str, at: datetime) -> None:
    """Write to this address from now on; an empty one: never. Invalid for a malformed one."""
    if not email:
        Address.objects.filter(person=actor.person).delete()
        return
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(BAD_ADDRESS) from None
    Address.objects.update_or_create(
        person=actor.person,
        defaults={"email": email, "mode": "daily" if mode == "daily" else "each", "language": "en" if language == "en" else "zh"},
        create_defaults={
            "email": email, "mode": "daily" if mode == "daily" else "each", "language": "en" if language == "en" else "zh", "since": at,
        },
    )  # fmt: skip


def has_calendar(actor: Actor) -> bool:
    """Whether a calendar's address is open."""
    return Feed.objects.filter(person=actor.person, organisation=actor.organisation, revoked_at=None).exists()
