"""The facts about a complaint."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.supervision.complaints.kinds import GAIN, INFORMATION, NAMED
from dianchi.chapters.supervision.complaints.lifecycle import Acknowledgement, Facts
from dianchi.chapters.supervision.complaints.lifecycle import Complaint as Inputs
from dianchi.chapters.supervision.complaints.models import Complaint
from dianchi.foundation.cases.queries import running_of
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor, Role


def gather(case: Complaint, by: Actor, at: datetime, inputs: object) -> Facts:
    """Who asks, who handles, what is still owed."""
    if not case.state:
        return _opening(inputs)
    handler = inputs.handler if isinstance(inputs, Acknowledgement) else ""
    return Facts(
        handler_known=not handler or organisation(handler) is not None,
        handler_independent=not handler or not _concerned(case, handler),
        yours=case.handler == by.organisation,
        own_complaint=by.plays(Role.SYSTEM) or (case.opened_by, case.opened_for) == (by.person, by.organisation),
        found=bool(case.finding),
        gain_unreported=case.kind == GAIN and case.transferred_at is None,
        can_extend=_extendable(case, at),
        is_gain=case.kind == GAIN and case.transferred_at is None,
    )


def _opening(inputs: object) -> Facts:
    if not isinstance(inputs, Inputs):
        return Facts()
    given = bool(inputs.name or inputs.contact)
    return Facts(
        named=inputs.kind not in NAMED or bool(inputs.name and inputs.contact),
        consented=not given or inputs.consent,
    )


def _concerned(case: Complaint, handler: str) -> bool:
    found = organisation(handler)
    return handler in case.against or (found is not None and found.name in case.against)


def _extendable(case: Complaint, at: datetime) -> bool:
    running = running_of([case]).get(("complaints", case.code), [])
    return case.kind == INFORMATION and case.extended_from is None and not any(r.overdue(at) for r in running)
