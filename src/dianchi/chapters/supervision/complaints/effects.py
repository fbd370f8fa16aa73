"""What handling a complaint changes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from dianchi.chapters.supervision.complaints import facts
from dianchi.chapters.supervision.complaints.lifecycle import COMPLAINT
from dianchi.chapters.supervision.complaints.models import Complaint
from dianchi.foundation.cases.queries import running_of
from dianchi.foundation.cases.registry import CaseType, Doing


def digest(secret: str) -> str:
    """What is kept of the secret on a receipt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def lodge(case: Complaint, doing: Doing) -> None:
    """The clock runs from now; whoever has the receipt may see how it stands."""
    case.counts_from = doing.at
    secret = secrets.token_urlsafe(9)
    case.receipt = digest(secret)
    doing.reveal["receipt"] = secret


def acknowledge(case: Complaint, doing: Doing) -> None:
    """Who handles it."""
    case.handler = case.handler or doing.by.organisation


def supply(case: Complaint, doing: Doing) -> None:
    """Beside what was said before."""
    case.supplements = [*case.supplements, {"recorded_at": doing.at.isoformat(), **doing.inputs.model_dump()}]


def extend(case: Complaint, doing: Doing) -> None:
    """The extension runs from the end of the first period."""
    running = running_of([case])[("complaints", case.code)]
    # The period's last day, not the midnight after it: the extension counts from the day that follows.
    case.extended_from = next(r.due_at for r in running if r.deadline.clock == "E33") - timedelta(seconds=1)


def transfer(case: Complaint, doing: Doing) -> None:
    """When it was handed over."""
    case.transferred_at = doing.at


def answer(case: Complaint, doing: Doing) -> None:
    """When it was answered."""
    case.answered_at = doing.at


def review(case: Complaint, doing: Doing) -> None:
    """Looked into once more, from now."""
    case.reviews += 1
    case.counts_from, case.finding, case.answered_at = doing.at, "", None


CASE = CaseType(
    COMPLAINT,
    Complaint,
    facts.gather,
    {
        "lodge": lodge,
        "acknowledge": acknowledge,
        "supply": supply,
        "extend": extend,
        "transfer": transfer,
        "answer": answer,
        "review": review,
    },
    prefix="TS",
)
