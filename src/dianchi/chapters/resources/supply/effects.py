"""What the acts of a load change besides its state."""

from __future__ import annotations

from dianchi.chapters.resources.supply import facts
from dianchi.chapters.resources.supply.lifecycle import SUPPLY
from dianchi.chapters.resources.supply.models import Load
from dianchi.foundation.cases.registry import CaseType, Doing


def open_load(case: Load, doing: Doing) -> None:
    """A load is called as its resource is and lies where it lies."""
    case.title, case.region = case.item.title, case.item.region


def receive(case: Load, doing: Doing) -> None:
    """The receipt's time."""
    case.received_at = doing.at


def take_into_service(case: Load, doing: Doing) -> None:
    """From now on the resource is in use: the clock of its first registration runs (art. 9)."""
    case.in_service_at = doing.at


def forget(case: Load, doing: Doing) -> None:
    """When the text of the rows set aside was deleted; the counts stay."""
    case.forgotten_at = doing.at


CASE = CaseType(
    SUPPLY,
    Load,
    facts.gather,
    {"open": open_load, "receive": receive, "pass": take_into_service, "forget": forget},
    prefix="GS",
)
