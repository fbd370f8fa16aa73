"""A person's deadlines as an iCalendar feed under a secret address that can be revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from icalendar import Alarm, Calendar, Event

from dianchi.foundation.cases.deadlines import declared
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import CaseType, case_types
from dianchi.foundation.notices.models import Feed
from dianchi.foundation.notices.people import actor_for
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.lifecycle import Deadline
from dianchi.kernel.text import Language, Text, localize
from dianchi.kernel.workdays import last_day

NO_FEED = Refusal(
    "notices.no-calendar", Text("日历地址无效或已停用", "The calendar's address is unknown or revoked"),
    remedy=Text("请在“提醒”页面重新生成", "Make a new one on the page of notices"),
)  # fmt: skip
_MOST = 500
_TITLE = Text("滇池平台办理时限", "Deadlines on dianchi")


def open_feed(actor: Actor, at: datetime) -> str:
    """A new secret for the actor's calendar, shown once; an earlier one no longer opens anything."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        close_feed(actor, at)
        Feed.objects.create(digest=_digest(secret), person=actor.person, organisation=actor.organisation, made_at=at)
    return secret


def close_feed(actor: Actor, at: datetime) -> None:
    """Revoke the actor's calendar."""
    Feed.objects.filter(person=actor.person, organisation=actor.organisation, revoked_at=None).update(revoked_at=at)


def feed(secret: str, at: datetime, lang: Language = "zh") -> bytes:
    """The calendar under a secret; NotFound once it is revoked or its person no longer acts there."""
    found = Feed.objects.filter(digest=_digest(secret), revoked_at=None).first()
    actor = actor_for(found.person, found.organisation, at) if found else None
    if found is None or actor is None:
        raise NotFound(NO_FEED)
    Feed.objects.filter(pk=found.pk).update(asked_at=at)
    return calendar(actor, at, lang)


def calendar(actor: Actor, at: datetime, lang: Language = "zh") -> bytes:
    """Every deadline that the actor's roles owe, one all-day event on its last day."""
    made = Calendar()
    made.add("prodid", "-//dianchi//deadlines//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{localize(_TITLE, lang)} · {actor.organisation_name}")
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for case, deadline, due in owed(actor):
        made.add_component(_event(case, deadline, due, at, lang))
    text: bytes = made.to_ical()
    return text


def owed(actor: Actor) -> Iterator[tuple[Any, Deadline, Due]]:
    """The running deadlines that fall to the actor's roles on cases that exist for the actor, soonest first."""
    by_kind: dict[str, list[tuple[Due, Deadline]]] = {}
    for due in Due.objects.filter(done_at=None, paused_at=None).order_by("due_at")[:_MOST]:
        kind = case_types().get(due.case_type)
        deadline = declared(kind, due) if kind else None
        if kind and deadline and _owes(kind, deadline, actor):
            by_kind.setdefault(kind.name, []).append((due, deadline))
    found = []
    for name, dues in by_kind.items():
        model: Any = case_types()[name].model
        cases = {c.code: c for c in model.objects.visible_to(actor).filter(code__in=[d.case_code for d, _ in dues])}
        found += [(cases[d.case_code], deadline, d) for d, deadline in dues if d.case_code in cases]
    return iter(sorted(found, key=lambda row: row[2].due_at))


def _owes(kind: CaseType, deadline: Deadline, actor: Actor) -> bool:
    if deadline.of:
        return bool(deadline.of & actor.roles)
    return any(a.duty and a.by & actor.roles and deadline.state in a.sources for a in kind.lifecycle.acts)


def _event(case: Any, deadline: Deadline, due: Due, at: datetime, lang: Language) -> Event:
    event, day = Event(), last_day(due.due_at)
    event.add("uid", f"{due.pk}.{due.case_code}@dianchi")
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{localize(deadline.asks, lang)} · {case.title}")
    event.add("description", f"{case.code}\n{localize(deadline.article.citation, lang)}")
    if settings.DIANCHI_ADDRESS:
        event.add("url", f"{settings.DIANCHI_ADDRESS}/cases/{due.case_type}/{due.case_code}")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(localize(deadline.asks, lang)))
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    return event


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
