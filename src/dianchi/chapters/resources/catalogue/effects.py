"""What the acts of a catalogue item change besides its state."""

from __future__ import annotations

from dianchi.chapters.resources.catalogue import facts
from dianchi.chapters.resources.catalogue.lifecycle import CATALOGUE
from dianchi.chapters.resources.catalogue.models import Item
from dianchi.foundation.cases.registry import CaseType, Doing


def keep_items(case: Item, doing: Doing) -> None:
    """A grading without data items leaves them as they are."""
    if doing.inputs.items is None:
        case.items = Item.objects.only("items").get(pk=case.pk).items
    case.graded_at = doing.at


def revise(case: Item, doing: Doing) -> None:
    """Changed content is graded anew (GB/T 43697, annex J), and who changed it may not review it."""
    case.grade, case.graded_at = "", None
    case.submitted_by = doing.by.person


def submit(case: Item, doing: Doing) -> None:
    """Who submitted may not review."""
    case.submitted_by = doing.by.person


CASE = CaseType(CATALOGUE, Item, facts.gather, {"grade": keep_items, "revise": revise, "submit": submit}, prefix="ML")
