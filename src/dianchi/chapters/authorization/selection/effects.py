"""What the acts of a selection change besides its state."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from dianchi.chapters.authorization.selection import facts
from dianchi.chapters.authorization.selection.inputs import TENDERS, weighed
from dianchi.chapters.authorization.selection.lifecycle import SELECTION
from dianchi.chapters.authorization.selection.models import Score, Selection
from dianchi.foundation.cases.deadlines import end_of
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.memberships.experts import expert, ids, listed
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.conditions import said
from dianchi.kernel.lifecycle import days

_CENT = Decimal("0.01")


def announce(case: Selection, doing: Doing) -> None:
    """A selection lies where its plan lies."""
    case.region = case.plan.region


def take_bid(case: Selection, doing: Doing) -> None:
    """Who has bid becomes known."""
    bid = doing.inputs.model_dump()
    others = [b for b in case.bids if b["uscc"] != bid["uscc"]]
    case.bids = [*others, {"name": names({bid["uscc"]}).get(bid["uscc"], ""), **bid}]


def convene(case: Selection, doing: Doing) -> None:
    """The panel is named when the bidders are known."""
    case.experts = listed(expert(username, doing.at) for username in doing.inputs.experts)


def score(case: Selection, doing: Doing) -> None:
    """Kept apart until the evaluation."""
    points = doing.inputs.model_dump(mode="json")["scores"]
    Score.objects.create(
        selection=case, person=doing.by.person, organisation=doing.by.organisation, points=points, at=doing.at
    )


def recuse(case: Selection, doing: Doing) -> None:
    """Who steps back scores no more; what was scored does not count."""
    case.experts = listed(i for i in ids(case.experts) if i != doing.by.person)


def evaluate(case: Selection, doing: Doing) -> None:
    """A tender's candidates are the qualified bidders with the mean of the experts' weighted scores."""
    if case.method not in TENDERS:
        return
    weights = {w["name"]: w["weight"] for w in case.weights}
    given = [weighed(s.points, weights) for s in Score.objects.filter(selection=case, person__in=ids(case.experts))]
    rows = [_candidate(bid, given) for bid in case.bids]
    case.candidates = sorted(rows, key=lambda c: Decimal(c["score"]), reverse=True)


def _candidate(bid: dict[str, Any], given: list[dict[str, Decimal]]) -> dict[str, Any]:
    missing = [str(label) for label in said(bid["lacking"])]
    mean = sum((g.get(bid["uscc"], Decimal(0)) for g in given), Decimal(0)) / max(len(given), 1)
    score = Decimal(0) if missing else mean.quantize(_CENT, ROUND_HALF_UP)
    remark = f"条件不符合：{'、'.join(missing)}"[:300] if missing else ""
    return {"uscc": bid["uscc"], "score": str(score), "remark": remark}


def publicize(case: Selection, doing: Doing) -> None:
    """The publicity of the candidate runs from now."""
    case.publicity_until = end_of(days("selection.publicity-days"), doing.at, case.region)


CASE = CaseType(
    SELECTION, Selection, facts.gather,
    {
        "announce": announce, "take-bid": take_bid, "convene": convene, "score": score, "recuse": recuse,
        "evaluate": evaluate, "publicize": publicize,
    },
    prefix="XZ",
)  # fmt: skip
