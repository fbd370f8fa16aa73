"""Passwords with lockout, tokens with an end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.accounts import PASSWORD, account, appoint
from tests.factories.people import HOME, NOON, actor, enrol_all

from dianchi.foundation.cases.perform import perform
from dianchi.foundation.identity.login import actor_of_token, issue_token, revoke_token, sign_in
from dianchi.foundation.identity.models import Person, Token
from dianchi.foundation.identity.queries import actors
from dianchi.foundation.memberships.models import Membership
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotPermitted, TryLater

pytestmark = pytest.mark.django_db
DEVELOPER, BUREAU = HOME[Role.DEVELOPER][0], HOME[Role.BUREAU][0]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def person() -> Person:
    enrol_all()
    return account(Role.DEVELOPER)


def fail(person: Person, times: int) -> None:
    for _ in range(times):
        with pytest.raises(NotPermitted) as refused:
            sign_in(person.username, "not the password", NOON)
        assert [r.code for r in refused.value.refusals] == ["identity.wrong-credentials"]


class TestPassword:
    """What signs in, and what locks."""

    def test_the_right_one_signs_in_whatever_the_case_of_the_account(self, person: Person):
        assert sign_in(person.username.upper(), PASSWORD, NOON) == person

    def test_an_unknown_account_is_told_the_same_as_a_wrong_password(self, person: Person):
        answers = []
        for username in (person.username, "nobody"):
            with pytest.raises(NotPermitted) as refused:
                sign_in(username, "not the password", NOON)
            answers.append(refused.value.refusals)
        assert answers[0] == answers[1]

    def test_five_failures_lock_even_the_right_password_out(self, person: Person):
        fail(person, 5)
        with pytest.raises(TryLater) as refused:
            sign_in(person.username, PASSWORD, NOON + 29 * MINUTE)
        assert [r.code for r in refused.value.refusals] == ["identity.locked"]

    def test_the_lock_ends_by_itself(self, person: Person):
        fail(person, 5)
        assert sign_in(person.username, PASSWORD, NOON + 30 * MINUTE) == person

    def test_trying_while_locked_does_not_lengthen_the_lock(self, person: Person):
        fail(person, 5)
        for minute in range(29):
            with pytest.raises(TryLater):
                sign_in(person.username, "not the password", NOON + minute * MINUTE)
        assert sign_in(person.username, PASSWORD, NOON + 30 * MINUTE)

    def test_a_success_forgets_the_failures_before_it(self, person: Person):
        fail(person, 4)
        sign_in(person.username, PASSWORD, NOON)
        fail(person, 4)
        assert sign_in(person.username, PASSWORD, NOON) == person

    def test_after_a_lock_the_count_begins_anew(self, person: Person):
        fail(person, 5)
        with pytest.raises(NotPermitted):
            sign_in(person.username, "not the password", NOON + 31 * MINUTE)
        assert sign_in(person.username, PASSWORD, NOON + 31 * MINUTE)

    def test_how_many_failures_lock_is_a_figure_that_can_be_set(self, person: Person):
        inputs = {"key": "security.lock-after-failures", "value": "3", "reason": "按检查意见收紧"}
        perform("parameters", "set", by=actor(Role.BUREAU), at=NOON, inputs=inputs)
        fail(person, 3)
        with pytest.raises(TryLater):
            sign_in(person.username, PASSWORD, NOON)

    def test_the_password_is_kept_only_as_a_hash(self, person: Person):
        assert PASSWORD not in Person.objects.get(pk=person.pk).password


class TestToken:
    """What a token stands for, and until when."""

    def refused(self, token: str, at=NOON) -> bool:
        try:
            actor_of_token(token, at)
        except NotPermitted as refused:
            return [r.code for r in refused.refusals] == ["identity.bad-token"]
        return False

    def test_stands_for_the_person_at_that_organisation(self, person: Person):
        by = actor_of_token(issue_token(person, DEVELOPER, NOON), NOON)
        assert (by.person, by.organisation, by.roles) == (person.pk, DEVELOPER, {Role.DEVELOPER})
        assert by.region == organisation(DEVELOPER).region

    def test_ends(self, person: Person):
        token = issue_token(person, DEVELOPER, NOON, timedelta(hours=1))
        assert not self.refused(token, NOON + timedelta(minutes=59))
        assert self.refused(token, NOON + timedelta(hours=1))

    def test_revoked_is_over_at_once(self, person: Person):
        token, other = (issue_token(person, DEVELOPER, NOON) for _ in range(2))
        revoke_token(token, NOON)
        assert self.refused(token)
        assert not self.refused(other)

    def test_only_who_knows_the_secret_can_revoke(self, person: Person):
        token = issue_token(person, DEVELOPER, NOON)
        revoke_token(token[:-1] + ("A" if token[-1] != "A" else "B"), NOON)
        assert not self.refused(token)

    @pytest.mark.parametrize("text", ["", "dt_", "dt_.", "dt_abc.def", "Bearer", "dt_" + "x" * 5000, "滇池.令牌"])
    def test_anything_else_is_no_token(self, person: Person, text: str):
        assert self.refused(text)

    def test_a_wrong_secret_is_no_token(self, person: Person):
        token = issue_token(person, DEVELOPER, NOON)
        assert self.refused(token + "x")
        assert self.refused(token.partition(".")[0] + ".")

    def test_does_not_open_another_organisation(self, person: Person):
        assert self.refused(issue_token(person, BUREAU, NOON))
        appoint(person, Role.CONSUMER, HOME[Role.CONSUMER][0])
        by = actor_of_token(issue_token(person, HOME[Role.CONSUMER][0], NOON), NOON)
        assert by.roles == {Role.CONSUMER}

    def test_falls_with_the_membership(self, person: Person):
        token = issue_token(person, DEVELOPER, NOON)
        code = Membership.objects.get(username=person.username).code
        perform(
            "memberships", "revoke", by=actor(Role.SYSTEM_ADMIN), at=NOON, code=code, inputs={"reason": "离职收回权限"}
        )
        assert self.refused(token)

    def test_falls_with_the_organisation(self, person: Person):
        token = issue_token(person, DEVELOPER, NOON)
        code = organisation(DEVELOPER).code
        perform(
            "organisations",
            "suspend",
            by=actor(Role.SECURITY_ADMIN),
            at=NOON,
            code=code,
            inputs={"reason": "安全事件核查"},
        )
        assert self.refused(token)

    def test_only_its_digest_is_kept(self, person: Person):
        secret = issue_token(person, DEVELOPER, NOON).partition(".")[2]
        assert all(secret not in str(v) for v in Token.objects.values_list().get())


class TestActors:
    """In which capacities a person acts."""

    def test_one_for_each_organisation_with_all_roles_held_there(self, person: Person):
        appoint(person, Role.CONSUMER, DEVELOPER)
        appoint(person, Role.CONSUMER, HOME[Role.CONSUMER][0])
        held = {a.organisation: a.roles for a in actors(person, NOON)}
        assert held == {DEVELOPER: {Role.DEVELOPER, Role.CONSUMER}, HOME[Role.CONSUMER][0]: {Role.CONSUMER}}

    @pytest.mark.parametrize(("days", "acts"), [(-1, False), (0, True), (9, True), (10, False)])
    def test_only_while_the_membership_is_valid(self, days: int, acts: bool):
        enrol_all()
        inputs = {
            "username": "li.si", "name": "李四", "organisation": DEVELOPER, "role": "developer",
            "valid_from": "2026-03-02", "valid_to": "2026-03-11",
        }  # fmt: skip
        code = perform("memberships", "propose", by=actor(Role.SYSTEM_ADMIN), at=NOON, inputs=inputs).case.code
        li = Person.objects.get(username="li.si")
        assert actors(li, NOON) == []  # proposed is not appointed
        perform("memberships", "confirm", by=actor(Role.SECURITY_ADMIN), at=NOON, code=code)
        assert bool(actors(li, NOON + timedelta(days=days))) is acts
