"""Opinions on a product: one for each person, blinded until all are in, void once the content changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.operation import a_provisioned_request, a_submitted_product, do, product_inputs
from tests.factories.people import HOME, NOON, actor

from dianchi.foundation.cases.models import Opinion
from dianchi.foundation.cases.opinions import add_opinion, valid_opinions, visible_opinions
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import case_type
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db
FIRST, SECOND = actor(Role.OPERATOR), actor(Role.IMPLEMENTER)
REASON = "经核，输出为汇总数据，无法识别个人。"


def opine(product, by, favourable: bool = True):
    inputs = {"favourable": favourable, "reason": REASON}
    return perform("products", "review", by=by, at=NOON + timedelta(days=1), code=product.code, inputs=inputs).case


def test_an_opinion_keeps_the_state_and_is_recorded():
    product = a_submitted_product()
    reviewed = opine(product, FIRST)
    assert (reviewed.state, reviewed.version) == ("submitted", product.version + 1)
    entry = Entry.objects.latest("index")
    assert (entry.kind, entry.from_state, entry.to_state) == ("products.review", "submitted", "submitted")


def test_nobody_reads_the_others_before_all_needed_are_in():
    product = opine(a_submitted_product(), FIRST)
    assert [o.person for o in visible_opinions(product, FIRST)] == [FIRST.person]
    assert visible_opinions(product, SECOND) == []
    assert visible_opinions(product, actor(Role.AUDITOR)) == []
    product = opine(product, SECOND, favourable=False)
    for reader in (FIRST, SECOND, actor(Role.AUDITOR)):
        assert [o.favourable for o in visible_opinions(product, reader)] == [True, False]


def test_nor_from_the_ledger():
    opine(a_submitted_product(), FIRST)
    entry = Entry.objects.latest("index")
    assert REASON not in entry.payload + entry.body
    assert "favourable" not in entry.payload


def test_two_favourable_opinions_look_nothing_alike_in_the_ledger():
    product = opine(a_submitted_product(), FIRST)
    first = Entry.objects.latest("index").payload
    opine(product, SECOND)
    second = Entry.objects.latest("index").payload
    assert first.split('"opinion":')[1][:66] != second.split('"opinion":')[1][:66]


def test_an_opinion_on_what_has_changed_is_void():
    product = opine(a_submitted_product(), FIRST)
    assert valid_opinions(product, "review").count() == 1
    product.title += "（修订）"
    assert valid_opinions(product, "review").count() == 0
    # What was void is no secret any more.
    assert [o.person for o in visible_opinions(product, SECOND)] == [FIRST.person]


def test_changed_after_it_was_sent_back_it_has_no_opinion():
    request = a_provisioned_request()
    product = opine(opine(a_submitted_product(request), FIRST), SECOND, favourable=False)
    do("products", "return", Role.OPERATOR, product.code, reason="请补充说明口径。")
    inputs = product_inputs(request, title="各州市游客量（修订）", slug=product.slug)
    do("products", "revise", Role.DEVELOPER, product.code, **inputs)
    product = do("products", "submit", Role.DEVELOPER, product.code, NOON + timedelta(days=2))
    assert product.state == "submitted"
    assert valid_opinions(product, "review").count() == 0
    assert Opinion.objects.filter(case_type="products").count() == 2


def test_one_opinion_for_each_person():
    product = opine(a_submitted_product(), FIRST)
    with pytest.raises(RuleBroken):
        opine(product, FIRST, favourable=False)
    act = case_type("products").lifecycle.act("review")
    with pytest.raises(RuleBroken) as refused:  # also where a kind of case has no guard of its own against it
        add_opinion(product, act, FIRST, NOON, act.inputs(favourable=False, reason=REASON))
    assert [r.code for r in refused.value.refusals] == ["cases.opinion-given"]
    assert Opinion.objects.get(case_type="products").favourable is True


def test_the_colleague_of_a_reviewer_is_another_person_but_no_second_body():
    colleague = actor(Role.OPERATOR, person="a-colleague", organisation=HOME[Role.OPERATOR][0])
    product = opine(a_submitted_product(), FIRST)
    with pytest.raises(RuleBroken):
        opine(product, colleague)
