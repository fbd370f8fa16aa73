"""Notices by mail: each at once, or all of a day in one letter; over SMTP, in the language that the person chose."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from smtplib import SMTPException
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from dianchi.foundation.notices.models import Address, Notice
from dianchi.foundation.notices.words import TITLES
from dianchi.kernel.text import Text, localize
from dianchi.kernel.workdays import SHANGHAI, local_day

log = logging.getLogger("dianchi.notices")
MOST = 200  # letters of a round
DIGEST_HOUR = 8  # from when on in the morning yesterday's digest is due
_SUBJECT = Text("【滇池平台】{what}", "[dianchi] {what}")
_DIGEST = Text("{n} 条提醒（{day}）", "{n} notices ({day})")
_FOOT = Text(
    "请登录平台办理：{site}\n本邮件由平台自动发出，请勿回复；可在“提醒”页面更改接收方式。",
    "Sign in to act: {site}\nThis letter was sent by the platform; do not answer it. You can change how you are told on the page of notices.",
)


def round_of_post(at: datetime) -> int:
    """Send what is to be sent; how many letters went out. What cannot be sent now waits for the next round."""
    if not settings.DIANCHI_SMTP_URL:
        return 0
    letters = [letter for address in Address.objects.order_by("pk") for letter in _letters(address, at)][:MOST]
    if not letters:
        return 0
    try:
        with _connection() as connection:
            return sum(_sent(connection, *letter, at) for letter in letters)
    except (OSError, SMTPException) as problem:
        log.warning("mail cannot be sent now: %s", type(problem).__name__)
        return 0


def _letters(address: Address, at: datetime) -> list[tuple[Address, list[Notice]]]:
    waiting = Notice.objects.filter(person=address.person, mailed_at=None, read_at=None, at__gte=address.since)
    notices = list(waiting.order_by("at", "id")[:MOST])
    if address.mode == "each":
        return [(address, [n]) for n in notices]
    early = at.astimezone(SHANGHAI).hour < DIGEST_HOUR or address.digested_on == local_day(at)
    return [(address, notices)] if notices and not early else []


def _sent(connection: Any, address: Address, notices: list[Notice], at: datetime) -> int:
    letter = EmailMessage(
        _subject(address, notices, at), _body(address, notices), settings.DIANCHI_MAIL_FROM, [address.email],
        connection=connection, headers={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    letter.send()
    Notice.objects.filter(pk__in=[n.pk for n in notices]).update(mailed_at=at)
    if address.mode == "daily":
        Address.objects.filter(pk=address.pk).update(digested_on=local_day(at))
    return 1


def _subject(address: Address, notices: list[Notice], at: datetime) -> str:
    if address.mode == "daily":
        what: object = _DIGEST.format(n=len(notices), day=local_day(at).isoformat())
    else:
        what = Text("{kind}：{code}", "{kind}: {code}").format(kind=TITLES[notices[0].kind], code=notices[0].case_code)
    return str(localize(_SUBJECT.format(what=what), address.language))


def _body(address: Address, notices: Iterable[Notice]) -> str:
    english = address.language == "en"
    lines = [
        f"{localize(TITLES[n.kind], address.language)}{': ' if english else '：'}{n.en if english else n.zh}\n"
        f"{settings.DIANCHI_ADDRESS}/cases/{n.case_type}/{n.case_code}"
        for n in notices
    ]
    foot = localize(_FOOT.format(site=settings.DIANCHI_ADDRESS or "—"), address.language)
    return "\n\n".join([*lines, str(foot)]) + "\n"


def _connection() -> Any:
    """smtp://user:password@host:port, smtps:// for TLS from the start, `?starttls=1` for TLS after the greeting."""
    url = urlsplit(settings.DIANCHI_SMTP_URL)
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host=url.hostname, port=url.port or (465 if url.scheme == "smtps" else 25),
        username=unquote(url.username or ""), password=unquote(url.password or ""), use_ssl=url.scheme == "smtps",
        use_tls="starttls=1" in url.query, timeout=10,
    )  # fmt: skip
