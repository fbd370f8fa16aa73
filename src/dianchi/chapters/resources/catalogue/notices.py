"""Notices to those who depend on an item: what changed, and which of their cases it bears on."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.resources.catalogue.models import Item, Notice
from dianchi.foundation.cases.dependents import dependents, parties


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


def told(case: Item) -> list[Notice]:
    """Who was told of what became of the item, latest first."""
    return list(case.notices.order_by("-at", "organisation"))
