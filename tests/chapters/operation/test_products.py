"""Products: governed queries, two blinded opinions from two organisations, bound to one digest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import BEGAN, do
from tests.factories.people import NOON, actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.products.lifecycle import PRODUCT, Facts
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.products.queries import live, program
from dianchi.chapters.operation.programs.compiling import bound_parameters
from dianchi.engines.guard import GuardRefusal
from dianchi.foundation.cases.opinions import visible_opinions
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
draft: - -> draft: developer
revise: draft, returned, approved, listed, delisted, recalled -> draft: developer
submit: draft -> submitted: developer
review: submitted -> =: operator implementer
approve: submitted -> approved: operator
return: submitted -> returned: operator implementer
list: approved, delisted -> listed: operator
delist: listed -> delisted: operator
recall: approved, listed, delisted -> recalled: operator bureau
"""


def test_who_may_do_what_from_where() -> None:
    assert matrix(PRODUCT, Facts(favourable=2, organisations=2)) == rows(ALLOWED)


def draft(data_request: Any, **changes: Any) -> Any:
    inputs = make.product_inputs(data_request, slug="another-product") | changes
    return do("products", "draft", Role.DEVELOPER, **inputs)


def test_one_persons_row_is_refused_with_every_reason(data_request: Any) -> None:
    with refused("products.query-refused", "R42") as seen:
        draft(data_request, sql=make.ONE_PERSON)
    passed_on = [r for r in seen.refusals if isinstance(r, GuardRefusal)]
    assert {r.column for r in passed_on} >= {"visits.phone"}
    assert all(r.remedy and r.clause and r.line for r in passed_on)
    assert "530102199001011234" not in " ".join(str(r.message) + r.message.en for r in seen.refusals)


def test_a_refused_query_is_on_record_by_its_codes(data_request: Any) -> None:
    with refused("products.query-refused"):
        draft(data_request, sql=make.ONE_PERSON)
    entry = Entry.objects.order_by("-index").first()
    assert entry is not None
    assert (entry.kind, entry.outcome) == ("products.draft", "refused")
    assert "products.query-refused" in str(entry.payload)
    assert "530102199001011234" not in str(entry.payload)


def test_data_that_may_no_longer_be_used_carry_no_product(data_request: Any) -> None:
    do("requests", "revoke", Role.BUREAU, data_request.code, reason=make.WHY)
    with refused("products.data-not-available", "R26") as seen:
        draft(data_request)
    assert "requests.not-provisioned" in seen.codes


def test_a_public_name_is_taken_once(data_request: Any) -> None:
    draft(data_request)
    with refused("products.name-taken"):
        draft(data_request)


SINCE = {"name": "since", "type": "date", "minimum": "2025-01-01", "maximum": "2025-12-31"}
PARAMETRIC = "select prefecture_code, count(*) as visits from visits where visited_on >= $since group by 1"


@pytest.mark.parametrize(
    "parameters",
    [
        [SINCE, SINCE],
        [SINCE | {"minimum": "2026-01-01"}],
        [SINCE | {"minimum": "soon"}],
        [SINCE | {"type": "integer"}],
        [SINCE | {"choices": ["2025-13-01"]}],
    ],
)
def test_parameters_are_sound(data_request: Any, parameters: list[dict[str, Any]]) -> None:
    with refused("products.parameters-not-sound"):
        draft(data_request, sql=PARAMETRIC, parameters=parameters)


def test_an_undeclared_parameter_is_refused_by_the_guard(data_request: Any) -> None:
    with refused("products.query-refused") as seen:
        draft(data_request, sql=PARAMETRIC)
    assert "parameter.unknown" in seen.codes


def test_parameters_are_bound_as_values_of_their_type(data_request: Any) -> None:
    case = draft(data_request, sql=PARAMETRIC, parameters=[SINCE])
    bound = bound_parameters(case.parameters)["since"]
    assert (bound.type, str(bound.least), str(bound.most)) == ("DATE", "2025-01-01", "2025-12-31")


