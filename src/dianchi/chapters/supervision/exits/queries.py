"""Questions about exits."""

from __future__ import annotations

from dianchi.chapters.supervision.exits.lifecycle import State
from dianchi.chapters.supervision.exits.models import Exit


def to_destroy() -> list[Exit]:
    """Exits whose destruction is ordered and not done."""
    return list(Exit.objects.filter(state=State.EXITING, ordered_at__isnull=False, destroyed_at=None).order_by("id"))
