"""The page of notices: what one was told, how one is written to, and the calendar's address."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.factories.people import HOME, NOON

from dianchi.foundation.identity.models import Person
from dianchi.foundation.notices.models import Address, Notice
from dianchi.kernel.actors import Role

pytestmark = pytest.mark.django_db


def notice(role: Role, key: str = "act:1") -> Notice:
    person = Person.objects.get(username=f"of.{role.value}")
    return Notice.objects.create(
        person=person.pk, organisation=HOME[role][0], key=key, kind="todo", case_type="plans", case_code="FA-2026-00001",
        act="submit", article="SPEC27:9", zh="请您办理“审定”。", en="Please approve.", at=NOON,
    )  # fmt: skip


def test_notices_are_shown_in_the_language_of_the_page_and_read_one_by_one(signed_in: Callable[[Role], Client]) -> None:
    client = signed_in(Role.AUTHORIZER)
    first, second = notice(Role.AUTHORIZER), notice(Role.AUTHORIZER, "act:2")
    page = client.get("/notices").content.decode()
    assert "请您办理“审定”。" in page
    assert "Please approve." not in page
    client.post("/notices/read", {"notice": first.pk})
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.read_at is None, second.read_at is None) == (False, True)
    client.post("/notices/read")
    second.refresh_from_db()
    assert second.read_at is not None
    client.cookies["dianchi_language"] = "en"
    assert "Please approve." in client.get("/notices").content.decode()


def test_another_persons_notice_is_neither_shown_nor_read(signed_in: Callable[[Role], Client]) -> None:
    other, client = signed_in(Role.AUTHORIZER), signed_in(Role.BUREAU)
    theirs = notice(Role.AUTHORIZER)
    assert "请您办理" not in client.get("/notices").content.decode()
    client.post("/notices/read", {"notice": theirs.pk})
    theirs.refresh_from_db()
    assert theirs.read_at is None
    assert "请您办理" in other.get("/notices?kind=todo&page=9").content.decode()


def test_the_address_is_kept_or_refused_at_its_field(signed_in: Callable[[Role], Client]) -> None:
    client = signed_in(Role.BUREAU)
    answer = client.post("/notices/settings", {"email": "no address", "mode": "daily", "language": "en"})
    assert answer.status_code == 422
    assert "电子邮箱地址的格式不对" in answer.content.decode()
    client.post("/notices/settings", {"email": "me@example.org", "mode": "daily", "language": "en"})
    kept = Address.objects.get()
    assert (kept.email, kept.mode, kept.language) == ("me@example.org", "daily", "en")


def test_the_calendars_address_is_shown_once_and_can_be_revoked(signed_in: Callable[[Role], Client]) -> None:
    client, stranger = signed_in(Role.BUREAU), Client()
    page = client.post("/notices/calendar", {"do": "open"}).content.decode()
    address = re.search(r"/calendar/[\w-]+\.ics", page)
    assert address
    answer = stranger.get(address.group())
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    assert address.group() not in client.get("/notices").content.decode()
    client.post("/notices/calendar", {"do": "close"})
    assert stranger.get(address.group()).status_code == 404
    assert stranger.get("/calendar/guessed.ics").status_code == 404


@pytest.mark.parametrize("path", ["/notices", "/notices/read", "/notices/settings", "/notices/calendar"])
def test_strangers_are_asked_to_sign_in(path: str) -> None:
    assert Client().post(path).status_code == 302
