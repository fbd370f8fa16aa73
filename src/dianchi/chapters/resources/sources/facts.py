"""The facts about a source."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.sources.addresses import allowed, holds_password, host_of
from dianchi.chapters.resources.sources.lifecycle import CKAN, FOLDER, HTTP, POSTGRESQL, Connection, Facts
from dianchi.chapters.resources.sources.models import Source
from dianchi.kernel.actors import Actor

_NEEDS = {
    FOLDER: ("item",),
    POSTGRESQL: ("item", "address", "query"),
    HTTP: ("item", "address"),
    CKAN: ("address", "sector", "legal_basis"),
}


def gather(case: Source, by: Actor, at: datetime, inputs: object) -> Facts:
    """Who connects what, and whether it may be connected."""
    holder = case.pk is None or case.opened_for == by.organisation
    if not isinstance(inputs, Connection):
        return Facts(holder=holder)
    item = Item.objects.visible_to(by).filter(code=inputs.item).first() if inputs.item else None
    if item is not None:
        holder = holder and item.opened_for == by.organisation
    address = "" if inputs.kind == FOLDER else inputs.address
    return Facts(
        holder=holder,
        item_published=not inputs.item or (item is not None and item.state == "published"),
        complete=all(getattr(inputs, name) for name in _NEEDS[inputs.kind]) and _scheme(inputs.kind, address),
        host=host_of(address),
        host_allowed=not address or allowed(address, by.region),
        password_in_address=holds_password(address),
    )


def _scheme(kind: str, address: str) -> bool:
    wanted = {
        POSTGRESQL: ("postgresql://", "postgres://"),
        HTTP: ("http://", "https://"),
        CKAN: ("http://", "https://"),
    }
    return kind not in wanted or address.startswith(wanted[kind])
