"""Admission of developers: two paths, no affiliates, no refusal without a ground."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import BEGAN, OPERATOR, do
from tests.factories.people import actor, enrol
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.developers.lifecycle import CONDITIONS, DEVELOPER, Facts
from dianchi.chapters.operation.developers.models import Admission
from dianchi.chapters.operation.developers.queries import barred, qualified
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
apply: - -> applied: operator developer
submit: applied -> under-review: developer
decline: applied, under-review -> declined: developer
review: under-review -> =: operator
qualify: under-review -> qualified: operator
reject: under-review -> rejected: operator
suspend: qualified -> suspended: operator bureau
resume: suspended -> qualified: operator bureau
remove: qualified, suspended -> removed: operator bureau
"""
MIDDLE = "91530100MA7B00018B"


def test_who_may_do_what_from_where() -> None:
    assert matrix(DEVELOPER, Facts(opinions=1, favourable=1)) == rows(ALLOWED)


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
