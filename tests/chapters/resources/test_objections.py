"""Objections against the catalogue: checked, mended by a new edition, confirmed, ruled on where the two disagree."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories import resources as make
from tests.factories.people import HOME, actor
from tests.factories.resources import SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.resources.objections.lifecycle import OBJECTIONS, Facts
from dianchi.chapters.resources.objections.models import Objection
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

RAISERS = "operator developer consumer implementer sector registrar bureau"
ALLOWED = f"""
raise: - -> open: {RAISERS}
accept: open -> accepted: provider
reject: open -> rejected: provider
correct: accepted -> corrected: provider
confirm: corrected -> closed: {RAISERS}
dispute: corrected, rejected -> disputed: {RAISERS}
uphold: disputed -> accepted: bureau
dismiss: disputed -> dismissed: bureau
"""
STRANGER = actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0])


def raised(by: Any = Role.DEVELOPER, item: Any = None) -> Any:
    item = item or make.a_published_item()
    return do("objections", "raise", by, title="更新频率与实际不符", item=item.code, aspect="FREQUENCY",
              statement="目录写每年更新，实际每季度更新。")  # fmt: skip


def changed(item: Any) -> None:
    """The department publishes a new edition."""
    proposal = make.item_inputs(update_frequency="quarterly")
    do("catalogue", "prepare-change", Role.PROVIDER, item.code, change_reason=SAID, proposed_grade="GENERAL-1",
       proposed_basis=SAID, proposal=proposal)  # fmt: skip
    do("catalogue", "submit-change", Role.PROVIDER, item.code)
    do("catalogue", "approve-change", Role.BUREAU, item.code)


def test_who_may_do_what_from_where() -> None:
    assert matrix(OBJECTIONS, Facts()) == rows(ALLOWED)


def test_from_objection_to_a_mended_entry() -> None:
    case = raised()
    assert (case.provider, case.edition) == (HOME[Role.PROVIDER][0], 1)
    do("objections", "accept", Role.PROVIDER, case.code, answer="情况属实，将变更目录。")
    with refused("objections.catalogue-unchanged"):
        do("objections", "correct", Role.PROVIDER, case.code, answer=SAID)
    changed(case.item)
    do("objections", "correct", Role.PROVIDER, case.code, answer="已变更为每季度更新。")
    assert do("objections", "confirm", Role.DEVELOPER, case.code).state == "closed"
    kinds = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", flat=True)
    assert [k.rpartition(".")[2] for k in kinds] == ["raise", "accept", "correct", "confirm"]


def test_where_the_two_disagree_the_data_administration_rules() -> None:
    case = raised()
    do("objections", "reject", Role.PROVIDER, case.code, answer="以目录为准。")
    do("objections", "dispute", Role.DEVELOPER, case.code, reason="有供数记录为证。")
    with refused("objections.not-your-territory"):  # who sees everything rules only at home
        do("objections", "uphold", actor(Role.BUREAU, region="530100", roles=(Role.AUDITOR,)), case.code, reason=SAID)
    assert do("objections", "uphold", Role.BUREAU, case.code, reason="供数记录属实。").state == "accepted"


def test_only_the_provider_answers_and_only_who_objected_confirms() -> None:
    item = make.a_published_item()
    case = raised(item=item)
    with pytest.raises(NotFound):
        do("objections", "accept", STRANGER, case.code, answer=SAID)
    do("objections", "reject", Role.PROVIDER, case.code, answer=SAID)
    with refused("objections.not-the-raiser"):
        do("objections", "dispute", Role.BUREAU, case.code, reason=SAID)


def test_a_provider_that_is_not_this_one_is_refused_by_name() -> None:
    auditing = actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0], roles=(Role.AUDITOR,))
    case = raised()
    with refused("objections.not-the-provider"):
        do("objections", "accept", auditing, case.code, answer=SAID)


def test_one_objects_to_published_entries_of_others() -> None:
    with refused("objections.item-not-published"):
        raised(Role.BUREAU, make.a_draft_item())
    own = actor(Role.PROVIDER, roles=(Role.SECTOR,))
    with refused("objections.own-item"):
        raised(own, make.a_published_item())


def test_each_step_has_its_time() -> None:
    case = raised()
    assert [d.key for d in Due.objects.filter(case_code=case.code, done_at=None)] == ["open:correction.answer-days"]


def test_a_refusal_leaves_no_trace() -> None:
    item, entries = make.a_draft_item(), Entry.objects.count()
    with refused("objections.item-not-published"):
        raised(Role.BUREAU, item)
    assert (Objection.objects.count(), Entry.objects.count()) == (0, entries)


def test_it_is_the_business_of_both_and_of_supervision() -> None:
    case = raised()
    for role in (Role.DEVELOPER, Role.PROVIDER, Role.BUREAU, Role.AUDITOR):
        assert get_case("objections", case.code, actor(role)) == case
    for by in (actor(Role.CONSUMER), STRANGER, actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(NotFound):
            get_case("objections", case.code, by)
