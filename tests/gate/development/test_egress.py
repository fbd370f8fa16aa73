"""Egress: twelve checks first, two blinded opinions, conflict named, revote on a change, delivery recorded first."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import BEGAN, do
from tests.factories.people import actor
from tests.factories.rules import matrix, refused, rows
from tests.gate.development.conftest import PLACES

from dianchi.chapters.operation.egress.lifecycle import EGRESS, POINTS, Facts
from dianchi.foundation.cases.opinions import visible_opinions
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.jobs.queue import run_next
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import egress, vault
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotPermitted, RuleBroken

pytestmark = pytest.mark.django_db
LATER = BEGAN + timedelta(hours=2)
ALLOWED = """
request: - -> requested: developer
revise: blocked, under-review, conflict -> requested: developer
check: requested -> under-review: system
block: requested -> blocked: system
review: under-review -> =: operator implementer
record-conflict: under-review -> conflict: operator implementer system
approve: under-review -> approved: operator
refuse: under-review -> refused: operator
uphold: conflict -> approved: bureau
overrule: conflict -> refused: bureau
deliver: approved, delivered -> delivered: system
recall: approved, delivered -> recalled: operator bureau
withdraw: requested, blocked, under-review, conflict -> withdrawn: developer
"""


def test_who_may_do_what_from_where() -> None:
    agreed = matrix(EGRESS, Facts(favourable=2, organisations=2))
    divided = matrix(EGRESS, Facts(favourable=1, against=1))
    against = matrix(EGRESS, Facts(against=2))
    assert agreed | divided | against == rows(ALLOWED)


def clock() -> datetime:
    return LATER


def worked() -> None:
    while run_next(clock, lane="development."):
        pass


def a_result(program: Any) -> Any:
    run = do("runs", "start", Role.DEVELOPER, at=LATER, title="试运行", program=program.code, arguments=[])
    worked()
    found = get_case("runs", run.code, actor(Role.DEVELOPER))
    assert found.state == "isolated", found.problems
    return found


def asked(program: Any, run: Any = None, **changes: Any) -> Any:
    inputs = {
        "title": "分州市消费出域", "run": (run or a_result(program)).code, "form": "statistics",
        "description": "各州市到访人次与消费总额。", "use": "用于行业报告。",
    } | changes  # fmt: skip
    case = do("egress", "request", Role.DEVELOPER, at=LATER, **inputs)
    worked()
    return now(case)


def now(case: Any) -> Any:
    return get_case("egress", case.code, actor(Role.DEVELOPER))


def opine(case: Any, role: Role, *, favourable: bool = True, **changes: Any) -> Any:
    inputs = {"favourable": favourable, "reason": make.WHY, "confirmed": case.human_points} | changes
    return do("egress", "review", role, case.code, at=LATER, **inputs)


def approved(program: Any) -> Any:
    case = asked(program)
    for role in (Role.OPERATOR, Role.IMPLEMENTER):
        opine(case, role)
    return do("egress", "approve", Role.OPERATOR, case.code, at=LATER)


def verdicts(case: Any) -> dict[int, str]:
    return {point["number"]: point["verdict"] for point in case.points}


def test_twelve_points_come_first_each_with_its_evidence(program: Any) -> None:
    case = asked(program)
    assert case.state == "under-review"
    assert [p["number"] for p in case.points] == [number for number, *_ in POINTS]
    assert verdicts(case)[6] == verdicts(case)[2] == verdicts(case)[5] == "pass"
    assert verdicts(case)[9] == "human"
    threshold = case.points[5]["counts"]
    assert threshold == {"rows": 3, "small_rows": 0}
    assert not any(place in json.dumps(case.points) for place in PLACES)


def test_rows_of_a_source_are_blocked_even_where_they_may_be_seen(data_request: Any) -> None:
    program = make.an_approved_program(data_request, sql="select code, name from divisions")
    case = asked(program)
    assert case.state == "blocked"
    assert verdicts(case)[2] == "fail"
    assert case.points[1]["counts"]["copies"] == 4


def test_groups_of_two_keys_are_no_rows_of_the_source(data_request: Any) -> None:
    two_keys = "select prefecture_code, prefecture_code as place, count(*) as n from visits group by 1, 2"
    assert verdicts(asked(make.an_approved_program(data_request, sql=two_keys)))[2] == "pass"


def test_names_of_places_beside_figures_are_no_rows_of_the_source(data_request: Any) -> None:
    joined = "select d.name, count(*) as n from visits v join divisions d on d.code = v.prefecture_code group by 1"
    case = asked(make.an_approved_program(data_request, sql=joined))
    assert (case.state, verdicts(case)[2]) == ("under-review", "pass")


def test_an_identifier_in_the_output_is_blocked(data_request: Any) -> None:
    valid_id = "11010519491231002X"
    program = make.an_approved_program(data_request, sql=f"select '{valid_id}' as note, count(*) as n from visits")
    case = asked(program)
    assert case.state == "blocked"
    assert verdicts(case)[5] == "fail"
    assert valid_id not in json.dumps(case.points)


@pytest.mark.parametrize(("number", "rule"), [(2, "R42"), (2, "R43"), (3, "R44"), (5, "R46"), (5, "R47"), (7, "R50")])
def test_the_door_itself_lets_no_failed_point_through(program: Any, number: int, rule: str) -> None:
    run = a_result(program)
    inputs = {
        "title": "消费出域",
        "run": run.code,
        "form": "statistics",
        "description": "各州市消费。",
        "use": "行业报告用。",
    }
    case = do("egress", "request", Role.DEVELOPER, at=LATER, **inputs)
    points = [
        {"number": n, "verdict": "fail" if n == number else "pass", "zh": "依据", "en": "evidence"}
        for n in range(1, 13)
    ]
    with refused("egress.point-failed", rule) as told:
        do("egress", "check", PLATFORM, case.code, at=LATER, points=points)
    assert str(number) in str(told.of("egress.point-failed").message)


def test_what_is_blocked_is_not_reviewed(data_request: Any) -> None:
    program = make.an_approved_program(
        data_request, sql="select '11010519491231002X' as note, count(*) as n from visits"
    )
    case = asked(program)
    with refused("egress.wrong-state"):
        opine(case, Role.OPERATOR)


def test_opinions_are_blind_and_two_let_it_leave(program: Any) -> None:
    case = asked(program)
    opine(case, Role.OPERATOR)
    assert visible_opinions(now(case), actor(Role.IMPLEMENTER)) == []
    with refused("egress.opinions-missing", "R45"):
        do("egress", "approve", Role.OPERATOR, case.code, at=LATER)
    opine(case, Role.IMPLEMENTER)
    assert len(visible_opinions(now(case), actor(Role.IMPLEMENTER))) == 2
    assert do("egress", "approve", Role.OPERATOR, case.code, at=LATER).state == "approved"


def test_who_agrees_has_confirmed_what_needs_a_person(program: Any) -> None:
    case = asked(program)
    with refused("egress.points-not-confirmed", "R45") as told:
        opine(case, Role.OPERATOR, confirmed=[])
    assert "9" in str(told.of("egress.points-not-confirmed").message)
    opine(case, Role.OPERATOR, favourable=False, confirmed=[])


def test_one_opinion_of_each_organisation(program: Any) -> None:
    case = asked(program)
    opine(case, Role.OPERATOR)
    colleague = actor(Role.OPERATOR, person="another-of-operator")
    with refused("egress.organisation-has-opined", "R66"):
        do(
            "egress",
            "review",
            colleague,
            case.code,
            at=LATER,
            favourable=True,
            reason=make.WHY,
            confirmed=case.human_points,
        )


def test_a_reviewer_with_ties_stands_aside(program: Any) -> None:
    case = asked(program)
    make.affiliated(make.OPERATOR, make.DEVELOPER)
    with refused("egress.reviewer-affiliated", "R74"):
        opine(case, Role.OPERATOR)


def test_a_conflict_is_a_state_that_the_bureau_decides(program: Any) -> None:
    case = asked(program)
    opine(case, Role.OPERATOR)
    assert egress.sweep(LATER) == 0
    opine(case, Role.IMPLEMENTER, favourable=False)
    with refused("egress.opinions-missing"):
        do("egress", "approve", Role.OPERATOR, case.code, at=LATER)
    assert egress.sweep(LATER) == 1
    assert now(case).state == "conflict"
    assert do("egress", "uphold", Role.BUREAU, case.code, at=LATER, reason=make.WHY).state == "approved"


def test_two_against_refuse_it(program: Any) -> None:
    case = asked(program)
    for role in (Role.OPERATOR, Role.IMPLEMENTER):
        opine(case, role, favourable=False)
    with refused("egress.no-conflict"):
        do("egress", "record-conflict", Role.OPERATOR, case.code, at=LATER)
    assert do("egress", "refuse", Role.OPERATOR, case.code, at=LATER, reason=make.WHY).state == "refused"


def test_another_result_is_voted_on_anew(program: Any, data_request: Any) -> None:
    case = asked(program)
    opine(case, Role.OPERATOR)
    other = a_result(
        make.an_approved_program(data_request, sql="select visited_on, count(*) as n from visits group by 1")
    )
    changed = do("egress", "revise", Role.DEVELOPER, case.code, at=LATER, title="按日到访出域", run=other.code,
                 form="statistics", description="按日到访人次。", use="用于行业报告。")  # fmt: skip
    assert changed.result_digest != case.result_digest
    worked()
    again = now(case)
    assert (again.state, len(visible_opinions(again, actor(Role.AUDITOR)))) == ("under-review", 1)
    opine(again, Role.IMPLEMENTER)
    with refused("egress.opinions-missing"):
        do("egress", "approve", Role.OPERATOR, case.code, at=LATER)
    opine(again, Role.OPERATOR)
    assert do("egress", "approve", Role.OPERATOR, case.code, at=LATER).state == "approved"


def test_the_file_is_recorded_before_it_leaves(program: Any) -> None:
    case = approved(program)
    body, name = egress.deliver(case.code, actor(Role.DEVELOPER), LATER)
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        lines = files.read("result.csv").decode("utf-8-sig").splitlines()
        lineage = json.loads(files.read("lineage.json"))
    assert lines[0] == "prefecture_code,visits,spend"
    assert {line.split(",")[0] for line in lines[1:]} == set(PLACES)
    assert "CY-" in name
    told = json.dumps(lineage)
    assert case.result_digest in told
    assert case.developer in told
    entry = Entry.objects.filter(case_id=case.code, kind="egress.deliver").get()
    assert (
        now(case).sha256 in entry.payload
        if isinstance(entry.payload, str)
        else now(case).sha256 in json.dumps(entry.payload)
    )
    assert now(case).state == "delivered"
    second, _ = egress.deliver(case.code, actor(Role.DEVELOPER), LATER)
    assert second != body  # each copy is marked
    assert now(case).number == 2


def test_nothing_is_delivered_before_it_may_leave(program: Any) -> None:
    case = asked(program)
    with pytest.raises(RuleBroken, match=r"egress\.not-approved"):
        egress.deliver(case.code, actor(Role.DEVELOPER), LATER)


def test_nobody_else_gets_the_file(program: Any) -> None:
    case = approved(program)
    with pytest.raises(NotPermitted) as why:
        egress.deliver(case.code, actor(Role.OPERATOR), LATER)
    assert (why.value.refusals[0].code, why.value.refusals[0].rules) == ("egress.result-not-yours", ("R51",))


def test_a_changed_byte_is_not_delivered(program: Any) -> None:
    case, other = approved(program), program
    table = egress.development.result(case.run)
    vault.put(case.run.code, egress.development._ipc(table.slice(1)))
    assert other
    with pytest.raises(RuleBroken, match=r"egress\.bytes-changed"):
        egress.deliver(case.code, actor(Role.DEVELOPER), LATER)


def test_a_policy_that_changed_is_not_delivered_under(program: Any, data_request: Any) -> None:
    case = approved(program)
    tables = [{**table, "min_subjects": 20} for table in data_request.tables]
    type(data_request).objects.filter(pk=data_request.pk).update(tables=tables)
    with refused("egress.digest-changed", "R45"):
        egress.deliver(case.code, actor(Role.DEVELOPER), LATER)


def test_a_shut_gate_keeps_it_in(program: Any) -> None:
    case = approved(program)
    do("closures", "shut", Role.BUREAU, at=LATER, scope="DEVELOPER", target=case.developer, reason=make.WHY)
    with pytest.raises(RuleBroken, match=r"gate\.shut"):
        egress.deliver(case.code, actor(Role.DEVELOPER), LATER)


def test_reviewers_look_and_are_recorded_others_do_not(program: Any) -> None:
    case = asked(program)
    assert egress.preview(case, actor(Role.OPERATOR), LATER).num_rows == 3
    assert Entry.objects.filter(case_id=case.code, kind="egress.viewed").count() == 1
    for role in (Role.BUREAU, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            egress.preview(case, actor(role), LATER)


def test_a_second_output_is_compared_with_the_first(program: Any, data_request: Any) -> None:
    approved(program)
    again = make.an_approved_program(
        data_request, sql="select prefecture_code, avg(spend) as mean from visits group by 1"
    )
    case = asked(again)
    assert verdicts(case)[7] == "human"
    assert case.points[6]["counts"] == {"earlier": 1, "sharing_columns": 1}


def test_one_open_request_for_a_result(program: Any) -> None:
    case = asked(program)
    with refused("egress.request-open"):
        asked(program, case.run)


def test_nothing_without_a_result(program: Any) -> None:
    run = do("runs", "start", Role.DEVELOPER, at=LATER, title="试运行", program=program.code, arguments=[])
    with refused("egress.no-result"):
        asked(program, run)


def test_a_destroyed_result_cannot_be_checked(program: Any) -> None:
    case = asked(program)
    do("runs", "end", Role.DEVELOPER, case.run.code, at=LATER)
    opine(case, Role.OPERATOR)
    opine(case, Role.IMPLEMENTER)
    with refused("egress.digest-changed"):
        do("egress", "approve", Role.OPERATOR, case.code, at=LATER)


def test_a_stranger_does_not_act(program: Any) -> None:
    case = asked(program)
    impostor = actor(Role.OPERATOR, organisation=case.implementer, roles=(Role.IMPLEMENTER,))
    opine(case, Role.IMPLEMENTER)
    opine(case, Role.OPERATOR)
    with refused("egress.not-your-request"):
        do("egress", "approve", impostor, case.code, at=LATER)
