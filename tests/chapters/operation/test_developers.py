"""Admission of developers: two paths, no affiliates, no refusal without a ground."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import BEGAN, OPERATOR, do
from tests.factories.people import actor, enrol
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.developers import nightly
from dianchi.chapters.operation.developers.inputs import CONDITIONS
from dianchi.chapters.operation.developers.lifecycle import DEVELOPER, Facts
from dianchi.chapters.operation.developers.models import Admission
from dianchi.chapters.operation.developers.queries import barred, qualified
from dianchi.chapters.operation.developers.ranking import ranked, reviews
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.jobs.queue import run_next
from dianchi.foundation.ledger.models import Entry
from dianchi.interfaces.cli.worker import acts_by_time
from dianchi.kernel.actors import PLATFORM, Actor, Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
apply: - -> applied: operator developer
submit: applied -> under-review: developer
decline: applied, under-review -> declined: developer
review: under-review -> =: operator
qualify: under-review -> qualified: operator
reject: under-review -> rejected: operator
complain: rejected -> contested: developer
uphold: contested -> under-review: bureau
dismiss: contested -> rejected: bureau
recheck: qualified, due -> qualified: operator
fall-due: qualified -> due: system
lapse: due -> suspended: system
suspend: qualified, due -> suspended: operator bureau
resume: suspended -> qualified: operator bureau
remove: qualified, due, suspended -> removed: operator bureau
"""
PARTED = "part: qualified, due -> suspended: system"
MIDDLE = "91530100MA7B00018B"


def test_who_may_do_what_from_where() -> None:
    assert matrix(DEVELOPER, Facts(opinions=1, favourable=1)) == rows(ALLOWED)
    assert rows(PARTED) <= matrix(DEVELOPER, Facts(path=Text("关联", "tied")))


def apply(by: Any, counterpart: str, scenario: str = "") -> Any:
    return do("developers", "apply", by, counterpart=counterpart, scenario=scenario, note="按公开标准。")


def test_an_affiliate_is_not_admitted_and_the_path_is_shown(scenario: Any) -> None:
    make.affiliated(OPERATOR, make.DEVELOPER)
    with refused("developers.affiliated", "R24") as seen:
        apply(Role.OPERATOR, make.DEVELOPER, scenario.code)
    message = seen.of("developers.affiliated").message
    assert "云南数据运营有限公司" in str(message)
    assert "昆明数智科技有限公司" in str(message)


def test_an_indirect_affiliate_is_not_admitted(scenario: Any) -> None:
    enrol(MIDDLE, "云南中间控股有限公司")
    make.affiliated(OPERATOR, MIDDLE)
    make.affiliated(MIDDLE, make.DEVELOPER)
    with refused("developers.affiliated", "R24") as seen:
        apply(Role.DEVELOPER, OPERATOR)
    assert "云南中间控股有限公司" in str(seen.of("developers.affiliated").message)


def test_common_control_is_affiliation(scenario: Any) -> None:
    enrol(MIDDLE, "云南中间控股有限公司")
    make.affiliated(MIDDLE, OPERATOR)
    make.affiliated(MIDDLE, make.DEVELOPER)
    with refused("developers.affiliated", "R24"):
        apply(Role.DEVELOPER, OPERATOR)


def test_the_operator_itself_is_no_developer(scenario: Any) -> None:
    with refused("developers.affiliated", "R24"):
        apply(actor(Role.DEVELOPER, organisation=OPERATOR), OPERATOR)


def test_an_affiliation_that_comes_up_later_stops_the_admission(scenario: Any) -> None:
    case = make.an_admission_under_review(scenario)
    do("developers", "review", Role.OPERATOR, case.code, favourable=True, score=90, reason=make.WHY)
    make.affiliated(OPERATOR, make.DEVELOPER)
    with refused("developers.affiliated", "R24"):
        do("developers", "qualify", Role.OPERATOR, case.code)


def test_a_refused_affiliate_is_on_record(scenario: Any) -> None:
    make.affiliated(OPERATOR, make.DEVELOPER)
    with refused("developers.affiliated"):
        apply(Role.DEVELOPER, OPERATOR)
    entry = Entry.objects.order_by("-index").first()
    assert entry is not None
    assert (entry.kind, entry.outcome) == ("developers.apply", "refused")


def test_without_authorization_nobody_admits(scenario: Any) -> None:
    other = make.another_enterprise()
    with refused("developers.operator-not-authorized", "R23"):
        apply(Role.DEVELOPER, other)


def test_an_unknown_organisation_is_not_invited(scenario: Any) -> None:
    with refused("developers.organisation-not-admissible"):
        apply(Role.OPERATOR, MIDDLE, scenario.code)


