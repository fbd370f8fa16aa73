"""Tolerance: six criteria, checked by one, decided by another; whoever gained privately is never tolerated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.people import HOME, NOON, actor
from tests.factories.rules import matrix, refused, rows
from tests.factories.supervision import do

from dianchi.chapters.supervision.tolerance.facts import _supported
from dianchi.chapters.supervision.tolerance.lifecycle import TOLERANCE, Facts
from dianchi.chapters.supervision.tolerance.models import Tolerance
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.interfaces.cli.worker import acts_by_time
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound
from dianchi.kernel.workdays import last_day

pytestmark = pytest.mark.django_db

ALLOWED = """
claim: - -> claimed: operator developer implementer provider sector
check: claimed -> checked: bureau
transfer: checked, heard, decided -> =: bureau
hear: checked -> heard: bureau
decide: heard -> decided: authorizer bureau
appeal: decided -> appealed: operator developer implementer provider sector
review: appealed -> final: authorizer
conclude: decided -> final: system bureau
withdraw: claimed, checked -> withdrawn: operator developer implementer provider sector
"""
SIX = ["NOT-FORBIDDEN", "DECIDED", "NO-GAIN", "PUBLIC-AIM", "STOPPED-LOSS", "NOT-CONCEALED"]
SAID = "经核查，有会议纪要和处置记录为证。"


def a_claim(**changes: Any) -> Any:
    inputs = {
        "title": "首批产品下架造成的损失", "event": "试点产品因口径调整下架。", "persons": "普秀英", "claim": "请予免责。",
        "criteria": [{"criterion": name, "evidence": SAID} for name in SIX],
    }  # fmt: skip
    return do("tolerance", "claim", Role.OPERATOR, **inputs | changes)


def verified(*failing: str) -> list[dict[str, Any]]:
    return [{"criterion": name, "holds": name not in failing, "ground": SAID} for name in SIX]


def heard(*failing: str) -> Any:
    case = a_claim()
    do("tolerance", "check", Role.BUREAU, case.code, verified=verified(*failing), early_report=True)
    return do(
        "tolerance", "hear", Role.BUREAU, case.code, heard_on=date(2026, 3, 2), attendees="评议组五人", record=SAID
    )


def decision(result: str = "EXEMPT") -> dict[str, Any]:
    return {"result": result, "minutes_number": "纪要〔2026〕9号", "grounds": SAID}


def decided(result: str = "EXEMPT", *failing: str) -> Any:
    return do("tolerance", "decide", Role.AUTHORIZER, heard(*failing).code, **decision(result))


def test_who_may_do_what_from_where() -> None:
    assert matrix(TOLERANCE, Facts()) == rows(ALLOWED)


def test_each_criterion_is_spoken_to_once_and_a_check_takes_all_six() -> None:
    with refused("tolerance.criterion-repeated"):
        a_claim(criteria=[{"criterion": "DECIDED", "evidence": SAID}] * 2)
    case = a_claim()
    with refused("tolerance.criterion-repeated"):
        do("tolerance", "check", Role.BUREAU, case.code, verified=verified()[:5] + verified()[:1])


@pytest.mark.parametrize(
    ("failing", "admitted"),
    [
        ((), {"EXEMPT", "MITIGATE", "NOT-APPLICABLE"}),
        (("DECIDED",), {"MITIGATE", "NOT-APPLICABLE"}),
        (("NO-GAIN",), {"NOT-APPLICABLE"}),
    ],
)
def test_the_result_is_one_that_the_check_admits(failing: tuple[str, ...], admitted: set[str]) -> None:
    for result in {"EXEMPT", "MITIGATE", "NOT-APPLICABLE"} - admitted:
        case = heard(*failing)
        if "NO-GAIN" in failing:
            do("tolerance", "transfer", Role.BUREAU, case.code, transferred_to="纪检监察机关")
        with refused("tolerance.result-not-supported", "R75"):
            do("tolerance", "decide", Role.AUTHORIZER, case.code, **decision(result))


@given(st.lists(st.booleans(), min_size=6, max_size=6))
def test_whoever_gained_is_never_tolerated(holds: list[bool]) -> None:
    case = Tolerance(verified=[{"criterion": n, "holds": h} for n, h in zip(SIX, holds, strict=True)])
    admitted = {r for r in ("EXEMPT", "MITIGATE", "NOT-APPLICABLE") if _supported(case, r)}
    assert "NOT-APPLICABLE" in admitted
    assert ("EXEMPT" in admitted) == all(holds)
    assert ("MITIGATE" in admitted) == holds[SIX.index("NO-GAIN")]


def test_private_gain_is_handed_over_before_anything_is_decided() -> None:
    case = heard("NO-GAIN")
    with refused("tolerance.gain-not-transferred", "R75"):
        do("tolerance", "decide", Role.AUTHORIZER, case.code, **decision("NOT-APPLICABLE"))
    do("tolerance", "transfer", Role.BUREAU, case.code, transferred_to="纪检监察机关")
    do("tolerance", "decide", Role.AUTHORIZER, case.code, **decision("NOT-APPLICABLE"))
    with refused("tolerance.nothing-to-transfer", "R75"):
        do("tolerance", "transfer", Role.BUREAU, heard().code, transferred_to="纪检监察机关")


def test_who_checks_does_not_decide_and_nobody_decides_their_own() -> None:
    case = heard()
    with refused("tolerance.own-check", "R66"):
        do("tolerance", "decide", Role.BUREAU, case.code, **decision())
    own = actor(Role.AUTHORIZER, organisation=HOME[Role.OPERATOR][0])
    with refused("tolerance.own-organisation", "R74"):
        do("tolerance", "decide", own, case.code, **decision())


def test_a_hearing_lies_behind() -> None:
    case = a_claim()
    do("tolerance", "check", Role.BUREAU, case.code, verified=verified())
    with refused("tolerance.hearing-ahead"):
        do("tolerance", "hear", Role.BUREAU, case.code, heard_on=date(2026, 3, 3), attendees="评议组", record=SAID)


def test_it_may_be_appealed_once_and_another_reviews_it() -> None:
    case = decided("MITIGATE")
    stranger = actor(Role.AUTHORIZER, roles=(Role.SECTOR,))
    with refused("tolerance.not-yours"):
        do("tolerance", "appeal", stranger, case.code, appeal=SAID)
    do("tolerance", "appeal", Role.OPERATOR, case.code, appeal="六项均成立，应予免责。")
    with refused("tolerance.own-decision", "R66"):
        do("tolerance", "review", Role.AUTHORIZER, case.code, **decision())
    case = do("tolerance", "review", actor(Role.AUTHORIZER, person="another"), case.code, **decision())
    assert (case.state, case.result) == ("final", "EXEMPT")


def test_time_makes_it_final_ten_working_days_on() -> None:
    case = decided()
    (due,) = Due.objects.filter(case_code=case.code, done_at=None)
    assert last_day(due.due_at) == date(2026, 3, 16)
    assert due.due_at == case.appeal_until
    with refused("tolerance.appeal-open"):
        do("tolerance", "conclude", Role.BUREAU, case.code, at=due.due_at - timedelta(seconds=1))
    assert acts_by_time(due.due_at) == 1
    case.refresh_from_db()
    assert case.state == "final"


def test_from_the_claim_to_a_final_decision() -> None:
    case = decided()
    do("tolerance", "conclude", Role.BUREAU, case.code, at=case.appeal_until)
    acts = [e.kind.split(".")[1] for e in Entry.objects.filter(case_id=case.code).order_by("index")]
    assert acts == ["claim", "check", "hear", "decide", "conclude"]
    assert not any("普秀英" in str(e.payload) for e in Entry.objects.filter(case_id=case.code))
    assert do("tolerance", "withdraw", Role.OPERATOR, a_claim().code, reason="另行处理。").state == "withdrawn"


def test_what_is_refused_leaves_no_trace() -> None:
    case, before = a_claim(), Entry.objects.count()
    with refused("tolerance.criterion-repeated"):
        do("tolerance", "check", Role.BUREAU, case.code, verified=verified()[:5] + verified()[:1])
    assert Entry.objects.count() == before
    assert get_case("tolerance", case.code, actor(Role.BUREAU)).verified == []


def test_a_claim_is_for_who_made_it_and_who_decides() -> None:
    case = a_claim()
    for role in (Role.OPERATOR, Role.BUREAU, Role.AUTHORIZER, Role.AUDITOR):
        assert get_case("tolerance", case.code, actor(role)) == case
    for by in (
        actor(Role.DEVELOPER),
        actor(Role.CONSUMER),
        actor(Role.SYSTEM_ADMIN),
        actor(Role.BUREAU, region="530100"),
    ):
        with pytest.raises(NotFound):
            get_case("tolerance", case.code, by)
    assert Due.objects.get(case_code=case.code, done_at=None).due_at > NOON
