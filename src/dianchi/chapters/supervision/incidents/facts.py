"""The facts about an incident."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.supervision.incidents.grades import least_grade, reaches
from dianchi.chapters.supervision.incidents.inputs import Discovery, Grading, Notice, Report, Summary
from dianchi.chapters.supervision.incidents.lifecycle import SUPERVISORS, Facts
from dianchi.chapters.supervision.incidents.models import Incident
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.queries import running_of
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor


def gather(case: Incident, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whose it is, what is still owed, and whether what is entered fits."""
    supervises = by.plays(*SUPERVISORS)
    if not case.state:
        return _opening(by, at, inputs, supervises=supervises)
    late = any(r.overdue(at) for r in running_of([case]).get(("incidents", case.code), []))
    return Facts(
        yours=supervises or case.unit == by.organisation,
        grade_covers_people=not isinstance(inputs, Grading) or reaches(inputs.grade, _least(inputs.people, case.region)),
        contained=case.contained_at is not None,
        contained_already=case.contained_at is not None,
        report_missing=case.report_missing,
        persons_untold=case.persons_untold,
        told_already=case.notified_at is not None,
        notice_given=not isinstance(inputs, Notice) or bool(inputs.notice) != bool(inputs.exemption),
        exemption_barred=isinstance(inputs, Notice) and bool(inputs.exemption) and case.notice_ordered,
        must_forward=case.to_forward,
        late_unexplained=late and _unexplained(inputs),
        own_summary=case.summarised_by == by.person,
        personal=case.personal_information,
    )  # fmt: skip


def _opening(by: Actor, at: datetime, inputs: object, *, supervises: bool) -> Facts:
    if not isinstance(inputs, Discovery):
        return Facts()
    return Facts(
        own_unit=supervises or inputs.unit in ("", by.organisation),
        known_unit=inputs.unit in ("", by.organisation) or organisation(inputs.unit) is not None,
        past=inputs.discovered_at <= at,
    )


def _least(people: int, region: str) -> str:
    larger, major, especially = (
        int(value(f"incident.{grade}-people", region)) for grade in ("larger", "major", "especially-major")
    )
    return least_grade(people, larger, major, especially)


def _unexplained(inputs: object) -> bool:
    if isinstance(inputs, Report):
        return not inputs.late_reason
    return isinstance(inputs, Summary) and not inputs.late_summary
