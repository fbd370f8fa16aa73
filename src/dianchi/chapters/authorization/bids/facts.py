"""The facts about a bid."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.authorization.bids.lifecycle import Facts, State
from dianchi.chapters.authorization.bids.models import Bid
from dianchi.chapters.authorization.selection.inputs import TENDERS, due_before
from dianchi.chapters.authorization.selection.lifecycle import State as SelectionState
from dianchi.chapters.authorization.selection.models import Selection
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor


def gather(case: Bid, by: Actor, at: datetime, inputs: Any) -> Facts:
    """The tender as it stands, and whether the actor's organisation may bid in it."""
    selection = case.selection if case.state else None
    if inputs is not None:
        selection = Selection.objects.visible_to(by).filter(code=inputs.selection).first() or selection
    if selection is None:
        return Facts()
    body = organisation(by.organisation)
    invited = selection.method != "INVITED_TENDER" or by.organisation in selection.invited
    others = Bid.objects.filter(selection=selection, bidder=by.organisation).exclude(state=State.WITHDRAWN)
    return Facts(
        tender=selection.method in TENDERS and selection.state == SelectionState.ANNOUNCED
        and (not case.state or selection == case.selection),
        sealed=due_before(selection.opens_at, at),
        may_bid=invited and body is not None and body.state == "active" and by.organisation != selection.opened_for,
        legal_person=body is None or body.legal_person,
        bidder=not case.state or case.bidder == by.organisation,
        first=not others.exclude(pk=case.pk).exists(),
    )  # fmt: skip
