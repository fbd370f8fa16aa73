"""Alerts: raised from the record alone, explained by the consumer, closed by those who watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.factories import operation as make
from tests.factories.operation import OTHER
from tests.factories.people import NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.orders.models import Usage
from dianchi.chapters.supervision.alerts.lifecycle import ALERT, Facts
from dianchi.chapters.supervision.alerts.models import Alert
from dianchi.foundation import ledger
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import anomalies
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound, NotPermitted
from dianchi.kernel.law.articles import yn
from dianchi.kernel.workdays import SHANGHAI, local_day

pytestmark = pytest.mark.django_db
TODAY = local_day(NOON)
NIGHT = NOON.astimezone(SHANGHAI).replace(hour=3)
ALLOWED = """
raise: - -> raised: system
explain: raised -> explained: consumer
dismiss: raised, explained -> dismissed: operator bureau security-admin
confirm: raised, explained -> confirmed: operator bureau security-admin
"""


def test_who_may_do_what_from_where() -> None:
    assert matrix(ALERT, Facts()) == rows(ALLOWED)


@pytest.fixture
def order(product: Any) -> Any:
    """An active order."""
    return make.an_active_order(product)


def entered(kind: str, order: Any, at: Any, **payload: Any) -> int:
    """An entry as the gate makes it."""
    with transaction.atomic():
        return ledger.record(kind, case_type="orders", case_id=order.code, by="", organisation=order.consumer, role="consumer",
                             at=at, article=yn(4), payload=payload)  # fmt: skip


def used(order: Any, at: Any, calls: int = 1, source: str = "home", distinct: bool = False) -> None:
    """Calls that were delivered."""
    first = Usage.objects.count()
    for n in range(calls):
        index = entered("gate.delivered", order, at, source=source)
        Usage.objects.create(
            order=order, product=order.product.slug, edition=1, at=at, rows=1, bytes=1, billable=True, price_fen=45,
            ledger_index=index, request_digest=f"{first + n if distinct else 0:064}", result_digest="1" * 64,
        )  # fmt: skip


def found(at: Any = NOON) -> set[str]:
    anomalies.look(TODAY, at)
    return set(Alert.objects.values_list("rule", flat=True))


def small(monkeypatch: Any, **limits: int) -> None:
    """Small limits, so that a test needs few calls."""
    monkeypatch.setattr(anomalies, "value", lambda key, region: limits[key.removeprefix("watch.").replace("-", "_")])


LIMITS = {"night_calls": 5, "volume_times": 5, "enumeration_values": 8, "refused_percent": 30, "differencing": 3}


def test_ordinary_use_raises_nothing(order: Any, monkeypatch: Any) -> None:
    small(monkeypatch, **LIMITS)
    for day in range(1, 6):
        used(order, NOON - timedelta(days=day), 4)
    used(order, NOON, 6)
    assert found() == set()


def test_many_calls_at_night(order: Any, monkeypatch: Any) -> None:
    small(monkeypatch, **LIMITS)
    used(order, NIGHT, 5)
    assert found() == {"night"}


def test_far_more_calls_than_usual(order: Any, monkeypatch: Any) -> None:
    small(monkeypatch, **LIMITS)
    for day in range(1, 5):
        used(order, NOON - timedelta(days=day), 4)
    used(order, NOON, 21)
    assert found() == {"volume"}


def test_calls_from_a_place_never_seen(order: Any, monkeypatch: Any) -> None:
    small(monkeypatch, **LIMITS)
    used(order, NOON - timedelta(days=1), 2)
    used(order, NOON, 1, source="elsewhere")
    assert found() == {"new-place"}


def test_the_first_place_is_no_new_one(order: Any, monkeypatch: Any) -> None:
    small(monkeypatch, **LIMITS)
    used(order, NOON, 1)
    assert found() == set()


def test_parameters_tried_one_by_one(order: Any, monkeypatch: Any) -> None:
    small(monkeypatch, **LIMITS)
    used(order, NOON, 8, distinct=True)
    assert found() == {"enumeration"}


def test_calls_that_are_refused_more_and_more(order: Any, monkeypatch: Any) -> None:
    small(monkeypatch, **LIMITS)
    used(order, NOON, 14)
    for _ in range(6):
        entered("gate.refused", order, NOON, refusals=["orders.other-product"])
    assert found() == {"refusals"}


def test_attempts_to_subtract_answers(order: Any, monkeypatch: Any) -> None:
    small(monkeypatch, **LIMITS)
    for _ in range(3):
        entered("gate.refused", order, NOON, refusals=["history.difference"])
    assert found() == {"differencing"}


def test_a_rule_is_raised_once_a_day_for_an_order(order: Any, monkeypatch: Any) -> None:
    small(monkeypatch, **LIMITS)
    used(order, NIGHT, 5)
    assert (anomalies.look(TODAY, NOON), anomalies.look(TODAY, NOON)) == (1, 0)


@pytest.fixture
def alert(order: Any, monkeypatch: Any) -> Any:
    """An alert about nightly calls."""
    small(monkeypatch, **LIMITS)
    used(order, NIGHT, 5)
    anomalies.look(TODAY, NOON)
    return Alert.objects.get()


def test_from_record_to_finding(alert: Any) -> None:
    explain = actor(Role.CONSUMER)
    perform("alerts", "explain", by=explain, at=NOON, code=alert.code, inputs={"explanation": "夜间跑批，已调整时段。"})
    done = perform(
        "alerts", "dismiss", by=actor(Role.OPERATOR), at=NOON, code=alert.code, inputs={"finding": "说明属实。"}
    )
    assert (done.case.state, done.case.figure, done.case.usual) == ("dismissed", 5, 5)
    kinds = list(Entry.objects.filter(case_id=alert.code).order_by("index").values_list("kind", flat=True))
    assert kinds == ["alerts.raise", "alerts.explain", "alerts.dismiss"]


def test_nobody_raises_one_by_hand_and_no_consumer_closes_its_own(alert: Any) -> None:
    with pytest.raises(NotPermitted):
        perform("alerts", "raise", by=actor(Role.BUREAU), at=NOON, inputs={})
    with pytest.raises(NotPermitted):
        perform(
            "alerts", "dismiss", by=actor(Role.CONSUMER), at=NOON, code=alert.code, inputs={"finding": "没有问题。"}
        )
    with refused("alerts.not-yours"):
        perform("alerts", "dismiss", by=actor(Role.CONSUMER, roles=(Role.OPERATOR,)), at=NOON, code=alert.code,
                inputs={"finding": "没有问题。"})  # fmt: skip
    assert Alert.objects.get().state == "raised"


def test_an_alert_is_for_its_parties_and_those_who_watch(alert: Any) -> None:
    make.another_enterprise()
    for role in (Role.CONSUMER, Role.OPERATOR, Role.BUREAU, Role.SECURITY_ADMIN, Role.AUDITOR):
        assert get_case("alerts", alert.code, actor(role)).code == alert.code
    for by in (actor(Role.CONSUMER, organisation=OTHER), actor(Role.DEVELOPER)):
        with pytest.raises(NotFound):
            get_case("alerts", alert.code, by)


def test_the_platform_looks_once_an_hour() -> None:
    from dianchi.foundation.jobs.models import Job

    anomalies.tick(NOON)
    anomalies.tick(NOON + timedelta(minutes=10))
    assert Job.objects.filter(name=anomalies.JOB).count() == 1
    assert PLATFORM.roles
