"""Authorizations: mode, level and scope; what may not be authorized is refused when proposed and when approved."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories import authorization as make
from tests.factories import resources
from tests.factories.people import NOON, actor
from tests.factories.resources import SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.authorization.agreements.queries import in_force
from dianchi.chapters.authorization.authorizations.facts import overlaps
from dianchi.chapters.authorization.authorizations.lifecycle import AUTHORIZATION, Facts
from dianchi.chapters.authorization.authorizations.models import Authorization
from dianchi.chapters.authorization.authorizations.queries import obstacles_of
from dianchi.chapters.resources.catalogue.models import Item
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
propose: - -> proposed: implementer
endorse: proposed -> =: sector
approve: proposed -> approved: authorizer
suspend: approved -> suspended: bureau authorizer
resume: suspended -> approved: authorizer
terminate: approved, suspended -> terminated: authorizer
flag: proposed, approved, suspended -> =: bureau sector provider
clear: proposed, approved, suspended -> =: authorizer
carve-out: approved, suspended -> =: authorizer
rectify: proposed, approved, suspended -> =: implementer
"""
SECTOR = {"mode": "SECTOR", "sector": "卫生健康", "necessity": "传染病数据专业性强，确需共同组织。"}
APPROVAL = {"decision_document": "云政函〔2026〕12号"}
KUNMING = {"organisation": "11530100MB1A00001D", "region": "530100"}


def test_who_may_do_what_from_where() -> None:
    endorsed, waiting = Facts(mode="SECTOR", endorsed=True), Facts(mode="SECTOR")
    assert matrix(AUTHORIZATION, endorsed) | matrix(AUTHORIZATION, waiting) == rows(ALLOWED)


# Mode and level


def test_the_scenario_mode_is_off() -> None:
    with refused("authorizations.scenario-mode-off", "R10"):
        make.a_proposed_authorization(mode="SCENARIO")


def test_the_scenario_mode_can_be_switched_on_by_an_act() -> None:
    do("parameters", "set", Role.BUREAU, key="authorization.scenario-mode", value="true", reason="省政府同意试行。")
    assert make.a_proposed_authorization(mode="SCENARIO").state == "proposed"


@pytest.mark.parametrize("change", [{"necessity": ""}, {"sector": ""}])
def test_a_sector_authorization_says_why(change: dict[str, str]) -> None:
    with refused("authorizations.sector-necessity-missing"):
        make.a_proposed_authorization(**(SECTOR | change))


def test_a_sector_authorization_needs_its_authority() -> None:
    case = make.a_proposed_authorization(**SECTOR)
    with refused("authorizations.sector-approval-missing", "R8"):
        do("authorizations", "approve", Role.AUTHORIZER, case.code, **APPROVAL)
    do("authorizations", "endorse", Role.SECTOR, case.code, sector_document="云卫办函〔2026〕8号")
    assert do("authorizations", "approve", Role.AUTHORIZER, case.code, **APPROVAL).state == "approved"


def test_only_a_sector_authorization_is_endorsed_and_once() -> None:
    whole = make.a_proposed_authorization()
    with refused("authorizations.nothing-to-endorse"):
        do("authorizations", "endorse", Role.SECTOR, whole.code, sector_document="云卫办函〔2026〕8号")
    sector = make.a_proposed_authorization(**SECTOR)
    do("authorizations", "endorse", Role.SECTOR, sector.code, sector_document="云卫办函〔2026〕8号")
    with refused("authorizations.nothing-to-endorse"):
        do("authorizations", "endorse", Role.SECTOR, sector.code, sector_document="云卫办函〔2026〕9号")


def test_institution_and_sector_authority_are_two_bodies() -> None:
    case = make.a_proposed_authorization(**SECTOR)
    both = actor(Role.IMPLEMENTER, roles=(Role.SECTOR,))
    with refused("authorizations.own-organisation", "R8"):
        do("authorizations", "endorse", both, case.code, sector_document="云数中心函〔2026〕1号")


