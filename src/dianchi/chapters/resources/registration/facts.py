"""The facts about a registration."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dianchi.chapters.resources.registration.lifecycle import (
    HOLDERS,
    MAKERS,
    RESOURCE,
    Application,
    Facts,
    Objection,
    State,
)
from dianchi.chapters.resources.registration.models import Registration
from dianchi.foundation.cases.figures import value
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import local_day


def gather(case: Registration, by: Actor, at: datetime, inputs: object) -> Facts:
    """The application, the publicity, the objection and the term as they stand."""
    facts = Facts()
    if isinstance(inputs, Application):
        wanted = HOLDERS if inputs.object_type == RESOURCE else MAKERS
        return replace(
            facts,
            holder_may=bool(by.roles & wanted),
            evidence_preserved=bool(inputs.evidence_digest),
            already=_already(inputs.object_type, inputs.object_code),
        )
    if isinstance(inputs, Objection):
        facts = replace(facts, named=len(inputs.objector) >= 2, evidenced=bool(inputs.objection_evidence))
    if not case.state:
        return facts
    return replace(
        facts,
        own_organisation=case.opened_for == by.organisation,
        registrant=case.opened_for == by.organisation,
        supplemented=bool(case.notice),
        contents=all((case.opened_for, case.object_type, case.title, case.summary)),
        publicity_over=case.publicity_until is not None and at >= case.publicity_until,
        objection_open=case.state == State.OBJECTION,
        objection_upheld=case.objection_upheld is True,
        in_window=_in_window(case, at),
    )


def _already(object_type: str, object_code: str) -> bool:
    ended = (State.REFUSED, State.CANCELLED)
    return (
        Registration.objects.filter(object_type=object_type, object_code=object_code).exclude(state__in=ended).exists()
    )


def _in_window(case: Registration, at: datetime) -> bool:
    if case.valid_to_on is None:
        return False
    opens = case.valid_to_on - timedelta(days=int(value("registration.renewal-window-days", case.region)))
    return opens <= local_day(at) <= case.valid_to_on
