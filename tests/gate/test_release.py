"""The only road out: nothing leaves unrecorded, unmetered, shut, over quota, or to be subtracted from what left before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.factories import operation as make
from tests.factories import resources
from tests.factories.operation import CONSUMER, OTHER, QUERY, do
from tests.factories.people import NOON, actor
from tests.factories.rules import refused

from dianchi.chapters.operation.orders.models import Meter, Usage
from dianchi.engines.crypto.statements import fields_of
from dianchi.foundation.answers import store as answers
from dianchi.foundation.answers.models import Answered, Remembered
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import intake, meter, receipts, release, values
from dianchi.gate.store import lake
from dianchi.interfaces.cli.main import main
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid, NotPermitted, RuleBroken, TryLater

pytestmark = pytest.mark.django_db

SINCE = (
    "select prefecture_code, count(*) as visits, sum(spend) as spend from visits where visited_on >= $since group by 1"
)
CONTRACT = {
    "resource": "visits",
    "columns": [
        *({"name": name} for name in ("person_id", "name", "phone", "prefecture_code")),
        {"name": "visited_on", "type": "date"},
        {"name": "spend", "type": "decimal(12,2)"},
    ],
}
DAY = [{"name": "since", "type": "date", "minimum": "2026-01-01", "maximum": "2026-12-31"}]


def people(early: int = 1, many: int = 40) -> str:
    """Visits to one prefecture: `early` persons on New Year's day, the others a day later."""
    lines = ["person_id,name,phone,prefecture_code,visited_on,spend"]
    for n in range(many):
        day = "2026-01-01" if n < early else "2026-01-02"
        lines.append(f"P{n:05},张三,138{n:08},5301,{day},{100 + n}.00")
    return "\n".join(lines) + "\n"


class Here:
    """A committer in the test's own thread, whose transaction it must share."""

    def commit(self, delivery: meter.Delivery) -> meter.Recorded:
        waiting: Future[meter.Recorded] = Future()
        meter.settle([(delivery, waiting)])
        return waiting.result()


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[None]:
    """A lake, workers and keys of its own for each test."""
    settings.DIANCHI_VAR = tmp_path / "var"
    kept = (lake, receipts.key, release.pool)
    for each in kept:
        each.cache_clear()
    answers.forget()
    release._prepared.clear()
    release._known.clear()
    release.results.clear()
    monkeypatch.setattr(release, "committer", Here)
    yield
    release.pool().close()
    for each in kept:
        each.cache_clear()


def item_with(text: str, folder: Path) -> Any:
    """The visits on the catalogue with this file in service."""
    item = resources.a_published_item(**resources.visits_inputs(contract=CONTRACT))
    load = resources.an_open_load(item)
    path = folder / f"{load.code}.csv"
    path.write_text(text, encoding="utf-8")
    provider = actor(Role.PROVIDER)
    intake.receive(load.code, path, by=provider, at=resources.LONG_AGO)
    load = do("supply", "pass", Role.BUREAU, load.code, at=resources.LONG_AGO, verdict=resources.SAID)
    applied = resources.application(item.code, title=item.title, evidence_digest=load.sm3)
    code = do("registration", "apply", provider, at=resources.LONG_AGO, **applied).code
    resources.registered(code)
    return item


@pytest.fixture
def product(tmp_path: Path) -> Any:
    """A priced product over 40 persons, one of whom came a day before the others; its parameter is a day."""
    return a_product(tmp_path)


def a_product(folder: Path, sql: str = SINCE, parameters: Any = DAY, text: str = "", **changes: Any) -> Any:
    item = item_with(text or people(), folder)
    agreement = make.an_agreement(item)
    contract = make.a_contract_in_force(agreement)
    return make.a_priced_product(make.a_provisioned_request(contract), sql=sql, parameters=parameters, **changes)


def call(
    key: str, slug: str = "visits-by-prefecture", at: Any = NOON, call_id: str = "", **given: str
) -> release.Answer:
    return release.deliver(key, slug, given, at, call_id=call_id)


def codes(error: Any) -> list[str]:
    return [r.code for r in error.value.refusals]


