"""Who is told what: after acts, before and after deadlines, before terms run out; once, and only to whom it exists."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories import authorization as make
from tests.factories.accounts import account
from tests.factories.people import actor
from tests.factories.resources import LONG_AGO, do

from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import case_types
from dianchi.foundation.notices import queries
from dianchi.foundation.notices.models import Notice, Told
from dianchi.foundation.notices.people import Staff
from dianchi.foundation.notices.tell import STALE, round_of_telling, told_of_deadlines
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.parameters import PARAMETERS

pytestmark = pytest.mark.django_db
ROLES = (Role.IMPLEMENTER, Role.AUTHORIZER, Role.BUREAU, Role.DEVELOPER, Role.AUDIT_ADMIN)


@pytest.fixture
def staff() -> dict[Role, Actor]:
    """One person in each of some roles."""
    people = {role: account(role) for role in ROLES}
    round_of_telling(LONG_AGO)  # what the accounts themselves brought about
    Notice.objects.all().delete()
    return {role: actor(role, person=person.pk) for role, person in people.items()}


def told(who: Actor, kind: str = "") -> list[Notice]:
    found = queries.of(who)
    return list(found.filter(kind=kind) if kind else found)


def a_submitted_plan(who: Actor, at: datetime = LONG_AGO) -> Any:
    case = make.a_plan_in_argument(at=at)
    for expert in make.some_experts():
        do("plans", "opine", expert, case.code, at=at, **make.IN_FAVOUR)
    return do("plans", "report", who, case.code, at=at, **make.OUTCOME)


def test_an_act_is_told_to_whom_the_next_step_falls(staff: dict[Role, Actor]) -> None:
    case = a_submitted_plan(staff[Role.IMPLEMENTER])
    round_of_telling(LONG_AGO + timedelta(minutes=1))
    wanted = [n for n in told(staff[Role.AUTHORIZER], "todo") if n.act == "report"]
    assert [(n.case_code, n.article) for n in wanted] == [
        (case.code, case_types()["plans"].lifecycle.act("report").article.key)
    ]
    assert case.title in wanted[0].zh
    assert "报请审定" in wanted[0].zh
    assert "云南省数据中心" in wanted[0].zh
    assert case.code in wanted[0].en
    assert not any(
        ch > "\u3400" for ch in wanted[0].en.replace(case.title, "").replace("云南省数据中心", "").split("Basis")[1]
    )


def test_nobody_is_told_what_oneself_did_or_may_not_see(staff: dict[Role, Actor]) -> None:
    case = a_submitted_plan(staff[Role.IMPLEMENTER])
    round_of_telling(LONG_AGO + timedelta(minutes=1))
    assert not [n for n in told(staff[Role.IMPLEMENTER]) if n.act == "report" and n.case_code == case.code]
    assert told(staff[Role.DEVELOPER]) == []
    assert told(staff[Role.AUDIT_ADMIN]) == []


def test_telling_again_tells_nothing_new(staff: dict[Role, Actor]) -> None:
    a_submitted_plan(staff[Role.IMPLEMENTER])
    at = LONG_AGO + timedelta(minutes=1)
    assert round_of_telling(at) > 0
    assert round_of_telling(at) == 0
    Told.objects.update(index=0, ends_on=None)  # a round that was cut off before it was noted
    assert round_of_telling(at) == 0


def test_history_is_no_news(staff: dict[Role, Actor]) -> None:
    a_submitted_plan(staff[Role.IMPLEMENTER])
    round_of_telling(LONG_AGO + STALE + timedelta(days=1))
    assert not [n for n in Notice.objects.all() if n.kind in ("todo", "news")]


def test_a_deadline_is_told_before_its_end_after_it_and_then_to_the_supervisor(staff: dict[Role, Actor]) -> None:
    code = make.a_publicized_selection(at=LONG_AGO).code
    due = Due.objects.get(case_code=code, done_at=None)
    people = Staff(LONG_AGO)

    def of(who: Role, kind: str) -> int:
        return sum(n.case_code == code for n in told(staff[who], kind))

    assert told_of_deadlines(people, LONG_AGO - timedelta(days=9)) == 0
    told_of_deadlines(people, due.due_at - timedelta(hours=20))
    told_of_deadlines(people, due.due_at - timedelta(hours=10))
    assert (of(Role.IMPLEMENTER, "soon"), of(Role.IMPLEMENTER, "overdue"), of(Role.BUREAU, "soon")) == (1, 0, 0)
    told_of_deadlines(people, due.due_at)
    assert (of(Role.IMPLEMENTER, "overdue"), of(Role.BUREAU, "escalated")) == (1, 0)
    told_of_deadlines(people, due.due_at + timedelta(days=9))
    told_of_deadlines(people, due.due_at + timedelta(days=10))
    assert (of(Role.IMPLEMENTER, "overdue"), of(Role.BUREAU, "escalated"), of(Role.DEVELOPER, "escalated")) == (1, 1, 0)


def test_a_paused_or_finished_deadline_is_not_told(staff: dict[Role, Actor]) -> None:
    case = make.an_approved_plan(at=LONG_AGO)
    due = Due.objects.get(case_code=case.code, done_at=None)
    Due.objects.filter(pk=due.pk).update(paused_at=LONG_AGO)
    assert told_of_deadlines(Staff(LONG_AGO), due.due_at) == 0
    Due.objects.filter(pk=due.pk).update(paused_at=None, done_at=LONG_AGO)
    assert told_of_deadlines(Staff(LONG_AGO), due.due_at) == 0


def test_every_deadline_of_the_law_can_be_told() -> None:
    """Each declared deadline has somebody who owes it, words in both languages and a figure."""
    for kind in case_types().values():
        for deadline in kind.lifecycle.deadlines:
            owing = deadline.of or {
                r for a in kind.lifecycle.acts if a.duty and deadline.states & set(a.sources) for r in a.by
            }
            assert owing, (kind.name, str(deadline.asks))
            assert deadline.asks.en
            assert deadline.period.parameter in PARAMETERS


def test_every_term_that_ends_is_a_date_of_its_case() -> None:
    found = [(kind, end) for kind in case_types().values() for end in getattr(kind.model, "ends", ())]
    for kind, end in found:
        assert end.field in {f.name for f in kind.model._meta.concrete_fields}
        assert set(end.states) <= {s.value for s in kind.lifecycle.states}
        assert [int(s) for s in str(PARAMETERS[end.parameter].default).split(",")]


def test_reading_is_ones_own(staff: dict[Role, Actor]) -> None:
    a_submitted_plan(staff[Role.IMPLEMENTER])
    at = LONG_AGO + timedelta(minutes=1)
    round_of_telling(at)
    mine, other = staff[Role.AUTHORIZER], staff[Role.BUREAU]
    before = queries.unread(mine)
    assert before > 0
    queries.read(other, at, told(mine)[0].pk)
    assert queries.unread(mine) == before
    queries.read(mine, at)
    assert queries.unread(mine) == 0
