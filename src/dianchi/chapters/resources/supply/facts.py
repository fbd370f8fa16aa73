"""The facts about a load."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.supply.lifecycle import Facts, Opening, Receipt, State
from dianchi.chapters.resources.supply.models import Load
from dianchi.chapters.resources.supply.queries import SERVING, before, current, forgotten_from, stale_from
from dianchi.kernel.actors import Actor


def gather(case: Load, by: Actor, at: datetime, inputs: object) -> Facts:
    """What the catalogue says of the resource, and whether the counts add up."""
    if isinstance(inputs, Opening):
        item = Item.objects.visible_to(by).filter(code=inputs.item).first()
    else:
        item = case.item if case.item_id else None
    if item is None:
        return Facts()
    serving = case.pk is not None and case.state in SERVING
    stale, forget = (stale_from(case), forgotten_from(case)) if case.pk else (None, None)
    adds_up, repeated = True, False
    if isinstance(inputs, Receipt):
        adds_up = inputs.rows_received == inputs.rows_accepted + inputs.rows_quarantined
        repeated = Load.objects.filter(batch=inputs.batch).exclude(state=State.REJECTED).exclude(pk=case.pk).exists()
    return Facts(
        provider=item.opened_for == by.organisation,
        item_published=item.state == "published",
        graded=bool(item.grade),
        core=item.grade == "CORE",
        secret=item.state_secret,
        unassessed=item.grade == "IMPORTANT" and not item.risk_assessment,
        counts_add_up=adds_up,
        repeated=repeated,
        nothing_accepted=case.rows_accepted == 0,
        own_load=bool(case.opened_for) and case.opened_for == by.organisation,
        corrects_own=not isinstance(inputs, Opening) or _corrects(inputs, item, by),
        latest=not serving or current(item.code) == case,
        replaced=serving and current(item.code) != case,
        before=not serving or before(case) is not None,
        overdue=stale is not None and at >= stale,
        has_set_aside=bool(case.rows_quarantined) and case.forgotten_at is None,
        set_aside_until_past=forget is not None and at >= forget,
    )


def _corrects(inputs: Opening, item: Item, by: Actor) -> bool:
    if not inputs.corrects:
        return True
    corrected = Load.objects.visible_to(by).filter(code=inputs.corrects).first()
    return corrected is not None and corrected.item_id == item.pk and bool(corrected.rows_quarantined)
