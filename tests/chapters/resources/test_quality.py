"""Quality tickets: raised by those who use the data, mended by those who hold them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.factories import resources as make
from tests.factories.people import HOME, NOON, actor
from tests.factories.resources import do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.resources.quality.lifecycle import QUALITY, Facts
from dianchi.chapters.resources.quality.queries import of_scan
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import Invalid, NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
raise: - -> open: operator developer consumer bureau
find: - -> open: system
recheck: open, accepted, fixed -> =: system
accept: open -> accepted: bureau
reject: open -> rejected: bureau
fix: accepted -> fixed: provider
close: fixed -> closed: bureau
reopen: fixed -> accepted: bureau
"""
ANSWER = "已按标准修正全部记录。"
OTHER = HOME[Role.SECTOR][0]


def a_ticket(by: Any = Role.DEVELOPER) -> Any:
    item = make.a_published_item()
    return do("quality", "raise", by, title="部分州市代码不是六位", item=item.code, description="代码长度不一致。")


def test_who_may_do_what_from_where() -> None:
    assert matrix(QUALITY, Facts()) == rows(ALLOWED)


def test_only_the_provider_mends() -> None:
    ticket = a_ticket()
    do("quality", "accept", Role.BUREAU, ticket.code)
    both = actor(Role.BUREAU, roles=(Role.PROVIDER,))  # sees the ticket, holds other data
    with refused("quality.not-the-provider"):
        do("quality", "fix", both, ticket.code, answer=ANSWER)


def test_nobody_checks_an_own_fix() -> None:
    ticket, both = a_ticket(), actor(Role.PROVIDER, roles=(Role.BUREAU,))
    do("quality", "accept", Role.BUREAU, ticket.code)
    do("quality", "fix", both, ticket.code, answer=ANSWER)
    with refused("quality.own-fix", "R66"):
        do("quality", "close", both, ticket.code, answer=ANSWER)


def test_from_issue_to_close_with_one_return() -> None:
    ticket = a_ticket()
    do("quality", "accept", Role.BUREAU, ticket.code)
    do("quality", "fix", Role.PROVIDER, ticket.code, answer=ANSWER)
    do("quality", "reopen", Role.BUREAU, ticket.code, at=NOON, answer="仍有两处未改。")
    do("quality", "fix", Role.PROVIDER, ticket.code, at=NOON, answer=ANSWER)
    ticket = do("quality", "close", Role.BUREAU, ticket.code, at=NOON, answer="复核无误。")
    assert (ticket.state, ticket.provider) == ("closed", HOME[Role.PROVIDER][0])
    acts = Entry.objects.filter(case_id=ticket.code).order_by("index").values_list("kind", flat=True)
    assert [a.split(".")[1] for a in acts] == ["raise", "accept", "fix", "reopen", "fix", "close"]


def test_the_provider_has_ten_working_days() -> None:
    ticket = a_ticket()
    do("quality", "accept", Role.BUREAU, ticket.code)
    due = Due.objects.get(case_code=ticket.code, done_at=None)
    assert last_day(due.due_at) == date(2026, 1, 15)  # the 4th, a Sunday, is worked


def test_nobodys_id_is_in_the_ledger() -> None:
    ticket = a_ticket()
    do("quality", "accept", Role.BUREAU, ticket.code)
    do("quality", "fix", actor(Role.PROVIDER, person="zhang-wei"), ticket.code, answer=ANSWER)
    assert not any("zhang-wei" in text for e in Entry.objects.all() for text in (e.payload, e.body))


def test_nobody_raises_an_issue_of_what_they_cannot_see() -> None:
    draft, entries = make.a_draft_item(), Entry.objects.count()
    inputs = {"title": "代码错误", "item": draft.code, "description": "代码长度不一致。"}
    with pytest.raises(Invalid):
        do("quality", "raise", Role.DEVELOPER, **inputs)
    assert Entry.objects.count() == entries


def test_a_ticket_is_for_who_raised_it_who_mends_it_and_supervision() -> None:
    ticket = a_ticket()
    for role in (Role.DEVELOPER, Role.PROVIDER, Role.BUREAU, Role.AUDITOR):
        assert get_case("quality", ticket.code, actor(role)) == ticket
    for by in (actor(Role.OPERATOR), actor(Role.PROVIDER, organisation=OTHER), actor(Role.AUDIT_ADMIN)):
        with pytest.raises(NotFound):
            get_case("quality", ticket.code, by)


def found(item: Any, load: Any, **changes: Any) -> Any:
    inputs = {
        "title": "扫描发现不符行",
        "item": item.code,
        "description": "两条规则有不符行。",
        "load": load.code,
        "rules": {"a": 3},
    }
    return do("quality", "find", PLATFORM, **(inputs | changes))


def test_the_scan_keeps_one_ticket_for_a_resource_until_a_newer_load_is_clean() -> None:
    item = make.a_published_item()
    load = make.a_received_load(item, quarantined=3)
    ticket = found(item, load)
    assert (ticket.provider, ticket.rules, of_scan(item.code)) == (item.opened_for, {"a": 3}, ticket)
    with refused("quality.raised-already"):
        found(item, load)
    do("quality", "accept", Role.BUREAU, ticket.code)
    do("quality", "fix", Role.PROVIDER, ticket.code, answer=ANSWER)
    do("quality", "recheck", PLATFORM, ticket.code, rechecked_load=load.code, rechecked={"a": 1})
    with refused("quality.still-failing"):
        do("quality", "close", Role.BUREAU, ticket.code, answer=ANSWER)
    do("quality", "recheck", PLATFORM, ticket.code, rechecked_load=load.code, rechecked={"a": 0})
    assert do("quality", "close", Role.BUREAU, ticket.code, answer=ANSWER).state == "closed"
    assert of_scan(item.code) is None
    assert found(item, load).state == "open"