def test_an_invitation_rests_on_a_published_scenario(scenario: Any) -> None:
    with refused("developers.scenario-not-published"):
        apply(Role.OPERATOR, make.DEVELOPER)


def test_one_admission_at_a_time(scenario: Any) -> None:
    make.an_application(scenario)
    with refused("developers.already-open"):
        make.an_application(scenario, invited=False)


def test_false_material_bars_for_three_years(scenario: Any) -> None:
    case = make.an_admission_under_review(scenario, invited=False)
    do("developers", "reject", Role.OPERATOR, case.code, ground="false-material", reason="证书系伪造。")
    with refused("developers.barred"):
        apply(Role.DEVELOPER, OPERATOR)
    assert barred(make.DEVELOPER, BEGAN + timedelta(days=3 * 365), "530000")
    assert not barred(make.DEVELOPER, BEGAN + timedelta(days=3 * 366), "530000")


def test_an_operator_that_is_a_developer_too_does_not_answer_for_the_invited(scenario: Any) -> None:
    case = make.an_application(scenario)
    both = actor(Role.OPERATOR, roles=(Role.DEVELOPER,))  # sees the case as the operator
    with refused("developers.not-your-admission"):
        do("developers", "submit", both, case.code, **make.material())


def test_only_the_operator_decides(scenario: Any) -> None:
    case = make.an_admission_under_review(scenario)
    both = actor(Role.DEVELOPER, roles=(Role.OPERATOR,))  # sees the case as the developer
    with refused("developers.not-your-admission"):
        do("developers", "qualify", both, case.code)


def test_nobody_reviews_own_material(scenario: Any) -> None:
    case = make.an_application(scenario)
    do("developers", "submit", actor(Role.DEVELOPER, person="one"), case.code, **make.material())
    with refused("developers.own-submission", "R66"):
        do("developers", "qualify", actor(Role.OPERATOR, person="one"), case.code)


@pytest.mark.parametrize("condition", [name for name, _ in CONDITIONS])
def test_every_condition_needs_its_evidence(scenario: Any, condition: str) -> None:
    case = make.an_admission_under_review(scenario, unmet=(condition,))
    do("developers", "review", Role.OPERATOR, case.code, favourable=True, score=90, reason=make.WHY)
    with refused("developers.conditions-unmet") as seen:
        do("developers", "qualify", Role.OPERATOR, case.code)
    assert str(dict(CONDITIONS)[condition]) in str(seen.of("developers.conditions-unmet").message)


@pytest.mark.parametrize("opinions", [[], [False], [True, False]])
def test_admission_needs_a_favourable_opinion_and_none_against(scenario: Any, opinions: list[bool]) -> None:
    case = make.an_admission_under_review(scenario)
    for i, favourable in enumerate(opinions):
        by = actor(Role.OPERATOR, person=f"reviewer-{i}")
        do("developers", "review", by, case.code, favourable=favourable, score=50, reason=make.WHY)
    with refused("developers.opinion-missing"):
        do("developers", "qualify", Role.OPERATOR, case.code)


def test_a_refusal_needs_a_ground_of_the_list(scenario: Any) -> None:
    case = make.an_admission_under_review(scenario)
    with refused("developers.ground-not-listed", "R28"):
        do("developers", "reject", Role.OPERATOR, case.code, ground="not-now", reason="名额已满。")


@pytest.mark.parametrize("ground", ["condition-unmet", "affiliate", "lower-ranked"])
def test_a_ground_must_be_borne_out(scenario: Any, ground: str) -> None:
    case = make.an_admission_under_review(scenario)
    with refused("developers.ground-not-on-record", "R28"):
        do("developers", "reject", Role.OPERATOR, case.code, ground=ground, reason="理由如上。")


def test_a_true_ground_rejects(scenario: Any) -> None:
    case = make.an_admission_under_review(scenario, unmet=("established",))
    done = do("developers", "reject", Role.OPERATOR, case.code, ground="condition-unmet", reason="未提供执照。")
    assert done.state == "rejected"


@pytest.mark.parametrize("invited", [True, False])
def test_both_paths_end_in_a_qualification(scenario: Any, invited: bool) -> None:
    case = make.a_qualified_developer(scenario, invited=invited)
    assert (case.state, case.invited, case.operator, case.developer) == ("qualified", invited, OPERATOR, make.DEVELOPER)
    assert str(case.qualified_until) == "2029-01-15"
    kinds = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", flat=True)
    assert list(kinds) == ["developers.apply", "developers.submit", "developers.review", "developers.qualify"]


def test_a_qualification_is_asked_for_not_pushed(scenario: Any) -> None:
    case = make.a_qualified_developer(scenario)
    assert qualified(make.DEVELOPER, OPERATOR, BEGAN) == case
    assert qualified(make.DEVELOPER, OPERATOR, BEGAN + timedelta(days=3 * 366)) is None
    make.affiliated(OPERATOR, make.DEVELOPER)
    assert qualified(make.DEVELOPER, OPERATOR, BEGAN) is None