def test_the_database_itself_wants_the_endorsement() -> None:
    case = make.a_proposed_authorization(**SECTOR)
    with pytest.raises(IntegrityError, match="endorsed"), transaction.atomic():
        Authorization.objects.filter(pk=case.pk).update(state="approved")


def test_a_county_needs_its_prefecture() -> None:
    with refused("authorizations.county-not-coordinated", "R9"):
        make.a_proposed_authorization(region="530102")
    assert (
        make.a_proposed_authorization(region="530102", prefecture_coordination="昆数函〔2026〕3号").state == "proposed"
    )
    assert make.a_proposed_authorization(region="530100").state == "proposed"  # a prefecture does not


def test_nobody_authorizes_outside_their_territory() -> None:
    with refused("authorizations.not-your-territory"):
        do(
            "authorizations",
            "propose",
            actor(Role.IMPLEMENTER, **KUNMING),
            **make.proposal([resources.a_published_item().code]),
        )
    case = make.an_approved_authorization()  # public: Kunming sees it
    with refused("authorizations.not-your-territory"):
        do("authorizations", "suspend", actor(Role.BUREAU, **KUNMING), case.code, reason=SAID)


def test_the_term_runs_forward() -> None:
    with refused("authorizations.term-reversed"):
        make.a_proposed_authorization(ends_on="2026-01-01")


# Scope

OBSTACLES = [
    ("authorizations.state-secret", "R1", {"state_secret": True}),
    ("authorizations.core-data", "R2", {"grade": "CORE"}),
    ("authorizations.important-not-assessed", "R3", {"grade": "IMPORTANT"}),
    ("authorizations.not-graded", "R4", {"grade": ""}),
    ("authorizations.sharer-consent-missing", "R5", {"shared_in": True}),
    ("authorizations.forbidden", "R6", {"attribute": "FORBIDDEN"}),
]


@pytest.mark.parametrize(("code", "rule", "change"), OBSTACLES)
def test_what_may_not_be_authorized_is_not_proposed(code: str, rule: str, change: dict[str, Any]) -> None:
    item = resources.a_published_item(title="不得授权的资源")
    Item.objects.filter(pk=item.pk).update(state="suspended", **change)  # behind the door
    with refused(code, rule) as seen:
        make.a_proposed_authorization([resources.a_published_item().code, item.code])
    assert seen.of(code).message.endswith("：不得授权的资源")  # names the offender, and it alone


@pytest.mark.parametrize(("code", "rule", "change"), OBSTACLES)
def test_what_has_changed_since_is_not_approved(code: str, rule: str, change: dict[str, Any]) -> None:
    case = make.a_proposed_authorization()
    Item.objects.filter(code__in=case.resources).update(state="suspended", **change)
    with refused(code, rule):
        do("authorizations", "approve", Role.AUTHORIZER, case.code, **APPROVAL)


def test_shared_and_important_data_may_be_authorized_with_consent_and_assessment() -> None:
    shared = resources.a_published_item(shared_in=True, sharer_consent="公安厅函〔2026〕2号")
    important = resources.a_published_item(grade="IMPORTANT", risk_assessment="五个方面均已评估。")
    assert make.an_approved_authorization([shared.code, important.code]).state == "approved"


def test_only_what_is_on_the_published_catalogue() -> None:
    for code in (resources.a_draft_item().code, "ML-2026-00000-00000"):
        with refused("authorizations.unknown-resources"):
            make.a_proposed_authorization([code])


# Who, story, trace, sight


def test_nobody_approves_an_own_proposal() -> None:
    both = actor(Role.IMPLEMENTER, roles=(Role.AUTHORIZER,))
    case = do("authorizations", "propose", both, **make.proposal([resources.a_published_item().code]))
    with refused("authorizations.own-proposal", "R66"):
        do("authorizations", "approve", both, case.code, **APPROVAL)


