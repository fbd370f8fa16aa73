"""The facts about an assessment."""

from __future__ import annotations

from datetime import date, datetime

from dianchi.chapters.supervision.assessments.lifecycle import AUDIT, Facts, Filing, State
from dianchi.chapters.supervision.assessments.models import Assessment
from dianchi.foundation.cases.figures import value
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import add_months, local_day


def gather(case: Assessment, by: Actor, at: datetime, inputs: object) -> Facts:
    """Who filed it, what so many people call for, and whether it must still be kept."""
    if not case.state:
        return _filing(case.region, by, at, inputs) if isinstance(inputs, Filing) else Facts()
    return Facts(
        yours=case.opened_for == by.organisation,
        owed_upward=case.of_important,
        keeping_over=local_day(at) > case.keep_until,
    )


def _filing(region: str, by: Actor, at: datetime, inputs: Filing) -> Facts:
    today = local_day(at)
    officer, mass = (int(value(f"guard.{name}-people", region)) for name in ("officer", "mass"))
    return Facts(
        past=inputs.assessed_on <= today,
        officer_named=inputs.people < officer or bool(inputs.officer),
        audited=inputs.people < mass or inputs.kind == AUDIT or audited(by.organisation, today, region),
    )


def audited(organisation: str, today: date, region: str) -> bool:
    """Whether an organisation's compliance audit is not older than the law lets it be."""
    since = add_months(today, -int(value("audit.personal-information-months", region)))
    current = Assessment.objects.filter(opened_for=organisation, kind=AUDIT, state__in=(State.FILED, State.REPORTED))
    return current.filter(assessed_on__gte=since).exists()
