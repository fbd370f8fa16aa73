"""Operator selection: by competition, among legal persons, after three days of publicity."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories import authorization as make
from tests.factories.people import HOME, actor, enrol
from tests.factories.resources import LONG_AGO, SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.authorization.selection.lifecycle import SELECTION, Facts
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.foundation.organisations.models import Organisation
from dianchi.kernel.actors import Role
from dianchi.kernel.conditions import CONDITIONS
from dianchi.kernel.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
announce: - -> announced: implementer
take-bid: announced -> =: system
convene: announced -> opened: implementer
score: opened -> =: expert
recuse: opened -> =: expert
evaluate: announced, opened -> evaluated: implementer
publicize: evaluated -> publicized: implementer
determine: publicized -> determined: implementer
fail: announced, opened, evaluated, publicized -> failed: implementer
"""
RIVAL = HOME[Role.CONSUMER][0]
ANOTHER = actor(Role.IMPLEMENTER, organisation="12530000MB0000001R")


def candidate(uscc: str = make.OPERATOR, score: str = "92.5") -> dict[str, str]:
    return {"uscc": uscc, "score": score}


def evaluate(*candidates: dict[str, str], by: Any = Role.IMPLEMENTER) -> Any:
    return do("selection", "evaluate", by, make.an_announced_selection().code, candidates=list(candidates))


def test_who_may_do_what_from_where() -> None:
    assert matrix(SELECTION, Facts(publicity_over=True, sealed=False)) == rows(ALLOWED)


@pytest.mark.parametrize("plan", [make.a_draft_plan, make.a_submitted_plan])
def test_no_selection_before_the_plan_is_approved(plan: Any) -> None:
    with refused("selection.plan-not-approved", "R14"):
        make.an_announced_selection(plan())


def test_another_method_needs_its_legal_basis() -> None:
    with refused("selection.no-legal-basis", "R17"):
        make.an_announced_selection(method="OTHER")
    assert make.an_announced_selection(method="OTHER", legal_basis="政府采购法第三十一条").method == "OTHER"


def test_the_institution_that_drafted_the_plan_organises() -> None:
    plan = make.an_approved_plan()
    with refused("selection.not-the-organiser"):
        do("selection", "announce", ANOTHER, **make.announcement(plan))
    case = make.an_announced_selection(plan)
    with refused("selection.not-the-organiser"):
        do("selection", "evaluate", ANOTHER, case.code, candidates=[candidate()])


def test_an_operator_is_a_legal_person() -> None:
    case = make.an_announced_selection()
    Organisation.objects.filter(uscc=RIVAL).update(legal_person=False)
    with refused("selection.not-a-legal-person", "R18"):
        do("selection", "evaluate", Role.IMPLEMENTER, case.code, candidates=[candidate(), candidate(RIVAL, "80")])


def test_candidates_are_on_record() -> None:
    with refused("selection.candidate-unknown"):
        evaluate(candidate("91530100MA7B00018B"))


def test_a_candidate_stands_once() -> None:
    with refused("selection.candidate-twice"):
        evaluate(candidate(), candidate(score="60"))


def test_a_code_with_a_wrong_check_character_is_no_candidate() -> None:
    with pytest.raises(Invalid):
        evaluate(candidate(make.OPERATOR[:-1] + "9"))


def test_nothing_is_determined_before_the_publicity_is_over() -> None:
    case = make.a_publicized_selection()
    early = case.publicity_until - timedelta(microseconds=1)
    with refused("selection.publicity-not-over"):
        do(
            "selection",
            "determine",
            Role.IMPLEMENTER,
            case.code,
            at=early,
            operator=make.OPERATOR,
            conditions=make.MEETS,
        )
    assert case.publicity_until - LONG_AGO >= timedelta(days=3)


def test_only_the_best_is_determined() -> None:
    code = evaluate(candidate(), candidate(RIVAL, "81")).code
    case = do("selection", "publicize", Role.IMPLEMENTER, code)
    for other in (RIVAL, HOME[Role.DEVELOPER][0]):
        with refused("selection.not-the-best"):
            do(
                "selection",
                "determine",
                Role.IMPLEMENTER,
                code,
                at=case.publicity_until,
                operator=other,
                conditions=make.MEETS,
            )


def test_the_institution_is_not_the_operator() -> None:
    case = make.a_publicized_selection(operator=HOME[Role.IMPLEMENTER][0])
    with refused("selection.institution-is-operator"):
        do(
            "selection",
            "determine",
            Role.IMPLEMENTER,
            case.code,
            at=case.publicity_until,
            operator=case.opened_for,
            conditions=make.MEETS,
        )


@pytest.mark.parametrize("lacks", [c["condition"] for c in make.MEETS])
def test_the_operator_meets_every_condition_with_evidence(lacks: str) -> None:
    case = make.a_publicized_selection()
    conditions = [c | {"evidence": ""} if c["condition"] == lacks else c for c in make.MEETS]
    with refused("selection.conditions-unmet") as seen:
        do(
            "selection",
            "determine",
            Role.IMPLEMENTER,
            case.code,
            at=case.publicity_until,
            operator=make.OPERATOR,
            conditions=conditions,
        )
    assert dict(CONDITIONS)[lacks] in str(seen.of("selection.conditions-unmet").message)


def test_what_is_not_tendered_names_its_candidates() -> None:
    with refused("selection.nothing-to-evaluate"):
        evaluate()


def test_from_announcement_to_operator() -> None:
    case = make.a_determined_selection()
    assert (case.state, case.operator) == ("determined", make.OPERATOR)
    acts = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", flat=True)
    assert [a.split(".")[1] for a in acts] == ["announce", "evaluate", "publicize", "determine"]


def test_a_selection_may_fail() -> None:
    case = make.a_publicized_selection()
    assert do("selection", "fail", Role.IMPLEMENTER, case.code, reason=SAID).state == "failed"


def test_a_refused_announcement_is_recorded_but_opens_nothing() -> None:
    plan = make.a_submitted_plan()
    before = Entry.objects.count()
    with refused("selection.plan-not-approved"):
        make.an_announced_selection(plan)
    last = Entry.objects.order_by("-index")[0]
    assert (Entry.objects.count(), last.kind, last.outcome) == (before + 1, "selection.announce", "refused")


def test_selections_are_open_to_operators() -> None:
    case = make.an_announced_selection()
    enrol("91530100MA7B00018B", "另一家公司")
    outsider = actor(Role.OPERATOR, organisation="91530100MA7B00018B")
    for by in (outsider, actor(Role.BUREAU), actor(Role.AUDITOR)):
        assert get_case("selection", case.code, by) == case
    for role in (Role.DEVELOPER, Role.CONSUMER, Role.SECURITY_ADMIN):
        with pytest.raises(NotFound):
            get_case("selection", case.code, actor(role))
