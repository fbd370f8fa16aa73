"""Editions of the catalogue: a draft beside what is published, reviewed by another, told to those who depend on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories import authorization
from tests.factories import resources as make
from tests.factories.people import HOME, NOON, actor
from tests.factories.resources import LONG_AGO, SAID, column, do
from tests.factories.rules import refused

from dianchi.chapters.resources.catalogue import queries
from dianchi.chapters.resources.catalogue.models import Notice
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import case_type, get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
OTHER = HOME[Role.SECTOR][0]


def change(**changed: Any) -> dict[str, Any]:
    """A change of the published divisions."""
    return {
        "change_reason": "增加邮政编码，改为按季度更新。", "proposed_grade": "GENERAL-1", "proposed_basis": SAID,
        "proposal": make.item_inputs(contract={}, update_frequency="quarterly", items=[*make.DIVISIONS, column("postcode", "邮政编码")])
        | changed,
    }  # fmt: skip


def prepared(item: Any, **changed: Any) -> Any:
    return do("catalogue", "prepare-change", Role.PROVIDER, item.code, **change(**changed))


def approved(item: Any, **changed: Any) -> Any:
    prepared(item, **changed)
    do("catalogue", "submit-change", Role.PROVIDER, item.code)
    return do("catalogue", "approve-change", Role.BUREAU, item.code)


def test_a_draft_lies_beside_what_is_published() -> None:
    item = prepared(make.a_published_item())
    assert (item.state, item.update_frequency, item.edition) == ("published", "yearly", 1)
    assert item.proposal["update_frequency"] == "quarterly"
    assert queries.proposed(item)["update_frequency"] == "quarterly"


def test_an_approved_change_is_the_next_edition() -> None:
    item = approved(make.a_published_item())
    assert (item.update_frequency, item.edition, item.proposal, item.change_stage) == ("quarterly", 2, {}, "")
    new, old = queries.editions_of(item)
    differences = queries.difference(old.content, new.content)
    assert [(d.field, d.before, d.after) for d in differences if d.field == "update_frequency"] == [
        ("update_frequency", "yearly", "quarterly")
    ]
    assert [d.field for d in differences if d.column] == ["items.postcode"]
    assert {e.digest for e in (new, old)} == {new.digest, old.digest}
    assert new.reason == change()["change_reason"]


def test_a_change_of_one_use_names_the_data_item_and_the_use() -> None:
    columns = [column("code", "区划代码", uses=("select", "filter")), *make.DIVISIONS[1:]]
    before = {"items": list(make.DIVISIONS)}
    (found,) = queries.difference(before, {"items": columns})
    assert (found.field, found.before, found.after) == ("items.code.uses", ["select"], ["select", "filter"])
    (gone, *_) = queries.difference(before, {"items": columns[1:]})
    assert (gone.field, gone.after) == ("items.code", None)


def test_the_same_content_is_no_change_and_no_edition() -> None:
    item = make.a_published_item()
    with refused("catalogue.change-changes-nothing"):
        do("catalogue", "prepare-change", Role.PROVIDER, item.code, **(change() | {"proposal": make.item_inputs()}))
    do("catalogue", "suspend", Role.BUREAU, item.code, reason=SAID)
    assert do("catalogue", "resume", Role.BUREAU, item.code, reason=SAID).edition == 1


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("catalogue.no-ground", {"attribute": "FORBIDDEN"}),
        ("catalogue.state-secret", {"state_secret": True}),
        ("catalogue.item-repeated", {"items": [column("code", "代码"), column("code", "代码")], "contract": {}}),
        ("catalogue.coverage-unknown", {"coverage": ["999999"]}),
        ("catalogue.coverage-unknown", {"covers_from_on": "2026-02-01", "covers_to_on": "2026-01-01"}),
    ],
)
def test_a_change_keeps_the_rules_of_a_draft(code: str, changed: dict[str, Any]) -> None:
    with refused(code):
        prepared(make.a_published_item(), **changed)


def test_a_change_to_core_data_is_refused() -> None:
    with refused("catalogue.core-while-published", "R2"):
        do(
            "catalogue",
            "prepare-change",
            Role.PROVIDER,
            make.a_published_item().code,
            **(change() | {"proposed_grade": "CORE"}),
        )


def test_a_resource_is_graded_as_its_highest_item() -> None:
    item = make.a_draft_item(items=[{**column("code", "代码"), "grade": "GENERAL-2"}], contract={})
    with refused("catalogue.grade-below-its-items"):
        do("catalogue", "grade", Role.PROVIDER, item.code, **make.grading("GENERAL-1"))
    assert do("catalogue", "grade", Role.PROVIDER, item.code, **make.grading("GENERAL-2")).grade == "GENERAL-2"


def test_another_person_reviews_and_within_its_time() -> None:
    both = actor(Role.PROVIDER, roles=(Role.BUREAU,))
    item = prepared(make.a_published_item())
    for act in ("approve-change", "return-change"):
        with refused("catalogue.no-change-submitted"):
            do("catalogue", act, Role.BUREAU, item.code, **({"reason": SAID} if act.startswith("return") else {}))
    assert not Due.objects.filter(case_code=item.code, done_at=None).exists()
    do("catalogue", "submit-change", both, item.code)
    assert Due.objects.filter(case_code=item.code, done_at=None, key="published:catalogue.review-days").count() == 1
    with refused("catalogue.own-submission", "R66"):
        do("catalogue", "approve-change", both, item.code)
    with refused("catalogue.change-under-review"):
        prepared(item)
    item = do("catalogue", "return-change", Role.BUREAU, item.code, reason="请补充依据。")
    assert (item.change_stage, item.proposed_at) == ("draft", None)
    assert not Due.objects.filter(case_code=item.code, done_at=None).exists()
    assert do("catalogue", "drop-change", Role.PROVIDER, item.code).proposal == {}
    with refused("catalogue.no-change-prepared"):
        do("catalogue", "submit-change", Role.PROVIDER, item.code)


def test_only_the_department_changes_its_item() -> None:
    item = make.a_published_item()
    with refused("catalogue.not-the-provider"):
        do("catalogue", "prepare-change", actor(Role.PROVIDER, organisation=OTHER), item.code, **change())


def test_a_withdrawal_is_asked_for_and_reviewed() -> None:
    item = make.a_published_item()
    with refused("catalogue.no-withdrawal-asked"):
        do("catalogue", "refuse-withdrawal", Role.BUREAU, item.code, reason=SAID)
    do("catalogue", "ask-withdrawal", Role.PROVIDER, item.code, reason="职能调整，不再采集。")
    with refused("catalogue.withdrawal-asked-already"):
        do("catalogue", "ask-withdrawal", Role.PROVIDER, item.code, reason=SAID)
    assert do("catalogue", "refuse-withdrawal", Role.BUREAU, item.code, reason=SAID).state == "published"
    both = actor(Role.PROVIDER, roles=(Role.BUREAU,))
    do("catalogue", "ask-withdrawal", both, item.code, reason="职能调整，不再采集。")
    with refused("catalogue.own-submission", "R66"):
        do("catalogue", "withdraw", both, item.code, reason=SAID)
    assert do("catalogue", "withdraw", Role.BUREAU, item.code, reason=SAID).state == "withdrawn"


def test_who_depends_on_an_item_is_told_what_became_of_it() -> None:
    agreement = authorization.an_agreement_in_force()
    item = queries.item(agreement.resources[0])
    assert item is not None
    do("catalogue", "suspend", Role.BUREAU, item.code, at=NOON, reason="数据有误，暂停使用。")
    told = Notice.objects.filter(item=item, act="suspend")
    assert (agreement.operator, "agreements", agreement.code) in told.values_list(
        "organisation", "about_type", "about_code"
    )
    assert not told.filter(organisation=item.opened_for).exists()
    # Suspended items are not on offer; whoever was told can still read why.
    assert get_case("catalogue", item.code, actor(Role.OPERATOR)).reason == "数据有误，暂停使用。"
    with pytest.raises(NotFound):
        get_case("catalogue", item.code, actor(Role.CONSUMER))


def test_the_notices_reach_the_people_of_those_organisations() -> None:
    from tests.factories.accounts import account

    from dianchi.foundation.notices.models import Notice as Told
    from dianchi.foundation.notices.tell import round_of_telling

    agreement = authorization.an_agreement_in_force()
    person = account(Role.OPERATOR)
    item = queries.item(agreement.resources[0])
    assert item is not None
    round_of_telling(NOON)
    do("catalogue", "suspend", Role.BUREAU, item.code, at=NOON, reason="数据有误，暂停使用。")
    while round_of_telling(NOON + timedelta(minutes=1)):
        pass
    assert Told.objects.filter(person=str(person.pk), case_code=item.code, act="suspend").exists()


def test_a_form_starts_from_what_is_known() -> None:
    item, by = make.a_published_item(contact="信息中心 0871-60000000", industry="S"), actor(Role.PROVIDER)
    suggest = case_type("catalogue").suggest
    assert suggest is not None
    assert suggest("draft", None, by, {}) | {"contact": "信息中心 0871-60000000", "industry": "S"} == suggest(
        "draft", None, by, {}
    )
    assert suggest("prepare-change", item, by, {})["proposal"]["title"] == item.title


def test_the_ledger_tells_the_change() -> None:
    item = approved(make.a_published_item())
    kinds = Entry.objects.filter(case_id=item.code).order_by("index").values_list("kind", flat=True)
    assert list(kinds)[-3:] == ["catalogue.prepare-change", "catalogue.submit-change", "catalogue.approve-change"]
    assert item.graded_at == LONG_AGO


def test_a_store_of_an_earlier_version_is_caught_up() -> None:
    from dianchi.chapters.resources.catalogue.models import Edition, Item, SearchEntry
    from dianchi.chapters.resources.catalogue.upkeep import catch_up

    item = make.a_published_item()
    Edition.objects.all().delete()
    SearchEntry.objects.all().delete()
    Item.objects.update(edition=0)
    assert (catch_up(), catch_up()) == (1, 0)
    assert [e.number for e in queries.editions_of(item)] == [1]
    assert queries.search(queries.Asked(words="行政区划"), open_only=True).total == 1