@pytest.fixture
def submitted(data_request: Any) -> Any:
    """A product that waits for two opinions."""
    return make.a_submitted_product(data_request, slug="under-review")


def review(case: Any, by: Any, favourable: bool = True) -> Any:
    return do("products", "review", by, case.code, favourable=favourable, reason=make.WHY)


def test_nobody_reviews_an_own_product(submitted: Any) -> None:
    one = submitted.submitted_by
    with refused("products.own-submission", "R66"):
        review(submitted, actor(Role.OPERATOR, person=one))


def test_the_developers_organisation_reviews_nothing(submitted: Any) -> None:
    with refused("products.own-submission", "R66"):
        review(submitted, actor(Role.DEVELOPER, person="somebody else", roles=(Role.OPERATOR,)))


def test_a_reviewer_with_ties_to_the_developer_stands_aside(submitted: Any) -> None:
    make.affiliated(submitted.implementer, make.DEVELOPER)
    with refused("products.reviewer-affiliated", "R74") as seen:
        review(submitted, Role.IMPLEMENTER)
    assert "昆明数智科技有限公司" in str(seen.of("products.reviewer-affiliated").message)


def test_one_opinion_of_each_organisation(submitted: Any) -> None:
    review(submitted, actor(Role.OPERATOR, person="one"))
    with refused("products.organisation-has-opined", "R66"):
        review(submitted, actor(Role.OPERATOR, person="two"))


@pytest.mark.parametrize("opinions", [[], [True], [True, False], [False, False]])
def test_approval_needs_two_favourable_opinions_and_none_against(submitted: Any, opinions: list[bool]) -> None:
    for role, favourable in zip((Role.OPERATOR, Role.IMPLEMENTER), opinions, strict=False):
        review(submitted, role, favourable)
    with refused("products.opinions-missing", "R45"):
        do("products", "approve", Role.OPERATOR, submitted.code)


def test_the_two_come_from_two_organisations() -> None:
    unmet = PRODUCT.refusals("approve", "submitted", actor(Role.OPERATOR), Facts(favourable=2, organisations=1))
    assert [r.code for r in unmet] == ["products.opinions-of-one-organisation"]


def test_opinions_are_blind_until_both_are_in(submitted: Any) -> None:
    case = review(submitted, Role.OPERATOR)
    assert visible_opinions(case, actor(Role.IMPLEMENTER)) == []
    assert len(visible_opinions(case, actor(Role.OPERATOR))) == 1
    case = review(submitted, Role.IMPLEMENTER)
    assert len(visible_opinions(case, actor(Role.IMPLEMENTER))) == 2


def test_a_revision_voids_the_opinions(submitted: Any, data_request: Any) -> None:
    make.opined(submitted.code)
    do("products", "return", Role.OPERATOR, submitted.code, reason="请删去消费金额。")
    inputs = make.product_inputs(data_request, slug="under-review", summary="只统计到访。")
    case = do("products", "revise", Role.DEVELOPER, submitted.code, **inputs)
    assert (case.edition, case.approved_digest) == (2, "")
    do("products", "submit", Role.DEVELOPER, case.code, at=BEGAN + timedelta(hours=1))
    with refused("products.opinions-missing", "R45"):
        do("products", "approve", Role.OPERATOR, case.code)


def narrow(resource: str) -> None:
    """The provider grades anew and no longer lets the spending be averaged."""
    from dianchi.chapters.resources.catalogue.models import Item

    item = Item.objects.get(code=resource)
    item.items = [c | {"aggregates": ["count", "sum"]} if c["name"] == "spend" else c for c in item.items]
    item.save()


