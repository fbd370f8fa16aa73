"""The catalogue: what departments state of their resources, how they are graded, what may never be on it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories import resources as make
from tests.factories.people import HOME, NOON, actor
from tests.factories.resources import SAID, column, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.resources.catalogue.lifecycle import CATALOGUE, Facts
from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.catalogue.queries import item, items, published
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import ADMINISTRATORS, Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
draft: - -> draft: provider
revise: draft, suspended -> =: provider
grade: draft, published, suspended -> =: provider
submit: draft -> submitted: provider
publish: submitted -> published: bureau
return: submitted -> draft: bureau
suspend: published -> suspended: bureau provider
resume: suspended -> published: bureau
prepare-change: published -> =: provider
submit-change: published -> =: provider
drop-change: published -> =: provider
approve-change: published -> =: bureau
return-change: published -> =: bureau
ask-withdrawal: published, suspended -> =: provider
refuse-withdrawal: published, suspended -> =: bureau
withdraw: published, suspended -> withdrawn: bureau
"""
NOTHING_WAITS = Facts(under_review=False, withdrawal_asked=False)
OTHER = HOME[Role.SECTOR][0]  # the health commission holds resources too
KUNMING = actor(Role.BUREAU, organisation="11530100MB1A00001D", region="530100")


def test_who_may_do_what_from_where() -> None:
    assert matrix(CATALOGUE, Facts()) | matrix(CATALOGUE, NOTHING_WAITS) == rows(ALLOWED)


# What a department states


def test_a_ban_or_condition_needs_its_ground() -> None:
    for attribute in ("FORBIDDEN", "CONDITIONAL"):
        with refused("catalogue.no-ground"):
            make.a_draft_item(attribute=attribute)
    assert make.a_draft_item(attribute="FORBIDDEN", ground="测绘法第三十条").attribute == "FORBIDDEN"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("catalogue.item-repeated", {"items": [column("code", "区划代码"), column("code", "代码")]}),
        ("catalogue.unknown-use", {"items": [column("code", "区划代码", uses=("sell",))]}),
        ("catalogue.unknown-category", {"items": [column("code", "区划代码", category="whatever")]}),
        ("catalogue.use-incomplete", {"items": [column("code", "区划代码", uses=("aggregate",))]}),
        ("catalogue.use-incomplete", {"items": [column("code", "区划代码", uses=("mask",))]}),
        ("catalogue.subject-not-stated", {"items": [column("name", "姓名", category="person_name")], "contract": {}}),
        ("catalogue.contract-unreadable", {"contract": {"columns": "code"}}),
        ("catalogue.items-not-in-contract", {"items": [*make.DIVISIONS, column("area", "面积")]}),
    ],
)
def test_what_a_department_states_must_hold_together(code: str, changes: dict[str, Any]) -> None:
    with refused(code):
        make.a_draft_item(**changes)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("catalogue.no-subject-column", {"subject_column": "passport"}),
        ("catalogue.threshold-too-low", {"min_subjects": 4}),
        ("catalogue.uses-too-wide", {"items": [column("person_id", "证件号码", category="citizen_id")]}),
        (
            "catalogue.uses-too-wide",
            {"items": [column("person_id", "证件号码", uses=("group",), category="citizen_id")]},
        ),
        ("catalogue.uses-too-wide", {"items": [column("person_id", "住址", uses=("compare",), category="address")]}),
        ("catalogue.uses-too-wide", {"items": [column("person_id", "收入", category="sensitive")]}),
    ],
)
def test_a_resource_about_persons_protects_them(code: str, changes: dict[str, Any]) -> None:
    with refused(code):
        make.a_draft_item(**make.visits_inputs(**changes))


def test_a_harmless_item_of_a_person_may_be_shown() -> None:
    items = [
        column("person_id", "证件号码", uses=("join",), category="citizen_id"),
        column("zip", "邮编", category="postcode"),
    ]
    assert make.a_draft_item(**make.visits_inputs(items=items)).state == "draft"


