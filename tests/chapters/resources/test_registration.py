"""Registration: evidence, acceptance, form review, ten working days of publicity, code, renewal, cancellation."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories import resources as make
from tests.factories.people import HOME, actor
from tests.factories.resources import LONG_AGO, SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.registration.lifecycle import REGISTRATION, Facts
from dianchi.chapters.resources.registration.models import Registration
from dianchi.chapters.resources.registration.queries import (
    by_query_code,
    in_publicity,
    overdue_first_registration,
    recent,
    registered,
)
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound, RuleBroken
from dianchi.kernel.workdays import end_of, last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
apply: - -> applied: implementer provider operator developer
join: applied, supplement -> =: implementer provider operator developer
accept: applied -> accepted: registrar
supplement: applied -> supplement: registrar
resubmit: supplement -> applied: implementer provider operator developer
decline: applied -> refused: registrar
consult: accepted -> expert: registrar
resume: expert -> accepted: registrar
pass-review: accepted -> publicity: registrar
fail-review: accepted -> refused: registrar
object: publicity, objection -> objection: provider implementer sector operator developer consumer bureau
answer: objection -> =: registrar
uphold: objection -> refused: registrar
dismiss: objection -> publicity: registrar
code: publicity, objection -> registered: system registrar
apply-change: registered -> changing: implementer provider operator developer
change: changing -> registered: registrar
refuse-change: changing -> registered: registrar
apply-correction: registered -> correcting: provider implementer sector operator developer consumer bureau
correct: correcting -> registered: registrar
refuse-correction: correcting -> registered: registrar
apply-renewal: registered -> renewing: implementer provider operator developer
renew: renewing -> registered: registrar
refuse-renewal: renewing -> registered: registrar
apply-cancellation: registered -> cancelling: implementer provider operator developer
cancel: cancelling -> cancelled: registrar
refuse-cancellation: cancelling -> registered: registrar
revoke: registered, changing, correcting, renewing, cancelling -> revoked: registrar
expire: registered, renewing -> expired: system registrar
receipt: publicity, objection, refused -> =: registrar
receipt: registered, changing, correcting, renewing, cancelling, cancelled, revoked, expired -> =: registrar
"""
EVERYTHING_HOLDS = Facts(publicity_over=True, past_validity=True)
OTHER = HOME[Role.SECTOR][0]
OBJECTION = {"objector": "孙丽", "objection": "简介与内容不符。", "objection_evidence": "官网截图一份"}
ON_WITH_IT = {"source_statement": "依法定职责采集，附文件。", "risk_assessment": "已补充评估。"}
KUNMING = actor(Role.REGISTRAR, organisation="12530100MB1A00002U", region="530100")


def day(year: int, month: int, number: int, hour: int = 10) -> datetime:
    """A moment in Kunming."""
    return datetime(year, month, number, hour, tzinfo=UTC) - timedelta(hours=8)


def apply(by: Any = Role.PROVIDER, at: datetime = LONG_AGO, **inputs: Any) -> Any:
    return do("registration", "apply", by, at=at, **inputs)


def of_product(by: Any = Role.DEVELOPER, **changes: Any) -> Any:
    """An application for something that a developer has made and the ledger knows."""
    item = make.a_published_item()  # stands for the product: registration reads no further up than the ledger
    said = {"object_type": "2", "evidence_digest": recorded(item.code), "agreement_ends_on": "2027-06-30"} | changes
    return apply(by, **make.application(item.code, **said))


def recorded(code: str) -> str:
    """The digest that the ledger has of a case."""
    return str(json.loads(Entry.objects.filter(case_id=code).order_by("-index")[0].payload)["digest"])


def test_who_may_do_what_from_where() -> None:
    assert matrix(REGISTRATION, EVERYTHING_HOLDS) | matrix(REGISTRATION, Facts()) == rows(ALLOWED)


# Applying


def test_nobody_applies_without_evidence() -> None:
    item = make.a_published_item()
    for digest in ("", "0" * 64):  # none, and one of nothing that is kept
        with refused("registration.no-evidence", "R65"):
            apply(**(make.application(item.code) | {"evidence_digest": digest}))


def test_the_evidence_is_of_this_object() -> None:
    load = make.a_load_in_service(make.a_published_item())
    another = make.a_published_item()
    with refused("registration.no-evidence", "R65"):
        apply(**make.application(another.code, evidence_digest=load.sm3))


def test_what_the_ledger_or_the_catalogue_holds_is_evidence() -> None:
    for digest in (recorded, lambda code: Item.objects.get(code=code).digest()):
        code = make.a_published_item().code
        assert apply(**make.application(code, evidence_digest=digest(code))).state == "applied"