def test_an_answer_is_metered_recorded_and_receipted(product: Any) -> None:
    order = make.an_active_order(product)
    answer = call(make.a_key(order), since="2026-01-01")
    assert answer.rows == [{"prefecture_code": "5301", "visits": 40, "spend": 4780}]
    usage, entry = Usage.objects.get(), Entry.objects.get(kind="gate.delivered")
    payload = json.loads(entry.payload)
    assert (usage.ledger_index, usage.price_fen, usage.rows) == (answer.ledger_index, 45, 1)
    assert (entry.index, payload["result"], payload["price_fen"]) == (answer.ledger_index, answer.result_digest, 45)
    said = fields_of(json.loads(json.dumps(answer.receipt)), [receipts.public_line()])
    assert (said["ledger_index"], said["result"], said["order"]) == (entry.index, usage.result_digest, order.code)
    assert json.loads(answer.to_json())["receipt"] == answer.receipt
    assert "4780" not in entry.body + entry.payload


def test_a_changed_receipt_is_noticed(product: Any) -> None:
    answer = call(make.a_key(make.an_active_order(product)), since="2026-01-01")
    forged = {**answer.receipt, "fields": {**answer.receipt["fields"], "price_fen": 1}}
    with pytest.raises(RuleBroken) as error:
        fields_of(forged, [receipts.public_line()])
    assert codes(error) == ["statement.changed"]


def test_an_answer_that_was_kept_is_checked_offline(product: Any, tmp_path: Path) -> None:
    """With the file and the public line alone, by the command line; one changed figure is noticed."""
    body = call(make.a_key(make.an_active_order(product)), since="2026-01-01").to_json()
    (tmp_path / "answer.json").write_bytes(body)
    verify = ["receipt", "verify", "--key", receipts.public_line()]
    told = CliRunner().invoke(main, [*verify, "--json", str(tmp_path / "answer.json")])
    assert told.exit_code == 0
    assert json.loads(told.stdout)["result"] == json.loads(body)["result_digest"]
    (tmp_path / "answer.json").write_bytes(body.replace(b"4780", b"4781"))
    changed = CliRunner().invoke(main, [*verify, str(tmp_path / "answer.json")])
    assert (changed.exit_code, "statement.changed" in changed.stderr) == (RuleBroken.exit_code, True)


def test_numbers_have_one_digest_however_they_are_written() -> None:
    rows = [{"a": Decimal("12.50"), "b": Decimal("3.00"), "c": 7, "d": "12.5", "e": None, "f": [Decimal("0.10")]}]
    again = json.loads(values.to_json(rows), parse_float=Decimal)
    assert values.digest(rows) == values.digest(again)
    assert values.digest([{"a": 1}]) != values.digest([{"a": 2}])


def test_two_answers_that_differ_by_one_person_are_not_both_given(product: Any) -> None:
    """The attack on any product with a bounded parameter: all visits, less all but one."""
    key = make.a_key(make.an_active_order(product))
    call(key, since="2026-01-01")
    with pytest.raises(RuleBroken) as error:
        call(key, since="2026-01-02")
    assert codes(error) == ["history.difference"]
    assert (Usage.objects.count(), Answered.objects.count()) == (1, 1)
    assert Entry.objects.filter(kind="gate.refused").count() == 1


def test_the_same_question_is_always_answered_the_same(product: Any) -> None:
    key = make.a_key(make.an_active_order(product))
    first, second = (call(key, since="2026-01-01") for _ in range(2))
    assert first.result_digest == second.result_digest
    assert first.ledger_index != second.ledger_index
    assert (Answered.objects.count(), Meter.objects.get().calls) == (1, 2)


def test_answers_far_enough_apart_are_both_given(tmp_path: Path) -> None:
    key = make.a_key(make.an_active_order(a_product(tmp_path, text=people(early=20))))
    assert [call(key, since=f"2026-01-0{d}").rows[0]["visits"] for d in (1, 2)] == [40, 20]


