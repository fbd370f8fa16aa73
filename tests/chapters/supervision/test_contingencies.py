"""Emergency plans: one in force for each party and role, drilled every year; who has none is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.people import HOME, NOON, actor
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.supervision.contingencies.lifecycle import CONTINGENCY, PARTS, Facts
from dianchi.chapters.supervision.contingencies.models import Contingency
from dianchi.chapters.supervision.contingencies.queries import readiness
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid, NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
file: - -> filed: operator implementer developer provider bureau
drill: filed -> =: operator implementer developer provider bureau
replace: filed -> replaced: system
"""
SAID = "明确分工，逐级报告，立即关停。"


def a_plan(role: Role = Role.OPERATOR, at: Any = NOON, **changes: Any) -> Any:
    inputs = {"title": "数据安全事件应急预案", "role": role.value, **{name: SAID for name, _ in PARTS}}
    return do("contingencies", "file", role, at=at, **inputs | changes)


def drilled(case: Any, day: date = date(2026, 3, 2), at: Any = NOON) -> Any:
    inputs = {
        "held_on": day,
        "drill": "一键关停与四小时报告",
        "participants": 12,
        "findings": "值守电话未更新",
        "lessons": "更新联络表",
    }
    return do("contingencies", "drill", Role.OPERATOR, case.code, at=at, **inputs)


def due(case: Any) -> date:
    return last_day(Due.objects.get(case_code=case.code, done_at=None).due_at)


def test_who_may_do_what_from_where() -> None:
    assert matrix(CONTINGENCY, Facts()) == rows(ALLOWED)


def test_a_plan_has_seven_parts() -> None:
    assert len(PARTS) == 7
    for name, _ in PARTS:
        with pytest.raises(Invalid):
            a_plan(**{name: ""})


def test_a_party_plans_for_a_role_it_plays() -> None:
    with refused("contingencies.not-your-role"):
        do(
            "contingencies",
            "file",
            Role.DEVELOPER,
            title="数据安全事件应急预案",
            role="operator",
            **{n: SAID for n, _ in PARTS},
        )


def test_the_first_drill_is_due_a_year_after_filing_and_the_next_a_year_after_the_last() -> None:
    case = a_plan()
    assert due(case) == date(2027, 3, 2)
    later = NOON + timedelta(days=100)
    case = drilled(case, date(2026, 6, 1), later)
    assert due(case) == date(2027, 6, 1)
    assert [d["held_on"] for d in case.drills] == ["2026-06-01"]


def test_a_new_plan_goes_on_with_the_old_plans_year() -> None:
    old = drilled(a_plan())
    new = a_plan(at=NOON + timedelta(days=200))
    old.refresh_from_db()
    assert (old.state, new.state) == ("replaced", "filed")
    assert due(new) == date(2027, 3, 2)
    assert not Due.objects.filter(case_code=old.code, done_at=None).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contingency.objects.filter(pk=old.pk).update(state="filed")


def test_drills_lie_behind_and_in_order_and_are_ones_own() -> None:
    case = a_plan()
    with refused("contingencies.drill-ahead"):
        drilled(case, date(2026, 3, 3))
    drilled(case)
    with refused("contingencies.drill-out-of-order"):
        drilled(case, date(2026, 3, 1))
    with refused("contingencies.not-yours"):
        do(
            "contingencies",
            "drill",
            Role.BUREAU,
            case.code,
            held_on=date(2026, 3, 2),
            drill="一键关停",
            participants=3,
            findings="无问题",
            lessons="无改进",
        )


def test_who_has_no_plan_and_who_is_late_is_known(contract: Any) -> None:
    a_plan()
    a_plan(Role.IMPLEMENTER)
    found = readiness(NOON)
    assert [(r.role, r.plan is not None) for r in found] == [
        ("developer", False),
        ("implementer", True),
        ("operator", True),
    ]
    late = readiness(NOON + timedelta(days=400))
    assert [r.overdue for r in late] == [False, True, True]
    assert readiness(NOON, "5301") == []


def test_from_filing_over_drills_to_the_next_plan() -> None:
    case = drilled(drilled(a_plan()))
    a_plan()
    acts = [(e.kind.split(".")[1], e.role) for e in Entry.objects.filter(case_id=case.code).order_by("index")]
    assert acts == [("file", "operator"), ("drill", "operator"), ("drill", "operator"), ("replace", "system")]


def test_what_is_refused_leaves_no_trace() -> None:
    case, before = a_plan(), Entry.objects.count()
    with refused("contingencies.drill-ahead"):
        drilled(case, date(2026, 3, 3))
    assert Entry.objects.count() == before
    assert get_case("contingencies", case.code, actor(Role.OPERATOR)).drills == []


def test_a_plan_is_for_its_party_and_supervision() -> None:
    case = a_plan()
    for role in (Role.OPERATOR, Role.BUREAU, Role.AUDITOR, Role.SECURITY_ADMIN):
        assert get_case("contingencies", case.code, actor(role)) == case
    for by in (actor(Role.DEVELOPER), actor(Role.CONSUMER), actor(Role.OPERATOR, organisation=HOME[Role.DEVELOPER][0])):
        with pytest.raises(NotFound):
            get_case("contingencies", case.code, by)
