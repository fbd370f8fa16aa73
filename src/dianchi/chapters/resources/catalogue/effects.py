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


def submit(case: Item, doing: Doing) -> None:
    """Who submitted may not review."""
    case.submitted_by = doing.by.person


CASE = CaseType(CATALOGUE, Item, facts.gather, {"grade": keep_items, "submit": submit}, prefix="ML")
