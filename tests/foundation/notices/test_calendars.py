"""Calendars of deadlines under secret addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar
from tests.factories import authorization as make
from tests.factories.accounts import account
from tests.factories.people import actor
from tests.factories.resources import LONG_AGO, SAID, do

from dianchi.foundation.cases.models import Due
from dianchi.foundation.memberships.models import Membership
from dianchi.foundation.notices.calendars import close_feed, feed, open_feed
from dianchi.foundation.notices.models import Feed
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db


def somebody(role: Role) -> Actor:
    return actor(role, person=account(role).pk)


def test_a_calendar_holds_what_falls_to_the_person() -> None:
    bureau, provider = somebody(Role.BUREAU), somebody(Role.PROVIDER)
    case = make.an_approved_plan(at=LONG_AGO)
    due = Due.objects.get(case_code=case.code, done_at=None)
    events = Calendar.from_ical(feed(open_feed(bureau, LONG_AGO), LONG_AGO)).walk("VEVENT")
    mine = [e for e in events if case.title in str(e["summary"])]
    assert [e.decoded("dtstart") for e in mine] == [last_day(due.due_at)]
    assert str(mine[0]["summary"]).startswith("备案")
    assert case.code in str(mine[0]["description"])
    assert mine[0].walk("VALARM")
    others = Calendar.from_ical(feed(open_feed(provider, LONG_AGO), LONG_AGO)).walk("VEVENT")
    assert not [e for e in others if case.title in str(e["summary"])]
    do("plans", "file", bureau, case.code, at=LONG_AGO)
    assert case.title not in feed(open_feed(bureau, LONG_AGO), LONG_AGO).decode().replace("\r\n ", "")


def test_a_calendar_ends_when_it_is_revoked_replaced_or_the_role_is_gone() -> None:
    bureau = somebody(Role.BUREAU)
    first = open_feed(bureau, LONG_AGO)
    second = open_feed(bureau, LONG_AGO)
    with pytest.raises(NotFound):
        feed(first, LONG_AGO)
    assert feed(second, LONG_AGO)
    close_feed(bureau, LONG_AGO)
    with pytest.raises(NotFound):
        feed(second, LONG_AGO)
    third = open_feed(bureau, LONG_AGO)
    for membership in Membership.objects.filter(organisation=bureau.organisation, role="bureau"):
        do("memberships", "revoke", Role.SECURITY_ADMIN, membership.code, reason=SAID)
    with pytest.raises(NotFound):
        feed(third, LONG_AGO + timedelta(minutes=1))


def test_the_secret_itself_is_not_kept() -> None:
    secret = open_feed(somebody(Role.BUREAU), LONG_AGO)
    assert len(secret) >= 40
    assert secret not in str(list(Feed.objects.values()))