def test_history_outlives_the_process(product: Any) -> None:
    key = make.a_key(make.an_active_order(product))
    call(key, since="2026-01-01")
    answers.forget()
    release._prepared.clear()
    with refused("history.difference"):
        call(key, since="2026-01-02")


def test_an_affiliate_shares_the_history(product: Any) -> None:
    """One company asks for all, its subsidiary for all but one."""
    make.another_enterprise()
    other = actor(Role.CONSUMER, organisation=OTHER)
    theirs = do("orders", "order", other, at=NOON, **make.order_inputs(product))
    do("orders", "accept", Role.OPERATOR, theirs.code, at=NOON)
    key = make.perform("orders", "issue-key", by=other, at=NOON, code=theirs.code).reveal["api_key"]
    call(make.a_key(make.an_active_order(product)), since="2026-01-01")
    make.affiliated(CONSUMER, OTHER)
    with refused("history.difference"):
        call(key, since="2026-01-02")


def test_a_stranger_has_a_history_of_its_own(product: Any) -> None:
    make.another_enterprise()
    other = actor(Role.CONSUMER, organisation=OTHER)
    theirs = do("orders", "order", other, at=NOON, **make.order_inputs(product))
    do("orders", "accept", Role.OPERATOR, theirs.code, at=NOON)
    key = make.perform("orders", "issue-key", by=other, at=NOON, code=theirs.code).reveal["api_key"]
    call(make.a_key(make.an_active_order(product)), since="2026-01-01")
    assert call(key, since="2026-01-02").rows[0]["visits"] == 39


def test_too_many_different_questions_end_in_a_refusal(product: Any, monkeypatch: Any) -> None:
    key = make.a_key(make.an_active_order(product))
    monkeypatch.setattr(meter, "value", lambda key: 0)
    with refused("history.full"):
        call(key, since="2026-01-01")
    assert not Remembered.objects.exists()


def test_the_last_call_of_a_quota_is_taken_once(product: Any, monkeypatch: Any) -> None:
    """Four calls in one group, one of which is left."""
    key = make.a_key(make.an_active_order(product, quota_calls=2))
    seen: list[meter.Delivery] = []
    commit = Here.commit
    monkeypatch.setattr(Here, "commit", lambda self, d: seen.append(d) or commit(self, d))
    call(key, since="2026-01-01")
    waiting = [(seen[0], Future()) for _ in range(4)]
    meter.settle(waiting)
    assert [codes_of(f) for _, f in waiting] == ["ok"] + ["orders.quota-used-up"] * 3
    assert (Usage.objects.count(), Meter.objects.get().calls) == (2, 2)


def codes_of(waiting: Future[meter.Recorded]) -> str:
    error = waiting.exception()
    return error.refusals[0].code if isinstance(error, RuleBroken) else "ok"


@pytest.mark.parametrize("quota", [{"quota_rows": 1}, {"quota_bytes": 60}])
def test_rows_and_bytes_are_limited_too(product: Any, quota: dict[str, int]) -> None:
    key = make.a_key(make.an_active_order(product, **quota))
    call(key, since="2026-01-01")
    with refused("orders.quota-used-up"):
        call(key, since="2026-01-01")


def test_a_meter_goes_on_from_what_was_used_before_there_was_one(product: Any) -> None:
    order = make.an_active_order(product, quota_calls=4)
    make.metered(order, 3)
    key = make.a_key(order)
    call(key, since="2026-01-01")
    assert Meter.objects.get().calls == 4
    with refused("orders.quota-used-up"):
        call(key, since="2026-01-01")


def test_a_call_asked_again_by_its_own_id_is_not_metered_twice(product: Any) -> None:
    key = make.a_key(make.an_active_order(product))
    first = call(key, call_id="a1", since="2026-01-01")
    again = call(key, at=NOON + timedelta(minutes=5), call_id="a1", since="2026-01-01")
    assert (again.ledger_index, again.at, again.rows) == (first.ledger_index, first.at, first.rows)
    assert again.receipt == first.receipt
    assert (Usage.objects.count(), Meter.objects.get().calls) == (1, 1)


