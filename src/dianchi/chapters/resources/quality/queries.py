"""Questions about tickets."""

from __future__ import annotations

from dianchi.chapters.resources.quality.models import Ticket

DONE = ("closed", "rejected")


def of_scan(resource_code: str) -> Ticket | None:
    """The ticket of the scan about the resource that is not closed yet."""
    return Ticket.objects.filter(item__code=resource_code).exclude(load=None).exclude(state__in=DONE).first()
