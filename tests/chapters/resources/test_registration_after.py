"""After the code, and around it: joint registrants, several objections, change, correction, ends, reports, clocks."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.factories import resources as make
from tests.factories.people import HOME, actor
from tests.factories.resources import LONG_AGO, SAID, do
from tests.factories.rules import refused

from dianchi.chapters.resources.registration.models import Registration, Report
from dianchi.chapters.resources.registration.queries import (
    IN_FORCE_ON,
    first_registration_due,
    in_force,
    in_publicity,
    objections,
    outbox,
    registered,
    to_register,
)
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import case_type, get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.interfaces.cli.worker import acts_by_time
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import Invalid, NotFound
from dianchi.kernel.parameters import PARAMETERS
from dianchi.kernel.workdays import end_of, last_day

pytestmark = pytest.mark.django_db
CO = HOME[Role.SECTOR][0]
CO_ACTOR = actor(Role.PROVIDER, organisation=CO)
JOINT = {"co_registrants": [CO], "joint_basis": "联合采集协议（二〇二五年第三号）"}
OBJECTION = {"objector": "孙丽", "objection": "简介与内容不符。", "objection_evidence": "官网截图一份"}


def day(year: int, month: int, number: int, hour: int = 10) -> datetime:
    return datetime(year, month, number, hour, tzinfo=UTC) - timedelta(hours=8)


def a_registration(**changes: Any) -> Any:
    return make.registered(make.an_application(make.a_published_item(), **changes).code)


def running(case: Any) -> dict[str, date]:
    return {d.key: last_day(d.due_at) for d in Due.objects.filter(case_code=case.code, done_at=None)}


# Materials and joint registrants


@pytest.mark.parametrize("missing", ["internal_review", "storage", "situation", "source_statement", "risk_assessment"])
def test_every_material_of_the_law_is_asked_for(missing: str) -> None:
    with pytest.raises(Invalid) as caught:
        make.an_application(make.a_published_item(), **{missing: ""})
    assert [r.field for r in caught.value.refusals] == [missing]


@pytest.mark.parametrize("missing", ["scenario", "product_info"])
def test_a_product_is_described_with_its_scenario(missing: str) -> None:
    item = make.a_published_item()  # stands for the product
    digest = json.loads(Entry.objects.filter(case_id=item.code).order_by("-index")[0].payload)["digest"]
    said = make.application(item.code, object_type="2", evidence_digest=digest, agreement_ends_on="2027-06-30")
    with refused("registration.materials-missing"):
        do("registration", "apply", Role.DEVELOPER, **(said | {missing: ""}))


def test_the_registrant_vouches_for_the_materials() -> None:
    with refused("registration.no-commitment"):
        make.an_application(make.a_published_item(), commitment=False)


def test_evidence_is_older_than_the_application() -> None:
    case = make.an_application(make.a_published_item())
    entry = Entry.objects.get(pk=case.evidence_index)
    applied = Entry.objects.get(kind="registration.apply", case_id=case.code)
    assert (entry.kind, entry.index < applied.index) == ("supply.receive", True)
    assert case.evidence_digest in entry.payload


@pytest.mark.parametrize("changes", [{"co_registrants": [CO]}, {**JOINT, "co_registrants": [HOME[Role.PROVIDER][0]]},
                                     {**JOINT, "co_registrants": ["91530100MA6P02XH13"]}, {**JOINT, "co_registrants": [CO, CO]}])  # fmt: skip
def test_joint_registrants_are_others_on_record_with_a_basis(changes: dict[str, Any]) -> None:
    with refused("registration.joint-not-stated"):
        make.an_application(make.a_published_item(), **changes)


def test_a_joint_application_is_complete_when_all_have_confirmed() -> None:
    case = make.an_application(make.a_published_item(), at=day(2026, 1, 5), **JOINT)
    assert running(case) == {}  # E1 runs from the complete application
    with refused("registration.joint-unconfirmed"):
        do("registration", "accept", Role.REGISTRAR, case.code)
    with refused("registration.not-a-joint-registrant"):
        do("registration", "join", Role.PROVIDER, case.code)
    do("registration", "join", CO_ACTOR, case.code, at=day(2026, 1, 7))
    assert running(case) == {"applied:registration.acceptance-days": date(2026, 1, 12)}
    with refused("registration.not-a-joint-registrant"):
        do("registration", "join", CO_ACTOR, case.code)
    assert do("registration", "accept", Role.REGISTRAR, case.code, at=day(2026, 1, 8)).state == "accepted"


def test_both_stand_on_the_certificate() -> None:
    case = make.an_application(make.a_published_item(), **JOINT)
    do("registration", "join", CO_ACTOR, case.code)
    case = make.registered(case.code)
    assert [one["uscc"] for one in case.certificate["joint_registrants"]] == [CO]


# Clocks


def test_acceptance_counts_anew_from_the_supplemented_application() -> None:
    case = make.an_application(make.a_published_item(), at=day(2026, 1, 5))
    do("registration", "supplement", Role.REGISTRAR, case.code, at=day(2026, 1, 6), notice="缺少来源文件。")
    assert running(case) == {}
    case = do(
        "registration",
        "resubmit",
        Role.PROVIDER,
        case.code,
        at=day(2026, 1, 12),
        source_statement="依法定职责采集，附文件。",
    )
    assert running(case) == {"applied:registration.acceptance-days": date(2026, 1, 15)}
    assert (case.source_statement, case.risk_assessment) == ("依法定职责采集，附文件。", "不涉及个人信息，风险低。")


def test_form_review_stands_still_while_experts_are_asked_and_the_pause_is_on_record() -> None:
    case = make.an_application(make.a_published_item(), at=day(2026, 1, 5))
    do("registration", "accept", Role.REGISTRAR, case.code, at=day(2026, 1, 5))
    assert running(case) == {"accepted:registration.form-review-days": date(2026, 2, 2)}
    do("registration", "consult", Role.REGISTRAR, case.code, at=day(2026, 1, 7), reason="需专家评审数据来源。")
    assert Due.objects.get(case_code=case.code, done_at=None).paused_at == day(2026, 1, 7)
    do("registration", "resume", Role.REGISTRAR, case.code, at=day(2026, 1, 14), expert_opinion="来源合法，同意登记。")
    due = Due.objects.get(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == date(2026, 2, 9)  # five working days later
    assert due.pauses == [[day(2026, 1, 7).isoformat(), day(2026, 1, 14).isoformat()]]


def test_the_clocks_of_the_dossier_are_on_the_deadlines() -> None:
    clocks = {d.clock for d in case_type("registration").lifecycle.deadlines}
    assert {"E1", "E2", "E3", "E6", "E8"} <= clocks
    figures = {rule for key, p in PARAMETERS.items() if key.startswith("registration.") for rule in p.rules}
    assert {f"E{n}" for n in range(1, 10)} <= figures


def test_what_was_in_use_before_the_measures_has_thirty_working_days_from_then() -> None:
    legacy = first_registration_due(day(2024, 6, 1), "530000")
    assert (last_day(legacy), IN_FORCE_ON.date()) == (date(2025, 4, 14), date(2025, 3, 1))  # E5
    assert last_day(first_registration_due(day(2026, 1, 5), "530000")) == date(2026, 2, 2)  # E4


def test_what_is_in_use_and_not_registered_is_listed_for_its_department_and_the_registrar() -> None:
    item = make.a_published_item()
    load = make.a_load_in_service(item, at=day(2026, 1, 5))
    for by in (actor(Role.PROVIDER), actor(Role.REGISTRAR)):
        (found,) = to_register(by, day(2026, 1, 6))
        assert (found.resource, last_day(found.due_at)) == (item, date(2026, 2, 2))
    for by in (CO_ACTOR, actor(Role.CONSUMER), actor(Role.REGISTRAR, region="530100")):
        assert to_register(by, day(2026, 1, 6)) == []
    do("registration", "apply", Role.PROVIDER, **make.application(item.code, evidence_digest=load.sm3))
    assert to_register(actor(Role.PROVIDER), day(2026, 1, 6)) == []


def test_what_is_not_renewed_expires_by_time() -> None:
    case = a_registration()
    assert acts_by_time(end_of(case.valid_to_on) - timedelta(hours=1)) == 0
    assert acts_by_time(end_of(case.valid_to_on) + timedelta(days=7)) == 1  # after a weekend at the latest
    assert Registration.objects.get().state == "expired"


# Objections


def test_a_second_objector_is_heard_while_the_first_is_open() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code)
    do("registration", "object", Role.CONSUMER, case.code, **OBJECTION)
    do("registration", "object", Role.DEVELOPER, case.code, **(OBJECTION | {"objector": "马云飞"}))
    with refused("registration.not-one-of-several"):
        do("registration", "answer", Role.REGISTRAR, case.code, number=3, reason=SAID)
    do("registration", "answer", Role.REGISTRAR, case.code, number=1, reason="经核实不成立。")
    with refused("registration.not-one-of-several"):  # the last one is decided, not answered
        do("registration", "answer", Role.REGISTRAR, case.code, number=2, reason=SAID)
    with refused("registration.objection-open", "R60"):
        do("registration", "code", PLATFORM, case.code, at=case.publicity_until)
    do("registration", "dismiss", Role.REGISTRAR, case.code, reason="亦不成立。")
    found = [(o.number, o.upheld, o.answer) for o, _ in objections(case, actor(Role.REGISTRAR))]
    assert found == [(1, False, "经核实不成立。"), (2, False, "亦不成立。")]
    assert do("registration", "code", PLATFORM, case.code, at=case.publicity_until).state == "registered"


def test_the_registrar_in_charge_knows_who_objects_and_nobody_else() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code)
    do("registration", "object", Role.CONSUMER, case.code, **OBJECTION)
    told = {
        r: objections(case, actor(r))[0][1]
        for r in (Role.REGISTRAR, Role.CONSUMER, Role.PROVIDER, Role.BUREAU, Role.AUDITOR)
    }
    assert told == {Role.REGISTRAR: "孙丽", Role.CONSUMER: "孙丽", Role.PROVIDER: "", Role.BUREAU: "", Role.AUDITOR: ""}
    assert objections(case, actor(Role.REGISTRAR, region="530100"))[0][1] == ""
    assert not any("孙丽" in text for e in Entry.objects.all() for text in (e.payload, e.body))


def test_an_objection_comes_within_the_publicity() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code)
    with refused("registration.publicity-over"):
        do("registration", "object", Role.CONSUMER, case.code, at=case.publicity_until, **OBJECTION)


def test_publicity_goes_on_while_an_objection_is_decided() -> None:
    case = make.in_publicity(make.an_application(make.a_published_item()).code)
    do("registration", "object", Role.CONSUMER, case.code, **OBJECTION)
    assert [r.code for r in in_publicity(LONG_AGO)] == [case.code]


# Change, correction


def apply_change(case: Any, by: Any = Role.PROVIDER, **proposal: Any) -> Any:
    return do("registration", "apply-change", by, case.code, change_kind="RESOURCE", reason=SAID, proposal=proposal)


def test_a_change_stands_under_a_new_edition_of_the_certificate() -> None:
    case = a_registration()
    first = case.certificate
    case = apply_change(case, title="云南省行政区划（五级）", summary="全省五级区划。")
    assert (case.state, case.title, registered(case.object_code, day(2026, 2, 1))) == ("changing", first["title"], case)
    assert list(in_force(day(2026, 2, 1))) == [case]
    case = do("registration", "change", Role.REGISTRAR, case.code)
    assert (case.state, case.title, case.edition, case.proposal) == ("registered", "云南省行政区划（五级）", 2, {})
    assert case.certificate["title"] == case.title != first["title"]
    assert (case.query_code, case.valid_to_on.isoformat()) == (first["query_code"], first["valid_to_on"])


def test_a_change_says_something_new_and_is_examined_in_time() -> None:
    case = a_registration()
    with refused("registration.nothing-new"):
        apply_change(case, title=case.title)
    with refused("registration.no-evidence", "R65"):
        apply_change(case, evidence_digest="0" * 64)
    apply_change(case, summary="全省五级区划。")
    assert "changing:registration.form-review-days" in running(case)
    case = do("registration", "refuse-change", Role.REGISTRAR, case.code, reason="与资源实际不符。")
    assert (case.state, case.summary, case.proposal, case.edition) == ("registered", "全省四级区划。", {}, 1)


def test_only_the_registrant_changes() -> None:
    with refused("registration.not-the-registrant"):
        apply_change(a_registration(), CO_ACTOR, summary="全省五级区划。")


def correct(case: Any, by: Any, basis: str = "PROOF", document: str = "民政部门证明") -> Any:
    return do("registration", "apply-correction", by, case.code, basis=basis, basis_document=document, reason="简介有误。",
              proposal={"summary": "全省四级行政区划代码和名称。"})  # fmt: skip


def test_anybody_concerned_has_an_error_corrected_on_consent_or_proof() -> None:
    case = a_registration()
    with refused("registration.correction-without-basis"):
        correct(case, Role.CONSUMER, document="")
    assert correct(case, Role.CONSUMER).petitioner == HOME[Role.CONSUMER][0]
    case = do("registration", "correct", Role.REGISTRAR, case.code)
    assert (case.summary, case.edition) == ("全省四级行政区划代码和名称。", 2)
    with refused("registration.nothing-new"):
        correct(case, Role.PROVIDER, "CONSENT")


def test_a_correction_may_be_refused() -> None:
    case = correct(a_registration(), Role.CONSUMER)
    case = do("registration", "refuse-correction", Role.REGISTRAR, case.code, reason="登记无误。")
    assert (case.state, case.edition) == ("registered", 1)


# Ends


def test_renewal_and_cancellation_may_be_refused() -> None:
    case = a_registration()
    at = day(case.renewal_opens_on.year, case.renewal_opens_on.month, case.renewal_opens_on.day)
    do("registration", "apply-renewal", Role.PROVIDER, case.code, at=at)
    assert "renewing:registration.form-review-days" in running(case)
    assert (
        do("registration", "refuse-renewal", Role.REGISTRAR, case.code, at=at, reason=SAID).valid_to_on
        == case.valid_to_on
    )
    do("registration", "apply-cancellation", Role.PROVIDER, case.code, at=at, ground="LOST", reason=SAID)
    assert (
        do("registration", "refuse-cancellation", Role.REGISTRAR, case.code, at=at, reason=SAID).state == "registered"
    )


def test_a_revoked_registration_is_dead_and_its_object_may_be_registered_again() -> None:
    case = do("registration", "revoke", Role.REGISTRAR, a_registration().code, fault="FALSE", reason="提供虚假材料。")
    assert (case.state, registered(case.object_code, day(2026, 2, 1))) == ("revoked", None)
    again = make.application(case.object_code, evidence_digest=case.evidence_digest)
    assert do("registration", "apply", Role.PROVIDER, **again).state == "applied"


def test_a_joint_registrant_sees_an_application_and_strangers_do_not() -> None:
    case = make.an_application(make.a_published_item(), **JOINT)
    assert get_case("registration", case.code, CO_ACTOR) == case
    with pytest.raises(NotFound):
        get_case("registration", case.code, actor(Role.CONSUMER))


# Reports


def test_every_public_step_is_reported_to_both_platforms_in_their_field_names() -> None:
    case = a_registration()
    events = list(Report.objects.filter(platform="NATIONAL").order_by("id").values_list("event", flat=True))
    assert events == ["pass-review", "code"]
    publicity, code = Report.objects.filter(platform="NATIONAL").order_by("id")
    assert {"dataRegistName", "dataRegistType", "institutionName", "serialNumber", "dataContentIntroduction", "startDate",
            "endDate", "publicityStatus", "canObjectionApply", "coverAreaCodes", "industryCodes"} <= set(publicity.body)  # fmt: skip
    assert (publicity.body["publicityStatus"], publicity.body["canObjectionApply"]) == ("1", True)
    assert (code.body["serialNumber"], code.body["canObjectionApply"]) == (case.query_code, False)
    assert code.body["validEndDate"] == case.valid_to_on.isoformat()
    assert [r.registration for r in outbox("53", "PROVINCIAL")] == [case, case]


def test_a_receipt_is_kept_once_and_by_the_registrar_in_charge() -> None:
    case = a_registration()
    report = outbox("53")[0]
    said = {"serial": report.serial, "receipt_number": "国登回〔2026〕0001", "accepted": True}
    with refused("registration.no-such-report"):
        do("registration", "receipt", Role.REGISTRAR, case.code, **(said | {"serial": "DJ-0000-N01"}))
    with refused("registration.not-your-territory"):
        do("registration", "receipt", actor(Role.REGISTRAR, region="530100"), case.code, **said)
    do("registration", "receipt", Role.REGISTRAR, case.code, **said)
    report.refresh_from_db()
    assert (report.receipt_number, report.accepted, len(outbox("53"))) == ("国登回〔2026〕0001", True, 3)
    with refused("registration.no-such-report"):
        do("registration", "receipt", Role.REGISTRAR, case.code, **said)


def test_the_form_of_an_application_starts_from_the_resource() -> None:
    item = make.a_published_item()
    load = make.a_load_in_service(item)
    suggest = case_type("registration").suggest
    assert suggest is not None
    said = suggest("apply", None, actor(Role.PROVIDER), {"object_code": item.code})
    assert (said["title"], said["evidence_digest"], said["object_type"]) == (item.title, load.sm3, "1")
    given = said | {"internal_review": SAID, "commitment": True, "risk_assessment": "风险低，可控。"}
    assert do("registration", "apply", Role.PROVIDER, **given).state == "applied"