# Grading


def test_the_grade_of_personal_information_is_high_enough() -> None:
    code = make.a_draft_item(**make.visits_inputs()).code
    with refused("catalogue.grade-too-low"):
        do("catalogue", "grade", Role.PROVIDER, code, **make.grading("GENERAL-2"))  # spend is sensitive
    assert do("catalogue", "grade", Role.PROVIDER, code, **make.grading("GENERAL-3")).grade == "GENERAL-3"


def test_grading_keeps_the_items_unless_it_states_them() -> None:
    code = make.a_draft_item().code
    assert do("catalogue", "grade", Role.PROVIDER, code, **make.grading()).items == list(make.DIVISIONS)
    narrowed = [column("code", "区划代码", uses=())]
    graded = do("catalogue", "grade", Role.PROVIDER, code, at=NOON, **make.grading(items=narrowed))
    assert (graded.items, graded.graded_at) == (narrowed, NOON)


def test_an_ungraded_item_is_not_submitted() -> None:
    with refused("catalogue.not-graded", "R4"):
        do("catalogue", "submit", Role.PROVIDER, make.a_draft_item().code)


def test_state_secrets_stay_outside() -> None:
    code = make.a_draft_item(state_secret=True).code
    do("catalogue", "grade", Role.PROVIDER, code, **make.grading())
    with refused("catalogue.state-secret", "R1"):
        do("catalogue", "submit", Role.PROVIDER, code)


def test_core_data_stay_outside() -> None:
    code = make.a_draft_item().code
    do("catalogue", "grade", Role.PROVIDER, code, **make.grading("CORE"))
    with refused("catalogue.core-data", "R2"):
        do("catalogue", "submit", Role.PROVIDER, code)


def test_what_becomes_core_is_suspended_first_and_never_resumed() -> None:
    code = make.a_published_item().code
    with refused("catalogue.core-while-published", "R2"):
        do("catalogue", "grade", Role.PROVIDER, code, **make.grading("CORE"))
    do("catalogue", "suspend", Role.PROVIDER, code, reason=SAID)
    do("catalogue", "grade", Role.PROVIDER, code, **make.grading("CORE"))
    with refused("catalogue.core-data", "R2"):
        do("catalogue", "resume", Role.BUREAU, code, reason=SAID)


# Changing what is published


@pytest.mark.parametrize(
    "change",
    [
        {"grade": "GENERAL-1"},
        {"items": list(make.VISITS[:-1])},
        {"items": [*make.VISITS, column("zip", "邮编", category="postcode")]},
        {"items": [*make.VISITS[:-1], column("spend", "消费金额", uses=("aggregate", "group"), aggregates=("sum",))]},
        {"items": [*make.VISITS[:-1], column("spend", "消费金额", uses=("aggregate",), aggregates=("max",))]},
        {"items": [make.VISITS[0], column("name", "姓名", uses=("mask",), mask="last"), *make.VISITS[2:]]},
    ],
)
def test_what_is_published_is_only_tightened(change: dict[str, Any]) -> None:
    code = make.a_published_item(**make.visits_inputs()).code
    with refused("catalogue.loosened-while-published"):
        do("catalogue", "grade", Role.PROVIDER, code, **make.grading(**({"grade": "GENERAL-3"} | change)))


def test_what_is_published_may_be_tightened() -> None:
    code = make.a_published_item(**make.visits_inputs()).code
    items = [*make.VISITS[:-1], column("spend", "消费金额", "DECIMAL(12,2)", uses=(), category="sensitive")]
    case = do("catalogue", "grade", Role.PROVIDER, code, **make.grading("GENERAL-4", items=items))
    assert (case.state, case.grade, case.items[-1]["uses"]) == ("published", "GENERAL-4", [])


