"""Tries from the editor: explained without data, in full on a twin, as sizes on the real data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import BEGAN, do
from tests.factories.people import actor
from tests.gate.development.conftest import SMALL, visits_table

from dianchi.chapters.operation.programs.schema import described, example
from dianchi.foundation.answers.models import Answered
from dianchi.foundation.jobs.queue import run_next
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import trials, vault
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
LATER = BEGAN + timedelta(hours=1)
SINCE = {"name": "since", "type": "date", "minimum": "2026-01-01", "maximum": "2026-12-31", "choices": []}
BY_DAY = (
    "select prefecture_code, count(distinct person_id) as persons from visits where visited_on >= $since group by 1"
)


def asked(request: Any, kind: str, sql: str, **more: Any) -> dict[str, Any]:
    given = {"parameters": [], "arguments": {}, "holdings": []} | more
    trial = trials.ask(request, kind, actor(Role.DEVELOPER), LATER, sql=sql, **given)
    while run_next(lambda: LATER, lane="trial."):
        pass
    trial.refresh_from_db()
    told = trials.outcome(trial, "zh")
    assert told is not None
    return told


def test_the_first_query_that_is_offered_would_run(data_request: Any) -> None:
    tables = described(data_request, [], LATER)
    assert trials.explain(data_request, example(tables), [], [], "zh", LATER)["allowed"]
    spend = next(c for t in tables for c in t["columns"] if c["name"] == "spend")
    assert (spend["title"], [str(u) for u in spend["uses"]]) == ("消费金额", ["可汇总"])


def test_an_explanation_says_where_and_how_to_mend(data_request: Any) -> None:
    said = trials.explain(data_request, "select name,\n  phone from visits", [], [], "en", LATER)
    assert not said["allowed"]
    refusal = next(r for r in said["refusals"] if r["column"] == "visits.phone")
    assert (refusal["line"], refusal["clause"]) == (2, "phone")
    assert refusal["remedy"]


def test_an_explanation_of_data_that_may_not_be_used_says_why(data_request: Any) -> None:
    do("requests", "revoke", Role.OPERATOR, data_request.code, at=LATER, reason=make.WHY)
    data_request.refresh_from_db()
    said = trials.explain(data_request, make.QUERY, [], [], "zh", LATER)
    assert [r["code"] for r in said["refusals"]] == ["requests.not-provisioned"]


def test_a_twin_answers_in_full_and_nothing_real_is_in_it(data_request: Any) -> None:
    outcome = asked(data_request, "twin", "select phone from visits")
    assert not outcome["allowed"]  # the rules are those of the real data
    outcome = asked(data_request, "twin", make.QUERY)
    assert outcome["total"] > 0
    assert outcome["synthetic"] == ["visits"]
    assert "合成" in outcome["trust"]["zh"]
    assert SMALL not in str(outcome["rows"])
    assert not Answered.objects.exists()


def test_a_dry_run_tells_sizes_and_is_on_record(data_request: Any) -> None:
    outcome = asked(data_request, "dry", make.QUERY)
    assert (outcome["total"], outcome["suppressed"]) == (3, 1)
    assert "rows" not in outcome
    assert Entry.objects.filter(kind="development.dry-run", index=outcome["ledger_index"]).exists()


def test_dry_runs_are_no_way_around_history(data_request: Any) -> None:
    bound = {"parameters": [SINCE], "arguments": {"since": "2026-01-01"}}
    assert asked(data_request, "dry", BY_DAY, **bound)["allowed"]
    outcome = asked(data_request, "dry", BY_DAY, **(bound | {"arguments": {"since": "2026-01-02"}}))
    assert [r["code"] for r in outcome["refusals"]] == ["history.difference"]


def test_a_value_outside_its_bounds_is_refused_in_words(data_request: Any) -> None:
    outcome = asked(data_request, "dry", BY_DAY, parameters=[SINCE], arguments={"since": "2030-01-01"})
    assert [r["code"] for r in outcome["refusals"]] == ["runs.argument"]


def test_there_are_two_kinds_of_try(data_request: Any) -> None:
    with pytest.raises(NotFound):
        asked(data_request, "real", make.QUERY)


def test_the_rows_of_a_try_are_sealed_and_soon_forgotten(data_request: Any) -> None:
    given = {"parameters": [], "arguments": {}, "holdings": []}
    trial = trials.ask(data_request, "twin", actor(Role.DEVELOPER), LATER, sql=make.QUERY, **given)
    while run_next(lambda: LATER, lane="trial."):
        pass
    trial.refresh_from_db()
    assert "530300" in str(trials.outcome(trial, "zh"))
    assert "530300" not in str(trial.outcome)
    trials.ask(data_request, "twin", actor(Role.DEVELOPER), LATER + timedelta(hours=2), sql=make.QUERY, **given)
    assert not vault.folder(f"trial-{trial.key}").exists()
    assert not type(trial).objects.filter(pk=trial.pk).exists()


def test_a_twin_is_made_once_for_a_snapshot(data_request: Any) -> None:
    first, second = asked(data_request, "twin", make.QUERY), asked(data_request, "twin", make.QUERY)
    assert first["rows"] == second["rows"]
    assert visits_table().num_rows == 600
