"""What handling an incident changes: its clock, its closures, its times."""

from __future__ import annotations

from dianchi.chapters.supervision.incidents import facts
from dianchi.chapters.supervision.incidents.grades import clock_of, reaches
from dianchi.chapters.supervision.incidents.lifecycle import INCIDENT
from dianchi.chapters.supervision.incidents.models import Incident
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import CaseType, Doing


def discover(case: Incident, doing: Doing) -> None:
    """Whose incident it is and which clock it runs under."""
    case.unit = case.unit or doing.by.organisation
    case.clock = clock_of(case.site, critical=bool(value("incident.critical-infrastructure", case.region)))


def freeze(case: Incident, doing: Doing) -> None:
    """Shut through the door, by the same person: what that person may not shut stays open and nothing is recorded."""
    inputs = doing.inputs.model_dump() | {"reason": f"{doing.inputs.reason}（{case.code}）"}
    shut = perform("closures", "shut", by=doing.by, at=doing.at, inputs=inputs).case
    case.closures = [*case.closures, shut.code]


def contain(case: Incident, doing: Doing) -> None:
    """When spreading was stopped."""
    case.contained_at = doing.at


def report(case: Incident, doing: Doing) -> None:
    """When it was reported; a major one goes upward from here."""
    case.reported_at = doing.at
    regrade(case, doing)


def regrade(case: Incident, doing: Doing) -> None:
    """Since when it is major: the receiving body's clock runs from here."""
    case.major_since = (case.major_since or doing.at) if reaches(case.grade, "MAJOR") else None


def supplement(case: Incident, doing: Doing) -> None:
    """Beside what was reported before, never instead of it."""
    case.supplements = [*case.supplements, {"recorded_at": doing.at.isoformat(), **doing.inputs.model_dump()}]


def forward(case: Incident, doing: Doing) -> None:
    """When it went upward."""
    case.forwarded_at = doing.at


def notify(case: Incident, doing: Doing) -> None:
    """When the persons were told, or found to need no notice."""
    case.notified_at = doing.at


def order_notice(case: Incident, doing: Doing) -> None:
    """An exemption no longer holds; a notice that was given stands."""
    case.notice_ordered = True
    if case.exemption:
        case.exemption, case.notified_at = "", None


def transfer(case: Incident, doing: Doing) -> None:
    """Each clue with its time."""
    case.clues = [*case.clues, {"recorded_at": doing.at.isoformat(), **doing.inputs.model_dump()}]


def recover(case: Incident, doing: Doing) -> None:
    """Handling has ended: the thirty days of the summary run from here."""
    case.handled_at = doing.at


def summarise(case: Incident, doing: Doing) -> None:
    """Who sums up does not close."""
    case.summarised_by = doing.by.person


CASE = CaseType(
    INCIDENT,
    Incident,
    facts.gather,
    {
        "discover": discover,
        "freeze": freeze,
        "contain": contain,
        "report": report,
        "regrade": regrade,
        "supplement": supplement,
        "forward": forward,
        "notify": notify,
        "order-notice": order_notice,
        "transfer": transfer,
        "recover": recover,
        "summarise": summarise,
    },
    prefix="AJ",
)