def test_resources_are_registered_by_holders_products_by_makers() -> None:
    item = make.a_published_item()
    with refused("registration.not-the-holder"):
        apply(Role.DEVELOPER, **make.application(item.code, evidence_digest=item.digest()))
    with refused("registration.not-the-holder"):
        of_product(Role.PROVIDER)


def test_only_catalogued_resources_are_registered() -> None:
    item = make.a_draft_item()
    with refused("registration.not-on-the-catalogue"):
        apply(**make.application(item.code, evidence_digest=item.digest()))


def test_a_department_registers_its_own_resources() -> None:
    item = make.a_published_item()
    inputs = make.application(item.code, evidence_digest=item.digest())
    with refused("registration.not-your-resource"):
        apply(actor(Role.PROVIDER, organisation=OTHER), **inputs)
    assert apply(Role.IMPLEMENTER, **inputs).state == "applied"  # it manages those of its territory


def test_one_registration_at_a_time() -> None:
    case = make.an_application(make.a_published_item())
    with refused("registration.already-registered"):
        apply(**make.application(case.object_code, evidence_digest=case.evidence_digest))
    do("registration", "decline", Role.REGISTRAR, case.code, reason=SAID)
    assert apply(**make.application(case.object_code, evidence_digest=case.evidence_digest)).state == "applied"


def test_the_database_itself_keeps_one_registration() -> None:
    case = make.an_application(make.a_published_item())
    case.pk, case.code = None, "DJ-another"
    with pytest.raises(IntegrityError), transaction.atomic():
        case.save()


# Accepting and examining


@pytest.mark.parametrize("act", ["accept", "supplement", "decline"])
def test_a_registrar_keeps_away_from_its_own_objects(act: str) -> None:
    both = actor(Role.PROVIDER, roles=(Role.REGISTRAR,))
    case = make.an_application(make.a_published_item(by=both))
    inputs = {"supplement": {"notice": SAID}, "decline": {"reason": SAID}}.get(act, {})
    with refused("registration.own-organisation", "R74"):
        do("registration", act, both, case.code, **inputs)


def test_a_registrar_of_its_own_issues_no_code() -> None:
    both = actor(Role.PROVIDER, roles=(Role.REGISTRAR,))
    case = make.in_publicity(make.an_application(make.a_published_item(by=both)).code)
    with refused("registration.own-organisation"):
        do("registration", "code", both, case.code, at=case.publicity_until)


def test_registration_is_by_territory() -> None:
    case = make.an_application(make.a_published_item())
    with refused("registration.not-your-territory"):
        do("registration", "accept", KUNMING, case.code)


def test_what_is_missing_is_told_once() -> None:
    case = make.an_application(make.a_published_item())
    do("registration", "supplement", Role.REGISTRAR, case.code, notice="缺少来源文件和风险评估附件。")
    again = do("registration", "resubmit", Role.PROVIDER, case.code, at=LONG_AGO + timedelta(days=2), **ON_WITH_IT)
    assert (again.state, again.source_statement) == ("applied", ON_WITH_IT["source_statement"])
    with refused("registration.supplement-told-already", "R61"):
        do("registration", "supplement", Role.REGISTRAR, case.code, notice="另缺一份说明。")


def test_only_the_registrant_resubmits() -> None:
    case = make.an_application(make.a_published_item())
    do("registration", "supplement", Role.REGISTRAR, case.code, notice="缺少来源文件。")
    with pytest.raises(NotFound):  # an application is nobody else's business
        do("registration", "resubmit", actor(Role.PROVIDER, organisation=OTHER), case.code, **ON_WITH_IT)


def test_a_publicity_names_its_four_contents() -> None:
    case = make.an_application(make.a_published_item())
    do("registration", "accept", Role.REGISTRAR, case.code)
    Registration.objects.update(summary="")  # behind the door
    with refused("registration.publicity-incomplete", "R58"):
        do("registration", "pass-review", Role.REGISTRAR, case.code)


# Publicity and objections


def test_no_code_before_ten_working_days_are_over() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code, at=day(2026, 1, 5))
    assert last_day(case.publicity_until) == date(2026, 1, 19)  # ten working days after a Monday
    for by in (PLATFORM, actor(Role.REGISTRAR)):
        with refused("registration.publicity-not-over", "R58"):
            do("registration", "code", by, case.code, at=end_of(date(2026, 1, 19)) - timedelta(microseconds=1))
    assert do("registration", "code", PLATFORM, case.code, at=end_of(date(2026, 1, 19))).state == "registered"