def test_from_proposal_to_termination() -> None:
    case = make.an_approved_authorization(**SECTOR)
    do("authorizations", "suspend", Role.BUREAU, case.code, reason=SAID)
    do("authorizations", "resume", Role.AUTHORIZER, case.code, reason=SAID)
    do("authorizations", "terminate", Role.AUTHORIZER, case.code, reason=SAID)
    acts = Entry.objects.filter(case_id=case.code).order_by("index").values_list("kind", "to_state")
    assert list(acts) == [
        ("authorizations.propose", "proposed"),
        ("authorizations.endorse", "proposed"),
        ("authorizations.approve", "approved"),
        ("authorizations.suspend", "suspended"),
        ("authorizations.resume", "approved"),
        ("authorizations.terminate", "terminated"),
    ]


def test_a_suspended_authorization_is_not_resumed_over_a_forbidden_resource() -> None:
    case = make.an_approved_authorization()
    do("authorizations", "suspend", Role.BUREAU, case.code, reason=SAID)
    Item.objects.update(attribute="FORBIDDEN")
    with refused("authorizations.forbidden", "R6"):
        do("authorizations", "resume", Role.AUTHORIZER, case.code, reason=SAID)


def test_a_refused_proposal_is_recorded_but_changes_nothing() -> None:
    codes = [resources.a_published_item().code]
    before = Entry.objects.count()
    with refused("authorizations.county-not-coordinated"):
        make.a_proposed_authorization(codes, region="530102")
    last = Entry.objects.order_by("-index")[0]
    assert (Entry.objects.count(), last.kind, last.outcome) == (before + 1, "authorizations.propose", "refused")
    assert not Authorization.objects.exists()