def test_a_suspended_developer_is_not_qualified(scenario: Any) -> None:
    case = make.a_qualified_developer(scenario)
    do("developers", "suspend", Role.BUREAU, case.code, reason="接到举报。")
    assert qualified(make.DEVELOPER, OPERATOR, BEGAN) is None


def test_a_refused_act_leaves_no_trace(scenario: Any) -> None:
    case = make.an_admission_under_review(scenario)
    before, version = Admission.objects.count(), case.version
    with refused("developers.ground-not-listed"):
        do("developers", "reject", Role.OPERATOR, case.code, ground="not-now", reason="名额已满。")
    case.refresh_from_db()
    assert (Admission.objects.count(), case.version, case.state, case.ground) == (before, version, "under-review", "")


def test_the_contact_is_recorded_only_as_a_hash(scenario: Any) -> None:
    case = make.an_admission_under_review(scenario)
    entry = Entry.objects.get(case_id=case.code, kind="developers.submit")
    assert "李开发" not in str(entry.payload)
    assert case.contact == "李开发"


def test_an_admission_is_between_the_two(scenario: Any) -> None:
    case = make.an_application(scenario)
    assert get_case("developers", case.code, actor(Role.DEVELOPER)) == case
    for by in (actor(Role.CONSUMER), actor(Role.DEVELOPER, organisation=MIDDLE), actor(Role.SECURITY_ADMIN)):
        with pytest.raises(NotFound):
            get_case("developers", case.code, by)


# A market: published weights, scores, order, reasons, complaint

WEIGHTS = [{"name": "能力", "weight": 60}, {"name": "安全", "weight": 40}]
OTHERS = ("91530100MA6N1235XX", "91530400MA6P00078R")


@pytest.fixture
def weighed_scenario(agreement: Any) -> Any:
    """A published scenario with weighed criteria."""
    code = make.a_draft_scenario(agreement, title="按权重遴选的场景").code
    do("scenarios", "submit", Role.OPERATOR, code)
    do("scenarios", "approve", Role.BUREAU, code, reason=make.WHY)
    said = {"criteria": "能力六成，安全四成。", "responses_until": "2026-12-31"}
    with refused("scenarios.weights-not-hundred", "R27"):
        do("scenarios", "publish", Role.OPERATOR, code, **said, weights=WEIGHTS[:1])
    return do("scenarios", "publish", Role.OPERATOR, code, **said, weights=WEIGHTS)


def candidate(scenario: Any, developer: str, *points: int, favourable: bool = True) -> Any:
    if developer == OTHERS[0]:
        enrol(developer, "滇中数据服务有限公司")
    case = make.an_application(scenario, developer=developer)
    by = actor(Role.DEVELOPER, organisation=developer)
    do("developers", "submit", by, case.code, **make.material())
    total = round(sum(p * w["weight"] for p, w in zip(points, WEIGHTS, strict=True)) / 100)
    scores = [
        {"criterion": w["name"], "points": p, "reason": "依据材料评定。"} for w, p in zip(WEIGHTS, points, strict=True)
    ]
    return do(
        "developers",
        "review",
        Role.OPERATOR,
        case.code,
        favourable=favourable,
        score=total,
        scores=scores,
        reason=make.WHY,
    )


def test_every_published_criterion_is_scored_and_the_total_follows(weighed_scenario: Any) -> None:
    case = make.an_admission_under_review(weighed_scenario)
    scores = [{"criterion": w["name"], "points": 80, "reason": "依据材料评定。"} for w in WEIGHTS]
    for given, total in ((scores[:1], 80), (scores, 81), ([], 80), ([*scores, scores[0]], 80)):
        with refused("developers.scores-incomplete", "R27"):
            do(
                "developers",
                "review",
                Role.OPERATOR,
                case.code,
                favourable=True,
                score=total,
                scores=given,
                reason=make.WHY,
            )
    do("developers", "review", Role.OPERATOR, case.code, favourable=True, score=80, scores=scores, reason=make.WHY)
    assert [r["score"] for r in reviews(case)] == [80]