def test_no_division_shortens_the_publicity() -> None:
    with refused("parameters.outside-the-law"):
        do("parameters", "set", Role.BUREAU, key="registration.publicity-days", value="9", reason="加快登记进度。")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"objector": ""}, "registration.anonymous-objection"),
        ({"objection_evidence": ""}, "registration.objection-without-evidence"),
    ],
)
def test_an_objection_has_a_name_and_evidence_and_the_attempt_is_recorded(change: dict[str, str], code: str) -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code)
    with refused(code, "R59"):
        do("registration", "object", Role.CONSUMER, case.code, **(OBJECTION | change))
    last = Entry.objects.order_by("-index")[0]
    assert (last.kind, last.outcome, code in last.payload) == ("registration.object", "refused", True)


def test_the_objectors_name_is_only_a_hash_in_the_ledger() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code)
    do("registration", "object", Role.CONSUMER, case.code, **OBJECTION)
    assert not any("孙丽" in text for e in Entry.objects.all() for text in (e.payload, e.body))


def test_no_code_while_an_objection_is_open_or_upheld() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code)
    do("registration", "object", Role.CONSUMER, case.code, **OBJECTION)
    with refused("registration.objection-open", "R60"):
        do("registration", "code", Role.REGISTRAR, case.code, at=case.publicity_until)
    do("registration", "uphold", Role.REGISTRAR, case.code, reason=SAID)
    with refused("registration.wrong-state"):
        do("registration", "code", Role.REGISTRAR, case.code, at=case.publicity_until)


def test_a_dismissed_objection_does_not_lengthen_the_publicity() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code)
    do("registration", "object", Role.CONSUMER, case.code, **OBJECTION)
    do("registration", "dismiss", Role.REGISTRAR, case.code, at=case.publicity_from + timedelta(days=3), reason=SAID)
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert due.due_at == case.publicity_until
    assert do("registration", "code", PLATFORM, case.code, at=due.due_at).state == "registered"


# The term


def test_a_resource_is_registered_for_three_years() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code, at=day(2026, 1, 5))
    case = do("registration", "code", PLATFORM, case.code, at=day(2026, 1, 20))
    assert (case.valid_from_on, case.valid_to_on) == (date(2026, 1, 20), date(2029, 1, 19))
    assert case.renewal_opens_on == date(2028, 11, 20)
    assert case.query_code.startswith("TEST-")
    assert by_query_code(case.query_code) == case


def test_a_product_is_registered_no_longer_than_its_operation() -> None:
    case = make.registered(of_product().code)
    assert case.valid_to_on == date(2027, 6, 30)


def test_a_product_states_until_when_it_is_operated() -> None:
    with refused("registration.operation-term-missing", "R62"):
        of_product(agreement_ends_on=None)


def test_nothing_is_registered_past_the_operation() -> None:
    case = make.in_publicity(of_product(agreement_ends_on="2026-01-10").code, at=day(2026, 1, 5))
    with refused("registration.operation-over", "R62"):
        do("registration", "code", PLATFORM, case.code, at=day(2026, 1, 20))


def renew(case: Any, at: datetime, by: Any = Role.PROVIDER, **inputs: Any) -> Any:
    do("registration", "apply-renewal", by, case.code, at=at, **inputs)
    return do("registration", "renew", Role.REGISTRAR, case.code, at=at)


def test_renewal_is_open_in_the_last_sixty_days_only() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code, at=day(2026, 1, 5))
    case = do("registration", "code", PLATFORM, case.code, at=day(2026, 1, 20))
    for at in (day(2028, 11, 19), day(2029, 1, 20)):
        with refused("registration.outside-renewal-window", "R62"):
            renew(case, at)
    case = renew(case, day(2028, 11, 20))
    assert case.valid_to_on == date(2032, 1, 19)  # three years from the day after the first term's end


def test_a_pending_renewal_does_not_interrupt_the_registration() -> None:
    case = make.registered(make.an_application(make.a_published_item()).code)
    at = datetime.combine(case.renewal_opens_on, datetime.min.time(), UTC)
    do("registration", "apply-renewal", Role.PROVIDER, case.code, at=at)
    assert registered(case.object_code, at).code == case.code


def test_a_renewal_stays_inside_the_operation() -> None:
    case = make.registered(of_product().code)
    at = day(2027, 6, 1)
    with refused("registration.operation-term-missing", "R62"):
        do("registration", "apply-renewal", Role.DEVELOPER, case.code, at=at, agreement_ends_on=None)
    do("registration", "apply-renewal", Role.DEVELOPER, case.code, at=at, agreement_ends_on="2027-06-30")
    with refused("registration.operation-over", "R62"):
        do("registration", "renew", Role.REGISTRAR, case.code, at=at)


def test_the_longer_operation_carries_the_renewal() -> None:
    case = renew(make.registered(of_product().code), day(2027, 6, 1), Role.DEVELOPER, agreement_ends_on="2028-12-31")
    assert case.valid_to_on == date(2028, 12, 31)


