"""The facts about a claim to tolerance."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.supervision.tolerance.lifecycle import CRITERIA, NO_GAIN, Check, Claim, Decision, Facts, Hearing
from dianchi.chapters.supervision.tolerance.models import Tolerance
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import local_day


def gather(case: Tolerance, by: Actor, at: datetime, inputs: object) -> Facts:
    """Who claims, what the check found, and which results it admits."""
    if not case.state:
        return Facts(each_once=_each_once(inputs))
    gained = bool(case.verified) and not case.holds(NO_GAIN)
    return Facts(
        yours=case.opened_for == by.organisation,
        not_oneself=case.opened_for != by.organisation,
        each_once=_each_once(inputs),
        held=not isinstance(inputs, Hearing) or inputs.heard_on <= local_day(at),
        supported=not isinstance(inputs, Decision) or _supported(case, inputs.result),
        own_check=case.checked_by == by.person,
        own_decision=case.decided_by == by.person,
        gain_unreported=gained and case.transferred_at is None,
        gained=gained and case.transferred_at is None,
        appeal_over=case.appeal_until is None or case.appeal_until <= at,
        appealed_once=bool(case.appeal),
    )


def _each_once(inputs: object) -> bool:
    if isinstance(inputs, Claim):
        return len({e.criterion for e in inputs.criteria}) == len(inputs.criteria)
    return not isinstance(inputs, Check) or len({v.criterion for v in inputs.verified}) == len(CRITERIA)


def _supported(case: Tolerance, result: str) -> bool:
    """Private gain admits nothing; exemption takes all six."""
    if not case.holds(NO_GAIN):
        return result == "NOT-APPLICABLE"
    return result != "EXEMPT" or all(case.holds(criterion) for criterion, _ in CRITERIA)
