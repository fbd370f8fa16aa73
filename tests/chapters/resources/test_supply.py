"""Supply: one load of one resource, its receipt, and the verdict that puts it into service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories import resources as make
from tests.factories.people import HOME, NOON, actor
from tests.factories.resources import LONG_AGO, SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.resources.supply.lifecycle import SUPPLY, Facts
from dianchi.chapters.resources.supply.models import Load
from dianchi.chapters.resources.supply.queries import current, in_service_since, loads_of, to_tend
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound, NotPermitted, RuleBroken

pytestmark = pytest.mark.django_db

ALLOWED = """
open: - -> opened: provider
receive: opened -> received: system
pass: received -> in-service: bureau
reject: received -> rejected: bureau
roll-back: in-service, stale -> rolled-back: bureau
expire: in-service -> stale: system
relieve: stale -> in-service: system
forget: received, in-service, stale, rejected, rolled-back -> =: system
"""
OTHER = HOME[Role.SECTOR][0]


def test_who_may_do_what_from_where() -> None:
    assert matrix(SUPPLY, Facts()) == rows(ALLOWED)


def test_only_the_provider_supplies() -> None:
    item = make.a_published_item()
    with refused("supply.not-the-provider"):
        make.an_open_load(item, by=actor(Role.PROVIDER, organisation=OTHER))


def test_only_what_is_published_is_supplied() -> None:
    with refused("supply.item-not-published"):
        make.an_open_load(make.a_draft_item())
    with refused("supply.not-graded", "R4"):
        case = Load(**_bare(make.a_draft_item()))
        case.save()
        do("supply", "receive", PLATFORM, case.code, **make.receipt())


def _bare(item: Any) -> dict[str, Any]:
    """A load on an item that never was published, as no act can make it."""
    return {"item": item, "code": f"GS-{item.pk}", "title": item.title, "state": "opened", "opened_at": LONG_AGO,
            "opened_by": "x", "opened_for": item.opened_for, "state_since": LONG_AGO}  # fmt: skip


def test_what_was_stopped_since_is_not_received() -> None:
    item = make.a_published_item()
    load = make.an_open_load(item)
    do("catalogue", "suspend", Role.BUREAU, item.code, reason=SAID)
    with refused("supply.item-not-published"):
        do("supply", "receive", PLATFORM, load.code, **make.receipt())


@pytest.mark.parametrize(
    ("change", "code", "rule"),
    [
        ({"state_secret": True}, "supply.state-secret", "R1"),
        ({"grade": "CORE"}, "supply.core-data", "R2"),
        ({"grade": "IMPORTANT"}, "supply.important-not-assessed", "R3"),
        ({"grade": ""}, "supply.not-graded", "R4"),
    ],
)
def test_what_may_not_enter_is_not_received(change: dict[str, Any], code: str, rule: str) -> None:
    load = make.an_open_load(make.a_published_item())
    type(load.item).objects.update(state="suspended", **change)  # behind the door: the guards do not rely on it
    with refused(code, rule):
        do("supply", "receive", PLATFORM, load.code, **make.receipt())


def test_assessed_important_data_are_received() -> None:
    load = make.an_open_load(make.a_published_item(grade="IMPORTANT", risk_assessment="五个方面均已评估。"))
    assert do("supply", "receive", PLATFORM, load.code, **make.receipt()).state == "received"


def test_the_counts_add_up() -> None:
    load = make.an_open_load(make.a_published_item())
    with refused("supply.counts-differ"):
        do("supply", "receive", PLATFORM, load.code, **make.receipt(3, 1, rows_received=5))


def test_the_database_itself_keeps_the_counts() -> None:
    load = make.a_received_load(make.a_published_item())
    with pytest.raises(IntegrityError, match="received_is_accepted_and_quarantined"), transaction.atomic():
        Load.objects.filter(pk=load.pk).update(rows_accepted=1)


def test_the_same_file_is_one_load() -> None:
    item = make.a_published_item()
    make.a_received_load(item, batch="file-1")
    second = make.an_open_load(item)
    with refused("supply.file-received-already"):
        do("supply", "receive", PLATFORM, second.code, **make.receipt(batch="file-1"))


def test_a_file_that_was_rejected_may_come_again() -> None:
    item = make.a_published_item()
    first = make.a_received_load(item, batch="file-1")
    do("supply", "reject", Role.BUREAU, first.code, verdict=SAID)
    assert make.a_received_load(item, batch="file-1").state == "received"


def test_an_empty_load_is_not_put_into_service() -> None:
    load = make.a_received_load(make.a_published_item(), rows=0, quarantined=4)
    with refused("supply.nothing-accepted"):
        do("supply", "pass", Role.BUREAU, load.code, verdict=SAID)
    assert do("supply", "reject", Role.BUREAU, load.code, verdict=SAID).state == "rejected"


def test_nobody_verifies_an_own_load() -> None:
    both = actor(Role.PROVIDER, roles=(Role.BUREAU,))
    load = make.a_received_load(make.a_published_item(by=both))
    for act in ("pass", "reject"):
        with refused("supply.own-load", "R66"):
            do("supply", act, both, load.code, verdict=SAID)


def test_a_person_cannot_write_a_receipt() -> None:
    load = make.an_open_load(make.a_published_item())
    with refused("supply.not-your-role", kind=NotPermitted):
        do("supply", "receive", actor(Role.PROVIDER), load.code, **make.receipt())


def test_from_request_to_service() -> None:
    item = make.a_published_item()
    load = make.a_load_in_service(item, rows=3, quarantined=2)
    counts = (load.rows_received, load.rows_accepted, load.rows_quarantined)
    assert (load.state, counts, load.in_service_at, load.received_at) == ("in-service", (5, 3, 2), LONG_AGO, LONG_AGO)
    acts = Entry.objects.filter(case_id=load.code).order_by("index").values_list("kind", "role")
    assert list(acts) == [("supply.open", "provider"), ("supply.receive", "system"), ("supply.pass", "bureau")]
    assert (current(item.code), in_service_since(item.code)) == (load, LONG_AGO)


def test_the_latest_load_counts_and_the_first_began_the_use() -> None:
    item = make.a_published_item()
    first = make.a_load_in_service(item, at=LONG_AGO)
    second = make.a_load_in_service(item, at=LONG_AGO + timedelta(days=1))
    make.a_received_load(item, at=NOON)  # not verified: not in service
    assert (current(item.code), in_service_since(item.code)) == (second, first.in_service_at)
    assert loads_of(item.code)[1:] == [second, first]


def test_the_bureau_has_a_deadline_for_its_verdict() -> None:
    load = make.a_received_load(make.a_published_item())
    due = Due.objects.get(case_code=load.code, done_at=None)
    do("supply", "pass", Role.BUREAU, load.code, at=NOON, verdict=SAID)
    due.refresh_from_db()
    assert due.done_at == NOON


def test_a_refusal_leaves_no_trace() -> None:
    load = make.an_open_load(make.a_published_item())
    entries = Entry.objects.count()
    with pytest.raises(RuleBroken):
        do("supply", "receive", PLATFORM, load.code, **make.receipt(3, 1, rows_received=5))
    load.refresh_from_db()
    assert (load.state, load.rows_received, Entry.objects.count()) == ("opened", None, entries)


def test_loads_are_for_the_provider_and_supervision() -> None:
    load = make.a_received_load(make.a_published_item())
    for role in (Role.PROVIDER, Role.BUREAU, Role.IMPLEMENTER, Role.AUDITOR):
        assert get_case("supply", load.code, actor(role)) == load
    for by in (actor(Role.PROVIDER, organisation=OTHER), actor(Role.OPERATOR), actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(NotFound):
            get_case("supply", load.code, by)


def test_rolling_back_returns_to_the_load_before() -> None:
    item = make.a_published_item()
    first = make.a_load_in_service(item, at=LONG_AGO)
    with refused("supply.nothing-before"):
        do("supply", "roll-back", Role.BUREAU, first.code, reason=SAID)
    second = make.a_load_in_service(item, at=LONG_AGO + timedelta(days=1))
    with refused("supply.not-the-latest"):
        do("supply", "roll-back", Role.BUREAU, first.code, reason=SAID)
    assert do("supply", "roll-back", Role.BUREAU, second.code, at=NOON, reason=SAID).state == "rolled-back"
    assert current(item.code) == first


def test_data_grow_stale_after_one_and_a_half_periods() -> None:
    item = make.a_published_item(update_frequency="monthly")  # 31 days, times 1.5
    load = make.a_load_in_service(item, at=LONG_AGO)
    early, late = LONG_AGO + timedelta(days=46), LONG_AGO + timedelta(days=47)
    assert to_tend(early) == []
    with refused("supply.not-overdue"):
        do("supply", "expire", PLATFORM, load.code, at=early)
    assert to_tend(late) == [(load, "expire")]
    assert do("supply", "expire", PLATFORM, load.code, at=late).state == "stale"
    assert current(item.code) == load  # stale data are told to be so; they do not vanish
    assert Due.objects.filter(case_code=load.code, done_at=None).count() == 1  # the provider owes newer ones
    with refused("supply.not-replaced"):
        do("supply", "relieve", PLATFORM, load.code, at=late)
    newer = make.a_load_in_service(item, at=late)
    assert (load.code, "relieve") in [(case.code, act) for case, act in to_tend(late)]
    assert do("supply", "relieve", PLATFORM, load.code, at=late).state == "in-service"
    assert current(item.code) == newer


def test_what_comes_at_no_fixed_time_is_never_stale() -> None:
    make.a_load_in_service(make.a_published_item(update_frequency="irregular"), at=LONG_AGO)
    assert to_tend(LONG_AGO + timedelta(days=3650)) == []


def test_rows_set_aside_are_forgotten_after_their_term() -> None:
    load = make.a_received_load(make.a_published_item(update_frequency="irregular"), quarantined=2)
    term = LONG_AGO + timedelta(days=90)
    with refused("supply.quarantine-kept"):
        do("supply", "forget", PLATFORM, load.code, at=term - timedelta(seconds=1))
    assert to_tend(term) == [(load, "forget")]
    after = do("supply", "forget", PLATFORM, load.code, at=term)
    assert (after.state, after.forgotten_at, after.rows_quarantined) == ("received", term, 2)
    with refused("supply.quarantine-kept"):
        do("supply", "forget", PLATFORM, load.code, at=term)


def test_only_a_load_of_the_same_resource_with_rows_set_aside_is_corrected() -> None:
    item, other = make.a_published_item(), make.a_published_item()
    clean, dirty = make.a_received_load(item), make.a_received_load(item, quarantined=1)
    foreign = make.a_received_load(other, quarantined=1)
    for wrong in (clean, foreign):
        with refused("supply.corrects-another"):
            do("supply", "open", Role.PROVIDER, item=item.code, corrects=wrong.code)
    assert do("supply", "open", Role.PROVIDER, item=item.code, corrects=dirty.code).corrects == dirty
