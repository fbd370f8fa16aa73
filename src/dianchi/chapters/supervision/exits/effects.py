"""What leaving changes."""

from __future__ import annotations

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.supervision.exits import facts, standing
from dianchi.chapters.supervision.exits.lifecycle import EXIT
from dianchi.chapters.supervision.exits.models import Exit
from dianchi.chapters.supervision.exits.steps import BY_NAME
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.workdays import add_months, add_years, local_day


def announce(case: Exit, doing: Doing) -> None:
    """Whose exit it is, whose data are concerned, and where it belongs."""
    subject = case.subject
    case.operator = subject.operator
    case.party = subject.operator if isinstance(subject, Agreement) else subject.developer
    case.institution = subject.opened_for if isinstance(subject, Agreement) else subject.agreement.opened_for
    case.region = subject.region
    found = Item.objects.filter(code__in=subject.resources).values_list("opened_for", flat=True)
    case.providers = sorted(set(found))


def confirm(case: Exit, doing: Doing) -> None:
    """What runs is written down, then the agreement ends by the same hand."""
    case.reached = [
        {"kind": c.lifecycle.name, "code": c.code, "title": c.title, "party": getattr(c, "developer", c.opened_for)}
        for c in standing.reached(case).cases
    ]
    subject = case.subject
    if subject.state == "filed":
        inputs = {"reason": f"{doing.inputs.reason}（{case.code}）"}
        perform(subject.lifecycle.name, "terminate", by=doing.by, at=doing.at, code=subject.code, inputs=inputs)


def complete(case: Exit, doing: Doing) -> None:
    """The step's time and its evidence; what the law keeps is reckoned here."""
    step = BY_NAME[doing.inputs.step]
    setattr(case, step.field, doing.at)
    case.evidence = [*case.evidence, {"recorded_at": doing.at.isoformat(), **doing.inputs.model_dump()}]
    if step.name == "RETAIN":
        today = local_day(doing.at)
        case.logs_until = add_months(today, int(value("log.retention-months", case.region)))
        case.records_until = add_years(today, int(value("record.retention-years", case.region)))


def witness(case: Exit, doing: Doing) -> None:
    """Another person of another organisation than the one that leaves."""
    said = {"recorded_at": doing.at.isoformat(), "person": doing.by.person, "organisation": doing.by.organisation}
    case.witnesses = [*case.witnesses, said | doing.inputs.model_dump()]


def order_destruction(case: Exit, doing: Doing) -> None:
    """From here the platform destroys."""
    case.ordered_at = doing.at


def destroy(case: Exit, doing: Doing) -> None:
    """It is done, and this is what it was."""
    case.destroyed_at = doing.at


CASE = CaseType(
    EXIT,
    Exit,
    facts.gather,
    {
        "announce": announce,
        "confirm": confirm,
        "complete": complete,
        "witness": witness,
        "order-destruction": order_destruction,
        "destroy": destroy,
    },
    prefix="TC",
)