def test_what_is_valid_does_not_expire() -> None:
    case = make.registered(make.an_application(make.a_published_item()).code)
    with refused("registration.still-valid"):
        do("registration", "expire", PLATFORM, case.code, at=end_of(case.valid_to_on) - timedelta(hours=1))
    assert registered(case.object_code, end_of(case.valid_to_on)) is None  # asked, not pushed
    assert do("registration", "expire", PLATFORM, case.code, at=end_of(case.valid_to_on)).state == "expired"


def test_cancellation_is_applied_for_and_done_within_ten_working_days() -> None:
    case = make.registered(make.an_application(make.a_published_item()).code)
    at = day(2026, 3, 2)
    with refused("registration.not-the-registrant"):
        do("registration", "apply-cancellation", actor(Role.PROVIDER, organisation=OTHER), case.code, at=at,
           ground="LOST", reason=SAID)  # fmt: skip
    do("registration", "apply-cancellation", Role.PROVIDER, case.code, at=at, ground="LOST", reason=SAID)
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == date(2026, 3, 16)
    assert do("registration", "cancel", Role.REGISTRAR, case.code, at=at).state == "cancelled"
    assert registered(case.object_code, at) is None


# First registration in time


def test_use_without_application_is_overdue_after_twenty_working_days() -> None:
    item = make.a_published_item()
    assert not overdue_first_registration(item.code, day(2026, 12, 1))  # not in use at all
    load = make.a_load_in_service(item, at=day(2026, 1, 5))
    last = end_of(date(2026, 2, 2))  # the twentieth working day
    assert not overdue_first_registration(item.code, last - timedelta(microseconds=1))
    assert overdue_first_registration(item.code, last)
    case = apply(at=last, **make.application(item.code, evidence_digest=load.sm3))
    assert not overdue_first_registration(item.code, last)
    do("registration", "decline", Role.REGISTRAR, case.code, reason=SAID)
    assert overdue_first_registration(item.code, last)


def test_a_registration_that_ended_does_not_cover_the_use() -> None:
    case = make.registered(make.an_application(make.a_published_item()).code)
    code, lapsed = case.object_code, end_of(case.valid_to_on)
    assert not overdue_first_registration(code, lapsed - timedelta(microseconds=1))
    assert overdue_first_registration(code, lapsed)
    do("registration", "revoke", Role.REGISTRAR, case.code, at=day(2026, 3, 2), reason="隐瞒重要事实。")
    assert overdue_first_registration(code, day(2026, 3, 2))


# Story, trace, sight


def test_from_application_to_code() -> None:
    item = make.a_registered_item()
    case = Registration.objects.get()
    acts = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", "role", "article")
    assert list(acts) == [
        ("registration.apply", "provider", "REG26.9"),
        ("registration.accept", "registrar", "REG26.10"),
        ("registration.pass-review", "registrar", "REG26.11"),
        ("registration.code", "system", "REG26.13"),
    ]
    assert registered(item.code, case.state_since) == case
    assert registered(item.code, LONG_AGO) is None  # not yet then
    assert list(recent()) == [case]


def test_the_clocks_of_acceptance_and_review() -> None:
    case = make.an_application(make.a_published_item(), at=day(2026, 1, 5))
    assert last_day(Due.objects.get(case_code=case.code, done_at=None).due_at) == date(2026, 1, 8)  # E1: three
    do("registration", "accept", Role.REGISTRAR, case.code, at=day(2026, 1, 8))
    assert last_day(Due.objects.get(case_code=case.code, done_at=None).due_at) == date(2026, 2, 5)  # E2: twenty


def test_a_refusal_leaves_no_trace() -> None:
    item = make.a_published_item()
    entries = Entry.objects.count()
    with pytest.raises(RuleBroken):
        apply(**(make.application(item.code) | {"evidence_digest": ""}))
    assert (Registration.objects.count(), Entry.objects.count()) == (0, entries)


def test_applications_are_private_publicity_is_public() -> None:
    case = make.an_application(make.a_published_item())
    for by in (actor(Role.CONSUMER), actor(Role.PROVIDER, organisation=OTHER), actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(NotFound):
            get_case("registration", case.code, by)
    for role in (Role.PROVIDER, Role.REGISTRAR, Role.BUREAU, Role.AUDITOR):
        assert get_case("registration", case.code, actor(role)) == case
    shown = make.in_publicity(case.code)
    assert get_case("registration", case.code, actor(Role.CONSUMER)) == shown
    assert list(in_publicity(LONG_AGO)) == [shown]
    assert list(in_publicity(shown.publicity_until)) == []
    with pytest.raises(NotFound):
        get_case("registration", case.code, actor(Role.SYSTEM_ADMIN))