def test_candidates_are_decided_in_the_order_of_their_scores_and_losers_are_told_why(weighed_scenario: Any) -> None:
    second, first = candidate(weighed_scenario, make.DEVELOPER, 70, 70), candidate(weighed_scenario, OTHERS[0], 90, 80)
    assert [(a.pk, int(s)) for a, s in ranked(weighed_scenario) if s] == [(first.pk, 86), (second.pk, 70)]
    with refused("developers.higher-ranked-undecided", "R27") as seen:
        do("developers", "qualify", Role.OPERATOR, second.code)
    assert "滇中数据服务有限公司" in str(seen.of("developers.higher-ranked-undecided").message)
    with refused("developers.ground-not-on-record", "R28"):
        do("developers", "reject", Role.OPERATOR, second.code, ground="lower-ranked", reason="评分较低。")
    do("developers", "qualify", Role.OPERATOR, first.code)
    done = do(
        "developers",
        "reject",
        Role.OPERATOR,
        second.code,
        ground="lower-ranked",
        reason="评分为七十，低于入选者八十六。",
    )
    assert (done.state, done.ground) == ("rejected", "lower-ranked")


def test_a_rejection_can_be_complained_of_once(scenario: Any) -> None:
    case = make.an_admission_under_review(scenario, unmet=("established",))
    do("developers", "reject", Role.OPERATOR, case.code, ground="condition-unmet", reason="未提供执照。")
    said = {"complaint": "执照已在材料第三页。", "complaint_evidence": "材料第三页"}
    with refused("developers.not-your-admission"):
        do(
            "developers",
            "complain",
            Actor("x", "x", make.OPERATOR, "530000", frozenset({Role.OPERATOR, Role.DEVELOPER})),
            case.code,
            **said,
        )
    do("developers", "complain", Role.DEVELOPER, case.code, **said)
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert due.key == "contested:complaint.answer-days"
    do("developers", "uphold", Role.BUREAU, case.code, reason="投诉成立，重新审查。")
    do("developers", "reject", Role.OPERATOR, case.code, ground="condition-unmet", reason="执照已过期。")
    with refused("developers.complaint-decided", "R28"):
        do("developers", "complain", Role.DEVELOPER, case.code, **said)


# Validity, yearly re-check, nightly check


def test_evidence_that_has_run_out_proves_nothing(scenario: Any) -> None:
    case = make.an_application(scenario)
    checklist = make.material()["checklist"]
    checklist[0] = checklist[0] | {"valid_until": "2026-01-20"}
    do("developers", "submit", Role.DEVELOPER, case.code, checklist=checklist, contact="李开发")
    do("developers", "review", Role.OPERATOR, case.code, favourable=True, score=90, reason=make.WHY)
    with refused("developers.conditions-unmet") as seen:
        do("developers", "qualify", Role.OPERATOR, case.code, at=BEGAN + timedelta(days=10))
    assert "依法设立并有效存续" in str(seen.of("developers.conditions-unmet").message)
    assert do("developers", "qualify", Role.OPERATOR, case.code).state == "qualified"


def test_a_qualification_is_checked_again_every_year_or_lapses(scenario: Any) -> None:
    case = make.a_qualified_developer(scenario)
    due = Due.objects.get(case_code=case.code, key="qualified:developer.recheck-months", done_at=None)
    assert last_day(due.due_at).isoformat() == "2027-01-18"  # the 16th and 17th are a weekend
    again = {"checklist": make.material()["checklist"], "finding": "逐项核对，符合条件。"}
    case = do("developers", "recheck", Role.OPERATOR, case.code, at=BEGAN + timedelta(days=100), **again)
    moved = Due.objects.get(case_code=case.code, key="qualified:developer.recheck-months", done_at=None)
    assert moved.due_at > due.due_at
    acts_by_time(moved.due_at)
    case.refresh_from_db()
    assert case.state == "due"
    assert qualified(make.DEVELOPER, OPERATOR, moved.due_at) == case
    with refused("developers.conditions-unmet"):
        do(
            "developers",
            "recheck",
            Role.OPERATOR,
            case.code,
            at=moved.due_at,
            **(again | {"checklist": again["checklist"][1:]}),
        )
    acts_by_time(Due.objects.get(case_code=case.code, done_at=None).due_at)
    case.refresh_from_db()
    assert case.state == "suspended"
    assert qualified(make.DEVELOPER, OPERATOR, moved.due_at) is None


def test_the_nightly_check_suspends_whoever_has_come_to_be_tied(scenario: Any) -> None:
    case = make.a_qualified_developer(scenario)
    night = BEGAN + timedelta(hours=12)

    def run(at: Any) -> None:
        nightly.tonight(at)
        while run_next(lambda: at):
            pass

    run(night)
    case.refresh_from_db()
    assert case.state == "qualified"
    with refused("developers.no-ties", "R24"):
        do("developers", "part", PLATFORM, case.code)
    make.affiliated(OPERATOR, make.DEVELOPER)
    run(night)  # the same night's job is done
    case.refresh_from_db()
    assert case.state == "qualified"
    run(night + timedelta(days=1))
    case.refresh_from_db()
    assert case.state == "suspended"
    assert "云南数据运营有限公司" in case.reason
    assert Entry.objects.filter(case_id=case.code, kind="developers.part", outcome="done").count() == 1