def test_a_policy_that_changed_since_the_review_is_not_approved(submitted: Any, data_request: Any) -> None:
    make.opined(submitted.code)
    narrow(data_request.resources[0])
    with refused("products.digest-changed", "R45"):
        do("products", "approve", Role.OPERATOR, submitted.code)


def test_a_product_is_listed_only_when_registered(data_request: Any) -> None:
    case = make.an_approved_product(data_request, slug="not-registered")
    with refused("products.not-registered", "R62", "R63"):
        do("products", "list", Role.OPERATOR, case.code)


def test_the_switch_lets_listing_come_before_registration(data_request: Any) -> None:
    case = make.an_approved_product(data_request, slug="not-registered")
    do("parameters", "set", Role.BUREAU, key="product.require-registration-before-listing", value="false",
       reason="按国家规定登记在交付之后。")  # fmt: skip
    assert do("products", "list", Role.OPERATOR, case.code).state == "listed"


def test_what_was_not_reviewed_is_not_listed(data_request: Any) -> None:
    case = make.an_approved_product(data_request, slug="tampered")
    Product.objects.filter(pk=case.pk).update(approved_digest="0" * 64)
    with refused("products.not-reviewed", "R45"):
        do("products", "list", Role.OPERATOR, case.code)


def test_each_party_acts_for_itself(submitted: Any) -> None:
    make.opined(submitted.code)
    with refused("products.not-your-product"):
        do("products", "approve", actor(Role.IMPLEMENTER, person="x", roles=(Role.OPERATOR,)), submitted.code)


def test_from_query_to_list(product: Any) -> None:
    kinds = Entry.objects.filter(case_id=product.code, outcome="done").order_by("index").values_list("kind", flat=True)
    assert list(kinds) == [f"products.{act}" for act in ("draft", "submit", "review", "review", "approve", "list")]
    assert (product.state, product.edition) == ("listed", 1)
    assert product.approved_digest == product.plan_digest


def test_the_gate_gets_the_reviewed_program(product: Any) -> None:
    what = program(live(product.slug), NOON)
    assert (what.sql, what.digest) == (make.QUERY, product.approved_digest)
    assert what.tables == {"visits": product.request.resources[0]}
    assert what.grant.party == make.DEVELOPER


def test_a_policy_that_changed_stops_delivery(product: Any) -> None:
    narrow(product.request.resources[0])
    with refused("products.digest-changed", "R45"):
        program(live(product.slug), NOON)


@pytest.mark.parametrize(("act", "role"), [("delist", Role.OPERATOR), ("recall", Role.BUREAU)])
def test_what_is_not_listed_is_not_delivered(product: Any, act: str, role: Role) -> None:
    case = do("products", act, role, product.code, reason=make.WHY)
    with refused("products.not-listed", "R45"):
        live(product.slug)
    with refused("products.not-listed", "R45"):
        program(case, NOON)


def test_a_recalled_product_comes_back_only_through_review(product: Any) -> None:
    do("products", "recall", Role.BUREAU, product.code, reason=make.WHY)
    with refused("products.wrong-state"):
        do("products", "list", Role.OPERATOR, product.code)


def test_delivery_ends_with_the_data_request(product: Any) -> None:
    with refused("requests.term-outside-contract"):
        program(live(product.slug), NOON + timedelta(days=500))


def test_an_unknown_name_is_no_product() -> None:
    with pytest.raises(NotFound):
        live("no-such-product")


def test_a_refused_act_leaves_no_trace(data_request: Any) -> None:
    before = Product.objects.count()
    with refused("products.query-refused"):
        draft(data_request, sql="select phone from visits")
    assert Product.objects.count() == before


def test_a_listed_product_is_for_everybody_in_business(product: Any, submitted: Any) -> None:
    assert get_case("products", product.code, actor(Role.CONSUMER)) == product
    for code, role in ((product.code, Role.SECURITY_ADMIN), (submitted.code, Role.CONSUMER)):
        with pytest.raises(NotFound):
            get_case("products", code, actor(role))