def test_a_call_id_stands_for_one_request(product: Any) -> None:
    key = make.a_key(make.an_active_order(product))
    call(key, call_id="a1", since="2026-01-01")
    with pytest.raises(Invalid) as error:
        call(key, call_id="a1", since="2026-02-01")
    assert codes(error) == ["gate.call-id-reused"]
    with pytest.raises(Invalid) as error:
        call(key, call_id="a b", since="2026-01-01")
    assert codes(error) == ["gate.call-id-malformed"]


def test_a_closure_during_the_call_stops_it(product: Any, monkeypatch: Any) -> None:
    """The call was prepared and run before everything was shut: it is asked again before it is recorded."""
    key = make.a_key(make.an_active_order(product))
    evaluate = release.kinds.evaluate

    def slow(*given: Any) -> Any:
        outcome = evaluate(*given)
        if not Entry.objects.filter(kind="closures.shut").exists():
            do("closures", "shut", Role.BUREAU, at=NOON, scope="EVERYTHING", reason="发生安全事件，立即关停。")
        return outcome

    monkeypatch.setattr(release.kinds, "evaluate", slow)
    with refused("gate.shut"):
        call(key, since="2026-01-01")
    assert not Usage.objects.exists()
    assert not Answered.objects.exists()


def test_another_act_during_the_call_does_not_stop_it(product: Any, monkeypatch: Any) -> None:
    order = make.an_active_order(product)
    key = make.a_key(order)
    evaluate, done = release.kinds.evaluate, []

    def slow(*given: Any) -> Any:
        outcome = evaluate(*given)
        if not done:
            done.append(make.an_order(product))
        return outcome

    monkeypatch.setattr(release.kinds, "evaluate", slow)
    assert call(key, since="2026-01-01").rows
    assert Usage.objects.count() == 1


def test_a_revoked_key_ends_at_once(product: Any) -> None:
    order = make.an_active_order(product)
    key = make.a_key(order)
    call(key, since="2026-01-01")
    do("orders", "revoke-key", Role.CONSUMER, order.code, at=NOON)
    with pytest.raises(NotPermitted) as error:
        call(key, since="2026-01-01")
    assert codes(error) == ["orders.bad-key"]


def test_a_database_that_is_busy_delivers_and_bills_nothing(product: Any, monkeypatch: Any) -> None:
    from django.db import OperationalError

    key = make.a_key(make.an_active_order(product))

    def locked(*_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(meter.ledger, "record_many", locked)
    with pytest.raises(TryLater) as error:
        call(key, since="2026-01-01")
    assert (codes(error), error.value.status) == (["gate.busy"], 503)
    assert not Usage.objects.exists()
    assert not Answered.objects.exists()


def test_a_writer_that_stalls_leaves_nothing_billed(product: Any, monkeypatch: Any) -> None:
    """Who gives up waiting before his call is written is not billed for it afterwards."""
    key = make.a_key(make.an_active_order(product))
    monkeypatch.setattr(meter, "_WAIT", 0)
    stalled = meter.Committer.__new__(meter.Committer)
    stalled._queue = meter.queue.SimpleQueue()
    monkeypatch.setattr(release, "committer", lambda: stalled)
    with pytest.raises(TryLater):
        call(key, since="2026-01-01")
    _, waiting = stalled._queue.get()
    assert not waiting.set_running_or_notify_cancel()


def test_an_answer_whose_own_cells_differ_by_one_person_is_not_given(tmp_path: Path) -> None:
    sql = "select count(*) as n from visits union all select count(*) from visits where visited_on >= '2026-01-02'"
    key = make.a_key(make.an_active_order(a_product(tmp_path, sql, [])))
    with refused("history.difference"):
        call(key)


def test_small_groups_are_suppressed_and_told_of(tmp_path: Path) -> None:
    text = people() + "".join(f"Q{n},李四,139{n:08},5303,2026-01-02,5.00\n" for n in range(3))
    key = make.a_key(make.an_active_order(a_product(tmp_path, QUERY, [], text)))
    answer = call(key)
    assert [row["prefecture_code"] for row in answer.rows] == ["5301"]
