"""Runs on the real data: bound, walled, compared with history, isolated, replayed, destroyed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from tests.factories import operation as make
from tests.factories.operation import BEGAN, do
from tests.factories.people import actor
from tests.factories.rules import refused
from tests.gate.development.conftest import PLACES, SMALL, load, visits_table

from dianchi.chapters.operation.runs.models import Run
from dianchi.foundation.answers.models import Answered
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.jobs.models import Job
from dianchi.foundation.jobs.queue import claim, run_next
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import development, vault
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound, RuleBroken

pytestmark = pytest.mark.django_db
LATER = BEGAN + timedelta(hours=1)
SINCE = {"name": "since", "type": "date", "minimum": "2026-01-01", "maximum": "2026-12-31"}
BY_DAY = (
    "select prefecture_code, count(distinct person_id) as persons from visits where visited_on >= $since group by 1"
)


def clock() -> datetime:
    return LATER


def started(program: Any, **arguments: str) -> Any:
    values = [{"name": name, "value": value} for name, value in arguments.items()]
    return do("runs", "start", Role.DEVELOPER, at=LATER, title="试运行", program=program.code, arguments=values)


def worked() -> None:
    """Let the lane of long jobs do all it has."""
    while run_next(clock, lane="development."):
        pass


def seen(run: Any) -> Any:
    return get_case("runs", run.code, actor(Role.DEVELOPER))


def done(program: Any, **arguments: str) -> Any:
    run = started(program, **arguments)
    worked()
    return seen(run)


def test_a_run_from_start_to_its_isolated_result(program: Any) -> None:
    run = done(program)
    assert (run.state, run.rows, run.suppressed) == ("isolated", 3, 1)
    rows = development.result(run).to_pylist()
    assert {row["prefecture_code"] for row in rows} == set(PLACES)
    assert SMALL not in str(rows)
    assert run.snapshots.keys() == set(program.request.resources)
    assert (run.edition, run.program_digest) == (program.edition, program.program_digest)
    kinds = Entry.objects.filter(case_id=run.code).order_by("index").values_list("kind", flat=True)
    assert list(kinds) == ["runs.start", "runs.begin", "runs.finish"]


def test_the_result_is_sealed_at_rest_and_the_record_holds_none_of_it(program: Any) -> None:
    run = done(program)
    kept = b"".join(p.read_bytes() for p in vault.folder(run.code).iterdir())
    assert not any(place.encode() in kept for place in PLACES)
    assert "530300" not in str(Entry.objects.filter(case_id=run.code).values_list("payload", flat=True))
    assert str(vault.folder(run.code)).startswith(str(settings.DIANCHI_VAR))


def test_a_program_that_is_not_approved_does_not_run(data_request: Any) -> None:
    program = make.a_draft_program(data_request)
    with refused("programs.not-approved", "R45"):
        started(program)
    assert not Job.objects.filter(name="development.run").exists()


def test_values_are_held_to_their_declaration(data_request: Any) -> None:
    program = make.an_approved_program(data_request, sql=BY_DAY, parameters=[SINCE])
    for wrong in ({}, {"since": "2027-01-01"}, {"since": "yesterday"}, {"since": "2026-01-05", "until": "2026-01-06"}):
        with refused("runs.arguments-not-bound"):
            started(program, **wrong)
    assert done(program, since="2026-01-01").state == "isolated"


def test_the_same_question_has_the_same_answer(program: Any) -> None:
    first, second = done(program), done(program)
    assert second.copied_from == first.code
    assert second.result_digest == first.result_digest
    assert development.result(second).equals(development.result(first))


def test_a_question_that_differs_by_a_few_is_refused_in_words(data_request: Any) -> None:
    program = make.an_approved_program(data_request, sql=BY_DAY, parameters=[SINCE])
    assert done(program, since="2026-01-01").state == "isolated"
    run = done(program, since="2026-01-02")
    assert run.state == "failed"
    assert [p["code"] for p in run.problems] == ["history.difference"]
    assert run.problems[0]["zh"].endswith("。")
    with pytest.raises(NotFound):
        development.result(run)
    assert not vault.folder(run.code).exists()


def test_a_dear_run_that_is_cancelled_leaves_nothing(program: Any) -> None:
    run = started(program)
    do("runs", "cancel", Role.DEVELOPER, run.code, at=LATER)
    worked()
    assert seen(run).state == "cancelled"
    assert not vault.folder(run.code).exists()


def test_what_falls_between_start_and_run_stops_it(program: Any, data_request: Any) -> None:
    run = started(program)
    do("requests", "revoke", Role.OPERATOR, data_request.code, at=LATER, reason=make.WHY)
    worked()
    assert [p["code"] for p in seen(run).problems] == ["requests.not-provisioned"]


def test_a_shut_gate_stops_it(program: Any) -> None:
    run = started(program)
    do("closures", "shut", Role.BUREAU, at=LATER, scope="DEVELOPER", target=program.developer, reason=make.WHY)
    worked()
    assert [p["code"] for p in seen(run).problems] == ["gate.shut"]


def test_a_run_is_bound_to_its_version(program: Any, data_request: Any) -> None:
    run = started(program)
    other = make.program_inputs(data_request, sql="select count(*) as n from visits")
    do("programs", "revise", Role.DEVELOPER, program.code, at=LATER, **other)
    worked()
    assert seen(run).columns == ["prefecture_code", "visits", "spend"]


def test_a_replay_gives_the_same_even_when_newer_data_are_in_service(program: Any) -> None:
    run = done(program)
    load(program.request.tables[0]["resource"], visits_table(extra=60), "second")
    do("runs", "replay", Role.IMPLEMENTER, run.code, at=LATER)
    worked()
    again = seen(run)
    assert (again.replay_same, again.replay_digest) == (True, run.result_digest)
    newer = done(program)
    assert newer.snapshots != run.snapshots
    assert newer.result_digest != run.result_digest


def test_a_replay_under_another_policy_is_refused(program: Any, data_request: Any) -> None:
    run = done(program)
    tables = [{**table, "min_subjects": 20} for table in data_request.tables]
    type(data_request).objects.filter(pk=data_request.pk).update(tables=tables)
    with refused("runs.cannot-be-replayed", "R45") as told:
        do("runs", "replay", Role.DEVELOPER, run.code, at=LATER)
    assert "runs.policy-changed" in told.codes


def test_a_worker_that_is_lost_for_good_tells_the_owner(program: Any) -> None:
    run = started(program)
    assert claim("w", LATER, "development.") is not None
    Job.objects.update(state="failed", problem="worker lost", lease_until=None)
    assert development.sweep(LATER) == 1
    assert [p["code"] for p in seen(run).problems] == ["development.worker-lost"]


def test_a_job_that_is_run_again_after_a_kill_comes_to_the_same_end(program: Any) -> None:
    run = started(program)
    assert claim("killed", LATER, "development.") is not None
    development.perform(
        "runs", "begin", by=PLATFORM, at=LATER, code=run.code, inputs={"plan_digest": "0" * 64, "snapshots": {}}
    )
    Job.objects.update(lease_until=LATER - timedelta(seconds=1))
    worked()
    assert seen(run).state == "isolated"


def test_the_end_of_the_agreement_destroys_results(program: Any, contract: Any) -> None:
    run = done(program)
    do("contracts", "terminate", Role.DEVELOPER, contract.code, at=LATER, reason=make.WHY)
    development.sweep(LATER)
    gone = seen(run)
    assert gone.state == "destroyed"
    assert gone.destroyed_bytes > 0
    assert not vault.folder(run.code).exists()
    with pytest.raises(NotFound):
        development.result(gone)


def test_a_result_is_not_kept_for_ever(program: Any) -> None:
    run = done(program)
    do("runs", "end", Role.DEVELOPER, run.code, at=LATER)
    assert development.sweep(LATER) == 1
    assert Run.objects.get(code=run.code).state == "destroyed"


def test_what_falls_while_the_query_runs_is_noticed_before_anything_is_recorded(program: Any) -> None:
    run = started(program)

    def meanwhile(step: int) -> None:
        if step == 3:
            do("requests", "revoke", Role.OPERATOR, program.request.code, at=LATER, reason=make.WHY)

    with pytest.raises(RuleBroken, match=r"requests\.not-provisioned"):
        development.execute(run.code, clock, meanwhile)
    assert not vault.folder(run.code).exists()
    assert not Answered.objects.filter(party=program.developer).exists()
