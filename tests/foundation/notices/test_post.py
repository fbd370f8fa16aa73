"""Notices by mail, through a real SMTP server of the test."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from tests.factories.people import NOON, actor

from dianchi.foundation.notices import queries
from dianchi.foundation.notices.models import Address, Notice
from dianchi.foundation.notices.post import round_of_post
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid

pytestmark = pytest.mark.django_db
ME = actor(Role.BUREAU, person="one")


class Box:
    """Keeps every letter."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take it."""
        self.letters.append(
            (envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default))
        )
        return "250 OK"


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    """A mail server on a free port of this machine."""
    kept = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.DIANCHI_SMTP_URL = f"smtp://127.0.0.1:{port}"
    settings.DIANCHI_ADDRESS = "https://dianchi.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    yield kept
    server.stop()


def a_notice(key: str = "act:1", at: datetime = NOON, person: str = "one") -> Notice:
    return Notice.objects.create(
        person=person, organisation=ME.organisation, key=key, kind="todo", case_type="plans", case_code="FA-2026-1",
        act="submit", article="SPEC27:9", zh=f"请您办理“审定”。依据：实施规范第九条。{key}", en=f"Please approve. Basis: art. 9. {key}", at=at,
    )  # fmt: skip


def test_each_notice_is_one_letter_and_goes_out_once(box: Box) -> None:
    queries.write_to(ME, "me@example.org", "each", "zh", NOON)
    a_notice("act:1"), a_notice("act:2"), a_notice("act:3", person="another")
    assert round_of_post(NOON + timedelta(minutes=1)) == 2
    assert round_of_post(NOON + timedelta(minutes=2)) == 0
    to, letter = box.letters[0]
    assert to == ["me@example.org"]
    assert letter["Subject"] == "【滇池平台】待办：FA-2026-1"
    text = letter.get_content()
    assert "请您办理“审定”" in text
    assert "https://dianchi.example/cases/plans/FA-2026-1" in text


def test_the_letter_is_in_the_language_that_was_chosen(box: Box) -> None:
    queries.write_to(ME, "me@example.org", "each", "en", NOON)
    a_notice()
    round_of_post(NOON)
    letter = box.letters[0][1]
    assert letter["Subject"] == "[dianchi] To do: FA-2026-1"
    assert "Please approve" in letter.get_content()
    assert "请您" not in letter.get_content()


def test_a_digest_is_one_letter_a_day_in_the_morning(box: Box) -> None:
    queries.write_to(ME, "me@example.org", "daily", "zh", NOON - timedelta(days=1))
    early = NOON.replace(hour=22) - timedelta(days=1)  # 06:00 in Kunming
    for n in range(3):
        a_notice(f"act:{n}", at=early)
    assert round_of_post(early) == 0
    assert round_of_post(NOON) == 1
    a_notice("act:9", at=NOON)
    assert round_of_post(NOON + timedelta(hours=1)) == 0
    assert round_of_post(NOON + timedelta(days=1)) == 1
    subjects = [str(letter["Subject"]).strip() for _, letter in box.letters]
    assert subjects == ["【滇池平台】3 条提醒（2026-03-02）", "【滇池平台】1 条提醒（2026-03-03）"]


def test_what_is_read_or_older_than_the_wish_is_not_mailed(box: Box) -> None:
    a_notice("act:1", at=NOON - timedelta(days=1))
    queries.write_to(ME, "me@example.org", "each", "zh", NOON)
    read = a_notice("act:2", at=NOON)
    queries.read(ME, NOON, read.pk)
    assert round_of_post(NOON) == 0


def test_without_a_server_or_while_it_is_away_everything_waits(box: Box, settings: Any) -> None:
    queries.write_to(ME, "me@example.org", "each", "zh", NOON)
    a_notice()
    good, settings.DIANCHI_SMTP_URL = settings.DIANCHI_SMTP_URL, "smtp://127.0.0.1:9"
    assert round_of_post(NOON) == 0
    settings.DIANCHI_SMTP_URL = ""
    assert round_of_post(NOON) == 0
    settings.DIANCHI_SMTP_URL = good
    assert round_of_post(NOON) == 1


def test_an_address_is_well_formed_and_can_be_taken_back() -> None:
    for wrong in ("me", "me@", "a b@example.org", "me@example.org\nBcc: x@example.org"):
        with pytest.raises(Invalid) as refused:
            queries.write_to(ME, wrong, "each", "zh", NOON)
        assert refused.value.refusals[0].code == "notices.bad-address"
    queries.write_to(ME, "me@example.org", "each", "zh", NOON)
    queries.write_to(ME, "", "each", "zh", NOON)
    assert not Address.objects.exists()
