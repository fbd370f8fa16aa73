"""Bringing a store of an earlier version up: published items that have no edition yet, or that no search finds."""

from __future__ import annotations

from dianchi.chapters.resources.catalogue import editions, search
from dianchi.chapters.resources.catalogue.models import Item


def catch_up() -> int:
    """Give every published item its first edition and its search entry; how many lacked one."""
    lacking = Item.objects.filter(state="published", search_entry=None)
    done = 0
    for case in lacking.iterator(chunk_size=500):
        if not case.edition:
            editions.keep(case, "publish", case.state_since, "")
            case.save(update_fields=["edition"])
        search.put(case, case.state_since)
        done += 1
    return done
