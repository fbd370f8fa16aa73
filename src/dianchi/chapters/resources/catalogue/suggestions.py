"""What the forms of the catalogue start from: what the department said last time, and what is published now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dianchi.chapters.resources.catalogue import editions
from dianchi.chapters.resources.catalogue.models import Item
from dianchi.kernel.actors import Actor

# What seldom differs from one resource of a department to the next.
_AS_LAST_TIME = ("sector", "industry", "legal_basis", "source_system", "sharing", "opening", "contact", "format")
_USUAL = {"attribute": "ALLOWED", "update_frequency": "monthly"}


def suggest(act: str, case: Any, by: Actor, given: Mapping[str, str]) -> dict[str, Any]:
    """Values for the form of an act."""
    if act == "draft":
        last = Item.objects.filter(opened_for=by.organisation).order_by("-id").first()
        said = {name: getattr(last, name) for name in _AS_LAST_TIME} if last is not None else {}
        return {**_USUAL, "coverage": [by.region], **said}
    if act == "prepare-change":
        return {
            "proposal": editions.proposed(case), "proposed_grade": case.proposed_grade or case.grade,
            "proposed_basis": case.proposed_basis or case.grading_basis,
        }  # fmt: skip
    return {}
