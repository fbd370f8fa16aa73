"""Demands for data that nobody supplies: assigned, answered within ten working days, met by a catalogue item."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.factories import resources as make
from tests.factories.people import HOME, actor, enrol_all
from tests.factories.resources import SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.resources.demands.lifecycle import DEMANDS, Facts
from dianchi.chapters.resources.demands.models import Demand
from dianchi.foundation.cases.deadlines import declared
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import case_type, get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
ask: - -> open: operator developer consumer implementer sector
support: open, assigned, promised -> =: operator developer consumer implementer sector
assign: open, assigned, declined -> assigned: bureau
promise: assigned -> promised: provider
decline: assigned -> declined: provider
meet: assigned, promised -> met: provider
confirm: met -> closed: operator developer consumer implementer sector
reopen: met, declined -> open: operator developer consumer implementer sector
withdraw: open, assigned, promised, declined -> withdrawn: operator developer consumer implementer sector
"""
HOLDER, OTHER = HOME[Role.PROVIDER][0], HOME[Role.SECTOR][0]
STRANGER = actor(Role.PROVIDER, organisation=OTHER)
MONDAY = datetime(2026, 1, 5, 2, tzinfo=UTC)


def asked(by: Any = Role.DEVELOPER, **changes: Any) -> Any:
    enrol_all()
    inputs = {
        "title": "客运站发班信息",
        "wanted": "全省客运站每日班次、余票。",
        "purpose": "出行服务。",
        "sector": "交通运输",
    }
    return do("demands", "ask", by, at=MONDAY, **(inputs | changes))


def assigned(**changes: Any) -> Any:
    return do("demands", "assign", Role.BUREAU, asked(**changes).code, at=MONDAY, provider=HOLDER)


def met() -> Any:
    item = make.a_published_item(title="客运站发班计划")
    return do("demands", "meet", Role.PROVIDER, assigned().code, item=item.code, answer="已编目发布。")


def test_who_may_do_what_from_where() -> None:
    assert matrix(DEMANDS, Facts()) == rows(ALLOWED)


def test_from_demand_to_data() -> None:
    case = do("demands", "promise", Role.PROVIDER, assigned().code, promised_on="2026-02-01", answer="正在整理。")
    item = make.a_published_item(title="客运站发班计划")
    do("demands", "meet", Role.PROVIDER, case.code, item=item.code, answer="已编目发布。")
    case = do("demands", "confirm", Role.DEVELOPER, case.code)
    assert (case.state, case.item) == ("closed", item)
    kinds = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", flat=True)
    assert [k.rpartition(".")[2] for k in kinds] == ["ask", "assign", "promise", "meet", "confirm"]


def test_the_answer_has_ten_working_days() -> None:
    due = Due.objects.get(case_code=assigned().code, done_at=None)
    deadline = declared(case_type("demands"), due)
    assert deadline is not None
    assert (deadline.clock, last_day(due.due_at)) == ("E34", date(2026, 1, 19))


def test_what_is_on_the_catalogue_is_not_asked_for() -> None:
    make.a_published_item(title="客运站发班信息")
    with refused("demands.on-the-catalogue-already"):
        asked()


def test_an_organisation_supports_a_demand_once_and_not_its_own() -> None:
    case = asked()
    with refused("demands.supported-already"):
        do("demands", "support", Role.DEVELOPER, case.code, note=SAID)
    case = do("demands", "support", Role.CONSUMER, case.code, note=SAID)
    assert [one["organisation"] for one in case.supporters] == [HOME[Role.CONSUMER][0]]
    with refused("demands.supported-already"):
        do("demands", "support", Role.CONSUMER, case.code, note=SAID)


def test_only_the_department_in_charge_answers() -> None:
    case = assigned()
    for act, inputs in (
        ("promise", {"promised_on": "2026-02-01", "answer": SAID}),
        ("decline", {"ground": "NOT_HELD", "answer": SAID}),
    ):
        with refused("demands.not-assigned-to-you"):
            do("demands", act, STRANGER, case.code, **inputs)


def test_a_demand_is_assigned_to_a_known_department_by_its_own_administration() -> None:
    case = asked()
    with refused("demands.provider-unknown"):
        do("demands", "assign", Role.BUREAU, case.code, provider="91530100MA6P02XH13")
    with refused("demands.not-your-territory"):
        do("demands", "assign", actor(Role.BUREAU, region="530100"), case.code, provider=HOLDER)


def test_it_is_met_by_a_published_item_of_that_department() -> None:
    case = assigned()
    draft = make.a_draft_item()
    with refused("demands.item-not-published"):
        do("demands", "meet", Role.PROVIDER, case.code, item=draft.code, answer=SAID)
    of_another = make.a_published_item(by=STRANGER, title="他单位资源")
    with refused("demands.item-of-another"):
        do("demands", "meet", Role.PROVIDER, case.code, item=of_another.code, answer=SAID)


def test_only_who_asked_confirms_reopens_or_withdraws() -> None:
    case = met()
    with refused("demands.not-the-asker"):
        do("demands", "confirm", Role.CONSUMER, case.code)
    case = do("demands", "reopen", Role.DEVELOPER, case.code, reason="缺少余票数据项。")
    assert case.state == "open"
    assert do("demands", "withdraw", Role.DEVELOPER, case.code).state == "withdrawn"


def test_a_declined_demand_may_go_to_another_department() -> None:
    case = do("demands", "decline", Role.PROVIDER, assigned().code, ground="NOT_HELD", answer="由交通运输部门掌握。")
    case = do("demands", "assign", Role.BUREAU, case.code, provider=OTHER)
    assert (case.state, case.provider) == ("assigned", OTHER)


def test_all_who_take_part_know_the_list_and_administrators_do_not() -> None:
    case = asked()
    for role in (Role.PROVIDER, Role.CONSUMER, Role.BUREAU, Role.AUDITOR):
        assert get_case("demands", case.code, actor(role)) == case
    with pytest.raises(NotFound):
        get_case("demands", case.code, actor(Role.SYSTEM_ADMIN))


def test_a_refusal_leaves_no_trace() -> None:
    make.a_published_item(title="客运站发班信息")
    entries = Entry.objects.count()
    with refused("demands.on-the-catalogue-already"):
        asked()
    assert (Demand.objects.count(), Entry.objects.count()) == (0, entries)
