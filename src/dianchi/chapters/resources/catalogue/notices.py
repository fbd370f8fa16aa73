"""Notices to those who depend on an item: what changed, and which of their cases it bears on."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.resources.catalogue.models import Item, Notice
from dianchi.foundation.cases.dependents import dependents, parties
from dianchi.kernel.actors import Actor


def tell(case: Item, act: str, at: datetime, reason: str) -> None:
    """Tell every organisation that is a party to a live case which names the item (C5-3)."""
    told = {
        (organisation, other.lifecycle.name, other.code)
        for other in dependents(case)
        for organisation in parties(other)
        if organisation != case.opened_for
    }
    Notice.objects.bulk_create(
        (
            Notice(
                item=case, act=act, edition=case.edition, organisation=organisation, about_type=kind, about_code=code,
                reason=reason, at=at,
            )
            for organisation, kind, code in sorted(told)
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def to(actor: Actor, limit: int = 50) -> list[Notice]:
    """The notices to the actor's organisation, latest first."""
    found = Notice.objects.filter(organisation=actor.organisation).select_related("item")
    return list(found.order_by("-at", "-id")[:limit])