def test_proposals_are_for_the_governing_bodies_what_is_approved_for_all() -> None:
    case = make.a_proposed_authorization()
    for by in (actor(Role.OPERATOR), actor(Role.PROVIDER), actor(Role.BUREAU, **KUNMING), actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(NotFound):
            get_case("authorizations", case.code, by)
    for role in (Role.BUREAU, Role.AUTHORIZER, Role.IMPLEMENTER, Role.SECTOR, Role.AUDITOR):
        assert get_case("authorizations", case.code, actor(role)) == case
    do("authorizations", "approve", Role.AUTHORIZER, case.code, **APPROVAL)
    for by in (actor(Role.OPERATOR), actor(Role.CONSUMER), actor(Role.BUREAU, **KUNMING)):
        assert get_case("authorizations", case.code, by) == case
    with pytest.raises(NotFound):
        get_case("authorizations", case.code, actor(Role.SYSTEM_ADMIN))


# Protected interests, overlaps, earlier activities


def test_a_resource_found_harmful_stays_out_until_the_flag_is_taken_off() -> None:
    case = make.a_proposed_authorization()
    said = {"resource": case.resources[0], "interest": "privacy", "reason": "可以识别特定个人，侵犯隐私。"}
    do("authorizations", "flag", Role.BUREAU, case.code, **said)
    with refused("authorizations.harms-protected-interests", "R7") as seen:
        do("authorizations", "approve", Role.AUTHORIZER, case.code, **APPROVAL)
    assert "云南省行政区划" in str(seen.of("authorizations.harms-protected-interests").message)
    with refused("authorizations.not-in-scope"):
        do("authorizations", "flag", Role.BUREAU, case.code, **(said | {"resource": resources.a_published_item().code}))
    do(
        "authorizations",
        "clear",
        Role.AUTHORIZER,
        case.code,
        resource=case.resources[0],
        reason="已去标识，经评估无风险。",
    )
    with refused("authorizations.not-flagged"):
        do("authorizations", "clear", Role.AUTHORIZER, case.code, resource=case.resources[0], reason="再次解除。")
    assert do("authorizations", "approve", Role.AUTHORIZER, case.code, **APPROVAL).state == "approved"


def test_a_flag_and_a_carve_out_stop_use_at_once() -> None:
    agreement = make.an_agreement_in_force()
    code, authorization = agreement.resources[0], agreement.selection.plan.authorization
    assert in_force(code, agreement.operator, NOON)
    do(
        "authorizations",
        "flag",
        Role.SECTOR,
        authorization.code,
        resource=code,
        interest="trade-secret",
        reason="含企业商业秘密。",
    )
    assert not in_force(code, agreement.operator, NOON)
    do("authorizations", "clear", Role.AUTHORIZER, authorization.code, resource=code, reason="已脱密，经评估无风险。")
    assert in_force(code, agreement.operator, NOON)
    into = make.a_proposed_authorization([code], **SECTOR, overlap_reason="拟由行业主管部门单独组织。")
    do(
        "authorizations",
        "carve-out",
        Role.AUTHORIZER,
        authorization.code,
        into=into.code,
        carved=[code],
        reason="划入卫生健康领域授权。",
    )
    assert not in_force(code, agreement.operator, NOON)


def test_an_overlap_is_flagged_until_it_is_explained_or_carved_out() -> None:
    whole = make.an_approved_authorization()
    for region in ("530000", "530100"):
        with refused("authorizations.overlap-not-explained") as seen:
            make.a_proposed_authorization(list(whole.resources), region=region, **SECTOR)
        assert "云南省行政区划" in str(seen.of("authorizations.overlap-not-explained").message)
    case = make.a_proposed_authorization(list(whole.resources), **SECTOR, overlap_reason="专业性强，拟由行业单独组织。")
    assert [other.code for _, other in overlaps(case, case)] == [whole.code]
    other = resources.a_published_item().code
    carve = {"into": case.code, "carved": [other], "reason": "划入卫生健康领域授权。"}
    with refused("authorizations.not-in-scope"):
        do("authorizations", "carve-out", Role.AUTHORIZER, whole.code, **carve)
    with refused("authorizations.receiver-does-not-hold"):
        do(
            "authorizations",
            "carve-out",
            Role.AUTHORIZER,
            whole.code,
            **(carve | {"into": whole.code, "carved": whole.resources}),
        )
    do("authorizations", "carve-out", Role.AUTHORIZER, whole.code, **(carve | {"carved": whole.resources}))
    assert overlaps(case, case) == []
    assert make.a_proposed_authorization(list(whole.resources), **SECTOR).state == "proposed"


def test_two_prefectures_or_two_times_do_not_overlap() -> None:
    whole = make.an_approved_authorization(region="530000", starts_on="2026-01-01", ends_on="2026-12-31")
    later = {"starts_on": "2027-01-01", "ends_on": "2027-12-31"}
    assert make.a_proposed_authorization(list(whole.resources), **later).state == "proposed"


STEP = {"what": "现有合同并入授权运营协议", "due_on": "2026-06-30", "responsible": "云南省数据中心"}


def test_an_earlier_activity_has_a_plan_whose_steps_are_reported() -> None:
    with refused("authorizations.no-rectification-plan"):
        make.a_proposed_authorization(legacy=True)
    second = STEP | {"what": "独立平台并入省级平台", "due_on": "2026-09-30"}
    case = make.a_proposed_authorization(
        legacy=True, rectification=[STEP, second], separate_platform="某州市数据运营平台"
    )
    assert str(case.rectify_on) == "2026-06-30"
    done = {"what": STEP["what"], "done_on": "2026-05-01", "evidence": "新签协议"}
    with refused("authorizations.not-the-proposer"):
        do("authorizations", "rectify", actor(Role.IMPLEMENTER, organisation="12530000MB0000001R"), case.code, **done)
    case = do("authorizations", "rectify", Role.IMPLEMENTER, case.code, **done)
    assert (str(case.rectify_on), case.rectification[0]["evidence"]) == ("2026-09-30", "新签协议")
    with refused("authorizations.no-such-step"):
        do("authorizations", "rectify", Role.IMPLEMENTER, case.code, **done)


def test_no_separate_platform_is_started() -> None:
    with refused("authorizations.separate-platform", "R12"):
        make.a_proposed_authorization(separate_platform="某州市新建平台")


def test_obstacles_are_told_for_each_item() -> None:
    good, bad = resources.a_published_item(), resources.a_draft_item()
    told = obstacles_of([good.code, bad.code])
    assert told[good.code] == ()
    assert {str(t) for t in told[bad.code]} == {"资源尚未分类分级", "资源未在已发布目录中"}
