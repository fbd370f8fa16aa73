"""Affiliation facts on record, with their dates, and the path in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.factories.people import HOME, NOON, actor, enrol_all

from dianchi.foundation.affiliations import graph
from dianchi.foundation.affiliations.models import Affiliation
from dianchi.foundation.affiliations.queries import around, path_between, related
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import Invalid, NotPermitted, RuleBroken

pytestmark = pytest.mark.django_db
OPERATOR, DEVELOPER, CONSUMER = (HOME[r][0] for r in (Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER))


@pytest.fixture(autouse=True)
def _organisations():
    enrol_all()


def declare(holder: str = OPERATOR, held: str = DEVELOPER, **changes):
    inputs = {
        "holder": holder, "held": held, "tie": "share", "share": "0.51", "valid_from": "2026-01-01", "evidence": "企业信用公示",
    } | changes  # fmt: skip
    return perform("affiliations", "declare", by=changes.pop("by", PLATFORM), at=NOON, inputs=inputs).case


def test_the_path_is_told_in_both_languages_with_names():
    declare()
    path = related(OPERATOR, DEVELOPER, NOON)
    assert str(path) == "云南数据运营有限公司持股 51.00%→昆明数智科技有限公司"
    assert path.en == "云南数据运营有限公司 holds shares in 51.00% 昆明数智科技有限公司"
    assert str(related(DEVELOPER, OPERATOR, NOON)) == str(path)


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_fact_counts_from_its_first_to_its_last_day(days: int, holds: bool):
    declare(valid_from="2026-03-02", valid_to="2026-03-11")
    assert (related(OPERATOR, DEVELOPER, NOON + timedelta(days=days)) is not None) is holds


def test_an_ended_fact_counts_no_more():
    fact = declare()
    perform("affiliations", "end", by=actor(Role.BUREAU), at=NOON, code=fact.code)
    assert related(OPERATOR, DEVELOPER, NOON) is None


def test_through_a_third():
    declare(CONSUMER, OPERATOR, share="0.8")
    declare(CONSUMER, DEVELOPER, tie="control", share="0")
    assert "玉溪旅游服务有限公司" in str(related(OPERATOR, DEVELOPER, NOON))


def test_the_threshold_is_a_figure_of_the_region():
    declare(share="0.20")
    assert related(OPERATOR, DEVELOPER, NOON) is None
    inputs = {"key": "developer.related-ownership-threshold.related", "value": "0.20", "reason": "本省从严掌握"}
    perform("parameters", "set", by=actor(Role.BUREAU), at=NOON, inputs=inputs)
    assert related(OPERATOR, DEVELOPER, NOON) is not None


def test_an_organisation_does_not_hold_itself():
    with pytest.raises(RuleBroken) as refused:
        declare(OPERATOR, OPERATOR)
    assert [r.code for r in refused.value.refusals] == ["affiliations.one-organisation"]


@pytest.mark.parametrize(
    ("field", "value"), [("share", "1.01"), ("share", "-0.1"), ("share", "NaN"), ("tie", "friend"), ("holder", "X")]
)
def test_malformed_facts_are_refused(field: str, value: str):
    with pytest.raises(Invalid) as refused:
        declare(**{field: value})
    assert [r.field for r in refused.value.refusals] == [field]
    assert not Affiliation.objects.exists()


def test_who_may_not_declare():
    with pytest.raises(NotPermitted):
        perform("affiliations", "declare", by=actor(Role.CONSUMER), at=NOON, inputs={})


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DEVELOPER])
def test_a_firm_declares_only_what_it_is_part_of(role: Role):
    said = {
        "holder": CONSUMER,
        "held": "91530100MA6N1235XX",
        "tie": "control",
        "valid_from": "2026-01-01",
        "evidence": "公示",
    }
    with pytest.raises(RuleBroken) as refused:
        perform("affiliations", "declare", by=actor(role), at=NOON, inputs=said)
    assert [(r.code, r.rules) for r in refused.value.refusals] == [("affiliations.not-a-party", ("R24",))]
    assert not Affiliation.objects.exists()
    own = said | {"held": actor(role).organisation}
    assert perform("affiliations", "declare", by=actor(role), at=NOON, inputs=own).case.held == actor(role).organisation
    assert perform("affiliations", "declare", by=actor(Role.BUREAU), at=NOON, inputs=said).case.state == "in-force"


def test_a_fact_does_not_end_before_it_begins():
    with pytest.raises(RuleBroken) as refused:
        declare(valid_from="2026-03-02", valid_to="2026-03-01")
    assert [(r.code, r.field) for r in refused.value.refusals] == [("affiliations.term-reversed", "valid_to")]
    fact = declare(valid_from="2026-03-02", valid_to="2026-03-02")
    with pytest.raises(IntegrityError, match="affiliation_runs_forward"), transaction.atomic():
        Affiliation.objects.filter(pk=fact.pk).update(valid_to="2026-03-01")


ID = "530102199001011231"


def held_by(name: str, number: str, held: str, **changes):
    said = {
        "holder_id": number,
        "holder_name": name,
        "held": held,
        "tie": "key-person",
        "valid_from": "2026-01-01",
        "evidence": "公示",
    }
    return perform("affiliations", "declare", by=PLATFORM, at=NOON, inputs=said | changes).case


def test_a_person_on_both_boards_relates_the_two_and_stays_a_pseudonym():
    first, second = held_by("段思远", ID, OPERATOR), held_by("段思远", ID, DEVELOPER)
    other = held_by("段思远", "530402200002290019", CONSUMER)
    assert first.holder == second.holder != other.holder
    assert graph.is_person(first.holder)
    assert str(related(OPERATOR, DEVELOPER, NOON)).startswith("段某某关键人员兼任")
    assert related(OPERATOR, CONSUMER, NOON) is None
    stored = "".join(str(v) for v in Affiliation.objects.values()) + "".join(
        e.payload + e.body for e in Entry.objects.all()
    )
    assert ID not in stored
    assert "段思远" not in stored


@pytest.mark.parametrize(
    "changes", [{"holder": OPERATOR}, {"holder_id": ""}, {"holder_name": ""}, {"holder_id": "530102199001011232"}]
)
def test_a_holder_is_one_organisation_or_one_person(changes):
    with pytest.raises(RuleBroken) as refused:
        held_by("段思远", ID, DEVELOPER, **changes)
    assert refused.value.refusals[0].code == "affiliations.holder-unclear"


def test_what_is_around_an_organisation_is_found_through_chains():
    declare(CONSUMER, OPERATOR, share="0.8")
    declare(DEVELOPER, CONSUMER, share="0.1")
    declare(HOME[Role.REGISTRAR][0], HOME[Role.PROVIDER][0], share="0.1")
    assert {(k.holder, k.held) for k in around(OPERATOR, NOON)} == {(CONSUMER, OPERATOR), (DEVELOPER, CONSUMER)}
    assert path_between(CONSUMER, OPERATOR, NOON).share is not None