def test_a_change_goes_through_suspension_grading_and_another_persons_review() -> None:
    both = actor(Role.PROVIDER, roles=(Role.BUREAU,))
    code = make.a_published_item(by=both).code
    do("catalogue", "suspend", both, code, reason=SAID)
    case = do("catalogue", "revise", both, code, **make.item_inputs(summary="增加乡级区划。"))
    assert (case.state, case.grade) == ("suspended", "")
    with refused("catalogue.not-graded", "R4"):
        do("catalogue", "resume", Role.BUREAU, code, reason=SAID)
    do("catalogue", "grade", both, code, **make.grading())
    with refused("catalogue.own-submission", "R66"):
        do("catalogue", "resume", both, code, reason=SAID)
    assert do("catalogue", "resume", Role.BUREAU, code, reason=SAID).summary == "增加乡级区划。"


def test_a_draft_that_changes_is_graded_again() -> None:
    code = make.a_draft_item().code
    do("catalogue", "grade", Role.PROVIDER, code, **make.grading())
    do("catalogue", "revise", Role.PROVIDER, code, **make.item_inputs())
    with refused("catalogue.not-graded", "R4"):
        do("catalogue", "submit", Role.PROVIDER, code)


# Who


def test_only_the_provider_works_on_its_item() -> None:
    code = make.a_published_item().code  # published: another provider sees it
    with refused("catalogue.not-the-provider"):
        do("catalogue", "grade", actor(Role.PROVIDER, organisation=OTHER), code, **make.grading())


@pytest.mark.parametrize("by", [actor(Role.PROVIDER, organisation=OTHER), KUNMING])
def test_nobody_stops_a_resource_that_is_not_in_their_charge(by: Any) -> None:
    code = make.a_published_item().code
    with refused("catalogue.not-in-charge"):
        do("catalogue", "suspend", by, code, reason=SAID)


def test_nobody_publishes_an_own_submission() -> None:
    both = actor(Role.PROVIDER, roles=(Role.BUREAU,))
    code = make.a_draft_item(by=both).code
    do("catalogue", "grade", both, code, **make.grading())
    do("catalogue", "submit", both, code)
    with refused("catalogue.own-submission", "R66"):
        do("catalogue", "publish", both, code)
    assert do("catalogue", "publish", Role.BUREAU, code).state == "published"


# Story, trace, sight


def test_from_draft_to_the_published_catalogue() -> None:
    case = make.a_published_item()
    acts = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", "from_state", "to_state")
    assert list(acts) == [
        ("catalogue.draft", "", "draft"),
        ("catalogue.grade", "draft", "draft"),
        ("catalogue.submit", "draft", "submitted"),
        ("catalogue.publish", "submitted", "published"),
    ]
    assert item(case.code) == case
    assert items([case.code, "ML-0000"]) == list(published()) == [case]


def test_nobodys_id_is_in_the_ledger() -> None:
    make.a_published_item(by=actor(Role.PROVIDER, person="zhang-wei"))
    assert not any("zhang-wei" in text for e in Entry.objects.all() for text in (e.payload, e.body))


def test_a_refusal_leaves_no_trace() -> None:
    case = make.a_draft_item()
    entries = Entry.objects.count()
    with refused("catalogue.not-graded"):
        do("catalogue", "submit", Role.PROVIDER, case.code)
    assert (Item.objects.get().version, Entry.objects.count()) == (case.version, entries)


def test_drafts_are_for_the_provider_and_supervision_what_is_published_for_all() -> None:
    draft, shown = make.a_draft_item().code, make.a_published_item().code
    for role in (Role.PROVIDER, Role.BUREAU, Role.AUDITOR):
        assert get_case("catalogue", draft, actor(role)).code == draft
    for by in (actor(Role.DEVELOPER), actor(Role.PROVIDER, organisation=OTHER), KUNMING):
        with pytest.raises(NotFound):
            get_case("catalogue", draft, by)
        assert get_case("catalogue", shown, by).code == shown
    for role in ADMINISTRATORS:
        with pytest.raises(NotFound):
            get_case("catalogue", shown, actor(role))
