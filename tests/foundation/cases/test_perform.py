"""The one door: get, require, change, save, record, with every reason at once and no trace of what was refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.factories.people import HOME, NOON, actor, enrol, enrol_all
from tests.factories.resources import a_draft_item, item_inputs
from tests.foundation.clients import firm as firm_code

from dianchi.foundation.cases.epoch import epoch
from dianchi.foundation.cases.models import IdempotencyKey
from dianchi.foundation.cases.perform import perform, refusals
from dianchi.foundation.cases.registry import case_type, get_case
from dianchi.foundation.ledger import person_hash
from dianchi.foundation.ledger.models import Entry
from dianchi.foundation.memberships.models import Membership
from dianchi.foundation.organisations.models import Organisation
from dianchi.foundation.organisations.queries import organisation
from dianchi.foundation.parameters.models import Setting
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import DomainError, Invalid, NotFound, NotPermitted, RuleBroken

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
FIRM = HOME[Role.DEVELOPER][0]


def firm() -> Organisation:
    enrol(*HOME[Role.DEVELOPER])
    return organisation(FIRM)


def suspend(code: str, by: Role = Role.SYSTEM_ADMIN, **how: Any) -> Any:
    inputs = how.pop("inputs", {"reason": "核查期间暂停"})
    return perform("organisations", "suspend", by=actor(by), at=how.pop("at", LATER), code=code, inputs=inputs, **how)


def codes(error: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [r.code for r in error.value.refusals]


def test_an_act_changes_state_version_and_record_together():
    case, before = firm(), epoch()
    done = suspend(case.code)
    kept, entry = Organisation.objects.get(code=case.code), Entry.objects.latest("index")
    assert (kept.state, kept.version, kept.state_since) == ("suspended", 2, LATER)
    assert (entry.index, entry.kind, entry.case_id) == (done.index, "organisations.suspend", case.code)
    assert (entry.from_state, entry.to_state, entry.outcome, entry.role) == (
        "active",
        "suspended",
        "done",
        "system-admin",
    )
    assert (entry.article, entry.at) == ("GBT22239", LATER)
    payload = json.loads(entry.payload)
    assert payload["inputs"] == {"reason": "核查期间暂停"}
    assert payload["version"] == 2
    assert epoch() == before + 1


def test_opening_a_case_fills_it_from_the_inputs_and_records_all_of_it():
    enrol_all()
    item = perform("catalogue", "draft", by=actor(Role.PROVIDER), at=NOON, inputs=item_inputs()).case
    assert (item.state, item.version, item.opened_for, item.opened_by) == (
        "draft", 1, HOME[Role.PROVIDER][0], "person-of-provider",
    )  # fmt: skip
    payload = json.loads(Entry.objects.get(kind="catalogue.draft").payload)
    assert payload["changes"]["title"] == item.title
    assert payload["digest"] == item.digest()
    assert "person-of-provider" not in Entry.objects.get(kind="catalogue.draft").by  # only salted


def test_only_what_changed_is_recorded_as_changed():
    item = a_draft_item(at=NOON)
    inputs = item_inputs() | {"summary": "全省四级行政区划，含上级代码。"}
    perform("catalogue", "revise", by=actor(Role.PROVIDER), at=LATER, code=item.code, inputs=inputs)
    assert json.loads(Entry.objects.latest("index").payload)["changes"] == {"summary": inputs["summary"]}


def test_an_act_that_keeps_the_state_keeps_its_moment():
    item = a_draft_item(at=NOON)
    revised = perform(
        "catalogue", "revise", by=actor(Role.PROVIDER), at=LATER, code=item.code, inputs=item_inputs()
    ).case
    assert (revised.state_since, revised.version) == (NOON, 2)


def test_all_unmet_guards_come_back_at_once():
    enrol_all()
    inputs = item_inputs() | {"attribute": "FORBIDDEN", "subject_type": "person", "min_subjects": 1}
    inputs["items"] = [*inputs["items"], inputs["items"][0]]
    with pytest.raises(RuleBroken) as refused:
        perform("catalogue", "draft", by=actor(Role.PROVIDER), at=NOON, inputs=inputs)
    assert set(codes(refused)) >= {
        "catalogue.no-ground", "catalogue.item-repeated", "catalogue.no-subject-column", "catalogue.threshold-too-low",
    }  # fmt: skip
    assert all(r.article for r in refused.value.refusals)


def test_every_problem_of_the_inputs_comes_back_at_once_with_its_field():
    with pytest.raises(Invalid) as refused:
        perform(
            "organisations",
            "enrol",
            by=PLATFORM,
            at=NOON,
            inputs={"uscc": "91530100MA6N123417", "kind": "x", "more": 1},
        )
    assert {r.field: r.code for r in refused.value.refusals} == {
        "name": "inputs.missing", "uscc": "uscc.not-valid", "kind": "inputs.string-pattern-mismatch",
        "region": "inputs.missing", "more": "inputs.extra-forbidden",
    }  # fmt: skip


def test_a_wrong_role_and_a_wrong_state_are_refused_before_any_fact_is_asked(monkeypatch: pytest.MonkeyPatch):
    case = firm()
    kind = case_type("organisations")

    def never(*_: object) -> None:
        raise AssertionError("facts were gathered")

    monkeypatch.setitem(vars(kind), "facts", never)
    with pytest.raises(NotPermitted) as by_role:
        suspend(case.code, Role.DEVELOPER)
    with pytest.raises(RuleBroken) as by_state:
        perform(
            "organisations",
            "resume",
            by=actor(Role.SYSTEM_ADMIN),
            at=LATER,
            code=case.code,
            inputs={"reason": "恢复办理"},
        )
    assert codes(by_role) == ["organisations.not-your-role"]
    assert codes(by_state) == ["organisations.wrong-state"]
    assert [
        r.code for r in refusals("organisations", "suspend", by=actor(Role.DEVELOPER), at=LATER, case=case)
    ] == codes(by_role)


def test_what_one_may_not_see_does_not_exist():
    enrol_all()
    inputs = {"key": "security.lock-minutes", "value": "20", "reason": "试行期间缩短"}
    setting = perform("parameters", "set", by=actor(Role.BUREAU), at=NOON, inputs=inputs).case
    with pytest.raises(NotFound) as unseen:
        perform("parameters", "withdraw", by=actor(Role.DEVELOPER), at=LATER, code=setting.code)
    with pytest.raises(NotFound) as missing:
        perform("parameters", "withdraw", by=actor(Role.BUREAU), at=LATER, code="CS-2026-00000-00000")
    assert unseen.value.refusals == missing.value.refusals


@pytest.mark.parametrize(("name", "act"), [("no-such-kind", "enrol"), ("organisations", "no-such-act")])
def test_an_unknown_kind_or_act_is_not_found(name: str, act: str):
    with pytest.raises(NotFound):
        perform(name, act, by=PLATFORM, at=NOON)


def test_somebody_was_quicker():
    case = firm()
    suspend(case.code, version=case.version)
    with pytest.raises(RuleBroken) as refused:
        suspend(case.code, version=case.version)
    assert codes(refused) == ["cases.version-conflict"]
    assert refused.value.refusals[0].remedy


def test_a_refused_act_leaves_no_trace():
    item, entries, now = a_draft_item(at=NOON), Entry.objects.count(), epoch()
    with pytest.raises(RuleBroken):
        perform("catalogue", "submit", by=actor(Role.PROVIDER), at=LATER, code=item.code, key="one")
    kept = get_case("catalogue", item.code, actor(Role.PROVIDER))
    assert (kept.state, kept.version, kept.state_since) == ("draft", item.version, NOON)
    assert (Entry.objects.count(), epoch(), IdempotencyKey.objects.count()) == (entries, now, 0)


class TestRefusedAttempts:
    """Refused attempts at sensitive acts stand in the ledger; malformed ones and unseen cases do not."""

    def refused(self) -> list[tuple[str, list[str]]]:
        entries = Entry.objects.filter(outcome="refused").order_by("index")
        return [(e.kind, json.loads(e.payload)["refusals"]) for e in entries]

    def test_by_role(self):
        with pytest.raises(NotPermitted):
            suspend(firm().code, Role.DEVELOPER)
        assert self.refused() == [("organisations.suspend", ["organisations.not-your-role"])]
        entry = Entry.objects.get(outcome="refused")
        assert (entry.role, entry.organisation) == ("developer", FIRM)

    def test_by_a_guard(self):
        inputs = {"key": "security.lock-minutes", "value": "1", "reason": "试图缩到一分钟"}
        with pytest.raises(RuleBroken):
            perform("parameters", "set", by=actor(Role.BUREAU), at=NOON, inputs=inputs)
        assert self.refused() == [("parameters.set", ["parameters.outside-the-law"])]

    def test_not_if_malformed(self):
        with pytest.raises(Invalid):
            suspend(firm().code, inputs={"reason": ""})
        assert self.refused() == []

    def test_not_if_there_is_no_such_case(self):
        with pytest.raises(NotFound):
            suspend("JG-2026-00000-00000")
        assert self.refused() == []

    def test_not_if_the_act_is_not_sensitive(self):
        with pytest.raises(NotPermitted):
            perform("catalogue", "submit", by=actor(Role.BUREAU), at=NOON, code=a_draft_item(at=NOON).code)
        assert self.refused() == []


class TestIdempotency:
    """The same request asked again is answered alike and done once."""

    def test_the_same_request_gets_the_same_answer_and_is_done_once(self):
        case = firm()
        first, entries = suspend(case.code, key="k-1"), Entry.objects.count()
        again = suspend(case.code, key="k-1", at=LATER + timedelta(minutes=5))
        assert (again.case.code, again.index, again.case.version) == (first.case.code, first.index, first.case.version)
        assert Entry.objects.count() == entries

    def test_a_secret_is_shown_once(self):
        enrol_all()
        inputs = {
            "username": "li.si",
            "name": "李四",
            "organisation": HOME[Role.BUREAU][0],
            "role": "bureau",
            "valid_from": "2026-01-01",
        }
        ask = {"by": actor(Role.SYSTEM_ADMIN), "at": NOON, "inputs": inputs, "key": "k-2"}
        assert perform("memberships", "propose", **ask).reveal["password"]
        assert perform("memberships", "propose", **ask).reveal == {}
        assert Membership.objects.count() == 1

    @pytest.mark.parametrize(
        ("act", "inputs"), [("suspend", {"reason": "换了一个理由"}), ("resume", {"reason": "核查期间暂停"})]
    )
    def test_the_key_of_another_request_is_refused(self, act: str, inputs: dict[str, str]):
        case = firm()
        suspend(case.code, key="k-3")
        with pytest.raises(Invalid) as refused:
            perform(
                "organisations", act, by=actor(Role.SYSTEM_ADMIN), at=LATER, code=case.code, inputs=inputs, key="k-3"
            )
        assert codes(refused) == ["cases.idempotency-key-reused"]
        assert organisation(FIRM).state == "suspended"

    def test_for_another_organisation_it_is_another_request(self):
        enrol_all()
        here = actor(Role.BUREAU, person="wang")
        there = actor(Role.BUREAU, person="wang", organisation=HOME[Role.AUDITOR][0])
        inputs = {"key": "security.lock-minutes", "value": "20", "reason": "试行期间缩短"}
        perform("parameters", "set", by=here, at=NOON, inputs=inputs, key="k-4")
        with pytest.raises(Invalid):
            perform("parameters", "set", by=there, at=NOON, inputs=inputs, key="k-4")

    def test_another_person_has_other_keys(self):
        case = firm()
        suspend(case.code, key="k-5")
        with pytest.raises(RuleBroken) as refused:
            suspend(case.code, Role.SECURITY_ADMIN, key="k-5")
        assert codes(refused) == ["organisations.wrong-state"]

    def test_a_refused_request_does_not_use_up_its_key(self):
        case = firm()
        with pytest.raises(RuleBroken):
            suspend(case.code, version=99, key="k-6")
        assert suspend(case.code, key="k-6").case.state == "suspended"


class TestPersonalData:
    """The ledger knows persons and personal fields only by salted hashes."""

    def propose(self) -> Entry:
        enrol_all()
        inputs = {
            "username": "li.si",
            "name": "李四",
            "organisation": HOME[Role.BUREAU][0],
            "role": "bureau",
            "valid_from": "2026-01-01",
        }
        perform("memberships", "propose", by=actor(Role.SYSTEM_ADMIN), at=NOON, inputs=inputs)
        return Entry.objects.get(kind="memberships.propose")

    def test_no_personal_field_stands_in_it(self):
        entry = self.propose()
        everything = entry.payload + entry.body
        assert not [word for word in ("李四", "li.si", "person-of-system-admin") if word in everything]
        assert json.loads(entry.payload)["inputs"]["name"] == person_hash("李四")

    def test_nor_can_it_be_guessed_from_the_digest(self):
        """With all other fields in the clear, a plain digest of the case would give the name away to who tries names."""
        digest = json.loads(self.propose().payload)["digest"]
        assert digest != Membership.objects.get().digest()


class TestParameters:
    """Real figures, set by an act."""

    def test_a_new_setting_replaces_the_old_one(self):
        for value in ("20", "40"):
            inputs = {"key": "security.lock-minutes", "value": value, "reason": "按检查意见调整"}
            perform("parameters", "set", by=actor(Role.BUREAU), at=NOON, inputs=inputs)
        assert list(Setting.objects.order_by("id").values_list("value", "state")) == [
            ("20", "withdrawn"),
            ("40", "in-force"),
        ]


def test_codes_of_a_busy_half_minute_do_not_collide(monkeypatch: pytest.MonkeyPatch):
    """25 random bits are soon used up by hundreds of openings a second: a code that is taken is drawn again."""
    from dianchi.foundation.cases import perform as door

    enrol_all()
    taken = Organisation.objects.latest("id").code
    drawn = iter([taken, taken, "JG-2026-00000-00001"])
    monkeypatch.setattr(door, "new_code", lambda prefix, at: next(drawn))
    inputs = {"uscc": firm_code(0), "name": "又一家公司", "kind": "enterprise", "region": "530100"}
    assert perform("organisations", "enrol", by=PLATFORM, at=NOON, inputs=inputs).case.code == "JG-2026-00000-00001"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "区划\0表"}, "inputs.control-character"),
        ({"contract": {"resource": "d\0"}}, "inputs.control-character"),
        ({"contract": {"share": 0.5}}, "inputs.not-exact"),
        ({"sector": "领" * 41}, "inputs.string-too-long"),
    ],
)
def test_what_no_database_or_record_can_hold_is_refused_as_input(changes: dict[str, Any], code: str):
    enrol_all()
    with pytest.raises(Invalid) as refused:
        perform("catalogue", "draft", by=actor(Role.PROVIDER), at=NOON, inputs=item_inputs() | changes)
    assert codes(refused) == [code]
    assert refused.value.refusals[0].field == next(iter(changes))


def test_a_reference_to_a_case_one_may_not_see_is_refused_as_if_it_were_not_there():
    draft = a_draft_item(at=NOON)
    stranger = actor(Role.DEVELOPER)
    answers = []
    for code in (draft.code, "ML-2026-00000-00000"):
        with pytest.raises(Invalid) as refused:
            perform("quality", "raise", by=stranger, at=NOON, inputs=ticket(code))
        answers.append(refused.value.refusals)
    assert [(r.code, r.field) for r in answers[0]] == [("catalogue.not-found", "item")]
    assert answers[0] == answers[1]


def ticket(item: str) -> dict[str, Any]:
    """A complaint about the quality of an item."""
    return {"title": "区划代码重复", "item": item, "description": "同一代码出现两次。"}
