"""Eight people at once, on SQLite and on PostgreSQL: one acts, the others are told clearly why not."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def door(eight_clients: dict[str, Any]) -> dict[str, Any]:
    return eight_clients["door"]


def split(answers: list[Any]) -> tuple[list[str], list[list[str]]]:
    """Those that were done, those that were refused."""
    return [a for a in answers if isinstance(a, str)], [a for a in answers if not isinstance(a, str)]


def test_different_cases_are_all_opened(door: dict[str, Any]):
    assert len(set(map(str, door["distinct"]))) == 8
    assert split(door["distinct"])[1] == []


def test_one_of_eight_enrols_a_code(door: dict[str, Any]):
    done, refused = split(door["same code"])
    assert len(done) == 1
    # Who asked after the commit hears it from the guard, who asked before it from the database.
    assert len(refused) == 7
    assert {tuple(r) for r in refused} <= {
        ("RuleBroken", "organisations.already-enrolled"), ("RuleBroken", "organisations.constraint"),
    }  # fmt: skip


def test_of_eight_who_saw_the_same_version_one_acts(door: dict[str, Any]):
    done, refused = split(door["same version"])
    assert len(done) == 1
    assert refused == [["RuleBroken", "cases.version-conflict"]] * 7
    assert door["version then"] == 3  # enrolled, suspended once, resumed


def test_without_a_version_the_state_decides(door: dict[str, Any]):
    done, refused = split(door["same state"])
    assert len(done) == 1
    assert refused == [["RuleBroken", "organisations.wrong-state"]] * 7


@pytest.mark.parametrize("what", ["same key, act", "same key, opening"])
def test_one_request_sent_eight_times_is_done_once_and_answered_alike(door: dict[str, Any], what: str):
    done, refused = split(door[what])
    assert refused == []
    assert len(done) == 8
    assert len(set(done)) == 1


def test_a_figure_has_one_setting_in_force(door: dict[str, Any], eight_clients: dict[str, Any]):
    done, refused = split(door["figures"])
    assert len(eight_clients["record"]["in force"]) == 1
    assert set(eight_clients["record"]["in force"]) <= set(done)
    clear = "parameters.constraint.one-setting-per-parameter-and-region"  # PostgreSQL says which; SQLite does not
    assert {r[1] for r in refused} <= {clear, "parameters.constraint", "cases.busy"}


def test_the_record_is_dense_and_every_act_bumped_the_epoch(door: dict[str, Any], eight_clients: dict[str, Any]):
    record = eight_clients["record"]
    assert record["indexes"] == list(range(len(record["indexes"])))
    assert record["epoch"] == record["done"]
    figures = len(split(door["figures"])[0])
    # Eight firms, FIRM and OTHER once each; three suspensions; two resumptions.
    assert record["kinds"] == {
        "organisations.enrol": 10, "organisations.suspend": 3, "organisations.resume": 2, "parameters.set": figures,
    }  # fmt: skip


def test_every_kind_of_case_can_be_locked_for_every_role(eight_clients: dict[str, Any]):
    assert eight_clients["locks"] == []
