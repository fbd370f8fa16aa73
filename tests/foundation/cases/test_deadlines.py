"""Deadlines: opened on entering a state, closed on leaving it, and the acts that time performs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.people import actor
from tests.factories.resources import LONG_AGO, a_published_item, an_application, in_publicity

from dianchi.chapters.resources.registration.models import Registration
from dianchi.foundation.cases.deadlines import declared, key_of
from dianchi.foundation.cases.inputs import parse
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import case_type, case_types
from dianchi.foundation.ledger.models import Entry
from dianchi.interfaces.cli.worker import RETRY, acts_by_time
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.workdays import local_day, workdays_between

pytestmark = pytest.mark.django_db
KINDS = list(case_types().values())


def running(case) -> list[Due]:
    return list(Due.objects.filter(case_code=case.code, done_at=None))


def applied(at: datetime = LONG_AGO):
    return an_application(a_published_item(at=at), at=at)


def publicized(at: datetime = LONG_AGO):
    return in_publicity(applied(at).code, at=at)


def test_entering_a_state_opens_its_deadline_and_leaving_closes_it():
    case = applied()
    (due,) = running(case)
    assert declared(case_type("registration"), due).clock == "E1"
    assert due.state_since == LONG_AGO
    later = LONG_AGO + timedelta(hours=3)
    perform("registration", "accept", by=actor(Role.REGISTRAR), at=later, code=case.code)
    due.refresh_from_db()
    assert due.done_at == later
    assert [d.key for d in running(case)] == ["accepted:registration.form-review-days"]


def test_a_publicity_lasts_ten_working_days_after_its_first():
    case = publicized()
    (due,) = running(case)
    last = local_day(due.due_at - timedelta(seconds=1))
    assert workdays_between(local_day(LONG_AGO), last) == 10
    assert due.due_at == case.publicity_until
    assert due.provisional is False


def test_a_deadline_beyond_the_published_calendar_is_provisional():
    case = applied(datetime(2027, 6, 1, 4, tzinfo=UTC))
    assert [d.provisional for d in running(case)] == [True]


def test_time_issues_the_code_when_the_publicity_is_over_and_not_before():
    case = publicized()
    assert acts_by_time(case.publicity_until - timedelta(seconds=1)) == 0
    assert acts_by_time(case.publicity_until) == 1
    case.refresh_from_db()
    assert case.state == "registered"
    entry = Entry.objects.get(kind="registration.code")
    assert (entry.role, entry.from_state) == ("system", "publicity")
    assert acts_by_time(case.publicity_until) == 0


def test_an_act_that_a_guard_forbids_is_tried_again_later_and_not_lost():
    case = publicized()
    until = case.publicity_until
    # The publicity is longer than was reckoned when it began.
    Registration.objects.filter(pk=case.pk).update(publicity_until=until + timedelta(minutes=25))
    assert acts_by_time(until) == 0
    (due,) = running(case)
    assert (due.tried_at, due.reminded_at) == (until, None)
    assert Entry.objects.filter(kind="registration.code").count() == 0  # waiting is no refused attempt
    assert acts_by_time(until + RETRY / 2) == 0
    assert Due.objects.get(pk=due.pk).tried_at == until  # not yet its turn
    assert acts_by_time(until + 3 * RETRY) == 1
    case.refresh_from_db()
    assert case.state == "registered"


def test_one_case_that_cannot_be_done_does_not_keep_others_from_their_time():
    lost, sound = publicized(), publicized(LONG_AGO + timedelta(minutes=1))
    Due.objects.filter(case_code=lost.code).update(case_code="DJ-2026-00000-00000")
    assert acts_by_time(sound.publicity_until) == 1
    assert Registration.objects.get(pk=sound.pk).state == "registered"


def test_a_reminder_is_noted_once():
    case = applied()
    (due,) = running(case)
    assert acts_by_time(due.due_at) == 0
    acts_by_time(due.due_at + timedelta(days=1))
    assert Due.objects.get(pk=due.pk).reminded_at == due.due_at
    assert running(case)  # it still runs: overdue


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_deadlines_are_told_apart_and_time_can_do_its_acts(kind):
    keys = [key_of(d) for d in kind.lifecycle.deadlines]
    assert len(keys) == len(set(keys))
    for deadline in kind.lifecycle.deadlines:
        if deadline.then != "remind":
            act = kind.lifecycle.act(deadline.then)
            assert deadline.state in act.sources
            parse(act, None)  # time enters nothing
            everything, seen = kind.model.objects.all(), kind.model.objects.visible_to(PLATFORM)
            assert str(seen.query) == str(everything.query)
        for name in filter(None, (deadline.since, deadline.when)):
            assert hasattr(kind.model, name)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_a_kind_has_one_opening_that_people_can_do(kind):
    """The address that opens a case names no act."""
    assert sum(act.opens and bool(act.by - {Role.SYSTEM}) for act in kind.lifecycle.acts) <= 1
