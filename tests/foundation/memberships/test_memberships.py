"""Who may give whom a role."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests.factories.people import HOME, NOON, actor, enrol_all

from dianchi.foundation.cases.perform import perform
from dianchi.foundation.ledger.models import Entry
from dianchi.foundation.memberships.models import Membership
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound, NotPermitted, RuleBroken

pytestmark = pytest.mark.django_db
BUREAU = HOME[Role.BUREAU][0]


@pytest.fixture(autouse=True)
def _organisations():
    enrol_all()


def appointment(role: Role, username: str = "li.si", **changed: str) -> dict[str, str]:
    return {
        "username": username,
        "name": "李四",
        "organisation": BUREAU,
        "role": role,
        "valid_from": "2026-01-01",
        **changed,
    }


def propose(role: Role, username: str = "li.si"):
    return perform("memberships", "propose", by=actor(Role.SYSTEM_ADMIN), at=NOON, inputs=appointment(role, username))


def codes(raised) -> list[str]:
    return [r.code for r in raised.value.refusals]


def test_a_role_is_proposed_by_one_administrator_and_confirmed_by_another():
    proposed = propose(Role.BUREAU)
    assert proposed.reveal["password"]
    done = perform("memberships", "confirm", by=actor(Role.SECURITY_ADMIN), at=NOON, code=proposed.case.code)
    assert done.case.state == "in-force"
    kinds = list(Entry.objects.filter(case_id=done.case.code).order_by("index").values_list("kind", flat=True))
    assert kinds == ["memberships.propose", "memberships.confirm"]


def test_no_name_stands_in_the_ledger():
    propose(Role.BUREAU)
    payload = Entry.objects.get(kind="memberships.propose").payload
    assert "李四" not in payload
    assert "li.si" not in payload


@pytest.mark.parametrize("second", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.OPERATOR])
def test_an_administrator_holds_no_other_role(second):
    propose(Role.SYSTEM_ADMIN)
    with pytest.raises(RuleBroken) as refused:
        propose(second)
    assert codes(refused) == ["memberships.administrators-not-apart"]
    assert refused.value.refusals[0].rules == ("R67",)
    assert Membership.objects.count() == 1


def test_a_refused_attempt_at_a_sensitive_act_is_recorded():
    propose(Role.SYSTEM_ADMIN)
    with pytest.raises(RuleBroken):
        propose(Role.OPERATOR)
    entry = Entry.objects.get(outcome="refused")
    assert "memberships.administrators-not-apart" in entry.payload


def test_nobody_confirms_what_concerns_oneself():
    proposed = propose(Role.SECURITY_ADMIN, "sec.admin")
    from dianchi.foundation.identity.models import Person

    myself = actor(Role.SECURITY_ADMIN, person=Person.objects.get(username="sec.admin").pk)
    with pytest.raises(RuleBroken) as refused:
        perform("memberships", "confirm", by=myself, at=NOON, code=proposed.case.code)
    assert codes(refused) == ["memberships.own-proposal"]


def test_the_first_administrators_are_founded_once():
    perform("memberships", "found", by=PLATFORM, at=NOON, inputs=appointment(Role.SYSTEM_ADMIN, "sys.admin"))
    with pytest.raises(RuleBroken) as refused:
        perform("memberships", "found", by=PLATFORM, at=NOON, inputs=appointment(Role.SYSTEM_ADMIN, "sys.two"))
    assert codes(refused) == ["memberships.already-founded"]
    with pytest.raises(RuleBroken):
        perform("memberships", "found", by=PLATFORM, at=NOON, inputs=appointment(Role.OPERATOR, "op.one"))


def test_business_roles_do_not_see_memberships():
    proposed = propose(Role.BUREAU)
    for role in set(Role) - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM}:
        with pytest.raises(NotFound):
            perform("memberships", "confirm", by=actor(role), at=NOON, code=proposed.case.code)


def test_only_the_system_administrator_proposes():
    with pytest.raises(NotPermitted) as refused:
        perform("memberships", "propose", by=actor(Role.BUREAU), at=NOON, inputs=appointment(Role.BUREAU))
    assert codes(refused) == ["memberships.not-your-role"]


@pytest.mark.parametrize(("by", "act"), [(actor(Role.SYSTEM_ADMIN), "propose"), (PLATFORM, "found")])
def test_a_membership_does_not_end_before_it_begins(by, act: str):
    inputs = appointment(Role.SYSTEM_ADMIN, valid_to="2025-12-31")
    with pytest.raises(RuleBroken) as refused:
        perform("memberships", act, by=by, at=NOON, inputs=inputs)
    assert codes(refused) == ["memberships.term-reversed"]
    case = perform("memberships", act, by=by, at=NOON, inputs=inputs | {"valid_to": "2026-01-01"}).case
    with pytest.raises(IntegrityError, match="membership_runs_forward"), transaction.atomic():
        Membership.objects.filter(pk=case.pk).update(valid_to="2025-12-31")
