"""Tenders: sealed bids, opened by time, scored blind by a panel without an interest; failed ones run again."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import authorization as make
from tests.factories.people import HOME, actor, enrol
from tests.factories.resources import LONG_AGO, SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.authorization.bids.lifecycle import BID
from dianchi.chapters.authorization.bids.lifecycle import Facts as BidFacts
from dianchi.chapters.authorization.bids.models import Bid
from dianchi.chapters.authorization.bids.sealing import commitment, seal, unseal
from dianchi.chapters.authorization.selection.inputs import weighed
from dianchi.chapters.authorization.selection.models import Selection
from dianchi.chapters.authorization.selection.queries import scores
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.foundation.organisations.models import Organisation
from dianchi.interfaces.cli.worker import acts_by_time
from dianchi.kernel.actors import PLATFORM, Actor, Role
from dianchi.kernel.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db

ALLOWED = """
bid: - -> sealed: operator
replace: sealed -> sealed: operator
withdraw: sealed -> withdrawn: operator
"""
OPENED = "open: sealed -> opened: system"
BIDDERS = (make.OPERATOR, HOME[Role.CONSUMER][0], HOME[Role.DEVELOPER][0])
PANEL = tuple(f"expert.{n}" for n in ("one", "two", "three", "four", "five"))
SECRET = "我方运营方案：分三年建设，投入两千万元。"


@pytest.fixture
def selection() -> Any:
    """An announced tender whose bids are opened thirty days after."""
    plan = make.an_approved_plan()
    return do("selection", "announce", Role.IMPLEMENTER, **make.tender(plan, LONG_AGO))


def bidder(uscc: str = make.OPERATOR) -> Actor:
    return actor(Role.OPERATOR, organisation=uscc, person=f"of-{uscc}")


def bid(selection: Any, uscc: str = make.OPERATOR, at: datetime = LONG_AGO, **changes: Any) -> Any:
    inputs = {"selection": selection.code, "proposal": SECRET, "conditions": make.MEETS} | changes
    return do("bids", "bid", bidder(uscc), at=at, **inputs)


def bid_for(selection: Any, *usccs: str) -> datetime:
    """These bids, opened when their time has come."""
    for uscc in usccs:
        bid(selection, uscc)
    acts_by_time(selection.opens_at)
    return selection.opens_at


def convened(selection: Any) -> datetime:
    at = bid_for(selection, *BIDDERS)
    make.some_experts(PANEL)
    do("selection", "convene", Role.IMPLEMENTER, selection.code, at=at, experts=list(PANEL))
    return at


def points(first: int = 90, others: int = 60) -> list[dict[str, Any]]:
    return [
        {"uscc": u, "criterion": w["name"], "points": first if u == make.OPERATOR else others, "reason": "符合要求。"}
        for u in BIDDERS for w in make.WEIGHTS
    ]  # fmt: skip


def test_who_may_do_what_with_a_bid() -> None:
    assert matrix(BID, BidFacts()) == rows(ALLOWED)
    assert matrix(BID, BidFacts(sealed=False)) == rows(OPENED)


def test_a_tender_publishes_its_weights_and_its_opening() -> None:
    plan = make.an_approved_plan()
    for weights in ([], [make.WEIGHTS[0]], [make.WEIGHTS[0], make.WEIGHTS[0] | {"weight": 40}]):
        with refused("selection.weights-not-hundred", "R17"):
            do("selection", "announce", Role.IMPLEMENTER, **make.tender(plan, LONG_AGO, weights=weights))
    for opens_at in (None, (LONG_AGO + timedelta(days=19)).isoformat()):
        with refused("selection.opens-too-early"):
            do("selection", "announce", Role.IMPLEMENTER, **make.tender(plan, LONG_AGO, opens_at=opens_at))


def test_an_invited_tender_invites_enough_and_takes_bids_of_the_invited_alone() -> None:
    plan = make.an_approved_plan()
    said = make.tender(plan, LONG_AGO, method="INVITED_TENDER")
    with refused("selection.too-few-invited"):
        do("selection", "announce", Role.IMPLEMENTER, **said, invited=[make.OPERATOR] * 3)
    invited = [*BIDDERS[1:], HOME[Role.REGISTRAR][0]]
    case = do("selection", "announce", Role.IMPLEMENTER, **said, invited=invited)
    with refused("bids.may-not-bid"):
        bid(case)
    assert bid(case, BIDDERS[1]).state == "sealed"


def test_a_bid_is_sealed_in_the_store_in_the_ledger_and_to_everybody_else(selection: Any) -> None:
    case = bid(selection)
    stored = str(Bid.objects.filter(pk=case.pk).values())
    written = "".join(text for e in Entry.objects.filter(case_id=case.code) for text in (e.payload, e.body))
    for text in (SECRET, "证明", make.MEETS[0]["evidence"]):
        assert text not in stored
        assert text not in written
    assert get_case("bids", case.code, bidder()) == case
    for by in (
        bidder(BIDDERS[1]),
        actor(Role.IMPLEMENTER),
        actor(Role.BUREAU),
        actor(Role.AUDITOR),
        actor(Role.SECURITY_ADMIN),
    ):
        with pytest.raises(NotFound):
            get_case("bids", case.code, by)
    assert not Selection.objects.get(pk=selection.pk).bids
    assert not Entry.objects.filter(case_id=selection.code, kind="selection.take-bid").exists()


def test_the_database_keeps_a_sealed_bid_silent(selection: Any) -> None:
    case = bid(selection)
    with pytest.raises(IntegrityError, match="says_nothing"), transaction.atomic():
        Bid.objects.filter(pk=case.pk).update(proposal=SECRET)


def test_time_opens_the_bids_and_nobody_sooner(selection: Any) -> None:
    case, early = bid(selection), selection.opens_at - timedelta(microseconds=1)
    assert Due.objects.get(case_code=case.code).due_at == selection.opens_at
    assert acts_by_time(early) == 0
    with refused("bids.sealed-until-opening"):
        perform("bids", "open", by=PLATFORM, at=early, code=case.code)
    with refused("selection.sealed-until-opening"):
        perform(
            "selection",
            "take-bid",
            by=PLATFORM,
            at=early,
            code=selection.code,
            inputs={"uscc": make.OPERATOR, "commitment": "x"},
        )
    acts_by_time(selection.opens_at)
    case.refresh_from_db(), selection.refresh_from_db()
    assert (case.state, case.proposal) == ("opened", SECRET)
    assert case.commitment == commitment({"salt": case.salt, "proposal": case.proposal, "conditions": case.conditions})
    assert [(b["uscc"], b["commitment"], b["lacking"]) for b in selection.bids] == [
        (make.OPERATOR, case.commitment, [])
    ]
    assert get_case("bids", case.code, actor(Role.IMPLEMENTER)) == case
    with pytest.raises(NotFound):
        get_case("bids", case.code, bidder(BIDDERS[1]))
    assert SECRET not in "".join(e.payload for e in Entry.objects.all())


def test_a_bid_changed_behind_its_seal_is_not_opened(selection: Any) -> None:
    case, other = bid(selection), bid(selection, BIDDERS[1])
    Bid.objects.filter(pk=case.pk).update(sealed=other.sealed)
    with pytest.raises(Invalid):
        perform("bids", "open", by=PLATFORM, at=selection.opens_at, code=case.code)


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_same_content_is_never_committed_to_alike(one: str, two: str) -> None:
    first, second = seal("XZ-1", "A", {"proposal": one}), seal("XZ-1", "A", {"proposal": two})
    assert first[1] != second[1]
    assert unseal("XZ-1", "A", first[0])["proposal"] == one
    with pytest.raises(Invalid):
        unseal("XZ-1", "B", first[0])


def test_bids_are_taken_changed_and_withdrawn_only_before_the_opening(selection: Any) -> None:
    case, at = bid(selection), selection.opens_at
    changed = {"selection": selection.code, "proposal": "修改后的方案。", "conditions": make.MEETS}
    again = do("bids", "replace", bidder(), case.code, **changed)
    assert again.commitment != case.commitment
    with refused("bids.bid-already"):
        bid(selection)
    with refused("bids.not-your-bid"):
        do(
            "bids",
            "withdraw",
            Actor("p", "n", BIDDERS[1], "530000", frozenset({Role.OPERATOR, Role.SYSTEM})),
            case.code,
        )
    for act, inputs in (("replace", changed), ("withdraw", {})):
        with refused("bids.bidding-over"):
            do("bids", act, bidder(), case.code, at=at, **inputs)
    with refused("bids.bidding-over"):
        bid(selection, BIDDERS[1], at=at)
    assert do("bids", "withdraw", bidder(), case.code).state == "withdrawn"
    assert bid(selection).state == "sealed"


def test_who_may_not_bid(selection: Any) -> None:
    with refused("bids.may-not-bid"):
        bid(selection, HOME[Role.IMPLEMENTER][0])
    enrol("91530100MA7B00018B", "某合伙企业")
    Organisation.objects.filter(uscc="91530100MA7B00018B").update(legal_person=False)
    with refused("bids.not-a-legal-person", "R18"):
        bid(selection, "91530100MA7B00018B")
    with refused("bids.no-tender"):
        bid(make.an_announced_selection(selection.plan))
    with refused("selection.no-tender"):
        do("selection", "convene", Role.IMPLEMENTER, make.an_announced_selection(selection.plan).code, experts=["x"])


def test_too_few_bids_are_not_opened_and_the_tender_is_run_again(selection: Any) -> None:
    at = bid_for(selection, *BIDDERS[:2])
    make.some_experts(PANEL)
    with refused("selection.too-few-bids") as seen:
        do("selection", "convene", Role.IMPLEMENTER, selection.code, at=at, experts=list(PANEL))
    assert "1" in str(seen.of("selection.too-few-bids").message)
    again = make.tender(selection.plan, at, reruns=selection.code)
    with refused("selection.nothing-to-run-again"):
        do("selection", "announce", Role.IMPLEMENTER, at=at, **again)
    do("selection", "fail", Role.IMPLEMENTER, selection.code, at=at, reason=SAID)
    assert do("selection", "announce", Role.IMPLEMENTER, at=at, **again).reruns == selection


def test_the_panel_is_known_odd_enough_and_without_an_interest(selection: Any) -> None:
    at = bid_for(selection, *BIDDERS)
    make.some_experts(PANEL)
    for experts, code in (
        (PANEL[:4], "too-few-experts"),
        ((*PANEL, "nobody.x"), "expert-unknown"),
        (PANEL[:3], "too-few-experts"),
    ):
        with refused(f"selection.{code}"):
            do("selection", "convene", Role.IMPLEMENTER, selection.code, at=at, experts=list(experts))
    said = {
        "holder": HOME[Role.EXPERT][0],
        "held": BIDDERS[1],
        "tie": "share",
        "share": "0.6",
        "valid_from": "2020-01-01",
        "evidence": "章程",
    }
    tie = perform("affiliations", "declare", by=PLATFORM, at=at, inputs=said).case
    with refused("selection.expert-has-an-interest", "R74"):
        do("selection", "convene", Role.IMPLEMENTER, selection.code, at=at, experts=list(PANEL))
    do("affiliations", "end", Role.BUREAU, tie.code, at=at)
    do("selection", "convene", Role.IMPLEMENTER, selection.code, at=at, experts=list(PANEL))
    perform("affiliations", "declare", by=PLATFORM, at=at, inputs=said)
    with refused("selection.expert-has-an-interest", "R74"):
        do("selection", "score", make.some_experts(PANEL)[0], selection.code, at=at, scores=points())


def test_scores_are_complete_once_blind_and_of_the_panel(selection: Any) -> None:
    at, (one, two, *_) = convened(selection), make.some_experts(PANEL)
    for wrong in (points()[:-1], [*points(), points()[0]], [*points()[:-1], points()[0] | {"criterion": "价格"}]):
        with refused("selection.scores-incomplete"):
            do("selection", "score", one, selection.code, at=at, scores=wrong)
    case = do("selection", "score", one, selection.code, at=at, scores=points())
    with refused("selection.scored-already", "R66"):
        do("selection", "score", one, selection.code, at=at, scores=points())
    assert (len(scores(case, one)), scores(case, two), scores(case, actor(Role.IMPLEMENTER))) == (1, [], [])
    assert "符合要求" not in "".join(e.payload for e in Entry.objects.filter(case_id=case.code))
    both = Actor("nobody", "n", HOME[Role.BUREAU][0], "530000", frozenset({Role.EXPERT, Role.BUREAU}))
    with refused("selection.not-on-the-panel"):
        do("selection", "score", both, selection.code, at=at, scores=points())


def test_the_evaluation_is_computed_when_all_have_scored(selection: Any) -> None:
    at, experts = convened(selection), make.some_experts(PANEL)
    for n, expert in enumerate(experts[:4]):
        do("selection", "score", expert, selection.code, at=at, scores=points(80 + 5 * n, 60))
    with refused("selection.scores-missing") as seen:
        do("selection", "evaluate", Role.IMPLEMENTER, selection.code, at=at)
    assert "1" in str(seen.of("selection.scores-missing").message)
    with refused("selection.nothing-to-evaluate"):
        do(
            "selection",
            "evaluate",
            Role.IMPLEMENTER,
            selection.code,
            at=at,
            candidates=[{"uscc": BIDDERS[1], "score": "99"}],
        )
    do("selection", "score", experts[4], selection.code, at=at, scores=points(100, 60))
    case = do("selection", "evaluate", Role.IMPLEMENTER, selection.code, at=at)
    assert (case.candidates[0]["uscc"], case.candidates[0]["score"]) == (make.OPERATOR, "90.00")
    assert {c["score"] for c in case.candidates[1:]} == {"60.00"}
    assert len(scores(case, actor(Role.OPERATOR))) == 5
    case = do("selection", "publicize", Role.IMPLEMENTER, case.code, at=at)
    case = do("selection", "determine", Role.IMPLEMENTER, case.code, at=case.publicity_until, operator=make.OPERATOR)
    assert (case.state, case.operator) == ("determined", make.OPERATOR)


def test_who_steps_back_is_replaced_before_the_evaluation(selection: Any) -> None:
    at, experts = convened(selection), make.some_experts(PANEL)
    for expert in experts:
        do("selection", "score", expert, selection.code, at=at, scores=points())
    do("selection", "recuse", experts[0], selection.code, at=at, reason="与投标人存在业务往来。")
    with refused("selection.scores-missing"):
        do("selection", "evaluate", Role.IMPLEMENTER, selection.code, at=at)


def test_a_bid_that_lacks_a_condition_is_no_candidate(selection: Any) -> None:
    lacks = [c | {"met": False} if c["condition"] == "security" else c for c in make.MEETS]
    bid(selection, conditions=lacks)
    at = bid_for(selection, *BIDDERS[1:])
    make.some_experts(PANEL)
    do("selection", "convene", Role.IMPLEMENTER, selection.code, at=at, experts=list(PANEL))
    for expert in make.some_experts(PANEL):
        do("selection", "score", expert, selection.code, at=at, scores=points(100, 50))
    case = do("selection", "evaluate", Role.IMPLEMENTER, selection.code, at=at)
    last = case.candidates[-1]
    assert (last["uscc"], last["score"]) == (make.OPERATOR, "0")
    assert "安全" in last["remark"]


@given(st.lists(st.integers(0, 100), min_size=2, max_size=2))
def test_weights_sum_to_points_of_a_hundred(given_points: list[int]) -> None:
    rows_ = [
        {"uscc": "A", "criterion": w["name"], "points": p} for w, p in zip(make.WEIGHTS, given_points, strict=True)
    ]
    total = weighed(rows_, {w["name"]: w["weight"] for w in make.WEIGHTS})["A"]
    assert total == Decimal(60 * given_points[0] + 40 * given_points[1]) / 100
    assert min(given_points) <= total <= max(given_points)


def test_a_refused_bid_leaves_no_trace_but_the_refusal(selection: Any) -> None:
    before = Bid.objects.count()
    with refused("bids.may-not-bid"):
        bid(selection, HOME[Role.IMPLEMENTER][0])
    assert Bid.objects.count() == before
    assert Entry.objects.latest("index").outcome == "refused"
